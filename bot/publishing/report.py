"""What a span of time came to: read, found, filed, held and dropped by week, and what people said to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.model import Kind
from bot.publishing.acceptance import Acceptance, acceptance, risen, rises
from bot.settings import Settings
from bot.store import findings, runs
from bot.store.findings import KnownFinding
from bot.store.runs import KnownAction, KnownRun
from bot.store.verdicts import judged

_KINDS: tuple[Kind, ...] = ("bug", "todo", "feature")


@dataclass(slots=True)
class Week:
    """One week's counts, from the Monday ``start`` on. ``kept_back`` says how many were held or dropped, by why."""

    start: date
    runs: int = 0
    read: int = 0
    found: int = 0
    done: Counter[str] = field(default_factory=Counter)  # by kind of action
    kept_back: Counter[str] = field(default_factory=Counter)
    accepted: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """From which confidence on findings of a kind are filed or held now; ``detector`` is "" for most of them."""

    kind: Kind
    detector: str
    file: float
    hold: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that ``loose-ends report`` shows. Acceptance is that of all time, as the thresholds see it."""

    start: datetime
    end: datetime
    weeks: Sequence[Week]
    acceptance: Acceptance
    thresholds: Sequence[InForce]
    held: Sequence[KnownFinding]
    pending: Sequence[KnownAction]


def make_report(db: Connection, settings: Settings, now: datetime, span: timedelta) -> Report:
    """The report of the time from ``span`` ago until now; weeks begin on Mondays of the schedule's time zone."""
    zone, start = ZoneInfo(settings.schedule.time_zone), now - span
    weeks: dict[date, Week] = {}

    def week_of(at: datetime) -> Week:
        day = at.astimezone(zone).date()
        monday = day - timedelta(days=day.weekday())
        return weeks.setdefault(monday, Week(monday))

    verdicts = judged(db)
    for run in runs.since(db, start):
        _add(week_of(run.started_at), run)
    for verdict in verdicts:
        if verdict.at >= start:
            week = week_of(verdict.at)
            week.accepted += verdict.accepted
            week.rejected += not verdict.accepted
    return Report(
        start=start,
        end=now,
        weeks=[weeks[monday] for monday in sorted(weeks)],
        acceptance=acceptance(verdicts),
        thresholds=_in_force(db, settings, now),
        held=sorted(findings.with_disposition(db, "held"), key=lambda known: (known.first_seen, known.id)),
        pending=runs.pending(db),
    )


def _add(week: Week, run: KnownRun) -> None:
    week.runs += 1
    logs, found, done, kept = (_counts(run.summary.get(key)) for key in ("logs", "findings", "actions", "kept_back"))
    week.read += logs.get("read", 0)
    week.found += sum(found.values())
    week.done.update(done)
    week.kept_back.update(kept)


def _counts(value: object) -> dict[str, int]:
    # A run that was killed has no summary, one of an older version less of it.
    if not isinstance(value, Mapping):
        return {}
    return {str(key): count for key, count in value.items() if isinstance(count, int)}


def _in_force(db: Connection, settings: Settings, now: datetime) -> list[InForce]:
    why = "as configured" if settings.learning.enabled else "as configured; learning is off"
    rows = []
    found = rises(db, settings, now)
    for kind in _KINDS:
        configured = settings.rules_for(kind)
        rows.append(InForce(kind=kind, detector="", file=configured.file, hold=configured.hold, why=why))
        for rise in (rise for rise in found if rise.kind == kind):
            raised, share = risen(configured, rise.by), rise.share
            told = f"people accepted {share.accepted} of {share.reviews}, surely {share.lower:.0%}; "
            told += f"the floor is {settings.learning.floor:.0%}"
            rows.append(InForce(kind=kind, detector=rise.detector, file=raised.file, hold=raised.hold, why=told))
    return rows
