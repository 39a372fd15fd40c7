"""What the bot did to a ticket before, and when: for what may happen once in a while only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select
from sqlalchemy.sql.elements import ColumnElement

from bot.model import ActionKind
from bot.store.tables import actions, evidence
from bot.store.times import maybe_from_text


def last_told(db: Connection, target: str, ticket: str) -> datetime | None:
    """When the bot's comment on a ticket was last written, or may have been."""
    return _latest(db, _on(target, ticket, ("sighting", "resolved")))


def last_recurrence(db: Connection, finding: str) -> datetime | None:
    """When a loose end was last opened again, commented on or filed anew, or may have been."""
    anew = (actions.c.kind == "create") & (actions.c.generation > 1)
    recurred = actions.c.kind.in_(("reopen", "comment")) | anew
    return _latest(db, (actions.c.finding == finding) & recurred & (actions.c.status != "failed"))


def count(db: Connection, kind: ActionKind, target: str, ticket: str) -> int:
    """How often the bot did this to a ticket, or may have."""
    return _number(db, _on(target, ticket, (kind,)))


def is_begun(db: Connection, action: str) -> bool:
    """Whether an action was carried out, or may have been."""
    return _number(db, (actions.c.id == action) & (actions.c.status != "failed")) > 0


def has_failed(db: Connection, kind: ActionKind, target: str, ticket: str) -> bool:
    """Whether the bot tried this on a ticket and does not know what came of it."""
    here = (actions.c.target == target) & (actions.c.ticket == ticket)
    return _number(db, here & (actions.c.kind == kind) & (actions.c.status == "failed")) > 0


def mentions_since_filing(db: Connection, finding: str, target: str, ticket: str) -> int:
    """Quotes of a loose end that its ticket did not yet tell of when it was filed; 0 where that is not known."""
    filed = select(actions.c.quotes).where(_on(target, ticket, ("create",)), actions.c.finding == finding)
    known = db.execute(filed.order_by(actions.c.created_at.desc()).limit(1)).scalar()
    if known is None:
        return 0
    later = (evidence.c.finding == finding) & (evidence.c.id > known)
    return db.execute(select(func.count()).select_from(evidence).where(later)).scalar_one()


def _on(target: str, ticket: str, kinds: Sequence[ActionKind]) -> ColumnElement[bool]:
    here = (actions.c.target == target) & (actions.c.ticket == ticket)
    return here & actions.c.kind.in_(kinds) & (actions.c.status != "failed")


def _latest(db: Connection, where: ColumnElement[bool]) -> datetime | None:
    return maybe_from_text(db.execute(select(func.max(actions.c.created_at)).where(where)).scalar())


def _number(db: Connection, where: ColumnElement[bool]) -> int:
    return db.execute(select(func.count()).select_from(actions).where(where)).scalar_one()
