"""What tickets point to: those that they are possibly the same as, and those of the same matter, both ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import Connection

from bot.model import Action
from bot.publishing.actions import make_action
from bot.publishing.likeness import OF_FINDING, RELATED
from bot.store import findings, runs, tickets
from bot.store.runs import KnownAction
from bot.store.tickets import KnownTicket

Link = tuple[str, str]  # key and address of a ticket


def of(db: Connection, action: KnownAction) -> tuple[list[Link], list[Link]]:
    """What a new ticket points to: what it is possibly the same as, and what is related."""
    similar: dict[str, Link] = {}
    related: dict[str, Link] = {}
    for name in action.similar:
        ticket = _ticket(db, action.target, name.removeprefix(RELATED))
        if ticket is not None:
            (related if name.startswith(RELATED) else similar)[ticket.id] = (ticket.key, ticket.url)
    return list(similar.values()), [link for name, link in related.items() if name not in similar]


def back(db: Connection, finding: str, target: str) -> list[Link]:
    """The tickets that point to the one of a finding, filed by the same run or a later one."""
    pointing = runs.creates_pointing_to(db, OF_FINDING + finding, target)
    found = [tickets.find(db, target, action.ticket) for action in pointing]
    return [(ticket.key, ticket.url) for ticket in found if ticket is not None and ticket.state != "deleted"]


def missing(db: Connection, run: str) -> Iterator[Action]:
    """What a run still has to do, once the numbers of its tickets are known: point from the earlier to the later."""
    pointing: defaultdict[str, list[KnownAction]] = defaultdict(list)
    for create in runs.of_run(db, run):
        for name in create.similar if create.kind == "create" and create.status == "done" else ():
            if OF_FINDING in name:
                pointing[name.removeprefix(RELATED).removeprefix(OF_FINDING)].append(create)
    for finding, creates in sorted(pointing.items()):
        target = creates[0].target
        ticket = _ticket(db, target, OF_FINDING + finding)
        if ticket is not None and ticket.state == "open":
            (known,) = findings.by_ids(db, [finding])
            later = [found for one in creates if (found := tickets.find(db, target, one.ticket)) is not None]
            reason = f"related to {', '.join(found.key for found in later)}, filed in the same run"
            yield make_action("link", known, reason, ticket=ticket, detail=" ".join(found.id for found in later))


def _ticket(db: Connection, target: str, name: str) -> KnownTicket | None:
    """The ticket of this id; of a finding of the same run, what it was filed as by now."""
    if not name.startswith(OF_FINDING):
        return tickets.find(db, target, name)
    known = findings.by_ids(db, [name.removeprefix(OF_FINDING)])
    filed = [t for one in known for t in tickets.with_fingerprint(db, one.fingerprint) if t.target == target]
    return filed[-1] if filed else None
