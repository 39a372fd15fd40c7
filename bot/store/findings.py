"""Findings, what each conversation says of them, and the quotes that show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, func, insert, select, update

from bot.matching.fingerprint import short_id
from bot.model import Finding, Kind, Priority, Status
from bot.store.corpora import AT_ONCE, in_batches
from bot.store.quotes import Place, Sighting, add, place_of, places, sighting_from
from bot.store.recognition import recognize
from bot.store.revision import bump
from bot.store.tables import evidence, findings, fingerprints, mentions
from bot.store.times import from_text, to_text

Disposition = Literal["new", "approved", "filed", "known", "held", "dropped", "refused"]
Cause = Literal["", "threshold", "cap", "undone", "route", "tracker", "match", "deferred"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFinding:
    """A loose end as all conversations together tell it, and what was decided of it."""

    id: str
    fingerprint: str
    kind: Kind
    title: str
    confidence: float
    priority: Priority
    status: Status
    detectors: tuple[str, ...]
    why: tuple[str, ...]
    source: str
    disposition: Disposition
    cause: Cause
    reason: str
    generation: int
    first_seen: datetime
    last_seen: datetime


def record(db: Connection, found: Sequence[Finding], place: Place) -> int:
    """Stores what a conversation says of its loose ends; returns how many quotes were new.

    Found again under another title, in the very words found before, a loose end stays the one it was; and so it does
    in other words.
    """
    found = _once_each(found)
    renamed = _renamed(db, found, place.conversation)
    told: dict[str, Finding] = {}
    fresh = 0
    for finding in found:
        known = by_fingerprint(db, finding.fingerprint)
        if known is None:
            known = renamed.get(finding.fingerprint)
            if known is None and (name := recognize(db, finding, place.conversation, place.alike)):
                known = by_id(db, name)[0]
            if known:
                db.execute(insert(fingerprints).values(fingerprint=finding.fingerprint, finding=known.id))
        name = known.id if known else short_id(finding.fingerprint)
        told[name] = _joined(told[name], finding) if name in told else finding
        fresh += _record_one(db, told[name], known, place)
    return fresh


def _once_each(found: Sequence[Finding]) -> list[Finding]:
    """Findings of one identity as one: as open and as sure as the best of them, with the quotes of all."""
    result: dict[str, Finding] = {}
    for finding in found:
        other = result.get(finding.fingerprint)
        result[finding.fingerprint] = _joined(other, finding) if other else finding
    return list(result.values())


def _joined(one: Finding, other: Finding) -> Finding:
    best = max(one, other, key=lambda f: (_WEIGHT[f.status], f.confidence))
    return replace(best, evidence=(*one.evidence, *other.evidence))


def _record_one(db: Connection, finding: Finding, known: KnownFinding | None, place: Place) -> int:
    first = min((place.time_of(e) for e in finding.evidence), default=place.seen)
    if known is None:
        known = _insert(db, finding, place.source, first)
    fresh = add(db, known.id, finding, place)
    changed = _mention(db, known.id, finding, place, first, sure=place.whole or fresh > 0)
    if fresh or changed:
        sum_up(db, known, said_more=fresh > 0)
        bump(db)
    return fresh


def _renamed(db: Connection, found: Sequence[Finding], conversation: str) -> dict[str, KnownFinding]:
    known_as = {f.fingerprint: by_fingerprint(db, f.fingerprint) for f in found}
    unknown = [f for f in found if known_as[f.fingerprint] is None]
    if not unknown:
        return {}
    here = {known.id for known in known_as.values() if known}
    query = select(findings).join(mentions).where(mentions.c.conversation == conversation).order_by(findings.c.id)
    vanished = [k for k in map(_known, db.execute(query)) if k.id not in here]
    result: dict[str, KnownFinding] = {}
    for finding in unknown:
        there = {place_of(e) for e in finding.evidence[:1]}
        for known in vanished:
            if known.kind == finding.kind and there & places(db, known.id):
                result[finding.fingerprint] = known
                vanished.remove(known)
                break
    return result


def _insert(db: Connection, finding: Finding, source: str, first: datetime) -> KnownFinding:
    known = KnownFinding(
        id=short_id(finding.fingerprint),
        fingerprint=finding.fingerprint,
        kind=finding.kind,
        title=finding.title,
        confidence=finding.confidence,
        priority=finding.priority,
        status=finding.status,
        detectors=finding.detectors,
        why=finding.why,
        source=source,
        disposition="new",
        cause="",
        reason="",
        generation=1,
        first_seen=first,
        last_seen=first,
    )
    row = {name: getattr(known, name) for name in KnownFinding.__slots__}
    row |= {"detectors": list(known.detectors), "why": list(known.why)}
    row |= {"first_seen": to_text(first), "last_seen": to_text(first)}
    db.execute(insert(findings).values(row))
    db.execute(insert(fingerprints).values(fingerprint=finding.fingerprint, finding=known.id))
    return known


def _mention(db: Connection, finding_id: str, finding: Finding, place: Place, seen: datetime, *, sure: bool) -> bool:
    row = {
        "title": finding.title,
        "status": finding.status,
        "confidence": finding.confidence,
        "priority": finding.priority,
        "detectors": list(finding.detectors),
        "why": list(finding.why),
    }
    extent: dict[str, object] = {"places": sorted(map(place_of, finding.evidence)), "reach": place.reach}
    key = (mentions.c.finding == finding_id) & (mentions.c.conversation == place.conversation)
    old = db.execute(select(mentions).where(key)).first()
    if old is None:
        new = {"finding": finding_id, "conversation": place.conversation, "seen": to_text(seen)}
        db.execute(insert(mentions).values(**new, **row, **extent))
        return True
    extent["places"] = sorted({*old.places, *map(place_of, finding.evidence)})
    is_same = all(getattr(old, name) == value for name, value in row.items())
    is_same_extent = all(getattr(old, name) == value for name, value in extent.items())
    # What settled it may lie further back than what was kept of the talk: then only new words open it again.
    if (is_same and is_same_extent) or (old.status == "resolved" != finding.status and not sure):
        return False
    db.execute(update(mentions).where(key).values(**row, **extent))
    return not is_same or _has_other_mentions(db, finding_id, finding.status)


def _has_other_mentions(db: Connection, finding_id: str, status: Status) -> bool:
    """Whether another talk leaves the loose end otherwise, so that it matters which goes further."""
    other = select(mentions.c.finding).where(mentions.c.finding == finding_id, mentions.c.status != status)
    return db.execute(other.limit(1)).first() is not None


def sum_up(db: Connection, known: KnownFinding, *, said_more: bool = True, first_seen: datetime | None = None) -> None:
    """Makes of a loose end what all its mentions together tell. ``first_seen`` is when, if that has changed."""
    told = db.execute(select(mentions).where(mentions.c.finding == known.id).order_by(mentions.c.seen)).all()
    rows = _last_words(told)
    best = max(rows, key=lambda row: (_WEIGHT[row.status], row.confidence))
    last = db.execute(select(func.max(evidence.c.seen)).where(evidence.c.finding == known.id)).scalar_one()
    values: dict[str, object] = {
        "status": best.status,
        "confidence": best.confidence,
        "priority": min((row.priority for row in rows if row.status == best.status), key=_RANK.__getitem__),
        "detectors": best.detectors,
        "why": best.why,
        "last_seen": last or to_text(known.last_seen),
    }
    if first_seen is not None:
        values["first_seen"] = to_text(first_seen)
    more = said_more or _WEIGHT[best.status] > _WEIGHT[known.status] or best.confidence > known.confidence
    judged_by_rule = known.disposition in ("held", "dropped") and known.cause not in ("undone", "cap")
    settled = known.disposition == "held" and known.cause != "undone" and best.status == "resolved"
    if (more and judged_by_rule) or settled:
        values["disposition"] = "new"
    db.execute(update(findings).where(findings.c.id == known.id).values(values))


def _last_words(told: Sequence[Row[Any]]) -> list[Row[Any]]:
    """The mentions without those that another log continues: it has the same quotes and goes on further."""
    by_place: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in told:
        for place in row.places:
            by_place[place].append(row)
    return [row for row in told if not (row.places and _is_continued(row, by_place[row.places[0]]))]


def _is_continued(row: Row[Any], others: Sequence[Row[Any]]) -> bool:
    places = set(row.places)
    return any(other.reach > row.reach and places <= set(other.places) for other in others)


_WEIGHT = {"resolved": 0, "deferred": 1, "open": 2}
_RANK: dict[str, int] = {"high": 0, "medium": 1, "low": 2}


def by_fingerprint(db: Connection, fingerprint: str) -> KnownFinding | None:
    """The loose end that has, or had, this fingerprint."""
    query = select(findings).join(fingerprints, fingerprints.c.finding == findings.c.id)
    row = db.execute(query.where(fingerprints.c.fingerprint == fingerprint)).first()
    return None if row is None else _known(row)


def by_id(db: Connection, prefix: str) -> list[KnownFinding]:
    """The findings whose id begins so; people type as much of it as they like."""
    query = select(findings).where(findings.c.id.startswith(prefix, autoescape=True)).order_by(findings.c.id)
    return [_known(row) for row in db.execute(query)]


def by_ids(db: Connection, ids: Sequence[str]) -> list[KnownFinding]:
    """The findings with these whole ids, as far as they are there, by id."""
    rows = [db.execute(select(findings).where(findings.c.id.in_(some))).all() for some in in_batches(ids, AT_ONCE)]
    return sorted((_known(row) for some in rows for row in some), key=lambda known: known.id)


def with_disposition(db: Connection, *wanted: Disposition) -> list[KnownFinding]:
    """In the order in which they were first said, so that plans read like the logs."""
    query = select(findings).where(findings.c.disposition.in_(wanted))
    return [_known(row) for row in db.execute(query.order_by(findings.c.first_seen, findings.c.id))]


def with_untold_sightings(db: Connection) -> list[KnownFinding]:
    """Filed, known or refused loose ends that were mentioned since their ticket, or a person, was last told."""
    untold = select(evidence.c.finding).where(evidence.c.told.is_(False))
    settled = findings.c.disposition.in_(("filed", "known", "refused"))
    query = select(findings).where(settled, findings.c.id.in_(untold))
    return [_known(row) for row in db.execute(query.order_by(findings.c.first_seen, findings.c.id))]


def sightings(db: Connection, finding_id: str) -> list[Sighting]:
    """Every quote of a loose end, oldest first."""
    both = (mentions.c.finding == evidence.c.finding) & (mentions.c.conversation == evidence.c.conversation)
    query = select(evidence, mentions.c.status).join(mentions, both).where(evidence.c.finding == finding_id)
    return [sighting_from(row) for row in db.execute(query.order_by(evidence.c.seen, evidence.c.id))]


def newest_quote(db: Connection, finding_id: str) -> int:
    """The number of the quote stored last: what a ticket written now can tell of."""
    return db.execute(select(func.max(evidence.c.id)).where(evidence.c.finding == finding_id)).scalar() or 0


def told(db: Connection, finding_id: str, up_to: int) -> None:
    """Notes that the loose end's ticket now tells of its quotes up to this number."""
    mine = (evidence.c.finding == finding_id) & (evidence.c.id <= up_to)
    db.execute(update(evidence).where(mine).values(told=True))


