"""What of a talk is kept for the day, or the part of a long log, on which it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.model import Conversation, Finding, Turn

_KEPT_TURNS = 40
_KEPT_CHARACTERS = 4_000
_KEPT_TOOL_CHARACTERS = 300


def kept(conversation: Conversation, found: Sequence[Finding]) -> list[Turn]:
    """The turns that what is said next may refer to: the last ones, and those of loose ends with the turn before."""
    turns = conversation.turns
    wanted = set(range(max(0, len(turns) - _KEPT_TURNS), len(turns)))
    spans = {(e.line_start, e.line_end) for f in found if f.status != "resolved" for e in f.evidence}
    quoted: set[int] = set()
    for index, turn in enumerate(turns):
        if turn.lines and any(start <= turn.lines[-1] and end >= turn.lines[0] for start, end in spans):
            quoted.add(index)
            wanted |= {max(0, index - 1), index}
    return [turns[index] if index in quoted else _clipped(turns[index]) for index in sorted(wanted)]


def _clipped(turn: Turn) -> Turn:
    limit = _KEPT_TOOL_CHARACTERS if turn.role in ("tool", "system") else _KEPT_CHARACTERS
    if len(turn.text) <= limit:
        return turn
    text = turn.text[:limit]
    return replace(turn, text=text, lines=turn.lines[: text.count("\n") + 1])
