"""Carrying out a plan. Every change in a tracker is stored as pending before its call and as done after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine

from bot.model import Action
from bot.publishing import drafts
from bot.publishing.learn import settle_create
from bot.publishing.mirror import mirror_deleted, mirror_own
from bot.publishing.targets import Target, Targets
from bot.settings import Settings
from bot.store import findings, runs, tickets
from bot.store.runs import KnownAction
from bot.store.tickets import Verdict
from bot.store.times import to_text
from connectors.base import Change, Connector, ConnectorError, Draft, Gone, Marker, Rejected, Ticket, Unavailable
from connectors.document import Document


@dataclass(slots=True)
class Outcome:
    """What came of a plan: actions done by kind, how many are left for the next run, and what went wrong."""

    done: Counter[str] = field(default_factory=Counter)
    left: int = 0
    errors: list[str] = field(default_factory=list)
    tickets: list[tuple[str, str, str]] = field(default_factory=list)  # key, title, url of those created


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What carrying out takes: the state, the targets, the rules, the clock, and whether to stop."""

    engine: Engine
    targets: Targets
    settings: Settings
    now: Callable[[], datetime]
    stopping: Callable[[], bool] = lambda: False


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
    return outcome


def _carry_out_one(desk: Desk, action: Action, run: str, outcome: Outcome) -> None:
    if action.kind in ("held", "dropped", "none"):
        with desk.engine.begin() as db:
            _note(db, action)
        outcome.done[action.kind] += 1
        return
    place = desk.targets.find(action.target)
    if place is None:
        outcome.left += 1
        return
    target, connector = place
    known = _begin(desk, action, run)
    if known is None:
        outcome.done["none"] += 1
        return
    try:
        if action.kind == "create":
            _create(desk, known, connector, outcome)
        else:
            _change(desk, known, connector)
    except ConnectorError as error:
        _failed(desk, action, target, error, outcome)
        return
    outcome.done[action.kind] += 1


def _note(db: Connection, action: Action) -> None:
    match action.kind:
        case "held":
            cause: findings.Cause = (
                "cap" if action.cause == "cap" else "route" if action.cause == "route" else "threshold"
            )
            findings.decide(db, action.finding, "held", action.reason, cause=cause, generation=action.generation)
        case "dropped":
            findings.decide(db, action.finding, "dropped", action.reason)
        case _:
            findings.decide(db, action.finding, "known", action.reason)
            findings.told(db, action.finding)


def _begin(desk: Desk, action: Action, run: str) -> KnownAction | None:
    try:
        with desk.engine.begin() as db:
            return runs.begin_action(db, action, run, desk.now())
    except runs.AlreadyTaken:
        return None


def _create(desk: Desk, action: KnownAction, connector: Connector, outcome: Outcome) -> None:
    with desk.engine.begin() as db:
        draft = _draft(db, desk, action)
    ticket = connector.create(draft)
    with desk.engine.begin() as db:
        settle_create(db, action, ticket, desk.now(), untouched=True)
    outcome.tickets.append((ticket.key, ticket.title, ticket.url))


def _draft(db: Connection, desk: Desk, action: KnownAction) -> Draft:
    known = findings.by_id(db, action.finding)[0]
    finding = findings.as_finding(known, findings.sightings(db, action.finding))
    earlier = tickets.with_fingerprint(db, action.fingerprint)
    marker = Marker(fingerprint=action.fingerprint, action=action.id)
    return drafts.draft(finding, desk.settings.labels, marker, follows=earlier[-1].key if earlier else "")


def _change(desk: Desk, action: KnownAction, connector: Connector) -> None:
    with desk.engine.begin() as db:
        change = _change_for(db, action)
    ticket = connector.change(action.ticket, change)
    settle_change(desk, action, ticket)


def settle_change(desk: Desk, action: KnownAction, ticket: Ticket) -> None:
    """Notes that a change went through; the ticket is the bot's own work again only if it was before."""
    with desk.engine.begin() as db:
        before = tickets.find(db, action.target, action.ticket)
        runs.end_action(db, action.id, "done", desk.now(), ticket=ticket.id)
        untouched = before is not None and before.is_untouched
        verdict: Verdict | None = "untouched" if action.kind == "reopen" else None
        mirror_own(db, action.target, ticket, desk.now(), untouched=untouched, verdict=verdict)
        findings.decide(db, action.finding, "filed", action.reason)
        findings.told(db, action.finding)


def _change_for(db: Connection, action: KnownAction) -> Change:
    quotes = findings.sightings(db, action.finding)
    newest = [quote.evidence for quote in quotes if not quote.told]
    if action.kind == "sighting":
        return Change(sightings=_sightings(db, action, quotes))
    closed = tickets.find(db, action.target, action.ticket)
    on = to_text(closed.closed_at)[:10] if closed and closed.closed_at else "an earlier day"
    note = drafts.recurrence_note(newest, on)
    return Change(note=note, note_id=action.id, state="open" if action.kind == "reopen" else None)


def _sightings(db: Connection, action: KnownAction, quotes: list[findings.Sighting]) -> Document:
    known = findings.by_id(db, action.finding)[0]
    talks = len({quote.evidence.conversation for quote in quotes})
    first, last = to_text(quotes[0].seen)[:10], to_text(quotes[-1].seen)[:10]
    newest = [quote.evidence for quote in quotes]
    return drafts.sightings_comment(findings.as_finding(known, quotes), newest, talks, first, last)


def _failed(desk: Desk, action: Action, target: Target, error: ConnectorError, outcome: Outcome) -> None:
    """Files the failure by what to do next: the errors of connectors.base are cut to that."""
    with desk.engine.begin() as db:
        if isinstance(error, Unavailable):
            pass  # the outcome is unknown: it stays pending, and the next run asks the tracker before it tries again
        else:
            runs.end_action(db, action.id, "failed", desk.now(), error=str(error))
        if isinstance(error, Rejected) and action.kind == "create":
            findings.decide(db, action.finding, "held", f"{target.name} refused it: {error}", cause="tracker")
        elif isinstance(error, Gone):
            mirror_deleted(db, action.target, action.ticket, desk.now())
            findings.decide(db, action.finding, "known", f"{action.ticket_key} was deleted")
            findings.told(db, action.finding)
    if isinstance(error, Gone):
        outcome.done["none"] += 1
    elif not isinstance(error, Rejected):
        target.stop(error)
        outcome.left += 1
    else:
        outcome.errors.append(f"target {target.name}: {action.kind} {action.ticket_key or action.title!r}: {error}")
