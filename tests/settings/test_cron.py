from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import Schedule, cron_expression
from bot.timetable import Timetable

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)  # 1 June 2026 is a Monday

NEXT_RUNS = [  # (expression, next time from Monday at midnight on)
    ("0 7 * * *", "06-01 07:00"),
    ("30 6 * * 0", "06-07 06:30"),
    ("30 6 * * 7", "06-07 06:30"),
    ("30 6 * * 1", "06-01 06:30"),
    ("30 6 * * sat", "06-06 06:30"),
    ("0 0 * * 5-7", "06-05 00:00"),
    ("0 0 * * SUN,tue", "06-02 00:00"),
    ("*/20 5-23/6 * * *", "06-01 05:00"),
    ("0 0 29 feb *", "02-29 00:00"),
    ("5 4 1 jan,aug *", "08-01 04:05"),
    ("5/10 7 * * *", "06-01 07:05"),
    ("0 7 9 * 6", "06-06 07:00"),
    ("@daily", "06-01 00:00"),
    ("@weekly", "06-07 00:00"),
]


@pytest.mark.parametrize(("expression", "when"), NEXT_RUNS)
def test_an_expression_runs_when_cron_would(expression, when):
    timetable = Timetable(Schedule(cron=expression))
    assert timetable.get_next_fire_time(None, MONDAY).strftime("%m-%d %H:%M") == when


WRONG = [
    ("", "expected five fields (minute hour day month weekday), got 0"),
    ("0 7 * *", "expected five fields (minute hour day month weekday), got 4"),
    ("0 0 7 * * *", "expected five fields (minute hour day month weekday), got 6"),
    ("60 7 * * *", "minute: expected '*', a list, a range or a step of 0 to 59, such as 1,15 or */5"),
    ("0 7 0 * *", "day of month: expected"),
    ("0 7 * 13 *", "month: expected '*', a list, a range or a step of 1 to 12 or jan to dec, such as 1,15 or */5"),
    ("0 7 * * 8", "day of week: expected '*', a list, a range or a step of 0 to 7 or sun to sat"),
    ("0 7 * * monday", "day of week: expected"),
    ("0 7-5 * * *", "hour: expected"),
    ("*/0 7 * * *", "minute: expected"),
    ("a,b 7 * * *", "minute: expected"),
    ("1,,2 7 * * *", "minute: expected"),
    ("0 7 31 2,4 *", "day of month: expected '*', a list, a range or a step of 1 to 31, in a month that has it"),
    ("@reboot", "expected five fields (minute hour day month weekday), got 1"),
    ("٣ 7 * * *", "minute: expected"),
]


@pytest.mark.parametrize(("expression", "message"), WRONG)
def test_a_wrong_expression_is_told_by_field(expression, message):
    with pytest.raises(ValueError, match=r"[a-z]") as caught:
        cron_expression(expression)
    assert str(caught.value).startswith(message)


@given(st.lists(st.text("0123456789*/,-#LWabcdejnu", min_size=1, max_size=6), min_size=5, max_size=5))
def test_any_expression_is_taken_or_told(parts):
    told = ""
    try:
        cron_expression(" ".join(parts))
    except ValueError as error:
        told = str(error)
    assert not told or ": expected" in told
