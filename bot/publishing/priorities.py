"""The priority label that the bot set goes up when mentions pile up; one that a person changed is theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from sqlalchemy import Connection

from bot.model import Action, Priority
from bot.publishing.actions import make_action
from bot.publishing.label_names import has
from bot.settings import Labels, Settings
from bot.store import findings, history, tickets
from bot.store.tickets import KnownTicket

_HIGHER: Final[dict[str, Priority]] = {"low": "medium", "medium": "high"}
_ALL: Final[tuple[Priority, ...]] = ("high", "medium", "low")


def raises(db: Connection, settings: Settings, blocked: Collection[str]) -> Iterator[Action]:
    """A relabel for each of the bot's open tickets whose loose end was mentioned often enough since it was filed."""
    every = settings.filing.sightings.raise_after
    if not every:
        return
    for ticket in tickets.ours(db):
        if not _may_rise(ticket) or ticket.target in blocked or ticket.target not in settings.targets:
            continue
        known = findings.by_fingerprint(db, ticket.fingerprint or "")
        if known is None or known.disposition != "filed" or known.status == "resolved":
            continue
        mentions = history.mentions_since_filing(db, known.id, ticket.target, ticket.id)
        done = history.count(db, "relabel", ticket.target, ticket.id)
        if mentions < every * (done + 1):
            continue
        old, new = ticket.own_priority or "", _HIGHER[ticket.own_priority or ""]
        reason = f"{ticket.key} was mentioned {mentions} times since it was filed: priority {old} becomes {new}"
        yield make_action("relabel", known, reason, ticket=ticket, detail=f"{old} {done}")


def _may_rise(ticket: KnownTicket) -> bool:
    return ticket.state == "open" and ticket.verdict in ("untouched", "accepted") and ticket.own_priority in _HIGHER


def step(ticket: KnownTicket, labels: Labels) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The labels that a raise adds and removes; none where the label is not the bot's any more."""
    higher = _HIGHER.get(ticket.own_priority or "")
    if higher is None or ticket.own_priority is None:
        return (), ()
    return (labels.priority.format(priority=higher),), (labels.priority.format(priority=ticket.own_priority),)


def of_new(ticket: KnownTicket, labels: Labels) -> Priority | None:
    """The priority that the bot's own labels tell on a ticket that nobody else has touched; None for no single one."""
    here = _shown(ticket, labels)
    return here[0] if len(here) == 1 else None


def after_step(ticket: KnownTicket, labels: Labels) -> str:
    """The bot's priority label after it was raised; "" where the ticket shows anything else."""
    higher = _HIGHER.get(ticket.own_priority or "")
    return higher if higher and _shown(ticket, labels) == [higher] else ""


def still_own(db: Connection, seen: KnownTicket, old: KnownTicket | None, labels: Labels) -> str | None:
    """What the bot's priority label on a ticket is, given what it was before; once a person changed it, "" for good.

    None where it is not known.
    """
    if old is None or old.own_priority is None:
        return of_new(seen, labels) if seen.is_untouched else None
    own, here = old.own_priority, _shown(seen, labels)
    if here == [own]:
        return own
    # A raise whose answer was lost may have been done, or half of it.
    higher = _HIGHER.get(own)
    if higher and set(here) <= {own, higher} and here and history.has_failed(db, "relabel", seen.target, seen.id):
        return own if own in here else higher
    return ""


def _shown(ticket: KnownTicket, labels: Labels) -> list[Priority]:
    return [p for p in _ALL if has(ticket.labels, labels.priority.format(priority=p))]
