"""One run, on one page: learn what people did, take in new logs, plan, and carry the plan out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.intake import Taken, take_in
from bot.model import Action, Plan
from bot.publishing.acceptance import rises
from bot.publishing.apply import Outcome, carry_out
from bot.publishing.dashboard import keep
from bot.publishing.desk import Desk
from bot.publishing.learn import learn
from bot.publishing.plan import make_plan
from bot.publishing.undo import TakenBack
from bot.publishing.undo import undo as take_back
from bot.store import findings, runs, tickets, verdicts
from bot.store.findings import KnownFinding

Progress = Callable[[str, int, int], None]  # stage, done, all


@dataclass(slots=True)
class Summary:
    """What a run came to. ``left`` counts actions that wait for the next run."""

    run: str = ""
    taken: Taken = field(default_factory=Taken)
    plan: Plan = field(default_factory=lambda: Plan(base="", actions=()))
    outcome: Outcome = field(default_factory=Outcome)
    calls: dict[str, int] = field(default_factory=dict)
    stopped: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    learned: list[str] = field(default_factory=list)  # thresholds that people's verdicts raise, a line each

    @property
    def errors(self) -> list[str]:
        """Everything that went wrong, a line each."""
        stopped = [f"target {name}: {why}" for name, why in self.stopped.items()]
        return [*self.taken.errors, *self.outcome.errors, *stopped, *self.notes]

    def as_json(self) -> dict[str, object]:
        """The shape that other programs read: design.md's row for ``run`` and ``plan``."""
        counts = self.outcome.done if self.run else _planned(self.plan)
        kinds = ("create", "sighting", "reopen", "comment", "relabel", "resolved", "link", "none", "held", "dropped")
        return {
            "run": self.run,
            "logs": {
                "read": self.taken.read,
                "unchanged": self.taken.unchanged,
                "failed": self.taken.failed,
                "skipped": self.taken.skipped,
            },
            "findings": {status: self.taken.findings[status] for status in ("open", "resolved", "deferred")},
            "actions": {kind: counts.get(kind, 0) for kind in kinds},
            "left": self.taken.left + self.outcome.left,
            "joined": self.taken.joined,
            "secrets_redacted": self.taken.secrets,
            "not_understood": self.taken.not_understood,
            "tickets": [{"key": key, "title": title, "url": url} for key, title, url in self.outcome.tickets],
            "api_calls": self.calls,
            "errors": self.errors,
            "log_notes": self.taken.notes,
            "thresholds": self.learned,
            "kept_back": dict(sorted(self.outcome.kept_back.items())),
        }


class StalePlan(Exception):
    """The plan was made on another state or config; the message says so."""


def run(desk: Desk, progress: Progress = lambda _stage, _done, _all: None) -> Summary:
    """One pass. What fails is in the summary's errors; what is left undone is planned again next time."""
    summary = _start(desk, "run")
    _look(desk, summary, progress)
    if not desk.stopping():
        summary.plan = _make_plan(desk)
        _carry_out(desk, summary, progress)
        _keep_dashboards(desk)
    return _finish(desk, summary)


def plan(desk: Desk, progress: Progress = lambda _stage, _done, _all: None) -> Summary:
    """The same as :func:`run`, but nothing is changed in any tracker and nothing is decided."""
    summary = Summary()
    _look(desk, summary, progress)
    summary.plan = _make_plan(desk)
    _told(desk, summary)
    return summary


def apply(desk: Desk, agreed: Plan, progress: Progress = lambda _stage, _done, _all: None) -> Summary:
    """Carries out exactly the plan that was agreed.

    Raises:
        StalePlan: logs, tickets or config have changed since it was made.
    """
    learn(desk)
    # The base tells what has changed, the plan made anew what that comes to (another day has another cap).
    if agreed != _make_plan(desk):
        raise StalePlan("the plan is stale: logs, tickets or config changed since it was made; make it anew")
    summary = _start(desk, "apply")
    summary.plan = agreed
    _carry_out(desk, summary, progress)
    _keep_dashboards(desk)
    return _finish(desk, summary)


