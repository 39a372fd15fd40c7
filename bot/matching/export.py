"""Tickets and mentions from JSON Lines: the file format of the command ``match``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bot.matching.entry import Entry, make_entry


class BadExport(Exception):
    """A line that is no ticket or mention; the message says where and what is wrong."""


class _Line(msgspec.Struct, frozen=True):
    id: str | int
    title: str
    body: str | None = None
    quote: str | None = None
    kind: str | None = None
    project: str | int | None = None
    created: datetime | None = None
    closed: datetime | None = None
    author: str | int | None = None
    duplicate_of: str | int | None = None
    dup_of: str | int | None = None


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket or mention of a file. ``original`` is the id that its own tracker calls it a duplicate of, or ""."""

    entry: Entry
    project: str
    original: str


def read_items(path: Path) -> Iterator[Item]:
    """The items of a file, in its order.

    Raises:
        BadExport: a line is not JSON, lacks ``id`` or ``title``, or repeats an id.
        OSError: the file cannot be read.
    """
    decoder = msgspec.json.Decoder(_Line)
    seen: set[str] = set()
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                found = decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise BadExport(f"{path}:{number}: {error}; expected a JSON object with id, title, body") from error
            if str(found.id) in seen:
                raise BadExport(f"{path}:{number}: the id {found.id} was there before; give every line its own")
            seen.add(str(found.id))
            yield _item(found)


def _item(line: _Line) -> Item:
    text = "\n".join(part for part in (line.quote, line.body) if part)
    author = "" if line.author is None else str(line.author)
    original = line.duplicate_of if line.duplicate_of is not None else line.dup_of
    return Item(
        entry=make_entry(
            str(line.id), line.title, text, kind=line.kind or "", created=_with_zone(line.created), author=author
        ),
        project="" if line.project is None else str(line.project),
        original="" if original is None else str(original),
    )


def _with_zone(time: datetime | None) -> datetime | None:
    return time.replace(tzinfo=UTC) if time is not None and time.tzinfo is None else time
