"""What the state remembers of a loose end when its logs are read again, grow, or are copied."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.matching.fingerprint import fingerprint
from bot.model import Evidence, Finding
from bot.store import findings
from bot.store.engine import open_state
from bot.store.quotes import Place

WHEN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def quote(words, talk="a", line=3, turn=""):
    return Evidence(
        log=f"{talk}.md",
        conversation=talk,
        line_start=line,
        line_end=line,
        role="human",
        speaker="",
        quote=words,
        turn=turn,
    )


def finding(title, *evidence, **changes):
    found = Finding(
        kind="todo",
        title=title,
        confidence=0.9,
        priority="medium",
        status="open",
        evidence=evidence,
        detectors=("x",),
        why=(),
    )
    return replace(found, fingerprint=fingerprint("todo", title), **changes)


@pytest.fixture
def db(tmp_path):
    with open_state(tmp_path / "state.db").begin() as connection:
        yield connection


def record(db, *found, talk="a"):
    return findings.record(db, found, Place(conversation=talk, source="notes", seen=WHEN, now=WHEN))


def only(db):
    (known,) = findings.with_disposition(db, "new", "filed", "held")
    return known


def test_reading_again_adds_nothing(db):
    again = finding("Rotate keys of the gateway", quote("TODO: rotate"))
    assert [record(db, again), record(db, again)] == [1, 0]


def test_a_moved_line_is_the_same_quote(db):
    record(db, finding("Rotate keys of the gateway", quote("TODO: rotate", line=3)))
    assert record(db, finding("Rotate keys of the gateway", quote("TODO:  rotate", line=30))) == 0


def test_a_copied_message_is_one_quote_wherever_it_lies(db):
    record(db, finding("Rotate keys of the gateway", quote("TODO: rotate", talk="a", turn="uuid-1")))
    assert (
        record(db, finding("Rotate keys of the gateway", quote("TODO: rotate", talk="b", turn="uuid-1")), talk="b") == 0
    )


def test_a_better_title_for_the_same_words_is_the_same_loose_end(db):
    record(db, finding("Rotate it", quote("TODO: rotate it")))
    findings.decide(db, only(db).id, "filed", "filed as #1")
    record(db, finding("Rotate the signing keys", quote("TODO: rotate it")))
    assert only(db).disposition == "filed"


def test_two_loose_ends_in_one_sentence_stay_two(db):
    words = "I need to rotate the keys and renew the certificate"
    record(db, finding("Rotate the keys", quote(words)), finding("Renew the certificate", quote(words)))
    assert len(findings.with_disposition(db, "new")) == 2


def test_open_anywhere_is_open(db):
    title = "Rotate keys of the gateway"
    record(db, finding(title, quote("a", "a"), status="resolved"), talk="a")
    record(db, finding(title, quote("b", "b"), confidence=0.5), talk="b")
    assert (only(db).status, only(db).confidence) == ("open", 0.5)
    record(db, finding(title, quote("b", "b"), status="resolved"), talk="b")
    assert only(db).status == "resolved"


def test_a_new_mention_opens_a_decision_of_the_rules_but_not_of_a_person(db):
    title = "Rotate keys of the gateway"
    record(db, finding(title, quote("a", "a")))
    findings.decide(db, only(db).id, "dropped", "confidence too low", cause="threshold")
    record(db, finding(title, quote("b", "b")), talk="b")
    known = only(db)
    assert known.disposition == "new"
    findings.decide(db, known.id, "refused", "dropped by hand")
    record(db, finding(title, quote("c", "c")), talk="c")
    assert findings.with_disposition(db, "refused")[0].id == known.id


def test_one_loose_end_told_twice_in_a_conversation_is_open_while_one_telling_is(db):
    title = "Rotate keys of the gateway"
    record(db, finding(title, quote("a")), finding(f"{title}!", quote("b", line=9), status="resolved"))
    assert only(db).status == "open"
    assert len(findings.sightings(db, only(db).id)) == 2


def test_a_better_title_that_comes_twice_is_one_name(db):
    record(db, finding("Rotate it", quote("TODO: rotate it")))
    better = "Rotate the signing keys"
    record(db, finding(better, quote("TODO: rotate it")), finding(f"{better}.", quote("TODO: rotate it", line=9)))
    assert only(db).title == "Rotate it"


def test_what_is_found_under_its_newer_name_has_not_vanished(db):
    words = "I need to rotate it and renew it"
    record(db, finding("Rotate it", quote(words)))
    record(db, finding("Rotate the signing keys", quote(words)))
    record(db, finding("Rotate the signing keys", quote(words)), finding("Renew the certificate", quote(words)))
    assert len(findings.with_disposition(db, "new")) == 2


def test_what_stands_around_a_quote_grows_with_its_talk(db):
    for before, after in [("a", ""), ("", "b"), ("", "")]:
        record(db, finding("Rotate keys of the gateway", replace(quote("TODO: rotate"), before=before, after=after)))
    (kept,) = findings.sightings(db, only(db).id)
    assert (kept.evidence.before, kept.evidence.after) == ("a", "b")
