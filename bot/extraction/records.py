"""Entries of change logs and release notes: they tell what was done, in the words in which work is asked for."""

from __future__ import annotations

from functools import lru_cache

from bot.extraction.cues import pattern
from bot.extraction.transcript import Passage, Transcript


def is_record(passage: Passage, transcript: Transcript) -> bool:
    """Whether a passage says who made a change, stands in the notes of a release, or in minutes tells of success."""
    if pattern("change_by").search(passage.text):
        return True
    if passage.block.kind != "item":
        return False
    if transcript.conversation.format == "minutes" and pattern("minutes_reached").search(passage.text):
        return not pattern("minutes_reserve").search(passage.text)
    is_change = bool(pattern("change_subject").match(passage.text)) and _announces_release(transcript, passage.turn)
    return is_change or bool(pattern("release_head").search(passage.block.head))


@lru_cache(maxsize=64)
def _announces_release(transcript: Transcript, turn: int) -> bool:
    return any(pattern("release_head").search(p.text) for p in transcript.turns[turn] if p.block.kind != "item")