def file_by_hand(desk: Desk, ids: Collection[str]) -> Summary:
    """Files findings that a person approved, at once and whatever the rules and caps say."""
    learn(desk)
    summary = _start(desk, "held")
    summary.plan = _make_plan(desk, only=ids)
    _carry_out(desk, summary, lambda _stage, _done, _all: None)
    return _finish(desk, summary)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What a new state knows: tickets, how many of them are the bot's, dropped findings, and what would be filed."""

    tickets: int
    ours: int
    carried: int
    to_file: int
    taken: Taken
    errors: Sequence[str]


def rebuild(
    desk: Desk, refused: Sequence[tuple[KnownFinding, datetime]], progress: Progress = lambda _stage, _done, _all: None
) -> Rebuilt:
    """Fills a new state from trackers and logs. ``refused`` are findings that people dropped, and when, of the old."""
    summary = Summary()
    _look(desk, summary, progress)
    with desk.engine.begin() as db:
        carried = 0
        for old, at in refused:
            known = findings.by_fingerprint(db, old.fingerprint)
            if known is not None and known.disposition == "new":
                findings.decide(db, known.id, "refused", old.reason)
                findings.told(db, known.id, findings.newest_quote(db, known.id))
                verdicts.add(db, known.id, "rejected", at, who="terminal")
                carried += 1
        every, ours = tickets.count(db), len(tickets.ours(db))
    to_file = sum(action.kind == "create" for action in _make_plan(desk).actions)
    _told(desk, summary)
    return Rebuilt(
        tickets=every, ours=ours, carried=carried, to_file=to_file, taken=summary.taken, errors=summary.errors
    )


def undo(desk: Desk, run_id: str) -> tuple[list[TakenBack], Summary]:
    """Takes a run back; what people have touched is left."""
    learn(desk)
    summary = _start(desk, f"undo {run_id}")
    taken_back = take_back(desk, run_id, summary.run)
    return taken_back, _finish(desk, summary)


def _look(desk: Desk, summary: Summary, progress: Progress) -> None:
    learn(desk)
    summary.taken = take_in(
        desk.engine,
        desk.settings,
        desk.now,
        stopping=desk.stopping,
        progress=lambda done, every: progress("logs", done, every),
    )


def _make_plan(desk: Desk, *, only: Collection[str] | None = None) -> Plan:
    with desk.engine.begin() as db:
        return make_plan(db, desk.settings, desk.now(), blocked=desk.targets.stopped, only=only)


def _carry_out(desk: Desk, summary: Summary, progress: Progress) -> None:
    every, done = len(summary.plan.actions), 0

    def tick(_: Action) -> None:
        nonlocal done
        done += 1
        progress("actions", done, every)

    summary.outcome = carry_out(desk, summary.plan.actions, summary.run, tick)


def _keep_dashboards(desk: Desk) -> None:
    for target, connector in desk.targets.working():
        if not desk.stopping():
            keep(desk, target, connector)


def _start(desk: Desk, command: str) -> Summary:
    with desk.engine.begin() as db:
        return Summary(run=runs.start(db, command, desk.now()))


def _finish(desk: Desk, summary: Summary) -> Summary:
    _told(desk, summary)
    with desk.engine.begin() as db:
        runs.finish(db, summary.run, desk.now(), summary.as_json())
    return summary


def _told(desk: Desk, summary: Summary) -> None:
    summary.calls, summary.stopped, summary.notes = desk.targets.calls, desk.targets.stopped, desk.targets.notes
    with desk.engine.begin() as db:
        found = rises(db, desk.settings, desk.now())
    summary.learned = [rise.told(desk.settings.rules_for(rise.kind)) for rise in found]


def _planned(agreed: Plan) -> dict[str, int]:
    counts: dict[str, int] = {}
    for action in agreed.actions:
        counts[action.kind] = counts.get(action.kind, 0) + 1
    return counts
