"""Proposals of the assistant that a person chooses by name or number: "multipart it is", "let's do number 3"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.extraction.candidates import Candidate
from bot.extraction.cues import Cue, alive, table_bits
from bot.extraction.grammar import identifiers, is_quoted, leading_verb, phrase, stems
from bot.extraction.transcript import Passage, Transcript

_OFFERED = 300  # passages at the end of an answer that a choice may mean
_OPENING = 4  # passages of a turn in which a choice answers the turn before
_NUMBERED = re.compile(r"\s{0,8}(?:\*\*)?(\d{1,2})[.)]")
_LABEL = re.compile(r"^([\w `/'-]{3,60}):\s+(?=\S)")
_WANTED = re.compile(
    r"\b(?:an?|some|the missing|add|adding|need|needs|introduce|want) (?:[\w-]{2,20} ){0,3}$", re.IGNORECASE
)


def propose(transcript: Transcript) -> Iterator[Candidate]:
    """One candidate for each chosen proposal."""
    for number in transcript.asked_with(table_bits("choice")):
        for passage in transcript.turns[number][:_OPENING]:
            is_said = passage.block.kind in ("prose", "item") and len(passage.text) <= 300
            if is_said and alive("choice", passage.cues) and not passage.text.endswith("?"):
                yield from _chosen(passage, transcript, number)


def _offered(transcript: Transcript, turn: int) -> Sequence[Passage]:
    """The end of the assistant's words before a turn; the assistant's turn is cut only where something was chosen."""
    said = transcript.spoken_before(turn)
    last = said[-_OFFERED:] if said and said[0].role == "assistant" else ()
    return [passage for passage in last if passage.block.kind in ("prose", "item")]


def _chosen(passage: Passage, transcript: Transcript, turn: int) -> Iterator[Candidate]:
    for cue in alive("choice", passage.cues):
        match = cue.pattern.search(passage.text)
        if match is None or is_quoted(passage.text, match.start()):
            continue
        offered = _offered(transcript, turn)
        if cue.name == "by number":
            yield from _numbered(passage, cue, match, offered)
        elif wording := _named(match.group("thing").strip(), offered):
            yield _candidate(passage, cue, wording, match.start())
        return


def _numbered(passage: Passage, cue: Cue, match: re.Match[str], offered: Sequence[Passage]) -> Iterator[Candidate]:
    for number in (match.group("number"), match.group("second")):
        for item in offered:
            found = _NUMBERED.match(item.quote)
            if found and found.group(1) == number:
                text = _LABEL.sub(lambda m: m.group(1) if len(m.group(1).split()) > 1 else "", item.text)
                yield _candidate(passage, cue, phrase(text), match.start())
                break


def _named(thing: str, offered: Sequence[Passage]) -> str:
    """The chosen thing as work: as the assistant worded it where that was an order, else to add or to use it."""
    wanted = stems(thing)
    if not wanted:
        return ""
    for said in reversed(offered):
        if not wanted <= stems(said.text):
            continue
        found = leading_verb(said.text, listed=True)
        order = phrase(said.text)
        if found and found[1] != "talk" and order.lower().startswith(f"{found[0]} ") and len(order) < 90:
            return order
        at = said.text.lower().find(thing.lower().split(" ")[0][:5])
        verb = "add" if at >= 0 and _WANTED.search(said.text[:at]) else "use"
        own = leading_verb(thing, listed=True)
        return thing if own and own[1] != "talk" else f"{verb} {thing}"
    return ""


def _candidate(passage: Passage, cue: Cue, wording: str, at: int) -> Candidate:
    found = leading_verb(wording, listed=True)
    return Candidate(
        kind="todo",  # what an assistant proposes are means, seldom ends
        detector="choice",
        cue=cue.name,
        passage=passage,
        strength="firm",
        phrase=wording,
        names=identifiers(wording),
        verb=found[0] if found else "",
        at=at,
    )
