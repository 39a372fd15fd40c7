"""The moments of a schedule, also in the nights in which the clocks are changed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.settings import Schedule
from bot.timetable import Timetable

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"


def moments(cron, zone, start, count):
    timetable = Timetable(Schedule(cron=cron, time_zone=zone))
    found, now = [], start.astimezone(ZoneInfo(zone))
    while len(found) < count:
        found.append(timetable.get_next_fire_time(found[-1] if found else None, now))
        now = found[-1]
    return [moment.astimezone(UTC).strftime("%d %H:%M") for moment in found]


@pytest.mark.parametrize(
    ("cron", "zone", "start", "expected"),
    [
        pytest.param("30 2 * * *", BERLIN, (10, 24, 22), ["25 00:30", "26 01:30"], id="nightly-clocks-back-once"),
        pytest.param("30 1 * * *", NEW_YORK, (11, 1, 4), ["01 05:30", "02 06:30"], id="nightly-clocks-back-west"),
        pytest.param("0 1-3 * * *", BERLIN, (10, 24, 22), ["24 23:00", "25 00:00", "25 02:00"], id="named-hours-back"),
        pytest.param(
            "30 2 * * *", BERLIN, (3, 28, 23), ["29 01:00", "30 00:30"], id="nightly-clocks-forward-still-runs"
        ),
        pytest.param(
            "0 * * * *", BERLIN, (10, 24, 23), ["24 23:00", "25 00:00", "25 01:00", "25 02:00"], id="hourly-back"
        ),
        pytest.param(
            "0 * * * *", BERLIN, (3, 28, 23), ["28 23:00", "29 00:00", "29 01:00", "29 02:00"], id="hourly-forward"
        ),
        pytest.param("*/30 * * * *", BERLIN, (10, 25, 0), ["25 00:00", "25 00:30", "25 01:00"], id="half-hourly-back"),
        pytest.param("0 0 * * *", BERLIN, (3, 28, 22), ["28 23:00", "29 22:00"], id="midnight-after-clocks-forward"),
        pytest.param("0 7 * * *", "UTC", (10, 24, 22), ["25 07:00", "26 07:00"], id="no-such-nights"),
    ],
)
def test_moments(cron, zone, start, expected):
    assert moments(cron, zone, datetime(2026, *start, tzinfo=UTC), len(expected)) == expected


@settings(max_examples=12)
@given(
    hour=st.integers(0, 23), minute=st.integers(0, 59), zone=st.sampled_from([BERLIN, NEW_YORK, "Australia/Lord_Howe"])
)
def test_a_daily_run_comes_once_on_each_day_of_a_year(hour, minute, zone):
    timetable = Timetable(Schedule(cron=f"{minute} {hour} * * *", time_zone=zone))
    now = timetable.get_next_fire_time(None, datetime(2026, 1, 1, tzinfo=ZoneInfo(zone)))
    for day in range(364):
        assert now.date() == date(2026, 1, 1) + timedelta(days=day)
        now = timetable.get_next_fire_time(now, now)


def test_the_last_run_is_not_repeated_when_the_machines_clock_goes_back():
    timetable = Timetable(Schedule(cron="30 2 * * *", time_zone=BERLIN))
    ran = datetime(2026, 6, 1, 2, 30, tzinfo=ZoneInfo(BERLIN))
    assert timetable.get_next_fire_time(ran, ran - timedelta(hours=1)) == ran + timedelta(days=1)


def test_a_clock_that_was_a_year_ahead_does_not_silence_the_service_for_a_year():
    timetable = Timetable(Schedule(cron="30 2 * * *"))
    now = datetime(2026, 6, 1, tzinfo=UTC)
    assert timetable.get_next_fire_time(now + timedelta(days=365), now) == now + timedelta(hours=2, minutes=30)
