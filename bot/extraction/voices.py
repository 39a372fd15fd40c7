"""Quotations that pass on what others reported: tickets, mails, reviews."""

from __future__ import annotations

from functools import lru_cache

from bot.extraction.cues import pattern
from bot.extraction.transcript import Passage, Transcript


def is_voice(passage: Passage, transcript: Transcript) -> bool:
    """Whether a quotation passes on a report: a numbered ticket, or beside words that say who speaks."""
    if passage.block.kind != "quote":
        return False
    numbered = pattern("symptom_ticket").match(passage.block.lines[passage.first - passage.block.first].lstrip("> "))
    return bool(numbered) or _tells_voices(transcript, passage.turn)


@lru_cache(maxsize=1)
def _tells_voices(transcript: Transcript, turn: int) -> bool:
    beside = (p.text for p in transcript.turns[turn] if p.block.kind in ("prose", "item"))
    return any(pattern("symptom_voices").search(text) for text in beside)
