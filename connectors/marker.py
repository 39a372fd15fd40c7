"""The hidden last line of a body by which the bot knows its own ticket again."""

from __future__ import annotations

import re

from connectors.base import Marker

SECTION_END = "<!-- loose-ends: section ends -->"  # below the part of a body that the bot keeps up to date
_VALUE = r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}"
_LINE = re.compile(rf"<!-- loose-ends: v1 fingerprint=({_VALUE}) action=({_VALUE}) -->")


def marker_line(marker: Marker) -> str:
    """The marker as an HTML comment on one line.

    Raises:
        ValueError: a value holds more than letters, digits and ``._:-``, or over 128 of them.
    """
    line = f"<!-- loose-ends: v1 fingerprint={marker.fingerprint} action={marker.action} -->"
    if not _LINE.fullmatch(line):
        raise ValueError(f"not a marker that could be read back: {line!r}")
    return line


def parse_marker(body: str) -> Marker | None:
    """The marker in the last line of ``body`` that is not blank; anywhere else it may be forged and counts nothing.

    Below a section of the bot's own people write as they like: there the first line that is one counts. Whether the bot
    wrote that body is for the connector to know.
    """
    lines = [line.rstrip() for line in body.rstrip().split("\n")]
    if SECTION_END in lines:
        below = lines[len(lines) - lines[::-1].index(SECTION_END) :]
        match = next(filter(None, map(_LINE.fullmatch, below)), None)
    else:
        match = _LINE.fullmatch(lines[-1])
    return Marker(fingerprint=match[1], action=match[2]) if match else None
