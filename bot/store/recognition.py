"""The same loose end said in other words: known by likeness, among the findings of all conversations."""

from __future__ import annotations

from sqlalchemy import Connection, select

from bot.matching.decision import Thresholds, match
from bot.matching.entry import Entry, make_entry
from bot.matching.model import learned
from bot.model import Finding
from bot.store import corpus_changes
from bot.store.corpora import FINDINGS, StoredCorpus, digest
from bot.store.tables import findings, mentions

_QUOTES = 5  # of a finding that are compared


def recognize(db: Connection, finding: Finding, conversation: str, thresholds: Thresholds) -> str:
    """The id of the known finding that this is, "" for none.

    Another kind is another finding, however like, and so is what one conversation tells apart: two tasks in one
    sentence share all its words.
    """
    found = match(StoredCorpus(db, FINDINGS), _entry(finding, ""), learned("mention"), thresholds)
    if found.decision != "same":
        return ""
    best = found.candidates[0].id
    kind = db.execute(select(findings.c.kind).where(findings.c.id == best)).scalar()
    here = (mentions.c.finding == best) & (mentions.c.conversation == conversation)
    told_apart = db.execute(select(mentions.c.finding).where(here)).first() is not None
    return best if kind == finding.kind and not told_apart else ""


def remember(db: Connection, finding_id: str, finding: Finding) -> None:
    """Lets later findings be compared with this one."""
    entry = _entry(finding, finding_id)
    corpus_changes.put(db, FINDINGS, [(entry, digest(finding.title))])


def _entry(finding: Finding, finding_id: str) -> Entry:
    quotes = "\n".join(item.quote for item in finding.evidence[:_QUOTES])
    return make_entry(finding_id, finding.title, quotes, kind=finding.kind)
