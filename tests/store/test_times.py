"""Times in the state: every year can be kept and read back, text order is time order, and none lies in the future."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store import findings
from bot.store.times import from_text, to_text

POOLING = "TODO: configure connection pooling for the importer"
TIMES = st.datetimes(timezones=st.just(UTC)).map(lambda time: time.replace(microsecond=0))


def record(project, time):
    file = project.folder / "logs" / "talk.jsonl"
    message = {"role": "user", "content": POOLING}
    line = {"type": "user", "uuid": "u", "sessionId": "s", "timestamp": time, "message": message}
    file.write_text(json.dumps(line) + "\n", encoding="utf-8")
    project.touch(file)


@given(TIMES)
def test_what_is_kept_is_read_back(time):
    assert from_text(to_text(time)) == time


@given(TIMES, TIMES)
def test_text_order_is_time_order(one, other):
    assert (to_text(one) < to_text(other)) == (one < other)


def test_times_of_any_zone_are_kept_in_utc():
    assert to_text(datetime(2026, 3, 2, 1, tzinfo=timezone(timedelta(hours=2)))) == "2026-03-01T23:00:00Z"


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        to_text(datetime(2026, 3, 2))  # noqa: DTZ001 - what is under test


@pytest.mark.parametrize(
    "time", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+05:00", "0999-01-02T00:00:00Z", "9999-12-31T23:59:59-05:00"]
)
def test_a_log_of_the_first_or_last_year_stops_no_later_run(project, time):
    record(project, time)
    assert project.run().errors == []
    again = project.run()
    assert (again.errors, again.outcome.done.total()) == ([], 0)
    assert len(project.tickets()) == 1


def test_a_time_in_the_future_counts_as_now(project):
    record(project, "2099-01-01T00:00:00Z")
    project.run()
    with project.desk() as desk, desk.engine.begin() as db:
        (known,) = findings.by_id(db, "")
    assert known.last_seen == project.now()
