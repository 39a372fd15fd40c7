"""One runner at a time: a file lock beside the state, freed by the system when its holder dies."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from bot.store.times import to_text


class Locked(Exception):
    """Somebody else is at work on this state; the message says who."""


@contextmanager
def run_lock(state: Path, command: str, now: datetime, *, wait: float = 0) -> Iterator[None]:
    """Holds the state for one run. ``wait`` is how many seconds to wait for another holder.

    Raises:
        Locked: it is held by another process, which the message names as far as it is known.
    """
    state.parent.mkdir(parents=True, exist_ok=True)
    state = state.resolve()  # two names of one state are one state
    lock = FileLock(f"{state}.lock", mode=0o600)
    holder = state.with_name(f"{state.name}.holder")
    try:
        lock.acquire(timeout=wait)
    except Timeout as error:
        raise Locked(_who(holder)) from error
    try:
        told = {"pid": os.getpid(), "host": socket.gethostname(), "command": command, "since": to_text(now)}
        holder.write_text(json.dumps(told), encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _who(holder: Path) -> str:
    # The note is for people only; it may be missing or torn, since another process writes it.
    try:
        told = json.loads(holder.read_text(encoding="utf-8"))
        return f"held by process {told['pid']} on {told['host']} (loose-ends {told['command']}) since {told['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "held by another process"