def dropped_above(db: Connection, kind: Kind, confidence: float) -> list[KnownFinding]:
    """What was dropped by threshold or route, and is as sure as this: another config may think better of it."""
    query = select(findings).where(
        findings.c.disposition == "dropped",
        findings.c.cause.in_(("threshold", "route")),
        findings.c.kind == kind,
        findings.c.confidence >= confidence,
    )
    return [_known(row) for row in db.execute(query.order_by(findings.c.first_seen, findings.c.id))]


def decide(
    db: Connection,
    finding_id: str,
    disposition: Disposition,
    reason: str,
    *,
    cause: Cause = "",
    generation: int | None = None,
) -> None:
    """Notes what becomes of a loose end, and why. A higher ``generation`` lets it be filed once more, anew."""
    values: dict[str, object] = {"disposition": disposition, "reason": reason, "cause": cause}
    if generation is not None:
        values["generation"] = generation
    db.execute(update(findings).where(findings.c.id == finding_id).values(values))
    bump(db)


def count_by(db: Connection, column: Literal["disposition", "status"]) -> dict[str, int]:
    name = findings.c[column]
    return {row[0]: row[1] for row in db.execute(select(name, func.count()).group_by(name).order_by(name))}


def _known(row: Row[tuple[object, ...]]) -> KnownFinding:
    values = dict(row._mapping)
    values["detectors"], values["why"] = tuple(values["detectors"]), tuple(values["why"])
    values["first_seen"], values["last_seen"] = from_text(values["first_seen"]), from_text(values["last_seen"])
    return KnownFinding(**values)


def as_finding(known: KnownFinding, quotes: Sequence[Sighting]) -> Finding:
    """The finding as the rules and the drafts of tickets take it."""
    return Finding(
        kind=known.kind,
        title=known.title,
        confidence=known.confidence,
        priority=known.priority,
        status=known.status,
        evidence=tuple(quote.evidence for quote in quotes),
        detectors=known.detectors,
        why=known.why,
        fingerprint=known.fingerprint,
    )
