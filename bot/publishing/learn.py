"""Before anything is planned: what became of actions left pending, and what people did to tickets since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, Engine

from bot.publishing.mirror import mirror, mirror_own
from bot.publishing.targets import Target, Targets
from bot.settings import Labels
from bot.store import findings, runs, tickets
from bot.store.runs import KnownAction
from connectors.base import Connector, ConnectorError, Marker, Ticket


def learn(engine: Engine, targets: Targets, labels: Labels, now: Callable[[], datetime]) -> int:
    """Reconciles and reads back every target; returns how many tickets had changed.

    A target that cannot be read is stopped for this run: a failed look proves nothing.
    """
    changed = 0
    for target, connector in targets.working():
        try:
            _reconcile(engine, target, connector, now)
            changed += _read_back(engine, target, connector, labels, now)
        except ConnectorError as error:
            target.stop(error)
    return changed


def _read_back(
    engine: Engine, target: Target, connector: Connector, labels: Labels, now: Callable[[], datetime]
) -> int:
    with engine.begin() as db:
        cursor = tickets.cursor(db, target.name)
    changes = connector.changed_since(cursor)
    target.notes = [f"{problem.what}; {problem.mend}" for problem in changes.problems]
    with engine.begin() as db:
        changed = sum(mirror(db, target.name, ticket, labels, now()) for ticket in changes.tickets)
        tickets.save_cursor(db, target.name, changes.cursor, now())
    return changed


def _reconcile(engine: Engine, target: Target, connector: Connector, now: Callable[[], datetime]) -> None:
    with engine.begin() as db:
        left = [action for action in runs.pending(db) if action.target == target.name]
    for action in left:
        found = None
        if action.kind == "create":
            # The reply was lost, or the process killed: only the tracker knows whether the ticket exists.
            found = connector.find(Marker(fingerprint=action.fingerprint, action=action.id))
        with engine.begin() as db:
            if found is None:
                # Everything but a create can be done twice without harm, so it is simply planned again.
                runs.end_action(db, action.id, "failed", now(), error="not carried out; planned again")
            else:
                # Found late: whether a person was there first, only the times can tell.
                settle_create(db, action, found, now(), untouched=found.updated_at == found.created_at)


def settle_create(db: Connection, action: KnownAction, ticket: Ticket, now: datetime, *, untouched: bool) -> None:
    """Notes that a create went through: the ticket, the finding's fate and the action, in one transaction."""
    runs.end_action(db, action.id, "done", now, ticket=ticket.id)
    mirror_own(db, action.target, ticket, now, untouched=untouched)
    findings.decide(db, action.finding, "filed", f"filed as {ticket.key}", generation=action.generation)
    findings.told(db, action.finding)
