"""Walks a listing in the order of update, so that what changes while it is read is neither lost nor read for ever.

Page numbers shift when a ticket is updated meanwhile. Here every page begins at the time at which the last one
ended; only within one such time are pages counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

PAGE = 100

_MISSES = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """A page of a listing: its items with their ids and times of update, and whether it was full."""

    items: Sequence[tuple[str, datetime, T]]
    full: bool


def walk(fetch: Callable[[datetime | None, int], Page[T]], since: datetime | None) -> Iterator[T]:
    """Every item updated at or after ``since`` (None for all), oldest update first, each version of it once.

    ``fetch(since, page)`` gives the page of that number (from 1) of all items updated at or after a time, in the
    order of update; the tracker's own rounding of times must not leave out items of that very time.
    """
    page = 1
    told: dict[str, datetime] = {}
    while True:
        got = fetch(since, page)
        for name, updated, item in got.items:
            if told.get(name) != updated:
                told[name] = updated
                yield item
        if not got.full or not got.items:
            return
        last = got.items[-1][1]
        if since is not None and last <= since:
            page += 1
        else:
            since, page = last, 1


def beyond(read: Callable[[int], T | None], newest: int) -> Iterator[T]:
    """What there is under the numbers after ``newest``, the highest that a listing told, in order.

    A listing may lag behind a write, or come back empty for no reason; a ticket's own address tells the truth. ``read``
    gives None where there is no ticket. Numbers of deleted tickets are gaps, so some are tried past a gap.
    """
    misses, number = 0, newest
    while misses < _MISSES:
        number += 1
        found = read(number)
        if found is None:
            misses += 1
        else:
            misses = 0
            yield found
