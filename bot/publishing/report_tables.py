"""A report as tables: the same for a terminal, a page and programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.publishing.report import Report
from bot.publishing.waiting import day

_DONE = (
    ("create", "filed"),
    ("held", "held"),
    ("dropped", "dropped"),
    ("sighting", "seen again"),
    ("relabel", "raised"),
    ("resolved", "said done"),
    ("reopen", "reopened"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under named columns. ``empty`` is said where there are none; ``name`` is for programs."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[object, ...]]
    empty: str


def tables(report: Report) -> list[Table]:
    """The report's tables, in the order in which they are read."""
    return [_weeks(report), _why(report), _acceptance(report), _thresholds(report), _held(report), _pending(report)]


def heading(report: Report) -> str:
    """One line that says which time is told of."""
    return f"Loose Ends from {day(report.start)} to {day(report.end)}"


def _weeks(report: Report) -> Table:
    columns = ("week of", "runs", "read", "found", *(shown for _, shown in _DONE))
    rows = [
        (
            week.start.isoformat(),
            week.runs,
            week.read,
            week.found,
            *(week.done[kind] for kind, _ in _DONE),
            week.accepted,
            week.rejected,
        )
        for week in report.weeks
    ]
    return Table(
        name="weeks",
        title="By week",
        columns=(*columns, "accepted", "rejected"),
        rows=rows,
        empty="No run in this time.",
    )


def _why(report: Report) -> Table:
    rows = [
        (week.start.isoformat(), *what.split(": ", 1), count)
        for week in report.weeks
        for what, count in sorted(week.kept_back.items())
    ]
    columns = ("week of", "what", "why", "count")
    return Table(name="kept_back", title="Held and dropped", columns=columns, rows=rows, empty="Nothing.")


def _acceptance(report: Report) -> Table:
    rows = [
        (what, name, s.accepted, s.rejected, f"{s.accepted / s.reviews:.0%}", f"{s.lower:.0%}")
        for what, name, s in report.acceptance.groups()
    ]
    columns = ("by", "name", "accepted", "rejected", "share", "surely")
    return Table(
        name="acceptance", title="What people accept", columns=columns, rows=rows, empty="Nobody has judged a ticket."
    )


def _thresholds(report: Report) -> Table:
    rows = [(t.kind, t.detector or "all others", t.file, t.hold, t.why) for t in report.thresholds]
    columns = ("kind", "detector", "file", "hold", "reason")
    return Table(name="thresholds", title="Thresholds in force", columns=columns, rows=rows, empty="None.")


def _held(report: Report) -> Table:
    rows = [(k.id, k.kind, k.confidence, k.title, k.reason, _age(k.first_seen, report.end)) for k in report.held]
    columns = ("id", "kind", "confidence", "title", "reason", "age")
    return Table(name="held", title="Waiting for a person", columns=columns, rows=rows, empty="Nothing is held.")


def _pending(report: Report) -> Table:
    rows = [(a.id, a.kind, a.target, _age(a.created_at, report.end)) for a in report.pending]
    columns = ("id", "kind", "target", "age")
    return Table(name="pending", title="Begun and without an end", columns=columns, rows=rows, empty="Nothing.")


def _age(then: datetime, now: datetime) -> str:
    hours = max(0, int((now - then).total_seconds() // 3600))
    return f"{hours // 24}d" if hours >= 24 else f"{hours}h"
