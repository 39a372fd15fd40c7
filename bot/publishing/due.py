"""When something put off is due, by the words that put it off: "Q2 2026", "next sprint", "in two weeks"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.publishing.due_words import AMOUNTS, MONTHS, SEASONS, UNITS, WEEKDAYS, patterns
from bot.publishing.waiting import day
from bot.settings import Deferrals, Settings
from bot.store.quotes import Sighting

_LONGEST: Final = 2_000  # characters of a quote that are looked at
_FURTHEST: Final = 3_660  # days ahead that are believed


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The first moment of the day on which something is due, and the words that say so."""

    at: datetime
    words: str

    @property
    def told(self) -> str:
        """The reason that people read."""
        return f'put off until {day(self.at)}: "{self.words}"'


def due_of(quotes: Sequence[Sighting], settings: Settings) -> Due | None:
    """When a loose end that was put off is due: by its newest quote that names a time; None where none does."""
    zone = ZoneInfo(settings.schedule.time_zone)
    for quote in reversed(quotes):
        if quote.status == "deferred":
            found = due_in(quote.evidence.quote, quote.seen, zone, settings.filing.deferrals)
            if found is not None:
                return found
    return None


def due_in(text: str, said: datetime, zone: ZoneInfo, rules: Deferrals) -> Due | None:
    """The latest day that a text names, counted from when it was said."""
    today = said.astimezone(zone).date()
    found = [(when, words) for when, words in _days(text[:_LONGEST], today, rules) if (when - today).days < _FURTHEST]
    if not found:
        return None
    when, words = max(found)
    return Due(at=datetime.combine(when, time(), zone), words=words)


def _days(text: str, today: date, rules: Deferrals) -> Iterator[tuple[date, str]]:
    for name, pattern in patterns():
        for match in pattern.finditer(text):
            try:
                when = _READ[name](match, today, rules)
            except (ValueError, OverflowError):  # a 31 February, a year past the calendar
                continue
            if when is not None:
                yield when, " ".join(match.group().split())


def _quarter(match: re.Match[str], today: date, _: Deferrals) -> date:
    part = match["quarter"] or match["half"]
    months = 3 if match["quarter"] else 6
    number = int(AMOUNTS.get(part.lower(), part))
    year = match["year"] or match.groupdict().get("before")
    first = date(_year(year) if year else today.year, (number - 1) * months + 1, 1)
    ended = _months_on(first, months) <= today
    return _months_on(first, 12) if ended and not year else first


def _month(match: re.Match[str], today: date, _: Deferrals) -> date:
    number = MONTHS[match["month"].lower()[:3]]
    on = match["day"] or match["first"]
    when = date(_year(match["year"]) if match["year"] else today.year, number, int(on or 1))
    lead = (match["lead"] or "").lower()
    if not match["year"] and (when if on else _months_on(when, 1) - timedelta(days=1)) < today:
        when = when.replace(year=when.year + 1)
    if on:
        return when
    if "end" in lead or "late" in lead:
        return _months_on(when, 1) - timedelta(days=1)
    if "mid" in lead:
        return when.replace(day=15)
    return _months_on(when, 1) if "after" in lead else when


def _iso(match: re.Match[str], _today: date, _: Deferrals) -> date:
    return date(int(match["year"]), int(match["month"]), int(match["day"] or 1))


def _next(match: re.Match[str], today: date, rules: Deferrals) -> date:
    return _starts(UNITS[match["unit"].lower()], today, rules)


def _starts(unit: str, today: date, rules: Deferrals) -> date:
    """The first day of the next week, month, quarter or year; one length on for what has no calendar."""
    match unit:
        case "day":
            return today + timedelta(days=1)
        case "week":
            return today + timedelta(days=7 - today.weekday())
        case "month":
            return _months_on(today.replace(day=1), 1)
        case "quarter":
            return _months_on(today.replace(day=1), 3 - (today.month - 1) % 3)
        case "year":
            return date(today.year + 1, 1, 1)
        case _:
            return today + _length(unit, rules)


def _length(unit: str, rules: Deferrals) -> timedelta:
    return {"sprint": rules.sprint, "release": rules.release}[unit]


def _tomorrow(match: re.Match[str], today: date, _: Deferrals) -> date:
    return today + timedelta(days=2 if match["after"] else 1)


def _ahead(match: re.Match[str], today: date, rules: Deferrals) -> date:
    amount, unit = match["amount"].lower(), UNITS[match["unit"].lower()]
    count = int(amount) if amount.isdigit() else AMOUNTS[" ".join(amount.split())]
    match unit:
        case "day" | "week":
            return today + timedelta(days=count * (7 if unit == "week" else 1))
        case "fortnight":
            return today + timedelta(days=14 * count)
        case "month" | "quarter" | "year":
            return _months_on(today, count * {"month": 1, "quarter": 3, "year": 12}[unit])
        case _:
            return today + count * _length(unit, rules)


def _end_of(match: re.Match[str], today: date, rules: Deferrals) -> date:
    return _starts(UNITS[match["unit"].lower()], today, rules) - timedelta(days=1)


def _weekday(match: re.Match[str], today: date, _: Deferrals) -> date:
    ahead = (WEEKDAYS[match["weekday"].lower()[:2]] - today.weekday() - 1) % 7 + 1
    return today + timedelta(days=ahead)


def _season(match: re.Match[str], today: date, _: Deferrals) -> date:
    start = date(today.year, SEASONS[match["season"].lower()], 1)
    if "after" in match["lead"].lower() and match["season"].lower() == "summer":
        start = _months_on(start, 3)
    return start if start > today else start.replace(year=start.year + 1)


def _release(_match: re.Match[str], today: date, rules: Deferrals) -> date:
    return today + rules.release


def _year(text: str) -> int:
    digits = text.lstrip("'")
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _months_on(when: date, months: int) -> date:
    """The same day so many months on, or the last one of that month."""
    year, month = divmod(when.year * 12 + when.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month + 1, min(when.day, last))


_READ: Final[dict[str, Callable[[re.Match[str], date, Deferrals], date | None]]] = {
    "quarter": _quarter,
    "month": _month,
    "iso": _iso,
    "next": _next,
    "tomorrow": _tomorrow,
    "ahead": _ahead,
    "end": _end_of,
    "weekday": _weekday,
    "season": _season,
    "release": _release,
}
