"""People's verdicts on the bot's tickets, each with the loose end that it speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from bot.store.findings import KnownFinding, by_fingerprint, by_id
from bot.store.tables import reviews, tickets
from bot.store.times import from_text

_COUNTED = {"accepted": True, "done": True, "rejected": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One ticket's last word: ``accepted`` or not, by a person, at the time the bot saw it."""

    target: str
    ticket: str
    finding: KnownFinding
    accepted: bool
    at: datetime


def judged(db: Connection) -> list[Judged]:
    """The last word on every ticket, oldest first. Done counts as accepted: somebody thought it worth doing.

    Duplicates, hands off, and a rejection that was taken back say neither yes nor no.
    """
    latest: dict[tuple[str, str], tuple[str, str, str | None]] = {}
    rows = db.execute(select(reviews).where(reviews.c.verdict.in_(list(_COUNTED))).order_by(reviews.c.id))
    for row in rows:
        latest.pop((row.target, row.ticket), None)
        latest[row.target, row.ticket] = (row.verdict, row.seen_at, row.finding)
    known = {(row.target, row.id): row for row in db.execute(select(tickets).where(tickets.c.fingerprint.is_not(None)))}
    result = []
    for (target, ticket), (verdict, at, name) in latest.items():
        shown = known.get((target, ticket))
        if shown is not None and verdict == "rejected" and shown.verdict in ("untouched", "undone"):
            continue
        finding = by_fingerprint(db, shown.fingerprint) if shown is not None else None
        if finding is None and name:
            finding = next(iter(by_id(db, name)), None)
        if finding is not None:
            accepted = _COUNTED[verdict]
            result.append(Judged(target=target, ticket=ticket, finding=finding, accepted=accepted, at=from_text(at)))
    return result
