"""The section of the config that says where logs come from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from bot.model import LOG_FILES
from bot.settings.scalars import Switch, Text, one_or_list
from bot.settings.targets import Section

_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]{0,30}://[^\s?#]{1,1000}")
_SPAN: Final = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s?([a-z]{1,7})\s{0,3}")
_SPANS: Final = re.compile(rf"(?:{_SPAN.pattern}){{1,4}}")
_UNITS: Final[Mapping[str, float]] = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_536_000}
_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "m"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "day", "days"), "d"),
    **dict.fromkeys(("w", "week", "weeks"), "w"),
    **dict.fromkeys(("y", "year", "years"), "y"),
}


def _span(value: object) -> object:
    if isinstance(value, timedelta):
        return value
    text = value.strip().lower() if isinstance(value, str) else "0s" if value == 0 and value is not False else ""
    found = _SPAN.findall(text) if _SPANS.fullmatch(text) else []
    if not found or any(unit not in _WORDS for _, unit in found):
        raise ValueError("expected a span of time with its unit, such as 90s, 15m, 12h, 30d or 2w")
    return timedelta(seconds=sum(float(count) * _UNITS[_WORDS[unit]] for count, unit in found))


def _moment(value: object) -> object:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    try:
        moment = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None:
        raise ValueError("expected a date such as 2026-01-31, or a date and time such as 2026-01-31T08:00:00Z")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _origin(value: object) -> object:
    if isinstance(value, str) and "://" in value:
        if not _ADDRESS.fullmatch(value) or "@" in value.split("://", 1)[1].split("/", 1)[0]:
            raise ValueError("expected an address such as s3://bucket/folder, without user, password or query")
        return value.rstrip("/")
    if isinstance(value, str) and (not value or "\0" in value):
        raise ValueError("expected a file or folder on this machine, or an address such as s3://bucket/folder")
    return Path(value) if isinstance(value, str) else value


def shown(span: timedelta) -> str:
    """A span as the config spells it: in the largest unit that it is a whole number of."""
    seconds = span.total_seconds()
    unit = next((unit for unit in ("d", "h", "m") if seconds and seconds % _UNITS[unit] == 0), "s")
    return f"{seconds / _UNITS[unit]:g}{unit}"


Span = Annotated[
    timedelta, BeforeValidator(_span), PlainSerializer(shown, when_used="json"), WithJsonSchema({"type": "string"})
]
Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string"})]
Origin = Annotated[Path | str, BeforeValidator(_origin), WithJsonSchema({"type": "string"})]
Texts = Annotated[tuple[Text, ...], one_or_list]


class Source(Section):
    """A place where conversation logs come from."""

    path: Origin = Field(
        description="Folder of logs, single log, zip archive or glob; or an address such as s3://bucket/folder."
    )
    include: Texts = Field(
        default=LOG_FILES,
        description="Globs under the folder: which files are looked at; `!(*.*)` is a name without a dot. "
        "What then is no conversation is passed over and counted.",
    )
    exclude: Texts = Field(default=(), description="Globs under the folder: which files are left out.")
    format: Text = Field(default="auto", description="Log format of all files, or auto to detect it for each.")
    quiet: Span = Field(
        default=timedelta(0),
        description="Read a log once it has not changed for this long, such as 10m: a talk still going on may settle "
        "what it raises. 0 reads at once; only a last line without its end then waits a minute.",
    )
    eager: Switch = Field(
        default=False, description="Read at once whatever `quiet` says, also a last line without its end."
    )
    max_age: Span | None = Field(
        default=None, description="Leave out talks whose last words are older than this, such as 30d."
    )
    since: Moment | None = Field(
        default=None, description="Leave out talks whose last words are older than this day, such as 2026-01-31."
    )

    @model_validator(mode="after")
    def _some_age(self) -> Source:
        if self.max_age is not None and not self.max_age:
            raise ValueError("max_age 0 leaves nothing to read; leave the key out to read everything")
        return self

    def oldest(self, now: datetime) -> datetime | None:
        """Talks that ended before this moment are left out; None where age does not matter."""
        found = [self.since] if self.since else []
        if self.max_age is not None:
            # A span longer than the calendar leaves nothing out.
            found += [now - self.max_age] if self.max_age < now - _BEGINNING else []
        return max(found, default=None)


_BEGINNING: Final = datetime(1971, 1, 1, tzinfo=UTC)
