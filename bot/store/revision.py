"""A counter of changes: a plan made on one revision is stale on the next."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from bot.store.tables import counters

_NAME = "revision"


def current(db: Connection) -> int:
    return db.execute(select(counters.c.value).where(counters.c.name == _NAME)).scalar() or 0


def bump(db: Connection) -> None:
    done = db.execute(update(counters).where(counters.c.name == _NAME).values(value=counters.c.value + 1))
    if not done.rowcount:
        db.execute(insert(counters).values(name=_NAME, value=1))
