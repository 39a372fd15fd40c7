"""Dates and times as chat programs write them: names of files, orders of day and month, halves of the day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from typing import Literal

Order = Literal["ymd", "dmy", "mdy", ""]

_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d{2})[-_./]?(\d{2})[-_./]?(\d{2})(?!\d)")
_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_ZONE = re.compile(r"([+-])(\d{2}):?(\d{2})")
_LONG = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?\.? (?P<month>[A-Z][a-z]{2})[a-z]{0,6}"
    r"|(?P<mon>[A-Z][a-z]{2})[a-z]{0,6}\.? {1,2}(?P<dom>\d{1,2})(?:st|nd|rd|th)?)"
    r"(?:,? \d{1,2}:\d{2}(?::\d{2})?)?,? (?P<year>\d{4})(?!\d)"
)
_CLOCK = re.compile(
    r"(?P<a>\d{1,4})[./ -](?P<b>\d{1,2}|[A-Za-z]{3,9})[./ -](?P<c>\d{2,4}),? {1,2}"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?(?:[ \u202f]?(?P<half>[AaPp]\.? ?[Mm]\.?))?"
)
_ISO = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")


def date_in_name(name: str) -> date | None:
    """The date in the last three parts of a path: ``chan_20260302.log``, ``2026/03/02.txt``; else None."""
    tail = "/".join(name.split("/")[-3:])
    found = [day for match in _IN_NAME.finditer(tail) if (day := _date(*map(int, match.groups())))]
    return found[-1] if found else None


def date_in_text(text: str) -> date | None:
    """The first date written out in a line: ``Thu Mar 05 10:00:00 2026``, ``2 Mar 2026``, ``2026-03-02``."""
    iso = _ISO.search(text)
    if iso:
        return _date(*map(int, iso.groups()))
    for found in _LONG.finditer(text):
        month = month_number(found["month"] or found["mon"])
        if month:
            return _date(int(found["year"]), month, int(found["day"] or found["dom"]))
    return None


def month_number(name: str) -> int | None:
    """The number of an English month from its first three letters."""
    return _MONTHS.get(name[:3].lower())


def zone_of(text: str | None) -> timezone | None:
    """``Z`` or ``+0100`` as a time zone, None for anything else."""
    if text in ("Z", "z"):
        return UTC
    found = _ZONE.fullmatch(text or "")
    if not found:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-offset if found[1] == "-" else offset) if offset < timedelta(days=1) else None


def iso_time(text: str) -> datetime | None:
    """A time in ISO 8601, UTC where it names no zone; None when it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def epoch_of(value: object) -> datetime | None:
    """Seconds since 1970, a number or its digits, as a time; None where that is no time of our days."""
    try:
        seconds = float(value) if isinstance(value, int | float | str) else 0.0
    except (ValueError, OverflowError):
        return None
    if not 0 < seconds < 7_258_118_400:  # up to the year 2200; not a number fails as well
        return None
    return datetime.fromtimestamp(seconds, UTC)


def times_of(stamps: Sequence[str]) -> list[datetime | None]:
    """The times of all messages of a log, each written like the others; UTC where no zone is named."""
    found = [None if iso_time(stamp) else _CLOCK.fullmatch(stamp.strip()) for stamp in stamps]
    order = order_of((f["a"], f["b"], f["c"]) for f in found if f and f["b"].isdigit())
    return [_local(match, order) if match else iso_time(stamp) for stamp, match in zip(stamps, found, strict=True)]


def _local(found: re.Match[str], order: Order) -> datetime | None:
    if found["b"].isdigit():
        numbers = [int(found["a"]), int(found["b"]), int(found["c"])]
        day = ordered(numbers, order or "dmy") if order or numbers[0] == numbers[1] else None
    else:
        day = ordered([int(found["a"]), month_number(found["b"]) or 0, int(found["c"])], "dmy")
    hour = hour_of(int(found["hour"]), found["half"] or "")
    if day is None or hour > 23 or int(found["minute"]) > 59 or int(found["second"] or 0) > 59:
        return None
    return datetime.combine(day, time(hour, int(found["minute"]), int(found["second"] or 0)), UTC)


def order_of(dates: Iterable[Sequence[str]]) -> Order:
    """In which order dates of one log name day, month and year, "" when they do not tell.

    A field over 12 is a day, one of four digits a year; where that does not decide, the order in
    which time goes forward does, and where both do, they have to agree.
    """
    triples = list(dict.fromkeys(tuple(part) for part in dates))
    # One clear date decides for all.
    if any(len(first) == 4 for first, _, _ in triples):
        return "ymd"
    numbers = [(int(a), int(b), int(c)) for a, b, c in triples]
    day_first = any(a > 12 for a, _, _ in numbers)
    month_first = any(b > 12 for _, b, _ in numbers)
    if day_first != month_first:
        return "dmy" if day_first else "mdy"
    if day_first:
        return "ymd" if all(1 <= b <= 12 and c <= 31 for _, b, c in numbers) else ""
    forward = {order: _steps_back([d for n in numbers if (d := ordered(n, order))]) for order in ("dmy", "mdy")}
    if all(a == b for a, b, _ in numbers):
        return "dmy"
    if forward["dmy"] == forward["mdy"]:
        return ""
    return "dmy" if forward["dmy"] < forward["mdy"] else "mdy"


def ordered(numbers: Sequence[int], order: Order) -> date | None:
    """The date of three numbers in an order; years of two digits are of this century."""
    a, b, c = numbers
    year, month, day = {"ymd": (a, b, c), "dmy": (c, b, a), "mdy": (c, a, b), "": (0, 0, 0)}[order]
    return _date(year + 2000 if year < 100 else year, month, day)


def hour_of(hour: int, half: str) -> int:
    """The hour of 24 for an hour with its half of the day (``am``, ``p.m.``, ``下午`` ..), "" for none."""
    if not half:
        return hour
    letters = half.lower().replace(".", "").replace(" ", "").replace("\u202f", "").replace("\xa0", "")
    if letters in ("pm", "下午", "오후", "午後", "م", "μμ"):
        return hour % 12 + 12
    return hour % 12


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _steps_back(days: Sequence[date]) -> int:
    return sum(later < earlier for earlier, later in pairwise(days))
