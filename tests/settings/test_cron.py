from datetime import UTC, datetime

import pytest
from apscheduler.triggers.cron import CronTrigger

from bot.settings import cron_fields

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)  # 1 June 2026 is a Monday

NEXT_RUNS = [  # (expression, next time after Monday at midnight)
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
    ("@daily", "06-01 00:00"),
    ("@weekly", "06-07 00:00"),
]


@pytest.mark.parametrize(("expression", "when"), NEXT_RUNS)
def test_an_expression_runs_when_cron_would(expression, when):
    trigger = CronTrigger(**cron_fields(expression), timezone=UTC)
    assert trigger.get_next_fire_time(None, MONDAY).strftime("%m-%d %H:%M") == when


WRONG = [
    ("", "expected five fields (minute hour day month weekday), got 0"),
    ("0 7 * *", "expected five fields (minute hour day month weekday), got 4"),
    ("60 7 * * *", "minute: expected 0 to 59"),
    ("0 7 0 * *", "day of month: expected 1 to 31"),
    ("0 7 * 13 *", "month: expected 1 to 12"),
    ("0 7 * * 8", "day of week: expected 0 to 7"),
    ("0 7 * * monday", "day of week: expected '*', a number, a range or a step such as */5"),
    ("0 7-5 * * *", "hour: the range or step selects nothing"),
    ("*/0 7 * * *", "minute: the range or step selects nothing"),
    ("5/10 7 * * *", "minute: a step needs '*' or a range before it, such as */10"),
    ("a,b 7 * * *", "minute: expected 0 to 59"),
    ("0 7 1 * 1", "day of month and day of week together are ambiguous; set one of them to '*'"),
    ("0 7 31 2,4 *", "no such day in the months named; this would never run"),
    ("@reboot", "expected five fields (minute hour day month weekday), got 1"),
    ("٣ 7 * * *", "minute: expected '*', a number, a range or a step such as */5"),
]


@pytest.mark.parametrize(("expression", "message"), WRONG)
def test_a_wrong_expression_is_told_by_field(expression, message):
    with pytest.raises(ValueError, match=r"[a-z]") as caught:
        cron_fields(expression)
    assert str(caught.value) == message
