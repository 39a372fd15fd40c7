"""What is read for many loose ends at once is what each would have been told alone."""

from datetime import UTC, datetime

import pytest

from bot.matching.fingerprint import fingerprint
from bot.model import Evidence, Finding
from bot.store import findings, together
from bot.store.engine import open_state

WHEN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def finding(title, line):
    quotes = tuple(
        Evidence(
            log="a.md", conversation="a", line_start=at, line_end=at, role="human", speaker="", quote=f"{title} {at}"
        )
        for at in (line, line + 1)
    )
    return Finding(
        kind="todo",
        title=title,
        confidence=0.9,
        priority="medium",
        status="open",
        evidence=quotes,
        detectors=("x",),
        why=(),
        fingerprint=fingerprint("todo", title),
    )


@pytest.fixture
def db(tmp_path):
    with open_state(tmp_path / "state.db").begin() as connection:
        found = [finding(title, 10 * n) for n, title in enumerate(("Rotate keys", "Paint the shed", "Call Ann"))]
        findings.record(connection, found, findings.Place(conversation="a", source="notes", seen=WHEN, now=WHEN))
        yield connection


def test_the_quotes_of_many_are_those_of_each(db):
    ids = [known.id for known in findings.with_disposition(db, "new", "held")]
    found = together.sightings(db, ids)
    assert len(ids) == 3
    assert {name: found[name] for name in ids} == {name: findings.sightings(db, name) for name in ids}
    assert [len(found[name]) for name in ids] == [2, 2, 2]


def test_what_is_not_there_is_empty(db):
    assert together.sightings(db, ["nobody"])["nobody"] == []
    assert together.tickets_of(db, ["v1-nothing"])["v1-nothing"] == []
