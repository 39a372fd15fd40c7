from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.settings import ConfigError
from bot.settings.loading import parse_settings
from bot.settings.sources import shown

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def source(keys, **environ):
    text = f"sources: {{notes: {{path: logs, {keys}}}}}\ntargets: {{inbox: {{tracker: local, path: tickets}}}}\n"
    settings = parse_settings(text, file=Path("c.yaml"), folder=Path("/x"), home=Path("/home/ann"), environ=environ)
    return settings.sources["notes"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("15m", 900),
        ("15 minutes", 900),
        ("1h 30m", 5400),
        ("1.5h", 5400),
        ("2d", 172_800),
        ("2 Weeks", 1_209_600),
        ("1y", 31_536_000),
        ("0", 0),
        ("0s", 0),
    ],
)
def test_spans_are_spelled_as_people_do(text, seconds):
    assert source(f"quiet: {text}").quiet == timedelta(seconds=seconds)
    assert source("", LOOSE_ENDS_SOURCES__NOTES__QUIET=text if text != "0" else "0s").quiet.total_seconds() == seconds


@pytest.mark.parametrize("text", ["15", "m", "15 parsecs", "-5m", "5m ago", "true", "[5m]", "1m" * 9, "PT5M"])
def test_what_is_no_span_is_one_line(text):
    with pytest.raises(ConfigError) as caught:
        source(f"quiet: {text}")
    (problem,) = caught.value.problems
    assert problem == (
        "c.yaml:1: sources.notes.quiet: expected a span of time with its unit, such as 90s, 15m, 12h, 30d or 2w"
    )


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("'2026-01-31'", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31 08:00", datetime(2026, 1, 31, 8, tzinfo=UTC)),
        ("2026-01-31T08:00:00+02:00", datetime(2026, 1, 31, 6, tzinfo=UTC)),
    ],
)
def test_dates_are_iso_and_utc_where_they_name_no_zone(text, moment):
    assert source(f"since: {text}").since == moment


@pytest.mark.parametrize("text", ["31.1.2026", "yesterday", "2026-02-30", "20", "{}"])
def test_what_is_no_date_is_one_line(text):
    with pytest.raises(ConfigError) as caught:
        source(f"since: {text}")
    (problem,) = caught.value.problems
    assert problem.startswith("c.yaml:1: sources.notes.since: expected a date such as 2026-01-31")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("logs", Path("/x/logs")),
        ("~/logs", Path("/home/ann/logs")),
        ("s3://bucket/folder/", "s3://bucket/folder"),
        ("gs://bucket", "gs://bucket"),
    ],
)
def test_a_path_is_absolute_and_an_address_stays(path, expected):
    found = source("", LOOSE_ENDS_SOURCES__NOTES__PATH=path)
    assert found.path == expected


@pytest.mark.parametrize("path", ["sftp://ann@host/x", "s3://", "s3://b/x?versionId=3", "3s://x"])
def test_an_address_with_more_than_a_place_is_refused(path):
    with pytest.raises(ConfigError, match="expected an address such as s3://bucket/folder"):
        source("", LOOSE_ENDS_SOURCES__NOTES__PATH=path)


@pytest.mark.parametrize(
    ("keys", "oldest"),
    [
        pytest.param("", None, id="everything"),
        pytest.param("max_age: 30d", NOW - timedelta(days=30), id="age"),
        pytest.param("since: 2026-01-31", datetime(2026, 1, 31, tzinfo=UTC), id="date"),
        pytest.param("max_age: 10d, since: 2026-01-31", NOW - timedelta(days=10), id="the later of both"),
        pytest.param("max_age: 500y", None, id="longer than the calendar"),
    ],
)
def test_the_oldest_talk_follows_from_age_and_date(keys, oldest):
    assert source(keys).oldest(NOW) == oldest


def test_an_age_of_nothing_is_refused():
    with pytest.raises(ConfigError, match="max_age 0 leaves nothing to read"):
        source("max_age: 0s")


@pytest.mark.parametrize("text", ["0s", "90s", "15m", "12h", "30d"])
def test_a_span_is_shown_as_it_is_written(text):
    assert shown(source(f"quiet: {text}").quiet) == text
