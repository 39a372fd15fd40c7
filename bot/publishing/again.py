"""A loose end that has a ticket is mentioned again: what its ticket's state and people's word make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from bot.model import Action, ActionKind
from bot.publishing.actions import make_action
from bot.store import tickets
from bot.store.findings import KnownFinding, Sighting
from bot.store.tickets import KnownTicket

Recurrence = Literal["reopen", "comment", "new", "ignore"]


def decide(
    db: Connection, known: KnownFinding, quotes: Sequence[Sighting], ticket: KnownTicket, recurrence: Recurrence
) -> Action:
    """Sighting, recurrence (as configured) or nothing, with the reason."""
    # Said when the ticket was filed, as far as a state that was rebuilt from markers can know.
    rebuilt = ticket.own_version is None
    untold = [q for q in quotes if not q.told and not (rebuilt and q.seen <= ticket.created_at)]
    detail = str(len(quotes))

    def act(kind: ActionKind, reason: str, on: KnownTicket = ticket) -> Action:
        return make_action(kind, known, reason, ticket=on, detail=detail)

    if refusal := _refusal(ticket):
        return act("none", refusal)
    if ticket.verdict == "duplicate":
        original = tickets.find(db, ticket.target, ticket.duplicate_of) if ticket.duplicate_of else None
        if original is None or original.fingerprint is None or original.id == ticket.id:
            return act("none", f"{ticket.key} was closed as a duplicate; people follow it elsewhere")
        if refusal := _refusal(original):
            return act("none", refusal)
        ticket = original
    open_ones = [q for q in untold if q.status != "resolved"]
    if not open_ones:
        return act("none", f"nothing new for {ticket.key}" if not untold else f"said to be resolved; see {ticket.key}")
    if ticket.state == "closed" and ticket.closed_at is not None:
        newer = [q for q in open_ones if q.seen > ticket.closed_at]
        if newer:
            return _recurs(db, known, ticket, newer[-1].seen, recurrence)
    count = len(open_ones)
    return act("sighting", f"{ticket.key} was mentioned {count} more {'time' if count == 1 else 'times'}", ticket)


def _refusal(ticket: KnownTicket) -> str:
    when = f" on {_day(ticket.verdict_at)}" if ticket.verdict_at else ""
    match ticket.verdict:
        case "rejected" if ticket.state == "deleted":
            return f"rejected: {ticket.key} was deleted{when}"
        case "rejected":
            return f"rejected as {ticket.key}{when}"
        case "hands_off":
            return f"hands off {ticket.key}"
        case "undone":
            return f"taken back as {ticket.key}{when}"
        case _:
            return ""


def _recurs(db: Connection, known: KnownFinding, ticket: KnownTicket, seen: datetime, rule: Recurrence) -> Action:
    assert ticket.closed_at is not None
    told = f"{ticket.key} was closed as done on {_day(ticket.closed_at)}, and mentioned on {_day(seen)}"
    if rule == "new":
        anew = replace(known, generation=next_generation(db, known))
        return make_action("create", anew, told, target=ticket.target)
    kinds: dict[Recurrence, ActionKind] = {"reopen": "reopen", "comment": "comment", "ignore": "none"}
    return make_action(kinds[rule], known, told, ticket=ticket, detail=f"closed {ticket.closed_at:%Y%m%d%H%M%S}")


def next_generation(db: Connection, known: KnownFinding) -> int:
    """The number under which a loose end is filed anew: above every ticket it has had, also after a lost state."""
    return max(known.generation, len(tickets.with_fingerprint(db, known.fingerprint))) + 1


def _day(time: datetime) -> str:
    return f"{time.day} {time:%b %Y}"
