"""Is the state whole: the database itself, what points at what, cursors against their logs, actions without an end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, Table, not_, select, text
from sqlalchemy.sql.elements import ColumnElement

from bot.store import logs, runs
from bot.store.tables import actions, conversations, evidence, findings, fingerprints, mentions
from bot.store.tables import logs as log_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Ailment:
    """Something to know about the state: what is ``wrong`` a person must mend, a ``note`` the next run does."""

    what: str
    mend: str
    result: Literal["wrong", "note"] = "wrong"


_RESTORE = "restore a backup, or rebuild it with: loose-ends state rebuild"


def check(db: Connection, now: datetime) -> list[Ailment]:
    """What is wrong with the state, worst first; empty when nothing is."""
    broken = list(_broken(db))
    # What a damaged database says of itself is worth nothing.
    return broken or [*_orphans(db), *_cursors(db), *_pending(db, now)]


def _broken(db: Connection) -> Iterator[Ailment]:
    for row in db.execute(text("PRAGMA integrity_check(10)")):
        if row[0] != "ok":
            yield Ailment(what=f"the database is damaged: {row[0]}", mend=_RESTORE)
    for row in db.execute(text("PRAGMA foreign_key_check")):
        yield Ailment(what=f"{row[0]}: row {row[1]} points at a missing row of {row[2]}", mend=_RESTORE)


def _orphans(db: Connection) -> Iterator[Ailment]:
    named = select(findings.c.id)
    places: list[tuple[str, Table, ColumnElement[bool]]] = [
        ("loose ends without a quote", findings, not_(findings.c.id.in_(select(evidence.c.finding)))),
        ("loose ends that no conversation mentions", findings, not_(findings.c.id.in_(select(mentions.c.finding)))),
        ("loose ends without a name", findings, not_(findings.c.id.in_(select(fingerprints.c.finding)))),
        ("actions on loose ends that are gone", actions, not_(actions.c.finding.in_(named))),
        ("conversations of logs that are gone", conversations, not_(conversations.c.log.in_(select(log_table.c.path)))),
    ]
    for what, table, orphaned in places:
        count = len(db.execute(select(table).where(orphaned)).all())
        if count:
            yield Ailment(what=f"{count} {what}", mend=_RESTORE)


def _cursors(db: Connection) -> Iterator[Ailment]:
    for log in logs.every(db):
        if log.cursor is None or "://" in log.path:
            continue
        try:
            offset = int(json.loads(log.cursor)["offset"])
        except (ValueError, KeyError, TypeError):
            yield Ailment(what=f"{log.path}: its cursor cannot be read", mend="it is read anew", result="note")
            continue
        place = Path(log.path.partition("!")[0])
        size = place.stat().st_size if place.is_file() else -1
        if size < 0:
            yield Ailment(what=f"{log.path}: the log is gone", mend="nothing to do if that is meant", result="note")
        elif "!" not in log.path and offset > size:
            what = f"{log.path}: read to byte {offset}, and has {size}"
            yield Ailment(what=what, mend="it was cut or replaced; it is read anew", result="note")


def _pending(db: Connection, now: datetime) -> Iterator[Ailment]:
    for action in runs.pending(db):
        hours = (now - action.created_at).total_seconds() / 3600
        what = f"{action.kind} in {action.target} has no end since {hours:.1f} h ({action.id})"
        yield Ailment(what=what, mend="the next run asks the tracker what came of it", result="note")
