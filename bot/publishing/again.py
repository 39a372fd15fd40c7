"""A loose end that has a ticket is mentioned again: what its ticket's state and people's word make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from bot.model import Action, ActionKind
from bot.publishing import resolved
from bot.publishing.actions import make_action
from bot.publishing.label_names import has
from bot.publishing.waiting import day, later, recurrence_waits, sighting_waits
from bot.settings import Settings
from bot.store import tickets
from bot.store.findings import KnownFinding
from bot.store.quotes import Sighting
from bot.store.tickets import KnownTicket

_Recurrence = Literal["reopen", "comment", "new", "ignore"]


def decide(
    db: Connection,
    known: KnownFinding,
    quotes: Sequence[Sighting],
    filed: Sequence[KnownTicket],
    settings: Settings,
    now: datetime,
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
        if original is not None and original.fingerprint is None:
            told = f"{ticket.key} was closed as a duplicate of {original.key}, which a person filed"
            return of_a_person(db, known, quotes, original, told, settings, now)
        elsewhere = f"{ticket.key} was closed as a duplicate; people follow it elsewhere"
        if refusal := _refusal(original) if original else elsewhere:
            return nothing(refusal)
        ticket = original or ticket
    if ticket.target not in settings.targets:
        return nothing(f"{ticket.key} lies in {ticket.target}, which is not configured any more")
    if untold and (settled := resolved.decide(db, known, ticket, settings, now)):
        return settled
    open_ones = [q for q in untold if q.status != "resolved"]
    if not open_ones:
        return nothing(f"said to be resolved; see {ticket.key}" if untold else f"nothing new for {ticket.key}")
    if ticket.state == "closed" and ticket.closed_at is not None:
        # The time of a file may be that of a copy: where the state is new, only what has a time of its own counts.
        timed = [q for q in open_ones if q.evidence.time or not rebuilt]
        newer = [q for q in timed if q.seen > ticket.closed_at]
        if newer:
            return _recurs(db, known, ticket, newer, settings, now)
    return _seen_again(db, known, quotes, ticket, len(open_ones), settings, now)


def _seen_again(
    db: Connection,
    known: KnownFinding,
    quotes: Sequence[Sighting],
    ticket: KnownTicket,
    count: int,
    settings: Settings,
    now: datetime,
) -> Action:
    reason = f"{ticket.key} was mentioned {count} more {'time' if count == 1 else 'times'}"
    if waits := sighting_waits(db, ticket, count, settings.filing.sightings, now):
        return later(known, ticket, f"{reason}; {waits}")
    return make_action("sighting", known, reason, ticket=ticket, detail=str(len(quotes)))


def same_as(
    db: Connection,
    known: KnownFinding,
    quotes: Sequence[Sighting],
    ticket: KnownTicket,
    told: str,
    settings: Settings,
    now: datetime,
) -> Action | None:
    """For a loose end that a ticket tells of in other words; None where that one was done before this was said.

    A ticket that a person filed is left alone, or told of it where the config says so; one of the bot's is treated as
    if the loose end were its own.
    """
    if ticket.fingerprint is not None:
        action = decide(db, known, quotes, [ticket], settings, now)
        return replace(action, reason=f"{action.reason}; the same in other words: {told}")
    if ticket.state == "closed" and ticket.closed_as not in ("not_planned", "duplicate") and ticket.closed_at:
        if any(q.seen > ticket.closed_at for q in quotes if q.status != "resolved"):
            return None
        return make_action("none", known, f"done as {ticket.key}, which a person filed: {told}", ticket=ticket)
    return of_a_person(db, known, quotes, ticket, f"same as {ticket.key}, which a person filed: {told}", settings, now)


def of_a_person(
    db: Connection,
    known: KnownFinding,
    quotes: Sequence[Sighting],
    ticket: KnownTicket,
    reason: str,
    settings: Settings,
    now: datetime,
) -> Action:
    """A ticket that a person filed tells of the loose end: known, and nothing is written unless the config says so."""
    untold = sum(not quote.told and quote.status != "resolved" for quote in quotes)
    off = not settings.filing.comment_on_human_tickets or has(ticket.labels, settings.labels.hands_off)
    if off or not untold or ticket.state != "open" or ticket.target not in settings.targets:
        return make_action("none", known, reason, ticket=ticket)
    action = _seen_again(db, known, quotes, ticket, untold, settings, now)
    return replace(action, reason=f"{action.reason}; {reason}")


def _original(db: Connection, ticket: KnownTicket) -> KnownTicket | None:
    """The ticket at the end of a chain of duplicates, maybe a person's; None where it leads out of what is known."""
    seen = {ticket.id}
    while ticket.verdict == "duplicate":
        found = tickets.find(db, ticket.target, ticket.duplicate_of) if ticket.duplicate_of else None
        if found is None or found.id in seen:
            return None
        seen.add(found.id)
        ticket = found
    return ticket


def _refusal(ticket: KnownTicket) -> str:
    when = f" on {day(ticket.verdict_at)}" if ticket.verdict_at else ""
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
    db: Connection,
    known: KnownFinding,
    ticket: KnownTicket,
    newer: Sequence[Sighting],
    settings: Settings,
    now: datetime,
) -> Action:
    assert ticket.closed_at is not None
    rule = settings.filing.recurrence
    told = f"{ticket.key} was closed as done on {day(ticket.closed_at)}, and mentioned on {day(newer[-1].seen)}"
    waits = "" if rule == "ignore" else recurrence_waits(db, known, settings.filing.recurrence_quiet, now)
    if waits:
        return later(known, ticket, f"{told}; {waits}")
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
