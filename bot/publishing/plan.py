"""The plan: for every loose end that is new, held or seen again, one action and its reason. Nothing is done here."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.matching.fingerprint import VERSION, title_key
from bot.model import Action, ActionKind, Finding, Kind, Plan, Ruling
from bot.publishing import again, priorities, resolved
from bot.publishing.acceptance import rise_for, risen, rises
from bot.publishing.actions import make_action
from bot.publishing.due import due_of
from bot.publishing.lifted import is_lifted, standing
from bot.publishing.likeness import Likenesses
from bot.publishing.routes import NOWHERE, route
from bot.publishing.rules import Decision, rule
from bot.settings import Settings
from bot.store import findings, revision, runs, tickets, together
from bot.store.findings import KnownFinding
from bot.store.quotes import Sighting
from bot.store.tickets import KnownTicket

_KINDS: tuple[Kind, ...] = ("bug", "todo", "feature")
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
    planner = _Planner(db, settings, now, frozenset(blocked))
    undecided = findings.with_disposition(db, "new", "approved", "held")
    if only is not None:
        undecided = [known for known in undecided if known.id in only]
    else:
        undecided += [known for known in findings.with_disposition(db, "refused") if is_lifted(known, settings)]
        for kind in _KINDS:
            undecided += findings.dropped_above(db, kind, settings.rules_for(kind).hold)
    untold = findings.with_untold_sightings(db) if only is None else []
    planner.look_up([*undecided, *untold])
    actions = [action for known in undecided if (action := planner.decide(known))]
    if only is None:
        actions += [action for known in untold if (action := planner.decide_again(known))]
        actions += _on_known_tickets(db, settings, now, planner.blocked, {action.ticket for action in actions})
    return Plan(base=base(db, settings), actions=tuple(_capped(db, settings, actions, now)))


def _on_known_tickets(
    db: Connection, settings: Settings, now: datetime, blocked: frozenset[str], told: Collection[str]
) -> list[Action]:
    """What tickets are told without a new mention; one that is to be said to be done is not made more urgent."""
    done = [action for action in resolved.settled(db, settings, blocked, now) if action.ticket not in told]
    calm = {action.ticket for action in done}
    return [*done, *(action for action in priorities.raises(db, settings, blocked) if action.ticket not in calm)]


def base(db: Connection, settings: Settings) -> str:
    """Names what a plan rests on: the state's revision and the config."""
    config = hashlib.sha256(settings.model_dump_json().encode()).hexdigest()[:16]
    return f"{revision.current(db)}-{config}"


