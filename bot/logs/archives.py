"""Logs inside zip archives and compressed files, read without unpacking anything to a named place."""

from __future__ import annotations

import gzip
import posixpath
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Self, cast

from bot.logs.files import BESIDE_BYTES, LocalFile, Stamp

MOST_MEMBERS = 200_000
LARGEST_MEMBER = 4 * 1024**3  # bytes after inflating
MOST_RATIO = 200  # inflated to packed; JSON packs to a tenth, a bomb to a thousandth
_FREE_RATIO = 16 * 1024**2  # bytes that any member may inflate to, however well it is packed
_IN_MEMORY = 4 * 1024**2
_BLOCK = 256 * 1024
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


class ArchiveError(OSError):
    """An archive or member that cannot or must not be read; the message says why."""


class Shelf:
    """Keeps the archive that was opened last open, so that its members need not look it up each.

    So it does with the text that was inflated last: a large log is opened again for each of its parts.
    """

    def __init__(self) -> None:
        self._path: Path | None = None
        self._open: zipfile.ZipFile | None = None
        self._key: object = None
        self._text: BinaryIO | None = None

    def text(self, key: object, inflate: Callable[[], BinaryIO]) -> BinaryIO:
        """What ``inflate`` gives for a key; closing it leaves it here. Raises what ``inflate`` raises."""
        if self._text is None or self._key != key:
            self._drop_text()
            self._text, self._key = inflate(), key
        self._text.seek(0)
        return cast(BinaryIO, _Lent(self._text))

    def archive(self, path: Path) -> zipfile.ZipFile:
        """Raises OSError and ArchiveError."""
        if self._open is None or self._path != path:
            if self._open is not None:
                self._open.close()
            try:
                self._open = zipfile.ZipFile(path)
            except _BROKEN as error:
                raise ArchiveError(f"not a zip archive that can be read ({error})") from error
            self._path = path
        return self._open

    def close(self) -> None:
        self._drop_text()
        if self._open is not None:
            self._open.close()
        self._open = self._path = None

    def __del__(self) -> None:
        self.close()

    def _drop_text(self) -> None:
        if self._text is not None:
            self._text.close()
        self._text = None


class _Lent:
    """A stream that somebody else closes."""

    def __init__(self, stream: BinaryIO) -> None:
        self.read, self.readline, self.seek, self.tell = stream.read, stream.readline, stream.seek, stream.tell

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        return None


@dataclass(frozen=True)
class Member:
    """A file in a zip archive. Its name is only ever shown and compared, never used as a path."""

    archive: Path
    name: str
    shelf: Shelf

    @property
    def path(self) -> Path:
        return Path(PurePosixPath(self.name).name)

    @cached_property
    def _info(self) -> zipfile.ZipInfo:
        try:
            return self.shelf.archive(self.archive).getinfo(self.name)
        except KeyError as error:
            raise ArchiveError("no longer in the archive") from error

    def stamp(self) -> Stamp:
        info = self._info
        written = self.archive.stat().st_mtime_ns
        return Stamp(
            size=info.file_size, mtime_ns=_time_ns(info) or written, inode=info.CRC, device=0, written_ns=written
        )

    def open(self) -> BinaryIO:
        info = self._info
        if info.flag_bits & 1:
            raise ArchiveError("encrypted: unpack it and name the folder")
        return self.shelf.text(
            (self.archive, self.name, self.stamp()),
            lambda: _inflated(self._packed(info), packed=info.compress_size, declared=info.file_size),
        )

    def beside(self, relative: str) -> bytes | None:
        name = posixpath.normpath(posixpath.join(posixpath.dirname(self.name), relative))
        other = Member(self.archive, name, self.shelf)
        try:
            if other.stamp().size > BESIDE_BYTES:
                return None
            with other.open() as stream:
                return stream.read()
        except OSError:
            return None

    def _packed(self, info: zipfile.ZipInfo) -> IO[bytes]:
        try:
            return self.shelf.archive(self.archive).open(info)
        except _BROKEN as error:
            raise ArchiveError(f"cannot be unpacked ({error})") from error


@dataclass(frozen=True)
class Packed:
    """A log that was packed on its own, as rotated logs and sessions left alone are: ``chat.log.1.gz``."""

    archive: Path
    shelf: Shelf

    @property
    def path(self) -> Path:
        return self.archive.with_suffix("")

    def stamp(self) -> Stamp:
        """The size is that of the packed file: the other one is known only after reading."""
        found = self.archive.stat()
        return Stamp(size=found.st_size, mtime_ns=found.st_mtime_ns, inode=0, device=0, written_ns=found.st_mtime_ns)

    def open(self) -> BinaryIO:
        stamp = self.stamp()
        packed = PACKED[self.archive.suffix.lower()]
        return self.shelf.text(
            (self.archive, stamp), lambda: _inflated(packed(self.archive), packed=stamp.size, declared=0)
        )

    def beside(self, relative: str) -> bytes | None:
        return LocalFile(self.archive).beside(relative)


def _gzip(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path))


def _zstandard(path: Path) -> IO[bytes]:
    try:
        import zstandard
    except ImportError as error:
        raise ArchiveError("needs zstandard: pip install 'loose-ends[zstd]'") from error
    return cast(IO[bytes], zstandard.open(path, "rb"))


PACKED: Mapping[str, Callable[[Path], IO[bytes]]] = {".gz": _gzip, ".zst": _zstandard}


def members(path: Path, shelf: Shelf) -> Iterator[str]:
    """The names of the files in a zip archive, in the order of names. Raises OSError and ArchiveError."""
    found = shelf.archive(path).infolist()
    if len(found) > MOST_MEMBERS:
        raise ArchiveError(f"more than {MOST_MEMBERS} files in it: unpack it and name the folder")
    yield from sorted({info.filename for info in found if not info.is_dir() and "\0" not in info.filename})


def _inflated(packed_stream: IO[bytes], *, packed: int, declared: int) -> BinaryIO:
    """The whole text in a nameless temporary file. Bytes are counted as they come: declared sizes may lie."""
    limit = min(LARGEST_MEMBER, max(_FREE_RATIO, packed * MOST_RATIO))
    if declared > limit:
        raise ArchiveError(f"unpacks to {declared} bytes, more than the limit of {limit}: unpack it yourself")
    out = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    try:
        with packed_stream:
            _copy(packed_stream, cast(BinaryIO, out), limit=limit)
    except OSError:
        out.close()
        raise
    except Exception as error:
        # Each way of packing has errors of its own.
        out.close()
        raise ArchiveError(f"cannot be unpacked ({error})") from error
    out.seek(0)
    return cast(BinaryIO, out)


def _copy(stream: IO[bytes], out: BinaryIO, *, limit: int) -> None:
    size = 0
    while block := stream.read(_BLOCK):
        size += len(block)
        if size > limit:
            raise ArchiveError(f"unpacks to more than the limit of {limit} bytes: unpack it yourself")
        out.write(block)


def _time_ns(info: zipfile.ZipInfo) -> int:
    """The time that the archive gives a member, 0 where it gives none (1980 is how zip says so)."""
    if info.date_time[0] <= 1980:
        return 0
    try:
        return int(datetime(*info.date_time, tzinfo=UTC).timestamp()) * 10**9
    except ValueError:
        return 0
