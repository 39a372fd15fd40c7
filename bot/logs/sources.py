"""Finding logs: files, folders, globs, archives, object stores; in a fixed order, problems reported."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.logs.files import LocalFile, LogFile
from bot.logs.patterns import fits, names_hidden
from bot.model import LOG_FILES

if TYPE_CHECKING:
    from bot.logs.archives import Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A log, or why there is none where one was expected.

    ``name`` is the path as given, with forward slashes; a member of an archive is ``archive.zip!member``. ``named``
    says that a person named the file itself, and not a folder, archive or glob that holds it.
    """

    path: Path
    name: str
    problem: str = ""
    file: LogFile | None = None
    named: bool = False
    member: str = ""

    @property
    def log(self) -> LogFile:
        """Where its bytes are."""
        return self.file or LocalFile(self.path)

    @property
    def key(self) -> str:
        """One for each log, by whichever link or path it was found."""
        if "://" in self.name:
            return self.name
        # A link and what it points to are one log; what cannot be followed is known by its own name.
        place = self.path.absolute() if self.problem else self.path.resolve()
        return f"{place.as_posix()}!{self.member}" if self.member else place.as_posix()


def find_logs(path: str, *, include: Sequence[str] = LOG_FILES, exclude: Sequence[str] = ()) -> Iterator[Found]:
    """The logs that ``path`` stands for, sorted by name.

    A file named outright is taken whatever its name; ``include`` and ``exclude`` are globs for the files found in
    folders, archives and stores, relative to these (``**`` crosses folders, a pattern without slash fits in any
    folder). Hidden files and folders are left out unless ``path`` or a pattern names them.
    """
    if "://" in path:
        yield from _remote(path, include=include, exclude=exclude)
        return
    given = os.path.expanduser(path)  # noqa: PTH111 - Path would drop "./", which the user wrote
    is_there = os.path.lexists(given)
    if is_there:
        roots = [given]
    elif glob.has_magic(given):
        roots = sorted(glob.glob(given, recursive=True))  # noqa: PTH207 - names keep the form that was given
    else:
        roots = []
    if not roots:
        yield Found(path=Path(given), name=_name(given), problem=f"{_name(given)}: nothing is there: correct the path")
    seen: set[str] = set()
    opener = _Opener(include=include, exclude=exclude)
    for root in roots:
        for log in _below(root, opener, named=is_there):
            if log.name not in seen:
                seen.add(log.name)
                yield log


def _below(root: str, opener: _Opener, *, named: bool) -> Iterator[Found]:
    if Path(root).is_dir():
        found = sorted(_walk(Path(root), include=opener.include, exclude=opener.exclude), key=lambda log: log.name)
    elif fits(Path(root).name, opener.exclude):
        return
    else:
        found = [Found(path=Path(root), name=_name(root), problem=_dangling(Path(root)), named=named)]
    for log in found:
        if log.problem:
            yield log
        else:
            yield from opener.opened(log)


@dataclass(frozen=True, kw_only=True)
class _Opener:
    """Looks into what holds logs; archives that follow each other share what is kept open."""

    include: Sequence[str]
    exclude: Sequence[str]

    @cached_property
    def _shelf(self) -> Shelf:
        from bot.logs.archives import Shelf

        return Shelf()

    def opened(self, log: Found) -> Iterator[Found]:
        """The logs in an archive; any other file is one log."""
        suffix = log.path.suffix.lower()
        if suffix == ".zip":
            yield from self._members(log)
        elif suffix in (".gz", ".zst"):
            from bot.logs.archives import Packed

            yield Found(path=log.path, name=log.name, file=Packed(log.path, self._shelf), named=log.named)
        elif suffix == ".db":
            yield from self._sessions(log)
        elif log.path.name.startswith("ses"):
            from bot.logs.opencode_folder import FolderSession, is_session

            yield replace(log, file=FolderSession(log.path)) if is_session(log.path) else log
        else:
            yield log

    def _sessions(self, log: Found) -> Iterator[Found]:
        """The sessions in a database of opencode."""
        from bot.logs.opencode_database import sessions

        try:
            found = sessions(log.path)
        except OSError as error:
            yield replace(log, problem=f"{log.name}: cannot be read: {error.strerror or error}")
            return
        if found is None:
            yield log
            return
        for file in found:
            yield Found(path=log.path, name=f"{log.name}!{file.name}", file=file, member=file.name)

    def _members(self, log: Found) -> Iterator[Found]:
        from bot.logs.archives import Member, members

        try:
            names = list(members(log.path, self._shelf))
        except OSError as error:
            yield Found(path=log.path, name=log.name, problem=f"{log.name}: cannot be read: {error.strerror or error}")
            return
        for name in names:
            if _is_wanted(name, include=self.include, exclude=self.exclude) and not name.startswith("__MACOSX/"):
                file = Member(log.path, name, self._shelf)
                yield Found(path=log.path, name=f"{log.name}!{name}", file=file, member=name)


