"""Sessions as opencode kept them until 2026: a tree of small files, ``session``, ``message`` and ``part``.

session/PROJECT/SESSION.json  message/SESSION/MESSAGE.json  part/MESSAGE/PART.json
session/info/SESSION.json  session/message/SESSION/MESSAGE.json  session/part/SESSION/MESSAGE/PART.json  (at first)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bot.logs.files import Stamp
from bot.logs.opencode_pieces import LEFT_OUT, Export, Piece, decoded


@dataclass(frozen=True, slots=True)
class FolderSession:
    """A session in a tree of files; ``path`` is the file that tells of it."""

    path: Path

    def stamp(self) -> Stamp:
        """The size of all its files together, and the time of the newest."""
        own = self.path.stat()
        found = [own, *(path.stat() for path in self._files())]
        newest = max(status.st_mtime_ns for status in found)
        size = sum(status.st_size for status in found)
        return Stamp(size=size, mtime_ns=newest, inode=own.st_ino, device=own.st_dev, written_ns=newest)

    def open(self) -> BinaryIO:
        export = Export()
        export.begin(self.path.read_bytes(), self.path.name)
        messages, parts = self._folders()
        for message in _read_in_order(messages):
            folder = parts / message.piece.id if message.piece.id else parts / message.path.stem
            export.message(message.raw, self._name(message.path), self._parts(folder))
        return export.end()

    def beside(self, relative: str) -> bytes | None:
        del relative
        return None

    def _folders(self) -> tuple[Path, Path]:
        """Where its messages lie, and the folders with the parts of each."""
        session, above = self.path.stem, self.path.parent.parent
        if self.path.parent.name == "info":  # the first layout
            return above / "message" / session, above / "part" / session
        return above.parent / "message" / session, above.parent / "part"

    def _files(self) -> Iterator[Path]:
        messages, parts = self._folders()
        for path in _json_files(messages):
            yield path
            yield from _json_files(parts / path.stem)

    def _parts(self, folder: Path) -> Iterator[tuple[bytes, str]]:
        for part in _read_in_order(folder, by_time=False):
            if part.piece.type not in LEFT_OUT:
                yield part.raw, self._name(part.path)

    def _name(self, path: Path) -> str:
        """A piece as seen from the folder of the session's own file."""
        above = self.path.parent.parent if self.path.parent.name == "info" else self.path.parent.parent.parent
        steps = "../" if self.path.parent.name == "info" else "../../"
        return steps + path.relative_to(above).as_posix()


def is_session(path: Path) -> bool:
    """Whether a file is the one that tells of a session in such a tree."""
    if not path.name.startswith("ses") or path.suffix != ".json" or path.parent.parent.name != "session":
        return False
    root = path.parent.parent.parent
    return path.parent.name == "info" or (root / "message").is_dir()


def sessions(root: Path) -> list[Path]:
    """The files that tell of the sessions below the root of a tree, in the order of their names."""
    return sorted(path for folder in _folders(root / "session") for path in _json_files(folder) if is_session(path))


@dataclass(frozen=True, slots=True)
class _Read:
    path: Path
    raw: bytes
    piece: Piece


def _read_in_order(folder: Path, *, by_time: bool = True) -> list[_Read]:
    """The pieces in a folder as they were written: ids rise with time, and times tell where ids do not."""
    found = []
    for path in _json_files(folder):
        raw = path.read_bytes()
        found.append(_Read(path, raw, decoded(raw)))
    return sorted(found, key=lambda item: (item.piece.order if by_time else (0.0, ""), item.path.name))


def _json_files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".json")
    except OSError:
        return []


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError:
        return []
