"""People's verdicts on the bot's tickets and on what is held, each with the loose end that it speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select

from bot.store.findings import KnownFinding, by_fingerprint, by_id
from bot.store.tables import reviews, tickets
from bot.store.times import from_text, to_text

Who = Literal["tracker", "terminal"]  # where it was said

_COUNTED = {"accepted": True, "done": True, "rejected": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The last word on a ticket, or on a held finding: ``accepted`` or not, by a person, when the bot saw it."""

    finding: KnownFinding
    accepted: bool
    at: datetime


def add(db: Connection, finding: str, verdict: Literal["accepted", "rejected"], at: datetime, *, who: Who) -> None:
    """Keeps what a person said of a held finding: file it, or never."""
    values = {"target": "", "ticket": "", "finding": finding, "verdict": verdict, "seen_at": to_text(at), "who": who}
    db.execute(insert(reviews).values(values))


def refused_at(db: Connection) -> dict[str, datetime]:
    """When people last said of held findings that they are never to be filed, by id."""
    query = select(reviews).where(reviews.c.ticket == "", reviews.c.verdict == "rejected").order_by(reviews.c.id)
    return {row.finding: from_text(row.seen_at) for row in db.execute(query)}


def judged(db: Connection) -> list[Judged]:
    """The last word on every ticket and on every finding that was held, oldest first.

    Done counts as accepted: somebody thought it worth doing. Duplicates, hands off, and a verdict that was taken back
    say neither yes nor no. Once people have judged the ticket of what was filed by hand, that counts in its stead.
    """
    latest: dict[tuple[str, str], Row[Any]] = {}
    words = select(reviews).where(reviews.c.verdict.in_([*_COUNTED, "untouched"]))
    for row in db.execute(words.order_by(reviews.c.id)):
        latest[row.target, row.ticket or row.finding] = row
    shown = {(row.target, row.id): row for row in db.execute(select(tickets).where(tickets.c.fingerprint.is_not(None)))}
    given = [(row, one) for row in latest.values() if (one := _read(db, row, shown.get((row.target, row.ticket))))]
    newest = {one.finding.id: row.id for row, one in sorted(given, key=_number) if row.ticket}
    counted = [(row, one) for row, one in given if row.ticket or row.id > newest.get(one.finding.id, 0)]
    return [one for row, one in sorted(counted, key=_number) if row.verdict in _COUNTED]


def _number(pair: tuple[Row[Any], Judged]) -> int:
    return int(pair[0].id)


def _read(db: Connection, row: Row[Any], ticket: Row[Any] | None) -> Judged | None:
    """A row of the record as a verdict; None where it was a no and taken back, or nobody knows of what it spoke."""
    finding = by_fingerprint(db, ticket.fingerprint) if ticket is not None else None
    if finding is None and row.finding:
        finding = next(iter(by_id(db, row.finding)), None)
    if finding is None:
        return None
    if row.verdict == "rejected" and _is_lifted(row, ticket, finding):
        return None
    return Judged(finding=finding, accepted=_COUNTED.get(row.verdict, False), at=from_text(row.seen_at))


def _is_lifted(row: Row[Any], ticket: Row[Any] | None, finding: KnownFinding) -> bool:
    if not row.ticket:
        return finding.disposition != "refused"
    return ticket is not None and ticket.verdict in ("untouched", "undone")