def _remote(address: str, *, include: Sequence[str], exclude: Sequence[str]) -> Iterator[Found]:
    from bot.logs.remote import remote_files

    try:
        for relative, file in remote_files(address):
            named = address.endswith(f"/{relative}")
            if named or _is_wanted(relative, include=include, exclude=exclude):
                name = address if named else f"{address.rstrip('/')}/{relative}"
                yield Found(path=file.path, name=name, file=file, named=named)
    except OSError as error:
        yield Found(path=Path(address), name=address, problem=f"{address}: cannot be read: {error.strerror or error}")


def _is_wanted(relative: str, *, include: Sequence[str], exclude: Sequence[str]) -> bool:
    """By the rules for a folder, for what is listed as a whole."""
    parts = relative.split("/")
    if any(part.startswith(".") and not fits(part, names_hidden(include)) for part in parts):
        return False
    above = ("/".join(parts[:end]) for end in range(1, len(parts) + 1))
    return fits(relative, include) and not any(fits(path, exclude) for path in above)


def _walk(root: Path, *, include: Sequence[str], exclude: Sequence[str]) -> Iterator[Found]:
    visited: set[tuple[int, int]] = set()
    hidden = names_hidden(include)
    pending = [(root, "")]
    while pending:
        folder, prefix = pending.pop()
        try:
            status = folder.stat()
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            yield _unreadable(folder, error)
            continue
        if (status.st_dev, status.st_ino) in visited:
            continue
        visited.add((status.st_dev, status.st_ino))
        names = {entry.name for entry in entries}
        for entry in entries:
            relative = prefix + entry.name
            if fits(relative, exclude) or (entry.name.startswith(".") and not fits(entry.name, hidden)):
                continue
            path = folder / entry.name
            if not _is_folder(entry):
                if fits(relative, include):
                    yield Found(path=path, name=_name(str(path)), problem=_dangling(entry))
                continue
            if entry.name in ("session", "message", "part") and _is_store(folder, names):
                if entry.name == "session":
                    yield from _stored(folder, prefix, include=include, exclude=exclude)
                continue
            pending.append((path, f"{relative}/"))
            if fits(relative, include) and "." in entry.name.strip("."):
                yield Found(path=path, name=_name(str(path)), problem=f"{_name(str(path))}: a directory, not a log")


def _is_store(folder: Path, names: set[str]) -> bool:
    """Whether a folder with these names in it is the root of a tree in which opencode keeps its sessions."""
    return {"session", "message", "part"} <= names or (folder / "session" / "info").is_dir()


def _stored(root: Path, prefix: str, *, include: Sequence[str], exclude: Sequence[str]) -> Iterator[Found]:
    """The sessions in opencode's tree of files; its other files are parts of them."""
    from bot.logs.opencode_folder import sessions

    for path in sessions(root):
        relative = prefix + path.relative_to(root).as_posix()
        if fits(relative, include) and not fits(relative, exclude):
            yield Found(path=path, name=_name(str(path)))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a loop of links: reported as a file that cannot be read
        return False


def _dangling(path: Path | os.DirEntry[str]) -> str:
    try:
        path.stat()
    except OSError as error:
        return f"{_name(os.fspath(path))}: cannot be read: {error.strerror or error}"
    return ""


def _unreadable(folder: Path, error: OSError) -> Found:
    name = _name(str(folder))
    return Found(path=folder, name=name, problem=f"{name}: the folder cannot be read: {error.strerror or error}")


def _name(path: str) -> str:
    return path.replace(os.sep, "/")
