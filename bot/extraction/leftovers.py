"""What the assistant reports, at the end of a piece of its own work, as left undone or still broken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bot.extraction.candidates import Candidate
from bot.extraction.cues import alive, gate, load, pattern, table_bits
from bot.extraction.grammar import identifiers, is_quoted, leading_verb, phrase, stems
from bot.extraction.progress import is_agentic
from bot.extraction.transcript import Passage, Transcript
from bot.model import Kind

_LEAD = re.compile(
    r"^(?:\W|note(?: that|:)?|however,?|but|and|also|so|only|unfortunately,?|one (?:thing|note|caveat):?) ?",
    re.IGNORECASE,
)


# Only who does the work says so.
_OWN_WORDS = frozenset({"did not", "not got round to"})
_POINTS = re.compile(
    r"(?:(?:change|touch|do|fix|edit|update|include|handle|create|add|run|test)\w* )?"
    r"(?:(?:any(?:thing| code| of)?|more) ?)?(?:(?:for|about|on|in|of) )?"
    r"(?:it|them|anything|there|yet|(?:this|that|these|those)(?: (?:part|bit|one|file|code|thing|piece)s?)?)",
    re.IGNORECASE,
)
_VAGUE = re.compile(r"(?:it|this|that|they|these|those|so|isn't|is|was|you|i)\b", re.IGNORECASE)
_JOINT = re.compile(r"[;:] |, (?:so|and|but)\b ?|, (?=i )", re.IGNORECASE)
_TELLING = 2


def propose(transcript: Transcript) -> Iterator[Candidate]:
    """Leftovers in the reports of an assistant that works itself: the last words of each of its answers."""
    reports = frozenset(_reports(transcript))
    agentic = is_agentic(transcript)
    bits = table_bits("leftover") if agentic else _own_bits()
    for number, turn in enumerate(transcript.conversation.turns):
        if turn.role != "assistant" or not transcript.turns.mask(number) & bits:
            continue
        # In the midst of work only what is not of this work stays; the rest is done next.
        if number not in reports and not pattern("found_by_the_way").search(turn.text):
            continue
        before = ""
        for passage in transcript.turns[number]:
            if passage.block.kind in ("prose", "item") and len(passage.text) <= 600 and not passage.text.endswith("?"):
                found = _leftover(passage, before)
                is_known = found is not None and (agentic or found.cue in _OWN_WORDS)
                if found and is_known and (number in reports or found.cue == "not of this work"):
                    yield found
                before = passage.text


@cache
def _own_bits() -> int:
    cues = enumerate(load().tables["leftover"])
    return sum(gate().bits[f"leftover/{n}"] for n, cue in cues if cue.name in _OWN_WORDS)


def _reports(transcript: Transcript) -> Iterator[int]:
    turns = transcript.conversation.turns
    last = -1
    for number, turn in enumerate(turns):
        if turn.role == "human" and turn.text.strip() and last >= 0:
            yield last
            last = -1
        elif turn.role == "assistant" and turn.text.strip():
            last = number
    if last >= 0:
        yield last


def _leftover(passage: Passage, before: str) -> Candidate | None:
    for cue in alive("leftover", passage.cues):
        match = cue.pattern.search(passage.text)
        if match is None or is_quoted(passage.text, match.start()):
            continue
        wording = _wording(passage.text, match, cue.strength)
        points = bool(_POINTS.fullmatch(wording))
        meant = _meant(passage.text[: match.start()], before) if points else ""
        if stems(wording) and (meant or not points):
            return Candidate(
                kind="bug" if meant else _kind(cue.kind),
                detector="leftover",
                cue=cue.name,
                passage=passage,
                strength="leftover",
                phrase=meant or wording,
                names=identifiers(passage.text),
                at=match.start(),
            )
    return None


def _meant(clause: str, before: str) -> str:
    """What "I didn't touch it" is about: the fault told in the clause or the sentence before."""
    told = _JOINT.split(clause.strip())
    named = [phrase(_LEAD.sub("", part)) for part in (*told, before) if len(stems(part)) >= _TELLING]
    return next((part for part in named if not _VAGUE.match(part)), "")


def _wording(text: str, match: re.Match[str], stands: str) -> str:
    """``stands`` tells whether the thing follows the cue ("after") or is the whole clause ("whole")."""
    if stands == "whole":
        start = max(text.rfind(mark, 0, match.start()) for mark in (". ", "; ", ": ")) + 1
        return phrase(_LEAD.sub("", text[start:].strip()))
    wording = phrase(text[match.end() :])
    found = leading_verb(wording)
    return f"{found[0]} {found[2]}" if found and found[1] else wording


def _kind(kind: str) -> Kind:
    return "bug" if kind == "bug" else "todo"
