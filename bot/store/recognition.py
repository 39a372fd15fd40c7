"""The same loose end said in other words: known by likeness, among the findings of all conversations."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from bot.matching.decision import Candidate, Thresholds, match
from bot.matching.entry import Entry, make_entry
from bot.matching.grouping import only_of
from bot.matching.model import learned
from bot.matching.thin import is_thin
from bot.model import Finding
from bot.store.corpora import FINDINGS, StoredCorpus, entry_named
from bot.store.tables import mentions

_QUOTES = 5  # of a finding that are compared


def recognize(db: Connection, finding: Finding, conversation: str, thresholds: Thresholds) -> str:
    """The id of the known finding that this is, "" for none. Those that are new in this run are not among them.

    Another kind is another finding, however like, and so is what one conversation tells apart: two tasks in one
    sentence share all its words.
    """
    entry = entry_of("", finding.kind, finding.title, [item.quote for item in finding.evidence])
    corpus = StoredCorpus(db, FINDINGS)
    found = match(corpus, entry, learned("mention"), thresholds)
    best: Candidate | None = found.candidates[0] if found.decision == "same" else None
    if best is None or best.kind != finding.kind:
        best = only_of([one for one in found.candidates if one.kind == finding.kind], thresholds)
    like = entry_named(db, FINDINGS, best.id) if best else None
    if best is None or like is None or is_thin(entry, like, corpus):
        return ""
    here = (mentions.c.finding == best.id) & (mentions.c.conversation == conversation)
    return "" if db.execute(select(mentions.c.finding).where(here)).first() else best.id


def entry_of(name: str, kind: str, title: str, quotes: Sequence[str]) -> Entry:
    """A finding as it is compared: its title, and the words it was found in."""
    return make_entry(name, title, "\n".join(quotes[:_QUOTES]), kind=kind)
