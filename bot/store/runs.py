"""Runs and their actions: the outbox. An action is stored pending before its call and done after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import Connection, Row, String, func, insert, select, update
from sqlalchemy import cast as cast_to
from sqlalchemy.exc import IntegrityError

from bot.model import Action, ActionKind
from bot.store.revision import bump
from bot.store.tables import actions, runs
from bot.store.times import from_text, maybe_from_text, to_text

Outcome = Literal["pending", "done", "failed"]


class AlreadyTaken(Exception):
    """Another action has created, or is creating, the ticket of this loose end in this target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAction:
    """An action as the outbox holds it."""

    id: str
    run: str
    kind: ActionKind
    target: str
    finding: str
    fingerprint: str
    generation: int
    ticket: str
    quotes: int
    reason: str
    similar: tuple[str, ...]
    status: Outcome
    error: str
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRun:
    """A run as recorded; ``finished_at`` is None while it runs, and for ever if it was killed."""

    id: str
    command: str
    started_at: datetime
    finished_at: datetime | None
    summary: Mapping[str, object]


def start(db: Connection, command: str, now: datetime) -> str:
    """A new run's id: its start to the second, with a counter where that is taken."""
    stem = now.strftime("%Y%m%d-%H%M%S")
    taken = set(db.execute(select(runs.c.id).where(runs.c.id.startswith(stem))).scalars())
    name = next(n for n in (stem, *(f"{stem}-{i}" for i in range(2, len(taken) + 3))) if n not in taken)
    db.execute(insert(runs).values(id=name, command=command, started_at=to_text(now), summary={}))
    return name


def finish(db: Connection, run: str, now: datetime, summary: Mapping[str, object]) -> None:
    db.execute(update(runs).where(runs.c.id == run).values(finished_at=to_text(now), summary=dict(summary)))


def find(db: Connection, run: str) -> KnownRun | None:
    row = db.execute(select(runs).where(runs.c.id == run)).first()
    return None if row is None else _run(row)


def latest(db: Connection, count: int) -> list[KnownRun]:
    rows = db.execute(select(runs).order_by(runs.c.started_at.desc(), runs.c.id.desc()).limit(count))
    return [_run(row) for row in rows]


def since(db: Connection, start: datetime) -> list[KnownRun]:
    """The runs that began then or later, oldest first."""
    query = select(runs).where(runs.c.started_at >= to_text(start))
    return [_run(row) for row in db.execute(query.order_by(runs.c.started_at, runs.c.id))]


def begin_action(db: Connection, action: Action, run: str, now: datetime, *, quotes: int) -> KnownAction:
    """Stores an action as pending, before its call. ``quotes`` is the number of the newest quote it can tell of.

    Raises:
        AlreadyTaken: it would create a ticket that exists, or is being created, for this loose end.
    """
    values = {
        "run": run,
        "kind": action.kind,
        "target": action.target,
        "finding": action.finding,
        "fingerprint": action.fingerprint,
        "generation": action.generation,
        "ticket": action.ticket,
        "quotes": quotes,
        "reason": action.reason,
        "similar": list(action.similar),
        "status": "pending",
        "error": "",
        "created_at": to_text(now),
        "finished_at": None,
    }
    retried = update(actions).where(actions.c.id == action.id, actions.c.status == "failed").values(values)
    try:
        if not db.execute(retried).rowcount:
            db.execute(insert(actions).values(id=action.id, **values))
    except IntegrityError as error:
        raise AlreadyTaken(action.id) from error
    return _action(db.execute(select(actions).where(actions.c.id == action.id)).one())


def end_action(
    db: Connection, action_id: str, outcome: Outcome, now: datetime, *, ticket: str = "", error: str = ""
) -> None:
    values: dict[str, object] = {"status": outcome, "finished_at": to_text(now), "error": error}
    if ticket:
        values["ticket"] = ticket
    db.execute(update(actions).where(actions.c.id == action_id).values(values))
    bump(db)


def pending(db: Connection) -> list[KnownAction]:
    """Actions whose outcome is not known, oldest first: reconcile before anything else."""
    query = select(actions).where(actions.c.status == "pending")
    return [_action(row) for row in db.execute(query.order_by(actions.c.created_at, actions.c.id))]


def of_run(db: Connection, run: str) -> list[KnownAction]:
    query = select(actions).where(actions.c.run == run)
    return [_action(row) for row in db.execute(query.order_by(actions.c.created_at, actions.c.id))]


def creates_pointing_to(db: Connection, name: str, target: str) -> list[KnownAction]:
    """The tickets that were filed with a link to this, oldest first; ``name`` as ``Action.similar`` has it."""
    said = cast_to(actions.c.similar, String).contains(name, autoescape=True)
    query = select(actions).where(actions.c.kind == "create", actions.c.status == "done", actions.c.target == target)
    rows = db.execute(query.where(said).order_by(actions.c.created_at, actions.c.id))
    return [_action(row) for row in rows]


def counted_since(db: Connection, since: datetime) -> int:
    """How many tickets were created or reopened, or may have been, since then: what the daily cap counts."""
    query = select(func.count()).select_from(actions).where(actions.c.kind.in_(("create", "reopen", "comment")))
    return db.execute(query.where(actions.c.status != "failed", actions.c.created_at >= to_text(since))).scalar_one()


def _run(row: Row[tuple[object, ...]]) -> KnownRun:
    return KnownRun(
        id=row.id,
        command=row.command,
        started_at=from_text(row.started_at),
        finished_at=maybe_from_text(row.finished_at),
        summary=cast(Mapping[str, object], row.summary),
    )


def _action(row: Row[tuple[object, ...]]) -> KnownAction:
    values = dict(row._mapping)
    values["similar"] = tuple(values["similar"])
    values["created_at"] = from_text(values["created_at"])
    values["finished_at"] = maybe_from_text(values["finished_at"])
    return KnownAction(**values)
