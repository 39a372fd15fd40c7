"""Reading what is new in a log: unchanged logs by their metadata alone, grown ones from where reading ended."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bot.logs.base import (
    Change,
    Cursor,
    LogError,
    Mark,
    Parsed,
    Reader,
    ReaderFault,
    Reading,
    Reread,
    UnknownFormat,
)
from bot.logs.files import LocalFile, LogFile, NotAFile, Stamp, current

if TYPE_CHECKING:
    from bot.logs.lines import Lines

HEAD_BYTES = 4096
TAIL_BYTES = 256
DETECTION_BYTES = 65_536
PART_BYTES = 4 * 1024 * 1024  # so much of a log that is appended to is read at a time
_COMPARED = 1024 * 1024
_BLANK = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"


def read_new(
    path: Path | LogFile,
    *,
    name: str,
    cursor: Cursor | None = None,
    format: str = "auto",  # noqa: A002 - the setting's name
    settled: bool = True,
    limit: int | None = None,
) -> Reading:
    """Read what a log holds beyond ``cursor``; the whole log without one, or when it is no longer the same log.

    ``name`` becomes ``Conversation.log``. ``settled`` says that the log has been quiet for a while,
    so that a last line without newline is complete. An unchanged log is not opened. With ``limit`` about so many
    bytes are read of a log that is appended to, and ``Reading.more`` says whether it goes on. Raises LogError.
    """
    log = LocalFile(path) if isinstance(path, Path) else path
    try:
        stamp = log.stamp()
        if cursor is not None and _is_untouched(cursor, stamp) and _fits(cursor, format, settled=settled):
            return _unchanged(cursor)
        with log.open() as file:
            return _Look(
                file,
                log=log,
                stamp=current(file, stamp),
                name=name,
                cursor=cursor,
                wanted=format,
                settled=settled,
                limit=limit,
            ).read()
    except NotAFile as error:
        raise LogError(f"{name}: {error}, not a log file: name a file, or a folder of logs") from error
    except OSError as error:
        raise LogError(f"{name}: cannot be read: {error.strerror or error}") from error


def read_parts(
    path: Path | LogFile,
    *,
    name: str,
    format: str = "auto",  # noqa: A002 - the setting's name
    limit: int = PART_BYTES,
) -> Iterator[Reading]:
    """Read a whole log part by part, so that memory stays flat; most logs are one part.

    A reading that is ``rewritten`` begins again and takes the place of those before it. Raises LogError.
    """
    cursor: Cursor | None = None
    while cursor is None or cursor.more:
        reading = read_new(path, name=name, cursor=cursor, format=format, limit=limit)
        cursor = reading.cursor
        yield reading


class _Look:
    """One look into an open log."""

    def __init__(
        self,
        file: BinaryIO,
        *,
        log: LogFile,
        stamp: Stamp,
        name: str,
        cursor: Cursor | None,
        wanted: str,
        settled: bool,
        limit: int | None,
    ) -> None:
        self.file = file
        self.log = log
        self.name = name
        self.cursor = cursor
        self.wanted = wanted
        self.settled = settled
        self.limit = limit
        self.stamp = stamp
        self.size = file.seek(0, 2)  # of the text: the stamp of a packed log has another

    def read(self) -> Reading:
        cursor = self.cursor
        if cursor is None:
            return self._whole("new")
        if not cursor.format:
            return self._whole("grown")
        if cursor.copy:
            return self._whole("new")
        if self.wanted not in ("auto", cursor.format) or not self._is_continued(cursor):
            return self._whole("rewritten")
        if self.stamp.size == cursor.size and not (cursor.waiting and self.settled) and not cursor.more:
            return _unchanged(_with_metadata(cursor, self.stamp))
        try:
            return self._from(cursor)
        except Reread:
            # Parts as small as before would come to the same end again.
            self.limit = self.limit and max(self.limit, 8 * cursor.offset)
            return self._whole("rewritten")

    def _is_continued(self, cursor: Cursor) -> bool:
        if self.size < cursor.offset:
            return False
        # Equal size and another time: a touch, or an edit that head and tail do not show.
        if self.stamp.size == cursor.size and self.stamp.mtime_ns != cursor.mtime_ns:
            return False
        return _holds(self.file, cursor)

    def _from(self, cursor: Cursor) -> Reading:
        from bot.logs.readers import reader_named

        mark = Mark(offset=cursor.offset, line=cursor.line, open_line=cursor.open_line)
        reader = reader_named(cursor.format)
        return self._read(reader, _with_metadata(cursor, self.stamp), "grown", mark=mark)

    def _whole(self, change: Change) -> Reading:
        from bot.logs.decoding import encoding_of
        from bot.logs.readers import detect, reader_named

        self.file.seek(0)
        start = self.file.read(min(DETECTION_BYTES, self.size))
        encoding = encoding_of(start)
        if encoding is None:
            raise UnknownFormat(f"{self.name}: not text: leave it out with an exclude pattern")
        if not start.strip(_BLANK):
            return self._nothing(change)
        try:
            text = _head_text(start, encoding)
            reader = reader_named(self.wanted) if self.wanted != "auto" else detect(text, self.log.path, name=self.name)
        except LogError:
            if self.settled or self.wanted != "auto":
                raise
            return self._nothing(change, waiting=True)  # still being written: it may yet become a log
        fresh = self._fresh(format=reader.name, encoding=encoding, head=start[:HEAD_BYTES])
        try:
            return self._read(reader, fresh, change, mark=Mark())
        except Reread as error:
            raise ReaderFault(f"{self.name}: the {reader.name} reader finds no end; please report it") from error

    def _nothing(self, change: Change, *, waiting: bool = False) -> Reading:
        cursor = replace(self._fresh(format="", encoding="utf-8", head=b""), waiting=waiting)
        return Reading(conversations=(), cursor=cursor, change=change, format="", bytes_read=self.size)

    def _fresh(self, *, format: str, encoding: str, head: bytes) -> Cursor:  # noqa: A002 - the field's name
        return Cursor(
            format=format,
            encoding=encoding,
            size=self.stamp.size,
            mtime_ns=self.stamp.mtime_ns,
            inode=self.stamp.inode,
            device=self.stamp.device,
            head=_digest(head),
            head_length=len(head),
            offset=0,
            tail=_digest(b""),
            line=0,
        )

    def _read(self, reader: Reader, cursor: Cursor, change: Change, *, mark: Mark) -> Reading:
        from bot.logs.lines import Lines, end_of_part

        in_parts = getattr(reader, "in_parts", False)
        limit = self.limit if getattr(reader, "appended", False) and not cursor.encoding.startswith("utf-16") else None
        while True:
            end = end_of_part(self.file, begin=mark.offset, limit=limit, size=self.size)
            lines = Lines(
                self.file,
                name=self.name,
                size=end,
                encoding=cursor.encoding,
                mark=mark,
                log=self.log,
                limit=self.limit if in_parts else None,
            )
            more = end < self.size
            parsed = _guarded(reader, lines, resume=cursor.resume, settled=self.settled and not more)
            more = more or parsed.more
            if not more or limit is None or parsed.mark.offset > mark.offset:
                taken = parsed.mark.offset - mark.offset if parsed.more else lines.bytes_read
                reading = self._reading(parsed, cursor, change, bytes_read=taken, more=more)
                return replace(reading, whole_talks=in_parts)
            limit *= 4  # one turn longer than the limit

    def _reading(self, parsed: Parsed, cursor: Cursor, change: Change, *, bytes_read: int, more: bool) -> Reading:
        offset = parsed.mark.offset
        moved = replace(
            cursor,
            offset=offset,
            tail=_hash(self.file, max(0, offset - TAIL_BYTES), min(offset, TAIL_BYTES)),
            line=parsed.mark.line,
            open_line=parsed.mark.open_line,
            waiting=parsed.waiting,
            resume=parsed.resume,
            more=more,
        )
        return Reading(
            conversations=tuple(c for c in parsed.conversations if c.turns),
            cursor=moved,
            change=change,
            format=cursor.format,
            bytes_read=bytes_read,
            not_understood=parsed.not_understood,
            versions=parsed.versions,
        )


def continues(log: LogFile, cursor: Cursor) -> bool:
    """Whether a log holds what was read up to ``cursor``, by its head and tail; what cannot be opened does not."""
    try:
        with log.open() as file:
            return file.seek(0, 2) >= cursor.offset and _holds(file, cursor)
    except OSError:
        return False


def have_same_bytes(one: LogFile, other: LogFile) -> bool:
    """Whether two logs hold the same bytes; what cannot be opened holds others."""
    try:
        with one.open() as first, other.open() as second:
            while True:
                block = first.read(_COMPARED)
                if block != second.read(_COMPARED):
                    return False
                if not block:
                    return True
    except OSError:
        return False


def _holds(file: BinaryIO, cursor: Cursor) -> bool:
    return (
        _hash(file, 0, cursor.head_length) == cursor.head
        and _hash(file, max(0, cursor.offset - TAIL_BYTES), min(cursor.offset, TAIL_BYTES)) == cursor.tail
    )


def _hash(file: BinaryIO, offset: int, length: int) -> str:
    file.seek(offset)
    return _digest(file.read(length))


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _head_text(start: bytes, encoding: str) -> str:
    from bot.logs.decoding import utf8_of

    if encoding == "utf-8" or encoding.startswith("utf-16"):
        text = start.decode(encoding, "replace")
    else:
        text = b"\n".join(utf8_of(line, encoding) for line in start.split(b"\n")).decode()
    return text.removeprefix("\ufeff")


def _guarded(reader: Reader, lines: Lines, *, resume: str, settled: bool) -> Parsed:
    """What the reader makes of the lines; whatever else it fails with is told as its fault."""
    collects = gc.isenabled()
    try:
        # Reading makes no circles, and looking for some among all the fresh turns takes a third of its time.
        gc.disable()
        return reader.read(lines, resume=resume, settled=settled)
    except (LogError, Reread, OSError):
        raise
    except Exception as error:
        what = f"the {reader.name} reader failed with {type(error).__name__} near line {lines.line}"
        raise ReaderFault(f"{lines.name}: {what}; please report it") from error
    finally:
        if collects:
            gc.enable()


def _is_untouched(cursor: Cursor, found: Stamp) -> bool:
    known = (cursor.size, cursor.mtime_ns, cursor.inode, cursor.device)
    return known == (found.size, found.mtime_ns, found.inode, found.device)


def _fits(cursor: Cursor, wanted: str, *, settled: bool) -> bool:
    return wanted in ("auto", cursor.format or wanted) and not (cursor.waiting and settled) and not cursor.more


def _with_metadata(cursor: Cursor, found: Stamp) -> Cursor:
    return replace(cursor, size=found.size, mtime_ns=found.mtime_ns, inode=found.inode, device=found.device)


def _unchanged(cursor: Cursor) -> Reading:
    return Reading(conversations=(), cursor=cursor, change="unchanged", format=cursor.format, bytes_read=0)
