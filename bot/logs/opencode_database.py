"""Sessions as opencode keeps them since 2026: rows of a SQLite database, which it may be writing to meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import msgspec

from bot.logs.files import Stamp
from bot.logs.opencode_pieces import LEFT_OUT, Export, decoded

_TABLES = frozenset({"session", "message", "part"})
_SIZES = "SELECT session_id, count(*), sum({0}(data)), max(time_updated) FROM {1} GROUP BY session_id"
_MILLISECOND = 1_000_000  # in nanoseconds


class StoreError(OSError):
    """A database that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class DatabaseSession:
    """A session in a database; ``known`` is what the listing said of its size and time."""

    database: Path
    name: str
    known: Stamp

    @property
    def path(self) -> Path:
        return Path(f"{self.name}.json")

    def stamp(self) -> Stamp:
        return self.known

    def open(self) -> BinaryIO:
        try:
            with _Connection(self.database) as db:
                return self._export(db)
        except sqlite3.Error as error:
            raise StoreError(f"the database cannot be read ({error})") from error

    def beside(self, relative: str) -> bytes | None:
        del relative
        return None

    def _export(self, db: sqlite3.Connection) -> BinaryIO:
        row = db.execute("SELECT * FROM session WHERE id = ?", (self.name,)).fetchone()
        if row is None:
            raise StoreError("no longer in the database")
        values = dict(row)
        info = {
            "id": self.name,
            "parentID": values.get("parent_id"),
            "title": values.get("title"),
            "version": values.get("version"),
            "time": {"created": values.get("time_created"), "updated": values.get("time_updated")},
        }
        parts: dict[str, list[tuple[bytes, str]]] = {}
        for part in db.execute("SELECT id, message_id, data FROM part WHERE session_id = ? ORDER BY id", (self.name,)):
            raw = _with_id(part["id"], part["data"])
            if decoded(raw).type not in LEFT_OUT:
                parts.setdefault(str(part["message_id"]), []).append((raw, ""))
        export = Export()
        export.begin(msgspec.json.encode(info), "")
        query = "SELECT id, data FROM message WHERE session_id = ? ORDER BY time_created, id"
        for message in db.execute(query, (self.name,)):
            export.message(_with_id(message["id"], message["data"]), "", parts.get(str(message["id"]), ()))
        return export.end()


def sessions(path: Path) -> Iterator[DatabaseSession] | None:
    """The sessions in a database by their ids, None where it is none of opencode's. Raises OSError."""
    try:
        with path.open("rb") as file:
            if file.read(16) != b"SQLite format 3\0":
                return None
        with _Connection(path) as db:
            tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not tables >= _TABLES:
                return None
            stamps = _stamps(db)
    except sqlite3.Error as error:
        raise StoreError(f"the database cannot be read ({error})") from error
    return (DatabaseSession(path, name, stamp) for name, stamp in sorted(stamps.items()))


def _stamps(db: sqlite3.Connection) -> dict[str, Stamp]:
    # It tells the length of a text without reading all of it.
    length = "octet_length" if sqlite3.sqlite_version_info >= (3, 43) else "length"
    sizes: dict[str, list[tuple[int, int]]] = {}
    for table in ("message", "part"):
        for name, count, size, updated in db.execute(_SIZES.format(length, table)):
            sizes.setdefault(str(name), []).append(((size or 0) + count, updated or 0))
    stamps = {}
    for name, updated in db.execute("SELECT id, time_updated FROM session"):
        found = sizes.get(str(name), [])
        newest = max(updated or 0, *(time for _, time in found), 0) * _MILLISECOND
        size = sum(size for size, _ in found)
        stamps[str(name)] = Stamp(size=size, mtime_ns=newest, written_ns=newest)
    return stamps


class _Connection:
    """A database opened for reading only, while opencode may be writing to it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> sqlite3.Connection:
        address = f"file:{quote(str(self._path))}?mode=ro"
        self._open = sqlite3.connect(address, uri=True, timeout=5)
        try:
            self._open.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            # Where nothing may be written, not even the index of its log of changes can be made.
            self._open.close()
            self._open = sqlite3.connect(f"{address}&immutable=1", uri=True)
        self._open.row_factory = sqlite3.Row
        return self._open

    def __exit__(self, *_error: object) -> None:
        self._open.close()


def _with_id(name: str, data: str | bytes) -> bytes:
    """The JSON of a row, with its id, on one line."""
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return b""
    return msgspec.json.encode({"id": name, **value} if isinstance(value, Mapping) else None)
