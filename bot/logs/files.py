"""Where the bytes of a log are: a file on this machine, a member of an archive, or a file in an object store."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, Protocol

BESIDE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What tells without opening it whether a log has changed.

    ``mtime_ns`` is the time of its text; ``written_ns`` when its bytes were last written, which for a member of an
    archive is the time of the archive.
    """

    size: int
    mtime_ns: int
    inode: int = 0
    device: int = 0
    written_ns: int = 0


class LogFile(Protocol):
    """The bytes of one log. Everything here raises OSError when they cannot be had."""

    @property
    def path(self) -> Path:
        """The name by which formats are told; nothing is opened by it."""

    def stamp(self) -> Stamp: ...

    def open(self) -> BinaryIO:
        """A stream of bytes that can seek."""

    def beside(self, relative: str) -> bytes | None:
        """Another file of the same folder, None where there is none or it is too large."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file on this machine."""

    path: Path

    def stamp(self) -> Stamp:
        """Raises OSError, also for what is no regular file: a pipe without a writer would hang a run."""
        found = self.path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise NotAFile(_kind(found.st_mode))
        return stamp_of(found)

    def open(self) -> BinaryIO:
        return self.path.open("rb")

    def beside(self, relative: str) -> bytes | None:
        place = self.path.parent / relative
        try:
            if not place.is_file() or place.stat().st_size > BESIDE_BYTES:
                return None
            return place.read_bytes()
        except OSError:
            return None


class NotAFile(OSError):
    """A directory, pipe or device where a log was expected; the message says which."""


def stamp_of(found: os.stat_result) -> Stamp:
    return Stamp(
        size=found.st_size,
        mtime_ns=found.st_mtime_ns,
        inode=found.st_ino,
        device=found.st_dev,
        written_ns=found.st_mtime_ns,
    )


def current(file: BinaryIO, before: Stamp) -> Stamp:
    """The stamp of an open file on this machine, which may have changed since ``before``; else ``before``."""
    if not isinstance(file, BufferedReader):
        return before
    try:
        return stamp_of(os.fstat(file.fileno()))
    except OSError:
        return before


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a directory"
    return "a pipe, socket or device"
