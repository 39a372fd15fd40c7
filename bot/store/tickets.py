"""The tickets of every target as last seen, ours and other people's, and what people did to ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bot.store import corpus_changes
from bot.store.corpora import of_target
from bot.store.revision import bump
from bot.store.tables import dashboards, reviews, targets, tickets
from bot.store.times import from_text, maybe_from_text, maybe_to_text, to_text

Verdict = Literal["untouched", "accepted", "rejected", "done", "duplicate", "hands_off", "undone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTicket:
    """A ticket as the tracker last showed it. ``fingerprint`` and ``action`` are None for those that people filed."""

    target: str
    id: str
    key: str
    url: str
    title: str
    title_key: str
    state: str
    closed_as: str | None
    closed_at: datetime | None
    duplicate_of: str | None
    labels: tuple[str, ...]
    version: str
    own_version: str | None
    fingerprint: str | None
    action: str | None
    author: str
    created_at: datetime
    updated_at: datetime
    verdict: Verdict = "untouched"
    verdict_at: datetime | None = None
    own_priority: str | None = None

    @property
    def is_untouched(self) -> bool:
        """Is it as our last write left it?"""
        return self.version == self.own_version


def save(db: Connection, ticket: KnownTicket) -> bool:
    """Stores a ticket; says whether anything of it is new."""
    old = find(db, ticket.target, ticket.id)
    if old == ticket:
        return False
    values: dict[str, object] = {name: getattr(ticket, name) for name in KnownTicket.__slots__}
    values["labels"] = list(ticket.labels)
    for name in ("created_at", "updated_at", "closed_at", "verdict_at"):
        values[name] = maybe_to_text(getattr(ticket, name))
    if old is None:
        db.execute(insert(tickets).values(values))
    else:
        key = (tickets.c.target == ticket.target) & (tickets.c.id == ticket.id)
        db.execute(update(tickets).where(key).values(values))
    bump(db)
    return True


def find(db: Connection, target: str, ticket_id: str) -> KnownTicket | None:
    row = db.execute(select(tickets).where(tickets.c.target == target, tickets.c.id == ticket_id)).first()
    return None if row is None else known_from(row)


def with_fingerprint(db: Connection, fingerprint: str) -> list[KnownTicket]:
    """The bot's tickets of a loose end in all targets, oldest first."""
    query = select(tickets).where(tickets.c.fingerprint == fingerprint)
    return [known_from(row) for row in db.execute(query.order_by(tickets.c.created_at, tickets.c.id))]


def with_key(db: Connection, key: str) -> list[KnownTicket]:
    """The tickets of all targets that people call so, whatever its case; the ``#`` before a number may be left out."""
    names = {key.casefold(), f"#{key.casefold()}"}
    return [known_from(row) for row in db.execute(select(tickets).where(func.lower(tickets.c.key).in_(sorted(names))))]


def with_title(db: Connection, target: str, title_key: str) -> KnownTicket | None:
    """The oldest ticket that a person filed under the same words, open or turned down; one that is done is history."""
    query = select(tickets).where(
        tickets.c.target == target,
        tickets.c.title_key == title_key,
        tickets.c.fingerprint.is_(None),
        (tickets.c.state == "open") | tickets.c.closed_as.in_(("not_planned", "duplicate")),
        tickets.c.state != "deleted",
    )
    row = db.execute(query.order_by(tickets.c.created_at, tickets.c.id)).first()
    return None if row is None else known_from(row)


def of_another_version(db: Connection, target: str, title_key: str, version: str) -> KnownTicket | None:
    """The bot's oldest ticket under these words whose fingerprint another version of it made."""
    query = select(tickets).where(
        tickets.c.target == target,
        tickets.c.title_key == title_key,
        tickets.c.fingerprint.is_not(None),
        ~tickets.c.fingerprint.startswith(f"{version}-"),
    )
    row = db.execute(query.order_by(tickets.c.created_at, tickets.c.id)).first()
    return None if row is None else known_from(row)


def ours(db: Connection) -> list[KnownTicket]:
    query = select(tickets).where(tickets.c.fingerprint.is_not(None))
    return [known_from(row) for row in db.execute(query.order_by(tickets.c.target, tickets.c.created_at, tickets.c.id))]


def count(db: Connection) -> int:
    return db.execute(select(func.count()).select_from(tickets).where(tickets.c.state != "deleted")).scalar_one()


def count_by_verdict(db: Connection) -> dict[str, int]:
    query = select(tickets.c.verdict, func.count()).where(tickets.c.fingerprint.is_not(None))
    return {row[0]: row[1] for row in db.execute(query.group_by(tickets.c.verdict).order_by(tickets.c.verdict))}


def add_review(db: Connection, ticket: KnownTicket, finding: str | None, at: datetime, *, who: str = "tracker") -> None:
    """Keeps a verdict of a person for the record; the ticket's own row holds the latest one.

    ``who`` is where it was said: in the ``tracker``, or at the ``terminal``.
    """
    db.execute(
        insert(reviews).values(
            target=ticket.target,
            ticket=ticket.id,
            finding=finding,
            verdict=ticket.verdict,
            seen_at=to_text(at),
            who=who,
        )
    )


def duplicates_of(db: Connection, ticket: KnownTicket) -> list[KnownTicket]:
    """The bot's tickets that people closed as duplicates of this one."""
    query = select(tickets).where(tickets.c.target == ticket.target, tickets.c.duplicate_of == ticket.id)
    return [
        known_from(row) for row in db.execute(query.where(tickets.c.fingerprint.is_not(None)).order_by(tickets.c.id))
    ]


def cursor(db: Connection, target: str, place: str) -> str:
    """Where reading the target ended. ``place`` names what its config points to: at another one all begins anew."""
    known = db.execute(select(targets.c.cursor, targets.c.place).where(targets.c.name == target)).first()
    if known is None:
        return ""
    if known.place != place:
        db.execute(delete(tickets).where(tickets.c.target == target))
        db.execute(delete(dashboards).where(dashboards.c.target == target))
        corpus_changes.forget(db, of_target(target))
        bump(db)
        return ""
    return str(known.cursor)


def save_cursor(db: Connection, target: str, cursor: str, place: str, at: datetime) -> None:
    values = {"cursor": cursor, "place": place, "read_at": to_text(at)}
    if not db.execute(update(targets).where(targets.c.name == target).values(values)).rowcount:
        db.execute(insert(targets).values(name=target, **values))


def known_from(row: Row[tuple[object, ...]]) -> KnownTicket:
    values = dict(row._mapping)
    values["labels"] = tuple(values["labels"])
    values["created_at"], values["updated_at"] = from_text(values["created_at"]), from_text(values["updated_at"])
    for name in ("closed_at", "verdict_at"):
        values[name] = maybe_from_text(values[name])
    return KnownTicket(**values)
