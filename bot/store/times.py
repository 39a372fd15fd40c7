"""Times as the state keeps them: ISO 8601, UTC, to the second, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime


def to_text(time: datetime) -> str:
    if time.tzinfo is None:
        raise ValueError("a time without a zone cannot be kept")
    # Not strftime: it does not pad years before 1000, and what cannot be read back would stop every later run.
    return time.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def from_text(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def maybe_to_text(time: datetime | None) -> str | None:
    return None if time is None else to_text(time)


def maybe_from_text(text: str | None) -> datetime | None:
    return None if text is None else from_text(text)
