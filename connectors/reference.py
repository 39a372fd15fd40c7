"""The visible last line by which the bot knows its own ticket or comment on trackers that hide no comments."""

from __future__ import annotations

import re
from collections.abc import Iterable

from connectors.base import Marker
from connectors.document import Code, Inline, Task, Text
from connectors.marker import marker_line

SECTION_END = "Loose Ends keeps what stands above up to date."  # below the part of a text that the bot keeps
_WORDS = "Loose Ends reference:"
_VALUE = r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}"
_MARKER = re.compile(rf"{_WORDS} ({_VALUE}) ({_VALUE})")
_NAME = re.compile(rf"{_WORDS} ([A-Za-z0-9][A-Za-z0-9._: -]{{0,199}})")


def reference_line(marker: Marker) -> str:
    """The marker as a line that people may see.

    Raises:
        ValueError: it could not be read back (see :func:`connectors.marker.marker_line`).
    """
    marker_line(marker)
    return f"{_WORDS} {marker.fingerprint} {marker.action}"


def comment_reference(name: str) -> str:
    """The last line of a comment that the bot knows by a name, such as "sightings"."""
    return f"{_WORDS} {name}"


def listed_tasks(tasks: Iterable[Task]) -> tuple[tuple[Inline, ...], ...]:
    """Tick boxes for a tracker without any: items that name their markers, which people use as labels."""
    return tuple((Code(task.marker), Text(": done, " if task.checked else ": "), *task.text) for task in tasks)


def parse_reference(text: str) -> Marker | None:
    """The marker in the last line of plain text that is not blank; whether the bot wrote it is for the caller.

    Below a section of the bot's own, where people write as they like, it is the first line that is one.
    """
    lines = [line.strip() for line in text.split("\n")]
    if SECTION_END in lines:
        below = lines[len(lines) - lines[::-1].index(SECTION_END) :]
        match = next(filter(None, map(_MARKER.fullmatch, below)), None)
    else:
        match = _MARKER.fullmatch(_last_line(text))
    return Marker(fingerprint=match[1], action=match[2]) if match else None


def parse_comment_reference(text: str) -> str:
    """The name in the last line of a comment's plain text, "" where there is none."""
    match = _NAME.fullmatch(_last_line(text))
    return match[1] if match else ""


def _last_line(text: str) -> str:
    return text.rstrip().rpartition("\n")[2].strip()
