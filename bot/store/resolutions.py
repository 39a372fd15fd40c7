"""Filed loose ends that a later talk says are done: which talk it was, and when it said so."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from bot.store.findings import KnownFinding, by_id
from bot.store.tables import conversations, evidence, findings, logs, mentions
from bot.store.times import from_text

_FIRST_TIME = 10**11  # a reach from here on is a time in milliseconds, under it a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The talk that left a loose end as done. ``at`` is its end, as far as it tells, else the time of its log."""

    log: str
    conversation: str
    at: datetime


def filed_and_resolved(db: Connection) -> list[KnownFinding]:
    """Filed loose ends of which some talk says that they are done, in the order in which they were first said."""
    done = select(mentions.c.finding).where(mentions.c.status == "resolved")
    query = select(findings.c.id).where(findings.c.disposition == "filed", findings.c.id.in_(done))
    ids = db.execute(query.order_by(findings.c.first_seen, findings.c.id)).scalars()
    return [by_id(db, name)[0] for name in ids]


def resolution_of(db: Connection, finding: str, now: datetime) -> Resolution | None:
    """The last talk that left it as done, None where it was mentioned as open since, or never said to be done."""
    last_quote = (
        select(evidence.c.conversation, func.max(evidence.c.seen).label("said"))
        .where(evidence.c.finding == finding)
        .group_by(evidence.c.conversation)
        .subquery()
    )
    query = (
        select(mentions, logs.c.cursor, last_quote.c.said)
        .outerjoin(conversations, conversations.c.id == mentions.c.conversation)
        .outerjoin(logs, logs.c.path == conversations.c.log)
        .outerjoin(last_quote, last_quote.c.conversation == mentions.c.conversation)
        .where(mentions.c.finding == finding)
        .order_by(mentions.c.seen, mentions.c.conversation)
    )
    rows = db.execute(query).all()
    done = [
        Resolution(log=_name(db, finding, row.conversation), conversation=row.conversation, at=min(now, _end(row)))
        for row in rows
        if row.status == "resolved"
    ]
    latest = max(done, key=lambda one: one.at, default=None)
    still_open = _last_open(rows)
    return None if latest is None or (still_open and still_open >= latest.at) else latest


def _name(db: Connection, finding: str, conversation: str) -> str:
    """The talk's log as people name it; the state's own key may be a path that nobody else should see."""
    here = (evidence.c.finding == finding) & (evidence.c.conversation == conversation)
    newest = select(evidence.c.log).where(here).order_by(evidence.c.seen.desc(), evidence.c.id.desc())
    return db.execute(newest.limit(1)).scalar() or "a copy of the talk"


def _last_open(rows: Sequence[Row[Any]]) -> datetime | None:
    said = [from_text(row.said or row.seen) for row in rows if row.status != "resolved"]
    return max(said, default=None)


def _end(row: Row[Any]) -> datetime:
    """When a talk ended: its last words, else when its log was last written."""
    if row.reach >= _FIRST_TIME:
        return datetime.fromtimestamp(row.reach / 1000, UTC)
    try:
        changed = int(json.loads(row.cursor or "{}").get("mtime_ns", 0))
    except (ValueError, AttributeError):
        changed = 0
    said = from_text(row.said or row.seen)
    return max(said, datetime.fromtimestamp(changed / 1e9, UTC))
