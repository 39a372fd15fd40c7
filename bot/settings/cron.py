"""Cron expressions, read by cronsim as Debian's cron reads them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

_NAMED: Final = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_VALUES: Final = {
    "minute": "0 to 59",
    "hour": "0 to 23",
    "day of month": "1 to 31, in a month that has it",
    "month": "1 to 12 or jan to dec",
    "day of week": "0 to 7 or sun to sat",
}
_PART: Final = re.compile(r"[0-9A-Za-z*,/-]+", re.ASCII)


def cron_expression(text: str) -> str:
    """The five fields of a cron expression; ``@hourly``, ``@daily`` and the like are written out.

    Raises ValueError, in words for the one who wrote it, for a field that cannot be read.
    """
    from cronsim import CronSim, CronSimError

    parts = _NAMED.get(text.strip().lower(), text).split()
    if len(parts) != len(_VALUES):
        raise ValueError(f"expected five fields (minute hour day month weekday), got {len(parts)}")
    for part, field in zip(parts, _VALUES, strict=True):
        if not _PART.fullmatch(part):
            raise _misread(field)
    try:
        CronSim(" ".join(parts), datetime(2000, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        raise _misread(str(error).removeprefix("Bad ").replace("-", " ")) from error
    return " ".join(parts)


def _misread(field: str) -> ValueError:
    return ValueError(f"{field}: expected '*', a list, a range or a step of {_VALUES[field]}, such as 1,15 or */5")
