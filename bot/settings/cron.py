"""Cron expressions as cron means them, in the terms of APScheduler.

APScheduler counts weekdays from Monday = 0 where cron counts from Sunday = 0, so a plain hand-over
would run a Monday job on Tuesday. Names of weekdays mean the same to both.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_ITEM = re.compile(r"(?:(\*)|(\w{1,4})(?:-(\w{1,4}))?)(?:/(\d{1,4}))?", re.ASCII)


class _Field(NamedTuple):
    name: str  # as CronTrigger calls it
    words: str  # as a message calls it
    low: int
    high: int
    names: tuple[str, ...] = ()


_FIELDS = (
    _Field("minute", "minute", 0, 59),
    _Field("hour", "hour", 0, 23),
    _Field("day", "day of month", 1, 31),
    _Field("month", "month", 1, 12, _MONTHS),
    _Field("day_of_week", "day of week", 0, 7, _WEEKDAYS),
)
_LONGEST_MONTHS = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}


def cron_fields(expression: str) -> dict[str, str]:
    """The keyword arguments of APScheduler's ``CronTrigger`` for a five-field cron expression.

    ``@hourly``, ``@daily`` and the like are understood. Raises ValueError, in words for the one who
    wrote the expression, for a wrong field and for a day of month together with a day of week (cron
    runs when *either* fits, APScheduler when both do).
    """
    parts = _NAMED.get(expression.strip().lower(), expression).split()
    if len(parts) != len(_FIELDS):
        raise ValueError(f"expected five fields (minute hour day month weekday), got {len(parts)}")
    numbers = {field.name: _numbers(part.lower(), field) for part, field in zip(parts, _FIELDS, strict=True)}
    if parts[2] != "*" and parts[4] != "*":
        raise ValueError("day of month and day of week together are ambiguous; set one of them to '*'")
    longest = max(_LONGEST_MONTHS.get(month, 31) for month in numbers["month"])
    if min(numbers["day"]) > longest:
        raise ValueError("no such day in the months named; this would never run")
    fields = {field.name: part.lower() for part, field in zip(parts, _FIELDS, strict=True)}
    if fields["day_of_week"] != "*":
        days = sorted({day % 7 for day in numbers["day_of_week"]})
        fields["day_of_week"] = ",".join(_WEEKDAYS[day] for day in days)
    fields["month"] = "*" if parts[3] == "*" else ",".join(str(month) for month in numbers["month"])
    return fields


def _numbers(part: str, field: _Field) -> list[int]:
    """All values a field stands for, ascending."""
    found: set[int] = set()
    for item in part.split(","):
        match = _ITEM.fullmatch(item)
        if not match:
            raise ValueError(f"{field.words}: expected '*', a number, a range or a step such as */5")
        star, first, last, step = match.groups()
        low = field.low if star else _number(first, field)
        high = field.high if star else _number(last or first, field)
        every = int(step or 1)
        if not star and not last and step:
            raise ValueError(f"{field.words}: a step needs '*' or a range before it, such as */{step}")
        if high < low or not 0 < every <= field.high:
            raise ValueError(f"{field.words}: the range or step selects nothing")
        found.update(range(low, high + 1, every))
    return sorted(found)


def _number(word: str, field: _Field) -> int:
    if word in field.names:
        return field.names.index(word) + (1 if field.name == "month" else 0)
    if word.isdigit() and field.low <= int(word) <= field.high:
        return int(word)
    raise ValueError(f"{field.words}: expected {field.low} to {field.high}")
