"""Advice of the assistant that a person takes up: the proposal that "I should add that" points at."""

from __future__ import annotations

from dataclasses import replace

from bot.extraction.candidates import Candidate
from bot.extraction.commitments import kind_of
from bot.extraction.cues import pattern
from bot.extraction.grammar import base_form, identifiers, leading_verb, phrase, stems
from bot.extraction.transcript import Passage, Transcript


def taken_up(candidate: Candidate, transcript: Transcript) -> Candidate | None:
    """The proposal in the assistant's turn right before, as a candidate as strong as the words that take it up."""
    before = (
        [p for p in transcript.turns[candidate.passage.turn - 1] if p.role == "assistant"]
        if candidate.passage.turn
        else []
    )
    for passage in reversed(before):
        if passage.block.kind in ("prose", "item") and (wording := _advice(passage)):
            found = leading_verb(wording)
            kind = kind_of(found[1], found[2], candidate.strength) if found else candidate.kind
            return replace(
                candidate,
                kind=kind,
                detector="take-up",
                passage=passage,
                phrase=wording,
                refers=False,
                names=identifiers(wording),
            )
    return None


def _advice(passage: Passage) -> str:
    match = pattern("advice_advice").search(passage.text)
    if match is None:
        return ""
    wording = phrase(match.group("text"))
    first, _, rest = wording.partition(" ")
    if first.lower().endswith("ing") and rest:
        return f"{base_form(first)} {rest}"
    found = leading_verb(wording)
    return wording if found and found[1] != "talk" and stems(found[2]) else ""
