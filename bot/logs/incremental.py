"""Reading what is new in a log: unchanged logs by their metadata alone, grown ones from where reading ended."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from bot.logs.base import Change, Cursor, LogError, Mark, Parsed, Reader, Reading, Reread

HEAD_BYTES = 4096
TAIL_BYTES = 256
DETECTION_BYTES = 65_536
_BLANK = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"


def read_new(
    path: Path,
    *,
    name: str,
    cursor: Cursor | None = None,
    format: str = "auto",  # noqa: A002 - the setting's name
    settled: bool = True,
) -> Reading:
    """Read what ``path`` holds beyond ``cursor``; the whole log without one, or when it is no longer the same log.

    ``name`` becomes ``Conversation.log``. ``settled`` says that the log has been quiet for a while,
    so that a last line without newline is complete. An unchanged log is not opened. Raises LogError.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise LogError(f"{name}: {_kind(found.st_mode)}, not a log file: name a file, or a folder of logs")
        if cursor is not None and _is_untouched(cursor, found) and _fits(cursor, format, settled=settled):
            return _unchanged(cursor)
        with path.open("rb") as file:
            return _Look(file, path=path, name=name, cursor=cursor, wanted=format, settled=settled).read()
    except OSError as error:
        raise LogError(f"{name}: cannot be read: {error.strerror or error}") from error


class _Look:
    """One look into an open log."""

    def __init__(
        self, file: BinaryIO, *, path: Path, name: str, cursor: Cursor | None, wanted: str, settled: bool
    ) -> None:
        self.file = file
        self.path = path
        self.name = name
        self.cursor = cursor
        self.wanted = wanted
        self.settled = settled
        self.found = os.fstat(file.fileno())

    def read(self) -> Reading:
        cursor = self.cursor
        if cursor is None:
            return self._whole("new")
        if not cursor.format:
            return self._whole("grown")
        if self.wanted not in ("auto", cursor.format) or not self._is_continued(cursor):
            return self._whole("rewritten")
        if self.found.st_size == cursor.size and not (cursor.waiting and self.settled):
            return _unchanged(_with_metadata(cursor, self.found))
        try:
            return self._from(cursor)
        except Reread:
            return self._whole("rewritten")

    def _is_continued(self, cursor: Cursor) -> bool:
        if self.found.st_size < cursor.offset:
            return False
        # Equal size and another time: a touch, or an edit that head and tail do not show.
        if self.found.st_size == cursor.size and self.found.st_mtime_ns != cursor.mtime_ns:
            return False
        return (
            self._hash(0, cursor.head_length) == cursor.head
            and self._hash(max(0, cursor.offset - TAIL_BYTES), min(cursor.offset, TAIL_BYTES)) == cursor.tail
        )

    def _from(self, cursor: Cursor) -> Reading:
        from bot.logs.readers import reader_named

        mark = Mark(offset=cursor.offset, line=cursor.line, open_line=cursor.open_line)
        reader = reader_named(cursor.format)
        parsed, count = self._parse(reader, encoding=cursor.encoding, mark=mark, resume=cursor.resume)
        return self._reading(parsed, _with_metadata(cursor, self.found), "grown", bytes_read=count)

    def _whole(self, change: Change) -> Reading:
        from bot.logs.decoding import encoding_of
        from bot.logs.readers import detect, reader_named

        self.file.seek(0)
        start = self.file.read(min(DETECTION_BYTES, self.found.st_size))
        encoding = encoding_of(start[:HEAD_BYTES])
        if encoding is None:
            raise LogError(f"{self.name}: not text: leave it out with an exclude pattern")
        if not start.strip(_BLANK):
            return self._nothing(change)
        try:
            text = start.decode(encoding, "replace").removeprefix("\ufeff")
            reader = reader_named(self.wanted) if self.wanted != "auto" else detect(text, self.path, name=self.name)
        except LogError:
            if self.settled or self.wanted != "auto":
                raise
            return self._nothing(change, waiting=True)  # still being written: it may yet become a log
        fresh = self._fresh(format=reader.name, encoding=encoding, head=start[:HEAD_BYTES])
        parsed, count = self._parse(reader, encoding=encoding, mark=Mark(), resume="")
        return self._reading(parsed, fresh, change, bytes_read=count)

    def _nothing(self, change: Change, *, waiting: bool = False) -> Reading:
        cursor = replace(self._fresh(format="", encoding="utf-8", head=b""), waiting=waiting)
        return Reading(conversations=(), cursor=cursor, change=change, format="", bytes_read=self.found.st_size)

    def _fresh(self, *, format: str, encoding: str, head: bytes) -> Cursor:  # noqa: A002 - the field's name
        return Cursor(
            format=format,
            encoding=encoding,
            size=self.found.st_size,
            mtime_ns=self.found.st_mtime_ns,
            inode=self.found.st_ino,
            device=self.found.st_dev,
            head=_digest(head),
            head_length=len(head),
            offset=0,
            tail=_digest(b""),
            line=0,
        )

    def _parse(self, reader: Reader, *, encoding: str, mark: Mark, resume: str) -> tuple[Parsed, int]:
        from bot.logs.lines import Lines

        lines = Lines(self.file, name=self.name, size=self.found.st_size, encoding=encoding, mark=mark)
        parsed = reader.read(lines, resume=resume, settled=self.settled)
        return parsed, lines.bytes_read

    def _reading(self, parsed: Parsed, cursor: Cursor, change: Change, *, bytes_read: int) -> Reading:
        offset = parsed.mark.offset
        moved = replace(
            cursor,
            offset=offset,
            tail=self._hash(max(0, offset - TAIL_BYTES), min(offset, TAIL_BYTES)),
            line=parsed.mark.line,
            open_line=parsed.mark.open_line,
            waiting=parsed.waiting,
            resume=parsed.resume,
        )
        return Reading(
            conversations=tuple(c for c in parsed.conversations if c.turns),
            cursor=moved,
            change=change,
            format=cursor.format,
            bytes_read=bytes_read,
            not_understood=parsed.not_understood,
        )

    def _hash(self, offset: int, length: int) -> str:
        self.file.seek(offset)
        return _digest(self.file.read(length))


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _is_untouched(cursor: Cursor, found: os.stat_result) -> bool:
    known = (cursor.size, cursor.mtime_ns, cursor.inode, cursor.device)
    return known == (found.st_size, found.st_mtime_ns, found.st_ino, found.st_dev)


def _fits(cursor: Cursor, wanted: str, *, settled: bool) -> bool:
    return wanted in ("auto", cursor.format or wanted) and not (cursor.waiting and settled)


def _with_metadata(cursor: Cursor, found: os.stat_result) -> Cursor:
    return replace(cursor, size=found.st_size, mtime_ns=found.st_mtime_ns, inode=found.st_ino, device=found.st_dev)


def _unchanged(cursor: Cursor) -> Reading:
    return Reading(conversations=(), cursor=cursor, change="unchanged", format=cursor.format, bytes_read=0)


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a directory"
    return "a pipe, socket or device"
