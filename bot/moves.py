"""Logs that got another name, or were copied: known again by what is in them, so that none of it is read anew.

A log that was renamed has its inode still, and the bytes that were read. A copy has all the bytes of a log that was
read; it is kept as such, and read from its start once it differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from bot.logs.base import Cursor, LogError
from bot.logs.files import LocalFile, Stamp
from bot.logs.incremental import continues, have_same_bytes
from bot.sourcing import SourceLog
from bot.store import logs

_ROTATED = re.compile(r"\.\d{1,9}$")
_PACKED = (".gz", ".zst")
_GONE = 0, 0  # the inode of what is not there


def follow(engine: Engine, todo: Sequence[SourceLog], now: datetime) -> None:
    """Gives what is known of a log to the path at which it lies now, and to the paths of its exact copies."""
    with engine.begin() as db:
        paths = logs.paths(db)
        # Nearly always every log is known, and none can have taken the path of another one.
        if not paths or not any(log.key not in paths or _ROTATED.search(log.key) for log in todo):
            return
        known = dict(_cursors(logs.cursors(db)))
    found = {log.key: (log, stamp) for log in todo if (stamp := _stamp(log))}
    moved: dict[str, str] = {}
    for old, new in _moved(known, found):
        moved.setdefault(old, new)
    if moved:
        with engine.begin() as db:
            logs.move(db, moved)
        others = {path: known[path] for path in known.keys() - moved.keys() - set(moved.values())}
        known = others | {new: known[old] for old, new in moved.items()}
    copies = list(_copies(known, found))
    if copies:
        with engine.begin() as db:
            originals = logs.find_all(db, [original for _, original, _ in copies])
            for log, original, cursor in copies:
                row = replace(
                    originals[original], path=log.key, source=log.source, cursor=cursor.to_json(), bytes_read=0
                )
                logs.save(db, replace(row, read_at=now))


def _cursors(kept: Mapping[str, str]) -> Iterator[tuple[str, Cursor]]:
    for path, text in kept.items():
        try:
            yield path, Cursor.from_json(text)
        except ValueError:  # of another version
            continue


def _stamp(log: SourceLog) -> Stamp | None:
    try:
        return None if log.problem else log.stamp()
    except LogError:
        return None


def _moved(known: Mapping[str, Cursor], found: Mapping[str, tuple[SourceLog, Stamp]]) -> Iterator[tuple[str, str]]:
    """The old and the new path of each log that was renamed."""
    read = {path: cursor for path, cursor in known.items() if cursor.device and cursor.format}
    of_inode = {(cursor.inode, cursor.device): path for path, cursor in read.items()}
    of_time = {(cursor.size, cursor.mtime_ns): path for path, cursor in read.items()}
    for key, (log, stamp) in found.items():
        here = stamp.inode, stamp.device
        old = of_inode.get(here) if isinstance(log.file, LocalFile) else None
        if old is None and key not in known:
            # On another disk it keeps its time and nothing else; one that was packed or unpacked, its name.
            here = _GONE
            old = next((name for name in _packed_or_not(key) if name in known and known[name].format), None)
            old = old or (of_time.get((stamp.size, stamp.mtime_ns)) if isinstance(log.file, LocalFile) else None)
        if old is None or old == key:
            continue
        # Two names of one file, as with a hard link, are no rename.
        now = _inode(old, found)
        if (now == _GONE if here == _GONE else now != here) and continues(log.file, known[old]):
            yield old, key


def _packed_or_not(path: str) -> Iterator[str]:
    """What a file was called before it was packed, or unpacked."""
    for suffix in _PACKED:
        yield path.removesuffix(suffix) if path.endswith(suffix) else f"{path}{suffix}"


def _inode(path: str, found: Mapping[str, tuple[SourceLog, Stamp]]) -> tuple[int, int]:
    if path in found:
        return found[path][1].inode or 1, found[path][1].device
    try:
        status = Path(path).stat()
    except OSError:
        return _GONE
    return status.st_ino, status.st_dev


def _copies(
    known: Mapping[str, Cursor], found: Mapping[str, tuple[SourceLog, Stamp]]
) -> Iterator[tuple[SourceLog, str, Cursor]]:
    """Each log that nobody knows and that has all the bytes of one that was read to its end, and its cursor."""
    read: dict[int, list[str]] = {}
    for path, cursor in known.items():
        if cursor.format and cursor.size and not (cursor.waiting or cursor.more or cursor.since):
            read.setdefault(cursor.size, []).append(path)
    for key, (log, stamp) in found.items():
        if key in known or log.rules.format != "auto":
            continue
        original = next((path for path in read.get(stamp.size, ()) if _is_copy(log, stamp, path, known, found)), None)
        if original:
            cursor = replace(
                known[original], mtime_ns=stamp.mtime_ns, inode=stamp.inode, device=stamp.device, copy=True
            )
            yield log, original, cursor


def _is_copy(
    log: SourceLog,
    stamp: Stamp,
    path: str,
    known: Mapping[str, Cursor],
    found: Mapping[str, tuple[SourceLog, Stamp]],
) -> bool:
    cursor = known[path]
    if not stamp.device:  # the inode is a checksum that an archive or a store gives
        return bool(stamp.inode) and (stamp.inode, 0) == (cursor.inode, cursor.device)
    if path not in found or not isinstance(log.file, LocalFile):
        return False
    original, now = found[path]
    is_as_read = (cursor.size, cursor.mtime_ns, cursor.inode) == (now.size, now.mtime_ns, now.inode)
    return is_as_read and continues(log.file, cursor) and have_same_bytes(log.file, original.file)
