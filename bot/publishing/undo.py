"""Taking a run back: the tickets that it created are closed, unless a person has touched them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.publishing import outbox
from bot.publishing.actions import make_action
from bot.publishing.desk import Desk
from bot.store import findings, runs, tickets
from bot.store.runs import KnownAction
from bot.store.tickets import KnownTicket
from connectors.base import ConnectorError, Gone, Rejected, Touched, Unavailable


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
    action = make_action("close", known, outbox.undo_reason(run), ticket=ticket)
    try:
        begun = outbox.begin(desk, action, undo_run)
        outbox.change(desk, begun, connector, only_if_version=ticket.version)
    except runs.AlreadyTaken:
        return "it was taken back before"
    except ConnectorError as error:
        # Unanswered, it stays pending: the next run closes it, or finds it closed.
        if not isinstance(error, Unavailable):
            with desk.engine.begin() as db:
                runs.end_action(db, action.id, "failed", desk.now(), error=str(error))
        if isinstance(error, Touched):
            return "a person has touched it"
        if not isinstance(error, (Rejected, Gone)):
            target.stop(error)
        return str(error)
    return ""
