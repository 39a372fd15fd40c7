"""What two entries share, in the words of the one that is asked about: the rarest first, phrases whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.matching.entry import Entry
from bot.matching.retrieval import Rarity
from bot.matching.vocabulary import stem

_MOST = 4
_LONGEST_PHRASE = 4  # words


def shared(query: Entry, entry: Entry, rarity: Rarity, *, meaning: bool = False) -> str:
    """Such as ``FileStorage.size`` in backticks, then 'profile picture', then single words; the ``meaning`` last."""
    names = [name for name in query.names if name in entry.names or name in entry.counts]
    said = {piece for name in names for piece in _pieces(query.names[name])}
    found = [(rarity(name), f"`{query.names[name]}`") for name in names if not _is_inside(name, names)]
    for phrase in _phrases(query.words, entry):
        stems = [stem(word.lower()) for word in phrase]
        if not said.issuperset(stems):
            said.update(stems)
            found.append((sum(map(rarity, stems)), f"'{' '.join(phrase)}'"))
    best = sorted(found, key=lambda pair: -pair[0])[:_MOST]
    return ", ".join([*(text for _, text in best), *(["the meaning"] if meaning else [])]) or "only common words"


def _pieces(name: str) -> Iterator[str]:
    from bot.matching.terms import terms_of

    yield from terms_of(name).order


def _is_inside(name: str, names: Sequence[str]) -> bool:
    return any(name != other and name in other for other in names)


def _phrases(words: Sequence[str], entry: Entry) -> Iterator[list[str]]:
    """Runs of the query's words that the entry knows too."""
    run: list[str] = []
    for word in words:
        if stem(word.lower()) in entry.counts and len(run) < _LONGEST_PHRASE:
            run.append(word)
            continue
        if run:
            yield run
        run = [word] if stem(word.lower()) in entry.counts else []
    if run:
        yield run
