"""Same, possibly the same, or new: the decision on one mention (or ticket) among all that is known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.matching.entry import Entry
from bot.matching.model import Model
from bot.matching.reasons import shared
from bot.matching.retrieval import Corpus, Rarity, Spellings, candidates
from bot.matching.semantic import NEAREST, Meaning
from bot.matching.signals import Scale, Signals, signals
from bot.matching.vetoes import veto

Verdict = Literal["same", "possible", "new"]

MOST_CANDIDATES = 10
_NEAR = 0.3  # the signal `meaning` from which on it is told as a reason
_ALIKE = 0.6  # share of title terms from which on two candidates are taken for one thing filed twice


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From which score on, 0 to 1; ``lead`` is the odds by which the best must be ahead of the next, as a logarithm.

    ``titles`` is the share of their words that two titles must have in common to be the same.
    """

    same: float
    possible: float
    lead: float
    titles: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A known entry with its score, 0 to 1, what speaks for it, and what forbids ``same`` ("" for nothing)."""

    id: str
    score: float
    shares: str
    kind: str = ""
    veto: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The decision with its reason, and the candidates, best first. ``against`` forbids ``same``, "" for nothing."""

    decision: Verdict
    candidates: tuple[Candidate, ...]
    why: str
    against: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A query's candidates with the signals of each, in no order of likeness, and the rarity they were judged by."""

    entries: Sequence[Entry]
    rows: Sequence[Signals]
    rarity: Rarity


def match(corpus: Corpus, query: Entry, model: Model, thresholds: Thresholds, meaning: Meaning | None = None) -> Match:
    """Compares an entry with all of a corpus. The same corpus and entry always give the same match.

    ``meaning`` holds the vectors of the corpus, where the model has weights for them.
    """
    compared = compare(corpus, query, meaning)
    scored = [(round(model.score(row), 4), entry) for row, entry in zip(compared.rows, compared.entries, strict=True)]
    scored.sort(key=lambda pair: -pair[0])
    pairs = zip(compared.rows, compared.entries, strict=True)
    near = frozenset(entry.id for row, entry in pairs if row.get("meaning", 0.0) >= _NEAR)
    return _decide(query, scored[:MOST_CANDIDATES], near, compared.rarity, thresholds)


def compare(corpus: Corpus, query: Entry, meaning: Meaning | None = None) -> Compared:
    """Retrieves the candidates of an entry and measures what speaks for each."""
    size = count, mean = corpus.size()
    spellings = Spellings(query)
    rarity = Rarity(count, corpus.frequencies(dict.fromkeys([*query.counts, *spellings.terms()])))
    written = spellings.written(rarity)
    others = sorted({term for whole, parts in written for term in (whole, *parts)} - query.counts.keys())
    numbers = candidates(corpus, query, size, rarity, others)
    if meaning is not None:
        numbers = list(dict.fromkeys([*numbers, *meaning.nearest(query, NEAREST)]))
    found = corpus.entries(numbers)
    cosines = None if meaning is None else meaning.cosines(query, numbers)
    missing = {term for entry in found for term in entry.title if not rarity.is_known(term)}
    rarity.learn(corpus.frequencies(sorted(missing)))
    rows = signals(query, found, Scale(rarity=rarity, mean=mean), written, cosines)
    return Compared(entries=found, rows=rows, rarity=rarity)


def _decide(
    query: Entry, scored: Sequence[tuple[float, Entry]], near: frozenset[str], rarity: Rarity, thresholds: Thresholds
) -> Match:
    listed = tuple(
        Candidate(
            id=entry.id,
            score=score,
            shares=shared(query, entry, rarity, meaning=entry.id in near),
            kind=entry.kind,
            veto=veto(query, entry, rarity),
        )
        for score, entry in scored
    )
    if not listed:
        return Match(decision="new", candidates=(), why="nothing known is like it")
    best = listed[0]
    against = best.veto or _other_title(query, scored[0][1], thresholds) or _not_ahead(scored, thresholds)
    decision: Verdict
    if best.score < thresholds.possible:
        decision, why = "new", "nothing known is like it"
    elif best.score < thresholds.same:
        decision, why = "possible", f"like {best.id}: shares {best.shares}"
    elif against:
        decision, why = "possible", f"like {best.id}, but {against}; shares {best.shares}"
    else:
        decision, why = "same", f"same as {best.id}: shares {best.shares}"
    return Match(decision=decision, candidates=listed, why=why, against=against)


def _other_title(query: Entry, entry: Entry, thresholds: Thresholds) -> str:
    mine, theirs = frozenset(query.title), frozenset(entry.title)
    return "the titles differ" if len(mine & theirs) < thresholds.titles * len(mine | theirs) else ""


def _not_ahead(scored: Sequence[tuple[float, Entry]], thresholds: Thresholds) -> str:
    """A tracker may hold the same thing twice: such twins of the best are no rivals."""
    score, best = scored[0]
    for other, entry in scored[1:]:
        if _log_odds(score) - _log_odds(other) >= thresholds.lead:
            return ""
        if not _is_twin(best, entry):
            return f"{entry.id} is nearly as like"
    return ""


def _is_twin(one: Entry, other: Entry) -> bool:
    mine, theirs = frozenset(one.title), frozenset(other.title)
    return len(mine & theirs) >= _ALIKE * max(len(mine), len(theirs))


def _log_odds(score: float) -> float:
    inside = min(max(score, 1e-6), 1 - 1e-6)
    return math.log(inside / (1 - inside))
