"""The lines of a log file with true numbers and byte offsets, whatever its encoding."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import BinaryIO

from bot.logs.base import Mark, Reread
from bot.logs.decoding import UTF8_BOM, repaired, text_of, utf8_of
from bot.logs.files import LogFile

_BLOCK = 65_536
_STRETCH = 262_144
_OTHER_ASCII = ("cp932", "gb18030", "big5")  # their letters may end in a byte that is a sign of ASCII


def end_of_part(file: BinaryIO, *, begin: int, limit: int | None, size: int) -> int:
    """Where the line ends in which the limit falls: so much of a log that is appended to is read at a time."""
    if limit is None or begin + limit >= size:
        return size
    file.seek(begin + limit)
    while block := file.read(_BLOCK):
        found = block.find(b"\n")
        if found >= 0:
            return min(size, file.tell() - len(block) + found + 1)
    return size


class Lines:
    r"""Walks a file from ``mark`` to ``size``, split on newlines only.

    Gives UTF-8 bytes for every encoding, without byte order mark and line end (``\n`` or
    ``\r\n``). A file that grows meanwhile ends at ``size`` all the same. Raises Reread when a line
    that was taken without its newline turns out to go on.
    """

    def __init__(
        self,
        file: BinaryIO,
        *,
        name: str,
        size: int,
        encoding: str,
        mark: Mark | None = None,
        log: LogFile | None = None,
        limit: int | None = None,
    ) -> None:
        begin = mark or Mark()
        self.name = name
        self.start = self.offset = begin.offset
        self.line = begin.line
        self.open_line = begin.open_line
        self._begin = begin.offset
        self._file = file
        self._size = size
        self.encoding = encoding
        self._has_ascii = not encoding.startswith("utf-16") and encoding not in _OTHER_ASCII
        self.limit = limit if self._has_ascii else None
        self._log = log
        file.seek(begin.offset)

    @property
    def mark(self) -> Mark:
        return Mark(offset=self.offset, line=self.line, open_line=self.open_line)

    @property
    def bytes_read(self) -> int:
        return self.offset - self._begin

    def __iter__(self) -> Iterator[bytes]:
        newline = "\n".encode(self.encoding)
        wide = self.encoding.startswith("utf-16")
        raws = self._wide_lines() if wide else self._plain_lines()
        if self.open_line:
            self._close(next(raws, b""), newline)
        for raw in raws:
            self.start = self.offset
            self.offset += len(raw)
            self.line += 1
            self.open_line = not raw.endswith(newline)
            body = raw if self.open_line else raw[: -len(newline)]
            if self.start and not wide and body.isascii() and not body.endswith(b"\r"):
                yield body
            else:
                yield self._clean(body, first=self.start == 0)

    def blocks(self) -> Iterator[bytes]:
        """All that is left, in stretches that end anywhere but behind a backslash."""
        if not self._has_ascii or self.open_line:
            yield from self._blocks_of_lines()
            return
        held: list[bytes] = []
        at, last = self.offset, b"\n"
        while raw := self._file.read(min(_STRETCH, self._size - at)):
            at += len(raw)
            last = raw[-1:]
            held.append(raw)
            if last != b"\\" or at >= self._size:
                yield self._block(b"".join(held))
                held = []
            elif end := len(raw.rstrip(b"\\")):
                yield self._block(b"".join([*held[:-1], raw[:end]]))
                held = [raw[end:]]
        if held:
            yield self._block(b"".join(held))
        self.open_line = last != b"\n"
        self.line += self.open_line

    def _block(self, raw: bytes) -> bytes:
        mark = len(UTF8_BOM) if not self.offset and raw.startswith(UTF8_BOM) else 0
        self.start = self.offset + mark
        self.offset += len(raw)
        self.line += raw.count(b"\n")
        return raw[mark:]

    def _blocks_of_lines(self) -> Iterator[bytes]:
        held: list[bytes] = []
        size = 0
        for raw in self:
            held.append(raw)
            size += len(raw)
            if size > _BLOCK and not raw.endswith(b"\\"):
                yield b"\n".join([*held, b""])
                held, size = [], 0
        yield b"\n".join([*held, b""])

    def read_all(self) -> tuple[list[str], list[int]]:
        """The text of every line that is left, and the file offset of each."""
        if self.encoding.startswith("utf-16") or self.open_line:
            pairs = [(text_of(raw), self.start) for raw in self]
            return [text for text, _ in pairs], [start for _, start in pairs]
        data = self._file.read(self._size - self.offset)
        raws = data.split(b"\n")
        self.open_line = bool(raws[-1])
        try:
            texts = repaired(data.decode(), data).split("\n")
        except UnicodeDecodeError:
            texts = [text_of(utf8_of(raw, self.encoding)) for raw in raws]
        if self.offset == 0:
            texts[0] = texts[0].removeprefix("\ufeff")
        if not self.open_line:
            texts.pop()
            raws.pop()
        starts = list(accumulate([len(raw) + 1 for raw in raws], initial=self.offset))
        starts.pop()
        self.offset += len(data)
        self.line += len(texts)
        return [text.removesuffix("\r") for text in texts] if b"\r" in data else texts, starts

    def _close(self, raw: bytes, newline: bytes) -> None:
        """Take the end of a line that an earlier read took without it."""
        if raw and raw not in (newline, "\r\n".encode(self.encoding)):
            raise Reread("a line that was taken as complete went on")
        if raw:
            self.offset += len(raw)
            self.open_line = False

    def at(self, offset: int, length: int) -> bytes:
        here = self._file.tell()
        self._file.seek(offset)
        raw = self._file.read(length)
        self._file.seek(here)
        return self._clean(raw, first=offset == 0)

    def beside(self, relative: str) -> bytes | None:
        """Another file of the same folder, archive or store; None where there is none."""
        return self._log.beside(relative) if self._log else None

    def _clean(self, raw: bytes, *, first: bool) -> bytes:
        if self.encoding.startswith("utf-16"):
            raw = raw.decode(self.encoding, "replace").encode()
        elif not raw.isascii():
            raw = utf8_of(raw, self.encoding)
        if first and raw.startswith(UTF8_BOM):
            raw = raw[len(UTF8_BOM) :]
        return raw.removesuffix(b"\r")

    def _plain_lines(self) -> Iterator[bytes]:
        left = self._size - self._begin
        while left > 0:
            raw = self._file.readline(left)
            if not raw:
                return
            left -= len(raw)
            yield raw

    def _wide_lines(self) -> Iterator[bytes]:
        data = self._file.read(self._size - self._begin)
        newline = "\n".encode(self.encoding)
        begin = search = 0
        while (found := data.find(newline, search)) >= 0:
            search = found + 1
            if found % 2 == 0:
                search = found + 2
                yield data[begin:search]
                begin = search
        if begin < len(data):
            yield data[begin:]
