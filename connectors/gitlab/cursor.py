"""The cursor of GitLab's listing: the last time of update, and what was seen shortly before it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

OVERLAP = timedelta(minutes=2)
"""How far each look goes back behind the last.

A comment gives its issue a new time of update at most once a minute, so one that follows another change is told by
the count of comments alone. And a change that took long to commit shows up late, with the time at which it began.
"""

_MOST_SEEN = 500  # beyond, tickets are told again rather than a long cursor kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """``time`` is None at the very beginning; ``seen`` maps ticket ids to the versions told already."""

    time: datetime | None = None
    seen: Mapping[str, str] = field(default_factory=dict)

    @property
    def since(self) -> datetime | None:
        return self.time - OVERLAP if self.time else None

    def text(self) -> str:
        """The cursor as one opaque string, "" for the beginning."""
        if self.time is None:
            return ""
        seen = dict(sorted(self.seen.items())) if len(self.seen) <= _MOST_SEEN else {}
        return json.dumps({"gitlab": 1, "time": self.time.isoformat(), "seen": seen}, separators=(",", ":"))


def read_cursor(text: str) -> Cursor:
    """The cursor that ``text`` writes; the beginning where it is none of ours."""
    try:
        told = json.loads(text)
        seen = {str(name): str(version) for name, version in told["seen"].items()}
        cursor = Cursor(time=datetime.fromisoformat(told["time"]), seen=seen)
        usable = told["gitlab"] == 1 and cursor.since is not None and cursor.since.tzinfo is not None
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return Cursor()
    return cursor if usable else Cursor()
