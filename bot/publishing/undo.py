"""Taking a run back: the tickets that it created are closed, unless a person has touched them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.publishing import drafts
from bot.publishing.actions import make_action
from bot.publishing.apply import Desk
from bot.publishing.mirror import mirror_own
from bot.store import findings, runs, tickets
from bot.store.runs import KnownAction
from bot.store.tickets import KnownTicket
from connectors.base import Change, ConnectorError


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """What became of one ticket: closed or not, and why not."""

    target: str
    key: str
    title: str
    closed: bool
    reason: str


def undo(desk: Desk, run: str, undo_run: str) -> list[TakenBack]:
    """Closes what ``run`` created. Targets must have been read back just before, so that people's work is known.

    A loose end whose ticket was closed is held: it is filed again only when a person says so.
    """
    with desk.engine.begin() as db:
        created = [action for action in runs.of_run(db, run) if action.kind == "create" and action.status == "done"]
    return [_take_back(desk, action, run, undo_run) for action in created]


def _take_back(desk: Desk, action: KnownAction, run: str, undo_run: str) -> TakenBack:
    with desk.engine.begin() as db:
        ticket = tickets.find(db, action.target, action.ticket)
    if ticket is None:
        return TakenBack(
            target=action.target, key=action.ticket, title="", closed=False, reason="it is not known any more"
        )
    reason = _why_not(desk, ticket) or _close(desk, action, ticket, run, undo_run)
    return TakenBack(target=ticket.target, key=ticket.key, title=ticket.title, closed=not reason, reason=reason)


def _why_not(desk: Desk, ticket: KnownTicket) -> str:
    if ticket.verdict == "undone":
        return "it was taken back before"
    if ticket.state == "deleted":
        return "it was deleted"
    if not ticket.is_untouched:
        return "a person has touched it"
    if stopped := desk.targets.stopped.get(ticket.target):
        return f"its target is out of reach: {stopped}"
    return ""


def _close(desk: Desk, created: KnownAction, ticket: KnownTicket, run: str, undo_run: str) -> str:
    place = desk.targets.find(ticket.target)
    if place is None:
        return "its target is not configured"
    target, connector = place
    with desk.engine.begin() as db:
        known = findings.by_id(db, created.finding)[0]
        action = make_action("close", known, f"undo of run {run}", ticket=ticket)
        try:
            begun = runs.begin_action(db, action, undo_run, desk.now())
        except runs.AlreadyTaken:
            return "it was taken back before"
    change = Change(state="closed", closed_as="not_planned", note=drafts.undo_note(run), note_id=action.id)
    try:
        after = connector.change(ticket.id, change)
    except ConnectorError as error:
        with desk.engine.begin() as db:
            runs.end_action(db, begun.id, "failed", desk.now(), error=str(error))
        target.stop(error)
        return str(error)
    with desk.engine.begin() as db:
        runs.end_action(db, begun.id, "done", desk.now(), ticket=ticket.id)
        mirror_own(db, ticket.target, after, desk.now(), untouched=True, verdict="undone")
        findings.decide(
            db, known.id, "held", f"taken back with run {run}", cause="undone", generation=known.generation + 1
        )
    return ""
