"""What readers give, keep and fail with; the protocol that every reader of a log format follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from bot.model import Conversation

Change = Literal["new", "grown", "rewritten", "unchanged"]


class LogError(Exception):
    """A log that cannot be read. The message is one line: what is wrong and how to mend it."""


class UnknownFormat(LogError):
    """A file that no reader takes for a log: a note by the way, not a failure."""


class ReaderFault(LogError):
    """A fault of a reader that a log brought out; the log is told of and the others are read."""


class Reread(Exception):
    """What an earlier read concluded no longer holds: the log has to be read from its start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUnderstood:
    """A kind of record or line that was skipped: how often, and its first 1-based line."""

    what: str
    count: int
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place between two lines: bytes and lines before it; ``open_line`` when the last of them lacks its newline."""

    offset: int = 0
    line: int = 0
    open_line: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a log has been read, and how to tell that it is still the same log.

    ``size`` to ``device`` are those of the last look; ``head`` is the hash of the first
    ``head_length`` bytes as they stood at the first read, ``tail`` that of the (up to) 256 bytes
    before ``offset``. ``resume`` is the reader's own state as JSON and never holds log text.
    """

    format: str
    encoding: str
    size: int
    mtime_ns: int
    inode: int
    device: int
    head: str
    head_length: int
    offset: int
    tail: str
    line: int
    open_line: bool = False
    waiting: bool = False  # something complete but fresh was left for a time when the log is quiet
    resume: str = ""
    more: bool = False  # reading stopped at its limit: the log goes on
    since: str = ""  # talks that ended before this moment (ISO 8601) were left out
    copy: bool = False  # never read, since all its bytes were those of another log: once it differs it is read whole

    def to_json(self) -> str:
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_json(cls, text: str) -> Cursor:
        """Raises ValueError when the text is no cursor of this version."""
        return msgspec.json.decode(text, type=cls)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One look at one log: only what is new since the cursor that was given.

    A turn that went on growing appears again with its new lines only. ``versions`` are those that the
    lines read name: of the program that wrote them, or of the format.
    """

    conversations: tuple[Conversation, ...]
    cursor: Cursor
    change: Change
    format: str
    bytes_read: int
    not_understood: tuple[NotUnderstood, ...] = ()
    versions: tuple[str, ...] = ()
    whole_talks: bool = False  # each talk is given whole, also where the log has grown

    @property
    def more(self) -> bool:
        """Whether the log goes on beyond the limit that was given."""
        return self.cursor.more


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a reader made of the lines it was given; lines after ``mark`` are to be read again."""

    conversations: tuple[Conversation, ...]
    mark: Mark
    resume: str = ""
    waiting: bool = False
    not_understood: tuple[NotUnderstood, ...] = ()
    versions: tuple[str, ...] = ()
    more: bool = False  # the log goes on behind ``mark``, where the reader stopped at the limit of the lines


class LineSource(Protocol):
    """The lines of a log as UTF-8 bytes without line ends.

    After each line ``start`` is its file offset, ``line`` its 1-based number, and ``mark`` stands
    behind it; ``open_line`` when it is the last one and lacks its newline.
    """

    name: str
    start: int
    line: int
    open_line: bool
    limit: int | None  # bytes after which a reader that takes its log in parts may stop
    encoding: str  # ``utf-8``, or the one of the lines that are not UTF-8

    @property
    def mark(self) -> Mark: ...

    def __iter__(self) -> Iterator[bytes]: ...

    def blocks(self) -> Iterator[bytes]:
        """All that is left in stretches that end anywhere but behind a backslash, for logs with lines without end.

        The bytes are those of the file wherever ASCII is ASCII in them, else UTF-8; ``start`` is the offset of each.
        """

    def read_all(self) -> tuple[list[str], list[int]]:
        """The text of every line that is left, and the file offset of each."""

    def at(self, offset: int, length: int) -> bytes:
        """A stretch of the file that was read before, as UTF-8 bytes."""

    def beside(self, relative: str) -> bytes | None:
        """Another file of the same folder, archive or bucket, such as ``../users.json``.

        None where there is none, where it is larger than 64 MiB, and where the lines come from no file.
        """


class Reader(Protocol):
    """Turns one log format into conversations.

    A reader of logs that are appended to says so with ``appended = True``: a large log is then given to it in parts
    that end at a line end, as if the log had grown from one to the next, and memory stays flat.
    One whose logs name the version they were written by says with ``known_version = "2.1"`` up to which it knows
    them: a newer one is told, since its records may have changed. One that can stop between two talks of a log says
    so with ``in_parts = True``: ``LineSource.limit`` tells it when, and every talk it gives is a whole one.
    """

    name: str

    def detects(self, head: str, path: Path) -> bool:
        """Whether a log that begins with ``head`` (up to 64 KiB) is of this format."""

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        """Read all the lines given.

        ``resume`` is what this reader returned at the mark where the lines begin, "" at the start
        of a log. ``settled`` says that the log has been quiet for a while, so that a last line
        without newline is complete. Raises LogError, and Reread when ``resume`` no longer holds.
        """


class Tally:
    """Counts what is skipped, kind by kind, in the order of first sight."""

    def __init__(self) -> None:
        self._seen: dict[str, list[int]] = {}

    def add(self, what: str, line: int, count: int = 1) -> None:
        entry = self._seen.setdefault(what, [0, line])
        entry[0] += count

    def result(self) -> tuple[NotUnderstood, ...]:
        return tuple(NotUnderstood(what=what, count=count, line=line) for what, (count, line) in self._seen.items())
