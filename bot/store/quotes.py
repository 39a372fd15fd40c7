"""The quotes that show a loose end: each is kept once, with where it stands and the lines around it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, insert, select, update

from bot.matching.decision import Thresholds
from bot.matching.defaults import MENTIONS
from bot.model import Evidence, Finding, Role, Status
from bot.store.tables import evidence
from bot.store.times import from_text, maybe_from_text, maybe_to_text, to_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where findings were read: the conversation in the state, its source, and the log's own time.

    ``seen`` stands in where a quote has no time of its own, ``now`` bounds those that it has. ``whole`` says that the
    conversation was looked at from its beginning, ``reach`` how far it goes (see bot.store.tables.mentions), ``alike``
    from which scores on other words are taken for the same.
    """

    conversation: str
    source: str
    seen: datetime
    now: datetime
    whole: bool = True
    reach: int = 0
    alike: Thresholds = MENTIONS

    def time_of(self, item: Evidence) -> datetime:
        """When a quote counts as said: never later than now, whatever a log claims."""
        return min(item.time or self.seen, self.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A quote in the state.

    ``seen`` is when it counts as said, ``told`` whether a ticket tells of it yet, ``status`` how its conversation
    left the loose end.
    """

    evidence: Evidence
    source: str
    seen: datetime
    told: bool
    status: Status


def place_of(item: Evidence) -> str:
    """What a quote is known by: the same words of the same message are one quote, in every copy of the talk."""
    words = " ".join(item.quote.split()).casefold()
    return hashlib.sha256(f"{item.turn or item.conversation}\x1f{words}".encode()).hexdigest()[:32]


def places(db: Connection, finding_id: str) -> set[str]:
    """The quotes that are known of a loose end."""
    return set(db.execute(select(evidence.c.place).where(evidence.c.finding == finding_id)).scalars())


def add(db: Connection, finding_id: str, finding: Finding, where: Place) -> int:
    """Stores the quotes that are not known yet, and returns how many they were."""
    query = select(evidence.c.place, evidence.c.before, evidence.c.after).where(evidence.c.finding == finding_id)
    known = {row.place: (row.before, row.after) for row in db.execute(query)}
    fresh = 0
    for item in finding.evidence:
        place = place_of(item)
        if place in known:
            _widen(db, finding_id, place, item, known[place])
            continue
        known[place] = (item.before, item.after)
        fresh += 1
        db.execute(insert(evidence).values(finding=finding_id, place=place, told=False, **_row(item, where)))
    return fresh


def _widen(db: Connection, finding_id: str, place: str, item: Evidence, known: tuple[str, str]) -> None:
    """Keeps the longer surroundings: when a quote is first read, its talk may end right behind it."""
    before, after = max(known[0], item.before, key=len), max(known[1], item.after, key=len)
    if (before, after) != known:
        here = (evidence.c.finding == finding_id) & (evidence.c.place == place)
        db.execute(update(evidence).where(here).values(before=before, after=after))


def _row(item: Evidence, where: Place) -> dict[str, object]:
    return {
        "conversation": where.conversation,
        "log": item.log,
        "source": where.source,
        "line_start": item.line_start,
        "line_end": item.line_end,
        "role": item.role,
        "speaker": item.speaker,
        "quote": item.quote,
        "before": item.before,
        "after": item.after,
        "turn": item.turn,
        "said": maybe_to_text(item.time),
        "seen": to_text(where.time_of(item)),
    }


def sighting_from(row: Row[Any]) -> Sighting:
    """A quote from its row, with the status of its mention."""
    return Sighting(
        evidence=Evidence(
            log=row.log,
            conversation=row.conversation,
            line_start=row.line_start,
            line_end=row.line_end,
            role=cast(Role, row.role),
            speaker=row.speaker,
            quote=row.quote,
            time=maybe_from_text(row.said),
            turn=row.turn,
            before=row.before,
            after=row.after,
        ),
        source=row.source,
        seen=from_text(row.seen),
        told=row.told,
        status=cast(Status, row.status),
    )
