"""What a talk says is done, though it was raised elsewhere: known by likeness, among what was filed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from bot.matching.decision import match
from bot.matching.entry import make_entry
from bot.matching.model import learned
from bot.model import Evidence, Finding
from bot.store.corpora import FINDINGS, StoredCorpus
from bot.store.findings import KnownFinding, by_id, record
from bot.store.quotes import Place
from bot.store.tables import findings, mentions

if TYPE_CHECKING:
    from bot.extraction.claims import Claim

_LEAST_WORDS, _LEAST_SHARE = 2, 0.5  # of a title, in a sentence that says that it is done


def has_filed(db: Connection) -> bool:
    """Whether there is anything that a claim could be about."""
    return db.execute(select(findings.c.id).where(findings.c.disposition == "filed").limit(1)).first() is not None


def settle(db: Connection, claims: Sequence[Claim], found: Sequence[Finding], place: Place) -> int:
    """Notes each claim as a mention that leaves a filed loose end as done; returns how many were new.

    One that is a quote of a finding of this talk, or is about something that this talk leaves open, is not taken: the
    talk itself has told.
    """
    quoted = {item.quote for finding in found for item in finding.evidence}
    noted = 0
    for claim in claims:
        known = _meant(db, claim, place) if claim.evidence.quote not in quoted else None
        if known is not None:
            noted += record(db, [_done(known, claim.evidence)], place)
    return noted


def _meant(db: Connection, claim: Claim, place: Place) -> KnownFinding | None:
    quote, verb = claim.evidence.quote, claim.verb
    known = _alike(db, quote, place) or (_alike(db, claim.about, place) if claim.about != quote else None)
    if known is None or not _names(quote, known.title):
        return None
    if verb and (known.kind == "bug" or not _terms(verb) & _terms(known.title)):
        return None
    here = (mentions.c.finding == known.id) & (mentions.c.conversation == place.conversation)
    told = db.execute(select(mentions.c.status).where(here)).scalar()
    return known if known.disposition == "filed" and told in (None, "resolved") else None


def _alike(db: Connection, words: str, place: Place) -> KnownFinding | None:
    found = match(StoredCorpus(db, FINDINGS), make_entry("", words, words), learned("mention"), place.alike)
    return by_id(db, found.candidates[0].id)[0] if found.decision == "same" else None


def _names(quote: str, title: str) -> bool:
    """Whether a sentence has most of what a title says: with one rare word in common, two things are alike, not one."""
    wanted = _terms(title)
    shared = wanted & _terms(quote)
    return len(shared) >= _LEAST_WORDS and len(shared) >= _LEAST_SHARE * len(wanted)


def _terms(text: str) -> frozenset[str]:
    return frozenset(make_entry("", text, "").title)


def _done(known: KnownFinding, evidence: Evidence) -> Finding:
    return Finding(
        kind=known.kind,
        title=known.title,
        confidence=known.confidence,
        priority=known.priority,
        status="resolved",
        evidence=(evidence,),
        detectors=known.detectors,
        why=known.why,
        fingerprint=known.fingerprint,
    )
