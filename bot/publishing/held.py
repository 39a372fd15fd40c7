"""What is held for a person: filed or dropped by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.publishing.again import next_generation
from bot.store import findings, tickets, verdicts
from bot.store.findings import KnownFinding
from bot.store.verdicts import Who


class NotHeld(Exception):
    """An id that names nothing that could be filed or dropped, or more than one finding; the message says which."""


def held(db: Connection) -> list[KnownFinding]:
    """What waits for a person, surest first."""
    return sorted(findings.with_disposition(db, "held"), key=lambda known: -known.confidence)


def find(db: Connection, ids: Sequence[str]) -> list[KnownFinding]:
    """The held findings with these ids, or beginnings of ids.

    Raises:
        NotHeld: for the first id that does not name exactly one.
    """
    return [_find_one(db, wanted) for wanted in ids]


def _find_one(db: Connection, wanted: str) -> KnownFinding:
    found = findings.by_id(db, wanted)
    if not found:
        raise NotHeld(f"{wanted}: no such finding; see: loose-ends held")
    if len(found) > 1:
        raise NotHeld(f"{wanted}: names {len(found)} findings; give more of the id")
    if found[0].disposition not in ("held", "dropped", "refused") and not _is_rejected(db, found[0]):
        raise NotHeld(f"{wanted}: is not held but {found[0].disposition}: {found[0].reason}")
    return found[0]


def _is_rejected(db: Connection, known: KnownFinding) -> bool:
    filed = tickets.with_fingerprint(db, known.fingerprint)
    return bool(filed) and filed[-1].verdict == "rejected"


def approve(db: Connection, known: KnownFinding, now: datetime, *, who: Who = "terminal") -> None:
    """A person wants it filed: rules and caps no longer apply, and earlier tickets do not stand in its way.

    That is a verdict on the finding, and so its ticket needs no review.
    """
    if known.disposition != "approved":
        verdicts.add(db, known.id, "accepted", now, who=who)
    generation = next_generation(db, known) if tickets.with_fingerprint(db, known.fingerprint) else known.generation
    findings.decide(db, known.id, "approved", "filed by hand", generation=max(generation, known.generation))


def refuse(db: Connection, known: KnownFinding, now: datetime, *, who: Who = "terminal") -> None:
    """A person does not want it: it is never filed, nor held again. That is a verdict, unless it was given before."""
    if known.disposition != "refused" and not _is_rejected(db, known):
        verdicts.add(db, known.id, "rejected", now, who=who)
    findings.decide(db, known.id, "refused", f"dropped by hand on {now:%Y-%m-%d}")
    findings.told(db, known.id, findings.newest_quote(db, known.id))
