"""A copy of the state while it is in use, whole and on the disk, or none."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path


class BackupError(Exception):
    """No copy was made; the message says why."""


def back_up(state: Path, to: Path, *, overwrite: bool = False) -> int:
    """Copies the state to ``to`` and returns its size in bytes; readable by its owner alone.

    Raises:
        BackupError: ``state`` is missing or damaged, or ``to`` is there already or cannot be written.
    """
    if not state.is_file():
        raise BackupError(f"{state}: there is no state yet")
    if to.exists() and (not overwrite or to.resolve() == state.resolve()):
        raise BackupError(f"{to}: is there already; name another file, or overwrite it with --force")
    unfinished = to.with_name(f".{to.name}.{os.getpid()}.tmp")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        os.close(os.open(unfinished, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600))
        _copy(state, unfinished)
        unfinished.replace(to)
        _flush(to.parent)
    except OSError as error:
        raise BackupError(f"{to}: cannot be written: {error.strerror}") from error
    except sqlite3.Error as error:
        raise BackupError(f"{state}: cannot be copied: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return to.stat().st_size


def _copy(state: Path, to: Path) -> None:
    # SQLite's own copy sees one moment of a database that others write to, its log included.
    with closing(sqlite3.connect(f"file:{state}?mode=ro", uri=True)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
        found = target.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)
        target.execute("PRAGMA journal_mode=DELETE")
    _flush(to)


def _flush(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
