"""What may happen once in a while only, and what it waits for: the bot tells much without talking much."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.model import Action
from bot.publishing.actions import make_action
from bot.settings import Sightings
from bot.store import history
from bot.store.findings import KnownFinding
from bot.store.tickets import KnownTicket

LATER = "later"  # the cause of an action that does nothing yet: nothing is noted, the next run decides again


def later(known: KnownFinding, ticket: KnownTicket, reason: str) -> Action:
    """Nothing yet, and why; what was said stays to be told."""
    return make_action("none", known, reason, ticket=ticket, cause=LATER, detail=LATER)


def sighting_waits(db: Connection, ticket: KnownTicket, count: int, rules: Sightings, now: datetime) -> str:
    """Why so many new mentions are not told on a ticket yet, "" where they are."""
    if count < rules.threshold:
        return f"told from {rules.threshold} new mentions on"
    told = history.last_told(db, ticket.target, ticket.id)
    return _until(told, rules.quiet, now, "the comment was changed")


def recurrence_waits(db: Connection, known: KnownFinding, quiet: timedelta, now: datetime) -> str:
    """Why a loose end that came up again is left as it is yet, "" where it is not."""
    return _until(history.last_recurrence(db, known.id), quiet, now, "that happened before")


def _until(last: datetime | None, quiet: timedelta, now: datetime, what: str) -> str:
    if last is None or last + quiet <= now:
        return ""
    return f"{what} on {day(last)}, so not before {day(last + quiet)}"


def day(time: datetime) -> str:
    """A day as people write it, such as 3 Mar 2026."""
    return f"{time.day} {time:%b %Y}"
