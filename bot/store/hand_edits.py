"""What a person corrects of a held finding before it is filed."""

from __future__ import annotations

from sqlalchemy import Connection, update

from bot.model import Kind, Priority
from bot.store.revision import bump
from bot.store.tables import findings, mentions


def correct(
    db: Connection,
    finding_id: str,
    *,
    title: str | None = None,
    kind: Kind | None = None,
    priority: Priority | None = None,
) -> None:
    """Gives a finding another title, kind or priority; its fingerprint stays, so that it is known again.

    ``title`` must hold no secret: it goes into the ticket as it is.
    """
    given = {"title": title, "kind": kind, "priority": priority}
    values = {name: value for name, value in given.items() if value is not None}
    if not values:
        return
    db.execute(update(findings).where(findings.c.id == finding_id).values(values))
    if priority is not None:
        # The finding is summed up from its mentions whenever one comes in.
        db.execute(update(mentions).where(mentions.c.finding == finding_id).values(priority=priority))
    bump(db)
