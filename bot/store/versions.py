"""What another version of the fingerprint made stays known: it gets its name of today beside the one it has."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from bot.matching.fingerprint import VERSION, fingerprint, title_key
from bot.store.tables import findings, fingerprints, tickets


def adopt(db: Connection) -> int:
    """Gives every finding a fingerprint of this version, and every ticket a title key; returns how many were older.

    The fingerprint that a ticket's marker carries stays what it is: that is how the ticket is known.
    """
    current = select(fingerprints.c.finding).where(fingerprints.c.fingerprint.startswith(f"{VERSION}-"))
    known = db.execute(select(findings.c.id, findings.c.kind, findings.c.title).where(findings.c.id.not_in(current)))
    older = known.all()
    for row in older:
        name = fingerprint(row.kind, row.title)
        if db.execute(select(fingerprints).where(fingerprints.c.fingerprint == name)).first() is None:
            db.execute(insert(fingerprints).values(fingerprint=name, finding=row.id))
    keys = select(tickets.c.target, tickets.c.id, tickets.c.title)
    stale = db.execute(keys.where(~tickets.c.title_key.startswith(f"{VERSION}-"))).all()
    for row in stale:
        this = (tickets.c.target == row.target) & (tickets.c.id == row.id)
        db.execute(update(tickets).where(this).values(title_key=title_key(row.title)))
    return len(older) + len(stale)
