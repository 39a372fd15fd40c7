"""What a log holds, for people who check a source: ``loose-ends logs``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.logs.base import NotUnderstood, Reading, Tally
from bot.logs.files import LogFile
from bot.logs.incremental import read_parts
from bot.logs.versions import Versions
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
    versions: tuple[str, ...] = ()


def describe(path: Path | LogFile, *, name: str, format: str = "auto") -> LogSummary:  # noqa: A002 - the setting's name
    """Read the whole of a log and count. Raises LogError."""
    counted = _Counted()
    for reading in read_parts(path, name=name, format=format):
        if reading.change == "rewritten":
            counted = _Counted()
        counted.add(reading)
    newest = counted.newest
    return LogSummary(
        file=name,
        format=newest.format if newest else "",
        conversations=len(counted.conversations),
        turns={role: counted.turns[role] for role in ROLES},
        first=counted.first,
        last=counted.last,
        bytes=newest.cursor.size if newest else 0,
        not_understood=counted.not_understood.result(),
        versions=counted.versions.result(),
    )


class _Counted:
    """Counts over the parts of a log."""

    def __init__(self) -> None:
        self.newest: Reading | None = None
        self.conversations: set[str] = set()
        self.turns = Counter[Role]()
        self.first: datetime | None = None
        self.last: datetime | None = None
        self.not_understood = Tally()
        self.versions = Versions()

    def add(self, reading: Reading) -> None:
        self.newest = reading
        for conversation in reading.conversations:
            self.conversations.add(conversation.id)
            own = [turn for turn in conversation.turns if conversation.in_pieces or not turn.log]
            self.turns.update(turn.role for turn in own)
            times = [turn.time for turn in own if turn.time]
            self.first = min([*times, *filter(None, [self.first])], default=None)
            self.last = max([*times, *filter(None, [self.last])], default=None)
        for item in reading.not_understood:
            self.not_understood.add(item.what, item.line, item.count)
        for version in reading.versions:
            self.versions.add(version)
