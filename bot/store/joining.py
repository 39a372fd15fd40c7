"""New loose ends of a run that are one, said in other words in other talks, become one with all their mentions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Engine, delete, exists, select, update
from sqlalchemy.sql.elements import ColumnElement

from bot.matching.decision import Thresholds
from bot.matching.grouping import Said, groups
from bot.matching.model import learned
from bot.store import corpus_changes
from bot.store.corpora import AT_ONCE, FINDINGS, digest, in_batches
from bot.store.findings import KnownFinding, by_ids, sum_up
from bot.store.quotes import places
from bot.store.recognition import entry_of
from bot.store.revision import bump
from bot.store.tables import corpus_entries, evidence, findings, fingerprints, mentions

_MOST_OLD = 20_000  # of a state of an older version that are taken up in one run
_AT_ONCE = 1_000  # of these in one transaction


def join(engine: Engine, limits: Thresholds) -> int:
    """Joins what was found since the last time, and lets later findings be compared with it.

    Until then it is in no corpus, so that the order in which logs are read does not matter; and what a run that was
    cut short has left is joined by the next one. Returns how many findings turned out to be others.
    """
    with engine.begin() as db:
        fresh = _not_taken_up(db, findings.c.disposition == "new")
        said = _said(db, fresh)
    less = 0
    for group in groups(said.values(), learned("mention"), limits) if fresh else ():
        with engine.begin() as db:
            less += _make_one(db, group)
    if fresh:
        with engine.begin() as db:
            _take_up(db, [said[known.id] for known in by_ids(db, fresh)])
    return less


def take_up_old(engine: Engine) -> list[str]:
    """Lets new findings be compared with those that an older version stored; returns what to know, a line each."""
    with engine.begin() as db:
        old = _not_taken_up(db, findings.c.disposition != "new")
    for some in in_batches(old[:_MOST_OLD], _AT_ONCE):
        with engine.begin() as db:
            _take_up(db, list(_said(db, some).values()))
    if not old:
        return []
    left = f"; {len(old) - _MOST_OLD} more by the next runs" if len(old) > _MOST_OLD else ""
    count = min(len(old), _MOST_OLD)
    return [f"{count} {'finding' if count == 1 else 'findings'} of an older version can be recognised now{left}"]


def _not_taken_up(db: Connection, of: ColumnElement[bool]) -> list[str]:
    """Ids of findings that nothing is compared with yet."""
    known = exists().where(corpus_entries.c.corpus == FINDINGS, corpus_entries.c.name == findings.c.id)
    return list(db.execute(select(findings.c.id).where(of, ~known).order_by(findings.c.id)).scalars())


def _said(db: Connection, names: Sequence[str]) -> Mapping[str, Said]:
    talks: defaultdict[str, set[str]] = defaultdict(set)
    quotes: defaultdict[str, list[str]] = defaultdict(list)
    for some in in_batches(names, AT_ONCE):
        told = select(mentions.c.finding, mentions.c.conversation).where(mentions.c.finding.in_(some))
        for row in db.execute(told):
            talks[row.finding].add(row.conversation)
        # Numbers of quotes tell in which order logs were read, so they do not count here.
        order = (evidence.c.seen, evidence.c.log, evidence.c.line_start, evidence.c.place)
        for row in db.execute(select(evidence).where(evidence.c.finding.in_(some)).order_by(*order)):
            quotes[row.finding].append(row.quote)
    return {
        known.id: Said(
            entry=entry_of(known.id, known.kind, known.title, quotes[known.id]), talks=frozenset(talks[known.id])
        )
        for known in by_ids(db, names)
    }


def _take_up(db: Connection, said: Sequence[Said]) -> None:
    corpus_changes.put(db, FINDINGS, [(one.entry, digest(one.entry.id)) for one in said])


def _make_one(db: Connection, group: Sequence[str]) -> int:
    """Makes the surest of a group carry the mentions of all; returns how many there are less."""
    first, *others = sorted(by_ids(db, group), key=lambda known: (-known.confidence, known.first_seen, known.id))
    for other in others:
        _move(db, other, first)
    earliest = min(known.first_seen for known in (first, *others))
    sum_up(db, first, first_seen=earliest)
    bump(db)
    return len(others)


def _move(db: Connection, other: KnownFinding, first: KnownFinding) -> None:
    of_other = evidence.c.finding == other.id
    db.execute(delete(evidence).where(of_other, evidence.c.place.in_(places(db, first.id))))
    for table in (evidence, mentions, fingerprints):
        db.execute(update(table).where(table.c.finding == other.id).values(finding=first.id))
    db.execute(delete(findings).where(findings.c.id == other.id))
