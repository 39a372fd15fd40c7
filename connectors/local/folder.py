"""The folder of the local tracker: listing, atomic writes, the lock, and numbers that are given once."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from connectors.base import Denied, Unavailable

LAST_NUMBER = ".last-number"
"""Holds the highest number given so far; commit it with the tickets, so that none is given again elsewhere."""

_TEMPORARY = ".loose-ends-"
_NUMBERED = re.compile(r"(\d{1,9})(?!\d)")
_NO_TICKETS = frozenset(("readme", "changelog", "contributing", "license", "index", "code_of_conduct", "security"))
_TICK_NS = 2_000_000_000  # the coarsest time stamps of file systems in use (FAT)
_LOCK_WAIT_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file read: its bytes, its ``stamp`` and its time of last change in seconds since 1970."""

    data: bytes
    stamp: str
    modified: float


class Folder:
    """One folder of tickets. Errors of the file system are raised as connector errors."""

    def __init__(self, path: Path, *, time_ns: Callable[[], int] = time.time_ns) -> None:
        self.path = path
        self._time_ns = time_ns

    def names(self) -> list[str]:
        """The names of files that may be tickets, by number; an empty list when there is no folder yet."""
        with translated(self.path):
            try:
                entries = list(os.scandir(self.path))
            except FileNotFoundError:
                return []
            names = [entry.name for entry in entries if _may_be_ticket(entry)]
            return sorted(names, key=_by_number)

    def exists(self) -> bool:
        """Whether the folder and the file with the last number are there: an empty mount point has neither."""
        return (self.path / LAST_NUMBER).exists()

    def stamp(self, name: str) -> str:
        """A hash of what the file system tells of a file; '' when the file may yet change without a new stamp.

        The time of the inode's change is part of it, which no program can set back.
        """
        return self._stamp((self.path / name).stat())

    def read(self, name: str) -> Found | None:
        """The file, None when it is gone."""
        with translated(self.path / name):
            try:
                with (self.path / name).open("rb") as file:
                    # Taken before reading: a write in between then gives another stamp next time.
                    status = os.fstat(file.fileno())
                    return Found(data=file.read(), stamp=self._stamp(status), modified=status.st_mtime)
            except FileNotFoundError:
                return None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the folder against other bots, waiting some seconds for them. Editors know no such lock."""
        with translated(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_RDONLY)
            try:
                self._wait_for_lock(handle)
                yield
            finally:
                os.close(handle)

    def next_number(self) -> int:
        """The next number, noted as given before it is used, so that a crash loses it rather than gives it twice."""
        given = [int(match[1]) for name in self.names() if (match := _NUMBERED.match(name))]
        # A merge conflict in git leaves both numbers in the file: the highest line that is a number counts.
        with suppress(FileNotFoundError):
            text = (self.path / LAST_NUMBER).read_text(encoding="utf-8", errors="replace")
            given += [int(line) for line in text.split() if re.fullmatch("[0-9]{1,9}", line)]
        number = max(given, default=0) + 1
        temporary = self._write_temporary(f"{number}\n".encode(), mode=0o644)
        temporary.replace(self.path / LAST_NUMBER)
        self._sync()
        return number

    def add(self, name: str, data: bytes, *, at: datetime) -> None:
        """Writes a new file, whole or not at all, and never over another.

        Raises:
            FileExistsError: there is one of that name.
        """
        temporary = self._write_temporary(data, at=at)
        try:
            os.link(temporary, self.path / name)
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK):
                raise
            # No hard links here (FAT, some network drives): the lock keeps other bots out meanwhile.
            if (self.path / name).exists():
                raise FileExistsError(errno.EEXIST, "exists", name) from error
            temporary.replace(self.path / name)
        finally:
            temporary.unlink(missing_ok=True)
        self._sync()

    def replace(self, name: str, before: bytes, data: bytes, *, at: datetime) -> bool:
        """Writes over ``name`` if it still holds ``before``; says whether it did.

        Between the last look and the renaming lies a moment in which an editor's save would be lost; no file
        system closes it.
        """
        file = self.path / name
        temporary = self._write_temporary(data, at=at, mode=file.stat().st_mode)
        try:
            if file.read_bytes() != before:
                return False
            temporary.replace(file)
        finally:
            temporary.unlink(missing_ok=True)
        self._sync()
        return True

    def sweep(self) -> None:
        """Removes what a killed bot left half written; only under the lock."""
        for file in self.path.glob(f"{_TEMPORARY}*.tmp"):
            file.unlink(missing_ok=True)

    def _write_temporary(self, data: bytes, *, at: datetime | None = None, mode: int | None = None) -> Path:
        temporary = self.path / f"{_TEMPORARY}{os.getpid()}.tmp"
        temporary.unlink(missing_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with os.fdopen(handle, "wb") as file:
            if mode is not None:
                os.fchmod(file.fileno(), mode & 0o777)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if at is not None:
            os.utime(temporary, (at.timestamp(), at.timestamp()))
        return temporary

    def _sync(self) -> None:
        handle = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def _stamp(self, status: os.stat_result) -> str:
        if max(status.st_mtime_ns, status.st_ctime_ns) > self._time_ns() - _TICK_NS:
            return ""
        facts = f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"
        return hashlib.sha256(facts.encode()).hexdigest()[:16]

    def _wait_for_lock(self, handle: int) -> None:
        until = time.monotonic() + _LOCK_WAIT_SECONDS
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    raise Unavailable(f"{self.path}: another bot holds this folder") from None
                time.sleep(0.02)
            else:
                return


def number_in(name: str) -> int | None:
    """The number that a file name or an id begins with."""
    match = _NUMBERED.match(name)
    return int(match[1]) if match else None


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Errors of the file system as connector errors, naming the place."""
    try:
        yield
    except PermissionError as error:
        raise Denied(f"{error.filename or path}: permission denied; the bot must read and write here") from error
    except FileExistsError:
        raise
    except OSError as error:
        raise Unavailable(f"{error.filename or path}: {error.strerror or error}") from error


def _by_number(name: str) -> tuple[float, str]:
    number = number_in(name)
    return (float("inf") if number is None else number, name)


def _may_be_ticket(entry: os.DirEntry[str]) -> bool:
    stem, dot, suffix = entry.name.rpartition(".")
    if not dot or suffix.lower() != "md" or entry.name.startswith((".", "_")) or stem.casefold() in _NO_TICKETS:
        return False
    return entry.is_file(follow_symlinks=False)
