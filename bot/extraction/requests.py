"""Requests to the assistant that nobody carried out: the log ends before an answer, or the assistant asks back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.extraction.candidates import Candidate
from bot.extraction.commitments import kind_of
from bot.extraction.cues import pattern
from bot.extraction.grammar import identifiers, leading_verb, phrase, stems
from bot.extraction.progress import answer, has_worked, is_agentic, reported
from bot.extraction.transcript import Passage, Transcript

_ASKS_BACK = re.compile(r"\?\W{0,5}$")
_FOR_ME = re.compile(r"(?:me|us)\b", re.IGNORECASE)  # an answer is wanted, not work
_TAIL = 600  # characters of an answer in which a question back may stand


def propose(transcript: Transcript) -> Iterator[Candidate]:
    """Orders in the last human turn, where the conversation shows no work on them."""
    turns = transcript.conversation.turns
    last = max((n for n, t in enumerate(turns) if t.role == "human" and t.text.strip()), default=-1)
    if all(t.role != "assistant" for t in turns) or last < 0 or not _is_left(transcript, last):
        return
    for passage in transcript.turns[last]:
        if passage.block.kind in ("prose", "item") and len(passage.text) <= 600:
            found = _request(passage)
            yield from [found] if found else []


def _is_left(transcript: Transcript, turn: int) -> bool:
    """Whether ``turn`` has no answer, or one without work that ends in a question to the person."""
    turns = transcript.conversation.turns
    said = [turns[n].text for n in answer(transcript, turn) if turns[n].role == "assistant" and turns[n].text.strip()]
    if not said:
        return not has_worked(transcript, turn)
    end = said[-1][-_TAIL:].rstrip()
    is_open = bool(_ASKS_BACK.search(end) or pattern("announces").search(end))
    return is_open and is_agentic(transcript) and reported(transcript, turn) is None


def _request(passage: Passage) -> Candidate | None:
    order = pattern("request_order").match(passage.text)
    if order is None:
        return None
    wording = phrase(pattern("request_softener").sub("", passage.text[order.end() :].rstrip("?"), count=1))
    found = leading_verb(wording, listed=True)
    is_order = found is not None and bool(re.match(rf"{re.escape(found[0])}\b", wording, re.IGNORECASE))
    if found is None or not is_order or found[1] == "talk" or _FOR_ME.match(found[2]) or not stems(found[2]):
        return None
    return Candidate(
        kind=kind_of(found[1], found[2], "firm"),
        detector="request",
        cue=order.group().strip() or found[0],
        passage=passage,
        strength="request",
        phrase=wording,
        names=identifiers(wording),
        verb=found[0],
        at=order.end(),
    )
