"""Where a look at the project stood.

Jira's search is an index that runs behind by seconds to minutes, and its times are minutes. So a look begins some
time before the newest change that is known, until that change has been looked at again after the index had its time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

CLOUD_LAG = timedelta(minutes=15)
DATA_CENTER_LAG = timedelta(minutes=2)

_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """``newest`` is the latest time of update seen, ``seen_at`` our own time when it was first seen."""

    scope: str  # what was looked at; a cursor of another scope is worth nothing
    newest: datetime
    begin: datetime  # the time of update from which to look on
    seen_at: datetime

    def text(self) -> str:
        times = [at.isoformat() for at in (self.newest, self.begin, self.seen_at)]
        return json.dumps([_VERSION, self.scope, *times], separators=(",", ":"))


def read_cursor(text: str, scope: str) -> Cursor | None:
    """The cursor, None for what is none, of another version or another scope: all is read then."""
    try:
        version, found, *times = json.loads(text)
        newest, begin, seen_at = map(datetime.fromisoformat, times)
    except (ValueError, TypeError, RecursionError):
        return None
    if (version, found) != (_VERSION, scope) or not (newest.tzinfo and begin.tzinfo and seen_at.tzinfo):
        return None
    return Cursor(scope=scope, newest=newest, begin=begin, seen_at=seen_at)


def advanced(
    before: Cursor | None, newest: datetime | None, *, scope: str, started: datetime, ended: datetime, lag: timedelta
) -> str:
    """The cursor after a look that saw ``newest`` as the latest time of update, "" as long as nothing was seen.

    ``started`` and ``ended`` are our own times of the look: what changed meanwhile may have been missed.
    """
    if newest is None and before is None:
        return ""
    if before and (newest is None or newest <= before.newest):
        settled = started - before.seen_at >= lag
        return replace(before, begin=before.newest if settled else before.begin).text()
    assert newest is not None
    return Cursor(scope=scope, newest=newest, begin=newest - lag - (ended - started), seen_at=ended).text()
