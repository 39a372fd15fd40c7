"""Logs that hold one JSON record a line and are appended to: the records, what is broken, where to go on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import msgspec

from bot.logs.base import LineSource, Mark, Tally

_ODD = re.compile(r"[^A-Za-z0-9_.:/-]")
_LOOKED_AT = 40  # lines at the head of a log that detection looks at

Record = dict[str, object]


class JsonLines:
    """Walks the records of new lines; after the walk ``mark`` is where the next read begins.

    A line that is no JSON object is counted; the last one, where it lacks its newline, is left for later.
    """

    def __init__(self, lines: LineSource, *, settled: bool, tally: Tally) -> None:
        self._lines = lines
        self._settled = settled
        self._tally = tally
        self.mark = lines.mark

    def __iter__(self) -> Iterator[tuple[int, Record]]:
        lines = self._lines
        for raw in lines:
            line = raw.strip(b"\0 \t\r")
            if not line:
                continue
            value = record_in(line)
            if isinstance(value, dict):
                yield lines.line, value
            elif lines.open_line:
                if self._settled:
                    self._tally.add("last line cut short", lines.line)
                self.mark = Mark(offset=lines.start, line=lines.line - 1)
                return
            else:
                self._tally.add(value, lines.line)
        self.mark = lines.mark


def record_in(line: bytes) -> Record | str:
    """The JSON object in a line, or what is wrong with the line."""
    value: object
    try:
        value = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        try:
            value = json.loads(line.decode("utf-8", "replace"), strict=False)
        except RecursionError:
            return "JSON nested too deeply"
        except ValueError:
            return "broken JSON"
    return value if isinstance(value, dict) else "JSON that is no record"


def head_records(head: str) -> Iterator[Record]:
    """The whole records among the first lines of a log, for detection."""
    for line in head.split("\n")[:_LOOKED_AT]:
        if line.startswith("{"):
            value = record_in(line.strip("\0 \t\r").encode("utf-8", "replace"))
            if isinstance(value, dict):
                yield value


def shape(name: object) -> str:
    """The name of a kind of record as it can be printed, ``missing`` where it has none."""
    return _ODD.sub("?", name[:40]) if isinstance(name, str) and name else "missing"
