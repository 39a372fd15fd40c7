"""The same tables on PostgreSQL: what is stored, matched and joined there is what SQLite gives.

``LOOSE_ENDS_TEST_DATABASE`` names a database that may be filled and emptied, such as postgresql+psycopg://me@/scratch.
"""

import os
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine

from bot.matching.decision import match
from bot.matching.defaults import MENTIONS
from bot.matching.entry import make_entry
from bot.matching.fingerprint import fingerprint
from bot.matching.memory import MemoryIndex
from bot.matching.model import learned
from bot.model import Evidence, Finding
from bot.store import corpus_changes, findings, together
from bot.store.corpora import StoredCorpus, digests
from bot.store.joining import join
from bot.store.quotes import Place
from bot.store.tables import metadata

URL = os.environ.get("LOOSE_ENDS_TEST_DATABASE", "")
pytestmark = pytest.mark.skipif(not URL, reason="LOOSE_ENDS_TEST_DATABASE names no PostgreSQL database")

WHEN = datetime(2026, 3, 2, 9, tzinfo=UTC)
TITLES = [f"Paint wall {n} of shed {n % 7} in colour {n % 3}" for n in range(60)]


@pytest.fixture
def engine():
    engine = create_engine(URL)
    metadata.drop_all(engine)
    metadata.create_all(engine)
    yield engine
    metadata.drop_all(engine)
    engine.dispose()


def finding(title, talk):
    quote = Evidence(
        log=f"{talk}.md", conversation=talk, line_start=1, line_end=1, role="human", speaker="", quote=f"TODO: {title}"
    )
    return Finding(
        kind="todo",
        title=title,
        confidence=0.9,
        priority="medium",
        status="open",
        evidence=(quote,),
        detectors=("marker",),
        why=(),
        fingerprint=fingerprint("todo", title),
    )


def test_a_corpus_answers_as_memory_does_whatever_was_taken_out(engine):
    entries = [make_entry(str(n), title, f"about {TITLES[-n]}") for n, title in enumerate(TITLES)]
    with engine.begin() as db:
        corpus_changes.put(db, "c", ((entry, "d") for entry in entries))
        corpus_changes.take_out(db, "c", [str(n) for n in range(0, 60, 2)])
        memory = MemoryIndex(entries[1::2])
        for title in TITLES[::9]:
            query = make_entry("q", title, "in which colour?")
            found = match(StoredCorpus(db, "c"), query, learned("mention"), MENTIONS)
            assert found == match(memory, query, learned("mention"), MENTIONS)
        assert set(digests(db, "c", ["1", "2"])) == {"1"}


def test_findings_are_recorded_and_joined(engine):
    said = {"a": "Add retries for the price feed", "b": "Implement retrying for the price feed"}
    for talk, title in said.items():
        with engine.begin() as db:
            findings.record(db, [finding(title, talk)], Place(conversation=talk, source="notes", seen=WHEN, now=WHEN))
    assert join(engine, MENTIONS) == 1
    with engine.begin() as db:
        (known,) = findings.with_disposition(db, "new")
        assert len(together.sightings(db, [known.id])[known.id]) == 2
