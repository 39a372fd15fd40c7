"""The plan: for every loose end that is new, held or seen again, one action and its reason. Nothing is done here."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.matching.fingerprint import title_key
from bot.model import Action, ActionKind, Plan, Ruling
from bot.publishing import again
from bot.publishing.actions import make_action
from bot.publishing.routes import NOWHERE, route
from bot.publishing.rules import rule
from bot.settings import Settings
from bot.store import findings, revision, runs, tickets
from bot.store.findings import KnownFinding, Sighting

_PRIORITIES = ("high", "medium", "low")


def make_plan(
    db: Connection,
    settings: Settings,
    now: datetime,
    *,
    blocked: Collection[str] = (),
    only: Collection[str] | None = None,
) -> Plan:
    """What would be done now, in the order in which things were first said.

    Args:
        blocked: targets that could not be read back; nothing is planned there, for a failed look proves nothing.
        only: ids of findings to plan for, where not for all.
    """
    planner = _Planner(db, settings, frozenset(blocked))
    undecided = findings.with_disposition(db, "new", "approved", "held")
    wanted = [known for known in undecided if only is None or known.id in only]
    actions = [action for known in wanted if (action := planner.decide(known))]
    if only is None:
        actions += [action for known in findings.with_untold_sightings(db) if (action := planner.decide_again(known))]
    return Plan(base=base(db, settings), actions=tuple(_capped(db, settings, actions, now)))


def base(db: Connection, settings: Settings) -> str:
    """Names what a plan rests on: the state's revision and the config."""
    config = hashlib.sha256(settings.model_dump_json().encode()).hexdigest()[:16]
    return f"{revision.current(db)}-{config}"


@dataclass(frozen=True, slots=True)
class _Planner:
    db: Connection
    settings: Settings
    blocked: frozenset[str]

    def decide(self, known: KnownFinding) -> Action | None:
        """What to do with a loose end of which nothing is decided yet; None where all stays as it is."""
        quotes = findings.sightings(self.db, known.id)
        finding = findings.as_finding(known, quotes)
        filed = [t for t in tickets.with_fingerprint(self.db, known.fingerprint) if t.verdict != "undone"]
        if filed and known.disposition != "approved":
            return None if filed[-1].target in self.blocked else self._again(known, quotes)
        if known.disposition == "held" and not self._may_leave_hold(known):
            return None
        decision = rule(finding, self.settings.rules_for(known.kind))
        if known.disposition != "approved" and decision.ruling != "file":
            return self._keep_back(known, decision.ruling, decision.reason)
        target = route(finding, sorted({quote.source for quote in quotes}), self.settings)
        if target is None:
            return self._keep_back(known, "hold", "no route fits it", cause="route")
        if target == NOWHERE:
            return self._keep_back(known, "drop", "a route says: nowhere")
        if target in self.blocked:
            return None
        reason = known.reason if known.disposition == "approved" else decision.reason
        return self._create(known, target, reason)

    def decide_again(self, known: KnownFinding) -> Action | None:
        """What to do with a known loose end that was mentioned since its ticket was last told."""
        filed = tickets.with_fingerprint(self.db, known.fingerprint)
        if filed and filed[-1].target in self.blocked:
            return None
        return self._again(known, findings.sightings(self.db, known.id))

    def _again(self, known: KnownFinding, quotes: list[Sighting]) -> Action:
        filed = tickets.with_fingerprint(self.db, known.fingerprint)
        if not filed:
            return make_action("none", known, known.reason, detail=str(len(quotes)))
        return again.decide(self.db, known, quotes, filed[-1], self.settings.filing.recurrence)

    def _may_leave_hold(self, known: KnownFinding) -> bool:
        over = self.settings.filing.caps.over
        return known.cause in ("threshold", "route") or (known.cause == "cap" and over == "next_run")

    def _keep_back(
        self, known: KnownFinding, ruling: Ruling, reason: str, *, cause: str = "threshold"
    ) -> Action | None:
        kind: ActionKind = "held" if ruling == "hold" else "dropped"
        if known.disposition == kind and known.reason == reason:
            return None
        return make_action(kind, known, reason, cause=cause)

    def _create(self, known: KnownFinding, target: str, reason: str) -> Action:
        theirs = tickets.with_title(self.db, target, title_key(known.title))
        if theirs is not None and known.disposition != "approved":
            return make_action("none", known, f"the same words as {theirs.key}, which a person filed", ticket=theirs)
        return make_action("create", known, reason, target=target, cause=known.disposition)


def _capped(db: Connection, settings: Settings, actions: list[Action], now: datetime) -> Iterator[Action]:
    """The same actions, with the creates over the caps held: the surest and most urgent go first."""
    caps = settings.filing.caps
    today = caps.per_day - runs.created_since(db, _midnight(now, settings.schedule.time_zone))
    allowed = max(0, min(caps.per_run, today))
    over = "the cap of {} tickets a run" if caps.per_run <= today else "the cap of {} tickets a day"
    reason = f"over {over.format(caps.per_run if caps.per_run <= today else caps.per_day)}"
    creates = [a for a in actions if a.kind == "create" and a.cause != "approved"]
    ranked = sorted(creates, key=lambda a: (-a.confidence, _PRIORITIES.index(a.priority)))
    filed = {a.id for a in ranked[:allowed]}
    for action in actions:
        if action.kind != "create" or action.cause == "approved" or action.id in filed:
            yield action
        else:
            yield replace(action, kind="held", target="", reason=reason, cause="cap")


def _midnight(now: datetime, zone: str) -> datetime:
    return datetime.combine(now.astimezone(ZoneInfo(zone)).date(), time(), ZoneInfo(zone))
