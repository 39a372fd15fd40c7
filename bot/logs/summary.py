"""What a log holds, for people who check a source: ``loose-ends logs``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.logs.base import NotUnderstood
from bot.logs.incremental import read_new
from bot.model import Role

ROLES: tuple[Role, ...] = ("human", "assistant", "tool", "system")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSummary:
    """One log: how many turns of each role, and the times of the first and last turn that has one."""

    file: str
    format: str
    conversations: int
    turns: dict[Role, int]
    first: datetime | None
    last: datetime | None
    bytes: int
    not_understood: tuple[NotUnderstood, ...]


def describe(path: Path, *, name: str, format: str = "auto") -> LogSummary:  # noqa: A002 - the setting's name
    """Read the whole of ``path`` and count. Raises LogError."""
    reading = read_new(path, name=name, format=format)
    turns = [turn for conversation in reading.conversations for turn in conversation.turns]
    counts = Counter(turn.role for turn in turns)
    times = [turn.time for turn in turns if turn.time]
    return LogSummary(
        file=name,
        format=reading.format,
        conversations=len(reading.conversations),
        turns={role: counts[role] for role in ROLES},
        first=min(times, default=None),
        last=max(times, default=None),
        bytes=reading.cursor.size,
        not_understood=reading.not_understood,
    )
