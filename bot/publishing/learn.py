"""Before anything is planned: what became of actions left pending, and what people did to tickets since."""

from __future__ import annotations

from datetime import timedelta

from bot.matching.defaults import embedder_of
from bot.publishing import dashboard, outbox
from bot.publishing.desk import Desk
from bot.publishing.mirror import begin, mirror, mirror_gone, take_up
from bot.publishing.targets import Target
from bot.store import runs, tickets, versions
from bot.store.runs import KnownAction
from connectors.base import Connector, ConnectorError, Gone, Rejected


def learn(desk: Desk) -> int:
    """Reconciles and reads back every target; returns how many tickets had changed.

    A target that cannot be read is stopped for this run: a failed look proves nothing.
    """
    changed = 0
    with desk.engine.begin() as db:
        versions.adopt(db)
    for target, connector in desk.targets.working():
        try:
            _reconcile(desk, target, connector)
            changed += _read_back(desk, target, connector)
        except ConnectorError as error:
            target.stop(error)
    return changed


def _read_back(desk: Desk, target: Target, connector: Connector) -> int:
    embedder = embedder_of(desk.settings.matching)
    with desk.engine.begin() as db:
        cursor = tickets.cursor(db, target.name, target.place)
        if begin(db, target.name, embedder):
            cursor = ""
    changes = connector.changed_since(cursor)
    target.notes = [f"{problem.what}; {problem.mend}" for problem in changes.problems]
    with desk.engine.begin() as db:
        labels = desk.settings.labels
        seen = dashboard.read_back(desk, db, target.name, changes.tickets)
        changed = sum(mirror(db, target.name, ticket, labels, desk.now()) for ticket in seen)
        take_up(db, target.name, seen, embedder)
        tickets.save_cursor(db, target.name, changes.cursor, target.place, desk.now())
    return changed


def _reconcile(desk: Desk, target: Target, connector: Connector) -> None:
    """Settles what was begun and never ended: a lost reply, or a killed process."""
    with desk.engine.begin() as db:
        left = [action for action in runs.pending(db) if action.target == target.name]
    for action in left:
        if action.kind == "create":
            _reconcile_create(desk, action, connector)
        elif action.kind == "relabel":
            # Its condition no longer holds where it went through; what the ticket shows now decides.
            with desk.engine.begin() as db:
                runs.end_action(db, action.id, "failed", desk.now(), error="what came of it is read back")
        else:
            _do_again(desk, action, connector)


def _reconcile_create(desk: Desk, action: KnownAction, connector: Connector) -> None:
    # Only the tracker knows whether the ticket exists.
    found = outbox.find(action, connector)
    if found is None and connector.calls:
        # What was cut off may still be on its way through the tracker.
        young = desk.settings.retries.settle - (desk.now() - action.created_at)
        if young > timedelta(0):
            if desk.pause(young.total_seconds()):
                return
            found = outbox.find(action, connector)
    if found is not None:
        # Found late: whether a person was there first, only the times can tell.
        outbox.settle_create(desk, action, found, untouched=found.updated_at == found.created_at)
        return
    with desk.engine.begin() as db:
        runs.end_action(db, action.id, "failed", desk.now(), error="was not carried out; planned again")


def _do_again(desk: Desk, action: KnownAction, connector: Connector) -> None:
    """Before people's changes are read back, so that what the bot did itself is not taken for a person's word."""
    try:
        outbox.change(desk, action, connector)
    except (Rejected, Gone) as error:
        with desk.engine.begin() as db:
            runs.end_action(db, action.id, "failed", desk.now(), error=str(error))
            if isinstance(error, Gone):
                mirror_gone(db, action.target, action.ticket, error, desk.now())