class _Planner:
    """Decides loose end by loose end. ``blocked`` targets are left alone."""

    def __init__(self, db: Connection, settings: Settings, now: datetime, blocked: frozenset[str]) -> None:
        self.db = db
        self.settings = settings
        self.now = now
        self.blocked = blocked
        # Whether these are tickets already is not known before their target can be asked.
        self.likenesses = Likenesses(db, settings)
        self.rises = rises(db, settings, now)
        self.uncertain = {action.fingerprint for action in runs.pending(db) if action.kind == "create"}
        self.quotes: Mapping[str, list[Sighting]] = {}
        self.filed: Mapping[str, list[KnownTicket]] = {}

    def look_up(self, wanted: Sequence[KnownFinding]) -> None:
        """Reads what deciding on these takes, all at once: many may be held, and are asked for on every run."""
        self.quotes = together.sightings(self.db, [known.id for known in wanted])
        self.filed = together.tickets_of(self.db, [known.fingerprint for known in wanted])

    def decide(self, known: KnownFinding) -> Action | None:
        """What to do with a loose end of which nothing is decided yet; None where all stays as it is."""
        if known.fingerprint in self.uncertain or (known.disposition == "held" and not self._may_leave_hold(known)):
            return None
        quotes = self.quotes[known.id]
        filed = [t for t in self.filed[known.fingerprint] if t.verdict != "undone"]
        if filed and not (filed := standing(known, filed, self.settings)):
            known = replace(known, generation=again.next_generation(self.db, known))
        if filed and known.disposition != "approved":
            return self._again(known, quotes, filed)
        finding = findings.as_finding(known, quotes)
        decision, cause = self._rule(finding), "" if finding.status == "resolved" else "threshold"
        due = due_of(quotes, self.settings) if finding.status == "deferred" else None
        if due is not None and decision.ruling != "drop":
            told, ahead = due.told, due.at > self.now
            decision = Decision("hold", told) if ahead else replace(decision, reason=f"{decision.reason}; was {told}")
            cause = "deferred" if ahead else cause
        if known.disposition != "approved" and decision.ruling != "file":
            return self._keep_back(known, decision.ruling, decision.reason, cause)
        target = route(finding, sorted({quote.source for quote in quotes}), self.settings)
        if target is None:
            return self._keep_back(known, "hold", "no route fits it", "route")
        if target == NOWHERE:
            return self._keep_back(known, "drop", "a route says: nowhere", "route")
        reason = known.reason if known.disposition == "approved" else decision.reason
        return None if target in self.blocked else self._create(known, quotes, target, reason)

    def decide_again(self, known: KnownFinding) -> Action | None:
        """What to do with a known loose end that was mentioned since its ticket, or a person, was last told."""
        if known.disposition == "refused":
            told = make_action("none", known, known.reason, detail=str(len(self.quotes[known.id])))
            return None if is_lifted(known, self.settings) else told
        filed = standing(known, self.filed[known.fingerprint], self.settings)
        # Known by a ticket that a person filed: that one may be done or gone by now.
        return self._again(known, self.quotes[known.id], filed) if filed else self.decide(known)

    def _again(self, known: KnownFinding, quotes: list[Sighting], filed: list[KnownTicket]) -> Action | None:
        if any(ticket.target in self.blocked for ticket in filed):
            return None
        return again.decide(self.db, known, quotes, filed, self.settings, self.now)

    def _rule(self, finding: Finding) -> Decision:
        configured = self.settings.rules_for(finding.kind)
        rise = rise_for(self.rises, finding.kind, finding.detectors)
        if rise is None:
            return rule(finding, configured)
        decision = rule(finding, risen(configured, rise.by))
        if decision.ruling != "hold" or finding.confidence < configured.file:
            return decision
        why = f"raised from {configured.file:.2f}, for people accept few of what {rise.detector} finds"
        return replace(decision, reason=f"{decision.reason}, {why}")

    def _may_leave_hold(self, known: KnownFinding) -> bool:
        over = self.settings.filing.caps.over
        return known.cause in ("threshold", "route", "match", "deferred") or (
            known.cause == "cap" and over == "next_run"
        )

    def _keep_back(self, known: KnownFinding, ruling: Ruling, reason: str, cause: str) -> Action | None:
        kind: ActionKind = "held" if ruling == "hold" else "dropped"
        if known.disposition == kind and known.reason == reason:
            return None
        return make_action(kind, known, reason, cause=cause)

    def _create(self, known: KnownFinding, quotes: list[Sighting], target: str, reason: str) -> Action | None:
        approved = known.disposition == "approved"
        theirs = tickets.with_title(self.db, target, title_key(known.title))
        if theirs is not None and not approved:
            told = f"the same words as {theirs.key}, which a person filed"
            return again.of_a_person(self.db, known, quotes, theirs, told, self.settings, self.now)
        older = tickets.of_another_version(self.db, target, title_key(known.title), VERSION)
        if older is not None and not approved and self.likenesses.may_be(older, known, quotes):
            return again.decide(self.db, known, quotes, [older], self.settings, self.now)
        like = self.likenesses.of(known, quotes, target)
        if like.same is not None and not approved:
            settled = again.same_as(self.db, known, quotes, like.same, like.told, self.settings, self.now)
            if settled is not None:
                return settled
            told = f"as {like.same.key}, but mentioned since that was done"
            like = replace(like, similar=(like.same.id,), told=told, is_possible=True)
        if like.is_possible and not approved and self.settings.matching.when_possible == "hold":
            return self._keep_back(known, "hold", like.told, "match")
        self.likenesses.note(known, quotes, target)
        told = f"{reason}; {like.told}" if like.told else reason
        return make_action("create", known, told, target=target, cause=known.disposition, similar=like.similar)


def _capped(db: Connection, settings: Settings, actions: list[Action], now: datetime) -> Iterator[Action]:
    """The same actions without those over the caps: the surest and most urgent go first.

    A create over the cap is held for a person; a ticket that would be opened again waits for the next run.
    """
    caps = settings.filing.caps
    today = caps.per_day - runs.counted_since(db, _midnight(now, settings.schedule.time_zone))
    reason = f"over the cap of {caps.per_run} tickets a run"
    if today < caps.per_run:
        reason = f"over the cap of {caps.per_day} tickets a day"
    counted = [a for a in actions if a.kind in ("create", "reopen", "comment") and a.cause != "approved"]
    ranked = sorted(counted, key=lambda a: (-a.confidence, _PRIORITIES.index(a.priority)))
    over = {a.id for a in ranked[max(0, min(caps.per_run, today)) :]}
    for action in actions:
        if action.id not in over:
            yield action
        elif action.kind == "create":
            yield replace(action, kind="held", target="", reason=reason, cause="cap")


def _midnight(now: datetime, zone: str) -> datetime:
    return datetime.combine(now.astimezone(ZoneInfo(zone)).date(), time(), ZoneInfo(zone))
