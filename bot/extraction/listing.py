"""Lists under a head that announces what its items are: features, tasks, faults, or only steps of one thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.extraction.candidates import Candidate
from bot.extraction.commitments import kind_of
from bot.extraction.cues import load, pattern
from bot.extraction.grammar import identifiers, leading_verb, stems
from bot.extraction.spelling import plain
from bot.extraction.transcript import Passage, Transcript
from bot.extraction.wishes import imperative
from bot.model import Kind

_ITEM = re.compile(r"\n {0,12}(?:[-*+•–]|\d{1,3}[.)])[ \t]")  # below the line that announces it
_DONE = re.compile(r"~~|\((?:done|fixed)\)|✅|✔|\b(?:done|fixed)[.!]?$", re.IGNORECASE)
_NEVER = re.compile(r"(?:no|never|not|without)\b", re.IGNORECASE)  # wanted to stay away: "no ads"
_ASIDE = re.compile(r"\s*\([^()]{0,100}\)\s*$")
_NOMINAL = re.compile(r"(?:an?|the|some|more|\w+ing)\b", re.IGNORECASE)
_WOULD = re.compile(
    r"(?:\bwould|\b(?:we|i)'d)\b(?! (?:also |really )?(?:like|love|want))"
    r"|\b(?:could|might|someday|eventually|nice|ideas?|wish)\b",
    re.IGNORECASE,
)


def propose(transcript: Transcript) -> Iterator[Candidate]:
    """One candidate for each item of an announced list in a human turn."""
    for turn in transcript.asked:
        if not _ITEM.search(transcript.conversation.turns[turn].text):
            continue
        head: Passage | None = None
        for passage in transcript.turns[turn]:
            if passage.block.kind != "item":
                head = passage
            elif head is not None and passage.block.checked is None and passage.block.head:
                found = _item(passage, head)
                yield from [found] if found else []


def _item(passage: Passage, head: Passage) -> Candidate | None:
    announced = _announces(passage.block.head, head.text)
    if announced is None or _DONE.search(passage.text) or _is_marker(passage.text):
        return None
    kind, cue = announced
    if kind == "own" and (kind := _own_work(passage) or "") == "":
        return None
    text = passage.text
    wording = text if kind == "bug" else _ASIDE.sub("", text)
    wording = re.split(r"(?<=\w{3})[.!?](?:\s|$)|\s-{1,2}\s", wording, maxsplit=1)[0].strip(" .;,")
    if kind == "feature" and _NEVER.match(wording):
        return None
    if len(wording) > 160 or not stems(text) or (text.endswith("?") and kind != "todo"):
        return None
    strength = {
        "feature": "imagined" if _would(head.text) else "listed",
        "todo": "listed",
        "bug": "listed",
        "step": "step",
    }[kind]
    found = leading_verb(wording)
    return Candidate(
        kind="todo" if kind == "step" else kind,  # type: ignore[arg-type]
        detector="list",
        cue=cue,
        passage=passage,
        strength=strength,
        phrase=imperative(wording) if kind == "feature" and _NOMINAL.match(wording) else wording,
        names=identifiers(text),
        group=head.order,
        verb=found[0] if found else "",
    )


def _is_marker(text: str) -> bool:
    return bool(re.match(r"(?:TODO|FIXME|BUG|HACK|XXX)\b", text))


@lru_cache(maxsize=1)
def _would(head: str) -> bool:
    return bool(_WOULD.search(head))


@lru_cache(maxsize=1)
def _announces(raw: str, head: str) -> tuple[str, str] | None:
    """The kind of the items and the cue's name; None for lists that announce nothing or speak to the assistant."""
    line = plain(raw)
    if not line.endswith((":", "…")) and not raw.startswith(("#", "**", "__")):
        return None
    if any(pattern("list_to_assistant").search(text) for text in (line, head)):
        return None
    by_name = {cue.name: cue for cue in load().tables["heading"]}
    said = head if head.rstrip().endswith((":", "…")) else line
    for text in dict.fromkeys((said, line)):
        if by_name["closed"].pattern.search(text):
            return None
        if by_name["parts"].pattern.search(text):
            return "step", "parts"
        for cue in by_name.values():
            if cue.pattern.search(text):
                return cue.kind, cue.name
    return None


def _own_work(passage: Passage) -> Kind | None:
    """The kind of an item in somebody's own notes: only an order is work for sure, the rest may be anything."""
    found = leading_verb(passage.text, listed=True)
    if found is None or found[1] == "talk" or not passage.text.lower().startswith(found[0]):
        return None
    if not stems(found[2]) or found[2].startswith("of "):  # "export of the map" is a thing
        return None
    return kind_of(found[1], found[2], "firm")
