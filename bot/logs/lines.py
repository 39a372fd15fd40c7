"""The lines of a log file with true numbers and byte offsets, whatever its encoding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from bot.logs.base import Mark, Reread
from bot.logs.decoding import UTF8_BOM


class Lines:
    r"""Walks a file from ``mark`` to ``size``, split on newlines only.

    Gives UTF-8 bytes for every encoding, without byte order mark and line end (``\n`` or
    ``\r\n``). A file that grows meanwhile ends at ``size`` all the same. Raises Reread when a line
    that was taken without its newline turns out to go on.
    """

    def __init__(self, file: BinaryIO, *, name: str, size: int, encoding: str, mark: Mark | None = None) -> None:
        self.name = name
        self.mark = mark or Mark()
        self.start = self.mark.offset
        self.bytes_read = 0
        self._file = file
        self._size = size
        self._encoding = encoding
        file.seek(self.mark.offset)
        self._raw = self._utf8() if encoding == "utf-8" else self._utf16()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        raw = next(self._raw)
        before = self.mark
        self.bytes_read += len(raw)
        newline = b"\n" if self._encoding == "utf-8" else "\n".encode(self._encoding)
        closed = raw.endswith(newline)
        self.start = before.offset
        if before.open_line:
            if raw != newline and raw != "\r\n".encode(self._encoding):
                raise Reread("a line that was taken as complete went on")
            self.mark = Mark(offset=before.offset + len(raw), line=before.line)
            return next(self)
        self.mark = Mark(offset=before.offset + len(raw), line=before.line + 1, open_line=not closed)
        body = raw[: -len(newline)] if closed else raw
        return self._clean(body, first=before.offset == 0)

    def at(self, offset: int, length: int) -> bytes:
        here = self._file.tell()
        self._file.seek(offset)
        raw = self._file.read(length)
        self._file.seek(here)
        return self._clean(raw, first=offset == 0)

    def _clean(self, raw: bytes, *, first: bool) -> bytes:
        if self._encoding != "utf-8":
            raw = raw.decode(self._encoding, "replace").encode()
        if first and raw.startswith(UTF8_BOM):
            raw = raw[len(UTF8_BOM) :]
        return raw.removesuffix(b"\r")

    def _utf8(self) -> Iterator[bytes]:
        left = self._size - self.mark.offset
        while left > 0:
            raw = self._file.readline(left)
            if not raw:
                return
            left -= len(raw)
            yield raw

    def _utf16(self) -> Iterator[bytes]:
        data = self._file.read(self._size - self.mark.offset)
        newline = "\n".encode(self._encoding)
        begin = search = 0
        while (found := data.find(newline, search)) >= 0:
            search = found + 1
            if found % 2 == 0:
                search = found + 2
                yield data[begin:search]
                begin = search
        if begin < len(data):
            yield data[begin:]
