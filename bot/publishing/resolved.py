"""A later talk says that a filed loose end is done: the bot says so on its ticket, and closes it where it may."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import Connection

from bot.model import Action
from bot.publishing.actions import make_action
from bot.publishing.label_names import has
from bot.publishing.waiting import day
from bot.settings import Settings
from bot.store import history, tickets
from bot.store.findings import KnownFinding
from bot.store.resolutions import filed_and_resolved, resolution_of
from bot.store.tickets import KnownTicket


def decide(
    db: Connection, known: KnownFinding, ticket: KnownTicket, settings: Settings, now: datetime
) -> Action | None:
    """What to do on the open ticket of a loose end that was said to be done since; None for nothing new."""
    if settings.filing.resolved == "ignore" or ticket.state != "open" or ticket.fingerprint is None:
        return None
    found = resolution_of(db, known.id, now)
    if found is None:
        return None
    reason = f"{ticket.key} is said to be done, on {day(found.at)} in {found.log}"
    action = make_action("resolved", known, reason, ticket=ticket, detail=f"{found.conversation} {_since(db, known)}")
    return None if history.is_begun(db, action.id) else action


def _since(db: Connection, known: KnownFinding) -> str:
    # Opened again after the bot closed it, the same talk may settle it once more.
    last = history.last_recurrence(db, known.id)
    return last.isoformat() if last else ""


def settled(db: Connection, settings: Settings, blocked: Collection[str], now: datetime) -> Iterator[Action]:
    """An action for each filed loose end that was said to be done without a new mention, in the talk that raised it."""
    if settings.filing.resolved == "ignore":
        return
    for known in filed_and_resolved(db):
        filed = tickets.with_fingerprint(db, known.fingerprint)
        if not filed or any(t.target in blocked or t.target not in settings.targets for t in filed):
            continue
        if filed[-1].verdict not in ("untouched", "accepted") or any(t.verdict == "rejected" for t in filed):
            continue
        action = decide(db, known, filed[-1], settings, now)
        if action is not None:
            yield action


def label_was_removed(db: Connection, ticket: KnownTicket, label: str) -> bool:
    """Whether the bot had set its label before and somebody took it off: it is not set again."""
    return not has(ticket.labels, label) and history.count(db, "resolved", ticket.target, ticket.id) > 1


def is_overtaken(db: Connection, finding: str, ticket: KnownTicket, label: str, now: datetime) -> bool:
    """Whether the bot's label is there, and the loose end was mentioned as open since."""
    if not has(ticket.labels, label) or not history.count(db, "resolved", ticket.target, ticket.id):
        return False
    return resolution_of(db, finding, now) is None
