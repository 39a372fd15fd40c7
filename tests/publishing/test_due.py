"""Words that put something off, and the day on which it comes back."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.publishing.due import due_in
from bot.settings import Deferrals

SAID = datetime(2026, 3, 4, 15, tzinfo=UTC)  # a Wednesday
ROWS = [
    ("quarter and year", "dark mode goes to Q2 2026", date(2026, 4, 1)),
    ("year first", "planned for 2026-Q3", date(2026, 7, 1)),
    ("quarter alone", "let's park that for Q3", date(2026, 7, 1)),
    ("quarter that ended", "maybe Q4, not in Q2 2025", date(2026, 10, 1)),
    ("quarter spelled out", "in the third quarter of 2026", date(2026, 7, 1)),
    ("half year", "not before H2", date(2026, 7, 1)),
    ("short year", "Q1 '27 at the earliest", date(2027, 1, 1)),
    ("moved on", "moved from Q2 2026 to Q4 2026", date(2026, 10, 1)),
    ("next month", "leave the menu until next month", date(2026, 4, 1)),
    ("next week", "let us do it next week", date(2026, 3, 9)),
    ("next quarter", "next quarter, please", date(2026, 4, 1)),
    ("next year", "that is for next year", date(2027, 1, 1)),
    ("next sprint", "put it into the next sprint", date(2026, 3, 18)),
    ("after the release", "rewrite the importer after the release", date(2026, 4, 3)),
    ("after we launch", "once we have launched", date(2026, 4, 3)),
    ("after a named version", "postponed until v2.0", date(2026, 4, 3)),
    ("post-launch", "a post-launch task", date(2026, 4, 3)),
    ("in two weeks", "remind me in two weeks", date(2026, 3, 18)),
    ("in digits", "in 10 days or so", date(2026, 3, 14)),
    ("a few", "in a few months", date(2026, 6, 4)),
    ("from now", "three weeks from now", date(2026, 3, 25)),
    ("two sprints", "in two sprints", date(2026, 4, 1)),
    ("month", "we pick it up in May", date(2026, 5, 1)),
    ("month that passed", "not until February", date(2027, 2, 1)),
    ("this month", "sometime in March", date(2026, 3, 1)),
    ("after a month", "after April", date(2026, 5, 1)),
    ("end of a month", "by the end of June", date(2026, 6, 30)),
    ("day first", "on the 3rd of April", date(2026, 4, 3)),
    ("day and month", "until 3 April 2026", date(2026, 4, 3)),
    ("month and day", "by April 3rd", date(2026, 4, 3)),
    ("ISO day", "due 2026-05-17", date(2026, 5, 17)),
    ("no such day", "on February 31, 2027", None),
    ("end of the quarter", "at the end of the quarter", date(2026, 3, 31)),
    ("weekday", "until Monday", date(2026, 3, 9)),
    ("tomorrow", "tomorrow then", date(2026, 3, 5)),
    ("season", "after the summer", date(2026, 9, 1)),
    ("new year", "in the new year", date(2027, 1, 1)),
    ("later", "leave it for later", None),
    ("a version number", "bump lodash to 4.17", None),
    ("a verb", "it may march on", None),
    ("the past", "since last week", None),
    ("a port", "port 2026 is taken", None),
]


@pytest.mark.parametrize(("text", "day"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_words_name_a_day(text, day):
    found = due_in(text, SAID, ZoneInfo("UTC"), Deferrals())
    assert (found and found.at.date()) == day


def test_lengths_are_configured():
    rules = Deferrals(sprint=timedelta(days=21), release=timedelta(days=5))
    days = [due_in(text, SAID, ZoneInfo("UTC"), rules).at.date() for text in ("next sprint", "after the release")]
    assert days == [date(2026, 3, 25), date(2026, 3, 9)]


def test_days_are_those_of_the_configured_zone():
    late = datetime(2026, 3, 31, 23, tzinfo=UTC)
    found = due_in("tomorrow", late, ZoneInfo("Europe/Berlin"), Deferrals())
    assert found.at.isoformat() == "2026-04-02T00:00:00+02:00"


@given(st.text(st.sampled_from(list("qh1234 nextinaferw-20/'ofthe")), max_size=300))
def test_any_text_is_read(text):
    found = due_in(text, SAID, ZoneInfo("UTC"), Deferrals())
    assert found is None or found.at.year < 2040


@pytest.mark.parametrize("piece", ["in a ", "after the ", "2026-", "q1 of ", "until the next "])
def test_hostile_text_takes_no_time(piece):
    start = time.process_time()
    due_in(piece * 100_000, SAID, ZoneInfo("UTC"), Deferrals())
    assert time.process_time() - start < 1
