"""A loose end that has a ticket is mentioned again: what its ticket's state and people's word make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from bot.model import Action, ActionKind
from bot.publishing.actions import make_action
from bot.settings import Settings
from bot.store import tickets
from bot.store.findings import KnownFinding, Sighting
from bot.store.tickets import KnownTicket

_Recurrence = Literal["reopen", "comment", "new", "ignore"]


def decide(
    db: Connection,
    known: KnownFinding,
    quotes: Sequence[Sighting],
    filed: Sequence[KnownTicket],
    settings: Settings,
) -> Action:
    """Sighting, recurrence (as configured) or nothing, with the reason. ``filed`` are its tickets, oldest first."""
    ticket = filed[-1]
    # Said when the ticket was filed, as far as a state that was rebuilt from markers can know.
    rebuilt = ticket.own_version is None
    untold = [q for q in quotes if not q.told and not (rebuilt and q.seen <= ticket.created_at)]

    def nothing(reason: str) -> Action:
        return make_action("none", known, reason, ticket=ticket, detail=str(len(quotes)))

    if refusal := next((no for t in reversed(filed) if (no := _refusal(t))), ""):
        return nothing(refusal)
    if ticket.verdict == "duplicate":
        original = _original(db, ticket)
        if original is None:
            return nothing(f"{ticket.key} was closed as a duplicate; people follow it elsewhere")
        if refusal := _refusal(original):
            return nothing(refusal)
        ticket = original
    if ticket.target not in settings.targets:
        return nothing(f"{ticket.key} lies in {ticket.target}, which is not configured any more")
    open_ones = [q for q in untold if q.status != "resolved"]
    if not open_ones:
        return nothing(f"said to be resolved; see {ticket.key}" if untold else f"nothing new for {ticket.key}")
    if ticket.state == "closed" and ticket.closed_at is not None:
        # The time of a file may be that of a copy: where the state is new, only what has a time of its own counts.
        timed = [q for q in open_ones if q.evidence.time or not rebuilt]
        newer = [q for q in timed if q.seen > ticket.closed_at]
        if newer:
            return _recurs(db, known, ticket, newer, settings.filing.recurrence)
    count = len(open_ones)
    reason = f"{ticket.key} was mentioned {count} more {'time' if count == 1 else 'times'}"
    return make_action("sighting", known, reason, ticket=ticket, detail=str(len(quotes)))


def same_as(
    db: Connection,
    known: KnownFinding,
    quotes: Sequence[Sighting],
    ticket: KnownTicket,
    told: str,
    settings: Settings,
) -> Action | None:
    """For a loose end that a ticket tells of in other words; None where that one was done before this was said.

    A ticket that a person filed is left alone; one of the bot's is treated as if the loose end were its own.
    """
    if ticket.fingerprint is not None:
        action = decide(db, known, quotes, [ticket], settings)
        return replace(action, reason=f"{action.reason}; the same in other words: {told}")
    if ticket.state == "closed" and ticket.closed_as not in ("not_planned", "duplicate") and ticket.closed_at:
        if any(q.seen > ticket.closed_at for q in quotes if q.status != "resolved"):
            return None
        return make_action("none", known, f"done as {ticket.key}, which a person filed: {told}", ticket=ticket)
    return make_action("none", known, f"same as {ticket.key}, which a person filed: {told}", ticket=ticket)


def _original(db: Connection, ticket: KnownTicket) -> KnownTicket | None:
    """The bot's ticket at the end of a chain of duplicates, None where it leads out of what the bot filed."""
    seen = {ticket.id}
    while ticket.verdict == "duplicate":
        found = tickets.find(db, ticket.target, ticket.duplicate_of) if ticket.duplicate_of else None
        if found is None or found.fingerprint is None or found.id in seen:
            return None
        seen.add(found.id)
        ticket = found
    return ticket


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


def _recurs(
    db: Connection, known: KnownFinding, ticket: KnownTicket, newer: Sequence[Sighting], rule: _Recurrence
) -> Action:
    assert ticket.closed_at is not None
    told = f"{ticket.key} was closed as done on {_day(ticket.closed_at)}, and mentioned on {_day(newer[-1].seen)}"
    if rule == "new":
        anew = replace(known, generation=next_generation(db, known))
        return make_action("create", anew, told, target=ticket.target)
    kinds: dict[_Recurrence, ActionKind] = {"reopen": "reopen", "comment": "comment", "ignore": "none"}
    return make_action(
        kinds[rule], known, told, ticket=ticket, detail=f"{ticket.closed_at:%Y%m%d%H%M%S} {newer[-1].seen:%Y%m%d%H%M%S}"
    )


def next_generation(db: Connection, known: KnownFinding) -> int:
    """The number under which a loose end is filed anew: above every ticket it has had, also after a lost state."""
    return max(known.generation, len(tickets.with_fingerprint(db, known.fingerprint))) + 1


def _day(time: datetime) -> str:
    return f"{time.day} {time:%b %Y}"
