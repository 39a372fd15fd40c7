"""Work on many logs in several processes, with the results in the order of the logs."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import click

from bot.logs.base import LogError
from bot.logs.sources import Found

T = TypeVar("T")

_MOST = 4  # processes that are started unasked; each needs about 80 MB
_WORTH = 16_000_000  # bytes of logs from which a process of its own is worth its start


def looked_at(look: Callable[[Found], T], logs: Sequence[Found], *, jobs: int = 0) -> Iterator[T | LogError]:
    """What ``look`` makes of each log, or why it made nothing, in the order given.

    ``jobs`` is the number of processes; 0 takes one a processor, up to four, where the logs are large. With several,
    ``look`` must be a function that can be sent to another process.
    """
    plain = [log for log in logs if log.file is None]
    count = min(jobs or _fitting(plain), len(plain))
    if count < 2 or len(plain) < len(logs):
        yield from (_tried(look, log) for log in logs)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from functools import partial

    with ProcessPoolExecutor(count, initializer=_leave_interrupts_to_us) as pool:
        try:
            yield from pool.map(partial(_tried, look), logs)
        except BrokenProcessPool as error:
            raise click.ClickException("a process that read logs was ended from outside: try --jobs 1") from error
        finally:
            pool.shutdown(cancel_futures=True)


def _tried(look: Callable[[Found], T], log: Found) -> T | LogError:
    try:
        return look(log)
    except LogError as error:
        return error


def _fitting(logs: Sequence[Found]) -> int:
    size = 0
    for log in logs:
        try:
            size += log.log.stamp().size
        except OSError:  # told when the log is read
            continue
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(processors, _MOST, size // _WORTH)


def _leave_interrupts_to_us() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
