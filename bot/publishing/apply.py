"""Carrying out a plan. Every change in a tracker is stored as pending before its call and as done after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import Connection

from bot.model import Action
from bot.publishing import links, outbox
from bot.publishing.desk import Desk
from bot.publishing.mirror import mirror_gone
from bot.publishing.targets import Target
from bot.publishing.waiting import LATER
from bot.store import findings, runs
from bot.store.findings import Cause
from bot.store.runs import KnownAction
from connectors.base import Connector, ConnectorError, Gone, MovedAway, Rejected, Touched, Unavailable


@dataclass(slots=True)
class Outcome:
    """What came of a plan: actions done by kind, how many are left for the next run, and what went wrong."""

    done: Counter[str] = field(default_factory=Counter)
    left: int = 0
    errors: list[str] = field(default_factory=list)
    tickets: list[tuple[str, str, str]] = field(default_factory=list)  # key, title, url of those created
    kept_back: Counter[str] = field(default_factory=Counter)  # what was held or dropped, by why


def carry_out(
    desk: Desk, actions: tuple[Action, ...], run: str, progress: Callable[[Action], None] = lambda _: None
) -> Outcome:
    """Does the actions in order. One that fails never stops those of other targets."""
    outcome = Outcome()
    for action in actions:
        if desk.stopping():
            outcome.left += 1
            continue
        _carry_out_one(desk, action, run, outcome)
        progress(action)
    with desk.engine.begin() as db:
        to_link = [] if desk.stopping() else list(links.missing(db, run))
    for action in to_link:
        _carry_out_one(desk, action, run, outcome)
    return outcome


def why_kept_back(kind: str, cause: str) -> str:
    """A cause in words that people read, such as ``over a cap``."""
    words = {
        "threshold": "not sure enough",
        "cap": "over a cap",
        "route": "by a route" if kind == "dropped" else "no route fits",
        "match": "possibly known",
        "deferred": "put off",
        "tracker": "refused by the tracker",
        "undone": "taken back",
    }
    return words.get(cause, "resolved in the talk" if kind == "dropped" else "for a person")


def _carry_out_one(desk: Desk, action: Action, run: str, outcome: Outcome) -> None:
    if action.cause == LATER:
        return
    if action.kind in ("held", "dropped", "none"):
        with desk.engine.begin() as db:
            _note(db, action)
        outcome.done[action.kind] += 1
        if action.kind != "none":
            outcome.kept_back[f"{action.kind}: {why_kept_back(action.kind, action.cause)}"] += 1
        return
    place = desk.targets.find(action.target)
    if place is None:
        outcome.left += 1
        return
    target, connector = place
    try:
        known = outbox.begin(desk, action, run)
    except runs.AlreadyTaken:
        outcome.done["none"] += 1
        return
    try:
        if action.kind == "create":
            ticket = outbox.create(desk, known, connector)
            outcome.tickets.append((ticket.key, ticket.title, ticket.url))
        else:
            outbox.change(desk, known, connector)
    except Unavailable as error:
        target.failed(error, desk.targets.give_up_after)
        _unanswered(desk, action, known, place, error, outcome)
        return
    except ConnectorError as error:
        _failed(desk, action, target, error, outcome)
        return
    target.failures = 0
    outcome.done[action.kind] += 1


def _unanswered(
    desk: Desk,
    action: Action,
    known: KnownAction,
    place: tuple[Target, Connector],
    error: Unavailable,
    outcome: Outcome,
) -> None:
    """What came of the call is unknown: if the tracker shows the ticket it is settled now, else by the next run."""
    target, connector = place
    ticket = None
    if action.kind == "create":
        with suppress(ConnectorError):
            ticket = outbox.find(known, connector)
    if ticket is not None:
        outbox.settle_create(desk, known, ticket, untouched=ticket.updated_at == ticket.created_at)
        outcome.tickets.append((ticket.key, ticket.title, ticket.url))
        outcome.done["create"] += 1
        return
    outcome.left += 1
    if not target.stopped:
        outcome.errors.append(
            f"target {target.name}: {action.kind} {action.ticket_key or action.title!r}: {error};"
            " what came of it is unknown, so the next run looks before it tries again"
        )


def _note(db: Connection, action: Action) -> None:
    known: tuple[Cause, ...] = ("cap", "route", "threshold", "match", "deferred")
    causes = {str(cause): cause for cause in known}
    match action.kind:
        case "held":
            findings.decide(db, action.finding, "held", action.reason, cause=causes.get(action.cause, "threshold"))
        case "dropped":
            findings.decide(db, action.finding, "dropped", action.reason, cause=causes.get(action.cause, ""))
        case _:
            if findings.by_id(db, action.finding)[0].disposition != "refused":
                findings.decide(db, action.finding, "known", action.reason)
            findings.told(db, action.finding, findings.newest_quote(db, action.finding))


def _failed(desk: Desk, action: Action, target: Target, error: ConnectorError, outcome: Outcome) -> None:
    """Files the failure by what to do next: the errors of connectors.base are cut to that."""
    with desk.engine.begin() as db:
        runs.end_action(db, action.id, "failed", desk.now(), error=str(error))
        if isinstance(error, Rejected) and action.kind == "create":
            findings.decide(db, action.finding, "held", f"{target.name} refused it: {error}", cause="tracker")
        elif isinstance(error, Gone):
            was = "was moved away" if isinstance(error, MovedAway) else "was deleted"
            mirror_gone(db, action.target, action.ticket, error, desk.now())
            findings.decide(db, action.finding, "known", f"{action.ticket_key} {was}")
            findings.told(db, action.finding, findings.newest_quote(db, action.finding))
    if isinstance(error, Gone):
        outcome.done["none"] += 1
    elif isinstance(error, Touched):
        # A person was at it just now: what they did is read back before anything is tried again.
        outcome.left += 1
    elif isinstance(error, Rejected):
        outcome.errors.append(f"target {target.name}: {action.kind} {action.ticket_key or action.title!r}: {error}")
    else:
        target.stop(error)
        outcome.left += 1
