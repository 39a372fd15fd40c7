"""What a loose end is about where its own words leave that out: "it", "that endpoint", or no subject at all."""

from __future__ import annotations

import re
from itertools import islice

from bot.extraction.candidates import Candidate
from bot.extraction.cues import pattern
from bot.extraction.grammar import identifiers, stems
from bot.extraction.transcript import Passage, Transcript

_REACH = 3  # sentences back in the same turn that "it" may stand for
_NAMED = 300  # sentences back in the turns before that "this endpoint" may stand for
_PLURAL = re.compile(r"(?:they|are|have|were|keep|don't|aren't|haven't|weren't|'re)\b", re.IGNORECASE)
_LAST_DETERMINER = re.compile(r"^.*\b(?:an?|the|our|my|another|one|this|that) (?=\S)", re.IGNORECASE)
_NO_NAME = re.compile(
    r"(?:the|this|that|my|our|a|an|each|every|same|api|new|old|which|any|some|these|those|no|one|in|on|of|to)$",
    re.IGNORECASE,
)


def subject(candidate: Candidate, transcript: Transcript) -> str | None:
    """What the fault is a fault of: "" where its own words say it, None where nothing tells for certain."""
    lead = pattern("subject_missing").match(candidate.phrase)
    if lead is None:
        return ""
    return _relative(candidate) or _before(candidate, transcript, lead.group())


def without_pronoun(phrase: str) -> str:
    """The predicate alone: "it just hangs" hangs."""
    return pattern("subject_pronoun").sub("", phrase, count=1)


def _relative(candidate: Candidate) -> str:
    """The noun that a relative clause is about: "there's a cron job that fails silently"."""
    found = pattern("subject_relative").search(candidate.passage.text[: candidate.at])
    return _LAST_DETERMINER.sub("", found.group("thing")).strip() if found else ""


def _before(candidate: Candidate, transcript: Transcript, lead: str) -> str | None:
    """The subject of a sentence shortly before, by the same person in the same breath, if its number agrees."""
    passage = candidate.passage
    turn = transcript.turns[passage.turn]
    at = passage.order - turn[0].order
    earlier = turn[max(0, at - _REACH) : at]
    clauses = [p.text for p in earlier if p.block.kind == "prose"]
    for text in reversed([*clauses, passage.text[: max(0, candidate.at - len(lead))]]):
        found = pattern("subject_before").match(text)
        if found is None:
            continue
        thing = found.group("thing").strip()
        is_plural = bool(re.search(r"[^su]s$", thing))
        if stems(thing) and is_plural == bool(_PLURAL.match(lead)):
            return thing
    return None


def pointed_at(noun: str, passage: Passage, transcript: Transcript) -> str:
    """The named thing that "this endpoint" stands for; "" where none was named in the turns before."""
    said = transcript.turns[passage.turn]
    turns = [
        said[: passage.order - said[0].order],
        *reversed(transcript.turns[max(0, passage.turn - 6) : passage.turn]),
    ]
    earlier = (p for turn in turns for p in reversed(turn) if p.role == "human" and p.block.kind != "code")
    word = re.escape(noun)
    for before in islice(earlier, _NAMED):
        if not re.search(rf"\b{word}\b", before.text, re.IGNORECASE):
            continue
        near = re.search(rf"(`[^`]{{2,80}}`|/[\w/.-]{{2,60}}|\b[\w.]{{2,40}}) {word}\b", before.text, re.IGNORECASE)
        if near and not _NO_NAME.match(near.group(1)):
            return near.group(1).strip("`") if identifiers(near.group(1)) else f"the {near.group()}"
    return ""
