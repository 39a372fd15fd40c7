"""The cursor of GitHub's listing: from when on to list, what of that is known, and how to ask whether it changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

_VERSION = 1

OVERLAP = timedelta(minutes=10)
"""How far back each look goes: listings come from replicas that lag, minutes at worst."""

MOST_AGAIN = 30
"""So many tickets at most are listed again for the overlap, so that a quiet look stays one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """``since``: list what was updated then or later, None for all. ``seen``: version by number of what is known.

    ``etag`` belongs to the first page from ``since`` and is only kept when that page is the last.
    ``unread`` are issues that could not be read.
    """

    since: datetime | None = None
    seen: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    unread: Sequence[str] = ()


def write_cursor(cursor: Cursor) -> str:
    fields = {
        "v": _VERSION,
        "since": cursor.since and cursor.since.astimezone(UTC).isoformat(),
        "seen": dict(cursor.seen),
        "etag": cursor.etag,
        "unread": list(cursor.unread),
    }
    return json.dumps(fields, separators=(",", ":"))


def read_cursor(text: str) -> Cursor:
    """The cursor; one from the beginning for what is none of ours, so that all is read anew."""
    try:
        fields = json.loads(text)
        if fields["v"] != _VERSION:
            return Cursor()
        since = fields["since"] and datetime.fromisoformat(fields["since"])
        if since is not None and (since.tzinfo is None or since.year < 2000):  # GitHub is younger
            return Cursor()
        return Cursor(
            since=since,
            seen={str(number): str(version) for number, version in fields["seen"].items()},
            etag=str(fields["etag"]),
            unread=[str(number) for number in fields["unread"]],
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Cursor()


def next_since(updates: Sequence[datetime], before: datetime | None) -> datetime | None:
    """From when on to list next time; ``updates`` are the times of what was listed now, in order."""
    if not updates:
        return before
    since = max(updates[-1] - OVERLAP, updates[-MOST_AGAIN:][0])
    return since if before is None else max(since, before)
