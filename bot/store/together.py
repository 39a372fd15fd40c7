"""What many loose ends need, read in few statements: a plan asks for each held one on every run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from bot.store.corpora import AT_ONCE, in_batches
from bot.store.quotes import Sighting, sighting_from
from bot.store.tables import evidence, mentions, tickets
from bot.store.tickets import KnownTicket, known_from


def sightings(db: Connection, finding_ids: Iterable[str]) -> Mapping[str, list[Sighting]]:
    """As ``findings.sightings``, for each id; an id without quotes gives an empty list."""
    found: defaultdict[str, list[Sighting]] = defaultdict(list)
    both = (mentions.c.finding == evidence.c.finding) & (mentions.c.conversation == evidence.c.conversation)
    query = select(evidence, mentions.c.status).join(mentions, both).order_by(evidence.c.seen, evidence.c.id)
    for some in in_batches(dict.fromkeys(finding_ids), AT_ONCE):
        for row in db.execute(query.where(evidence.c.finding.in_(some))):
            found[row.finding].append(sighting_from(row))
    return found


def tickets_of(db: Connection, fingerprints: Iterable[str]) -> Mapping[str, list[KnownTicket]]:
    """As ``tickets.with_fingerprint``, for each fingerprint; one without tickets gives an empty list."""
    found: defaultdict[str, list[KnownTicket]] = defaultdict(list)
    query = select(tickets).order_by(tickets.c.created_at, tickets.c.id)
    for some in in_batches(dict.fromkeys(fingerprints), AT_ONCE):
        for row in db.execute(query.where(tickets.c.fingerprint.in_(some))):
            found[row.fingerprint].append(known_from(row))
    return found
