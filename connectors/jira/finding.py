"""Finds the issue that an uncertain create may have made, although Jira's search runs behind.

The search alone cannot say that an issue is not there. But keys count up by one, and an issue that is asked for by
its key is read itself: so whatever number the search leaves out, and the next ones, are asked for one by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from connectors.base import Gone, Unavailable
from connectors.jira.client import Json
from connectors.jira.issues import Issue, User, read_issue
from connectors.jira.search import Search, at_or_after

_KEY = re.compile(r"(.{1,300})-(\d{1,15})")
_BEYOND = 8
"""So many numbers in a row without an issue are taken for the end: failed creates and deletions leave some out."""

_MOST_ASKED = 60
_EARLIER = timedelta(minutes=1)


class Finder:
    """``read`` reads an issue by its key, and raises :class:`Gone` where there is none."""

    def __init__(self, search: Search, read: Callable[[str], Issue], *, me: User, project: str) -> None:
        self._search = search
        self._read = read
        self._me = me
        self._project = project

    def find(self, is_wanted: Callable[[Issue], bool], *, since: datetime | None) -> Issue | None:
        """The oldest issue of the bot that is wanted, created at ``since`` or later.

        Raises:
            Unavailable: the search leaves out too much to be certain that there is none.
        """
        created = [at_or_after("created", since - _EARLIER, self._me)] if since else []
        found = [read_issue(raw) for raw in self._search.issues([*created, "creator = currentUser()"])]
        wanted = [issue for issue in found if is_wanted(issue)]
        if wanted:
            return self._still_there(min(wanted, key=lambda issue: (len(issue.id), issue.id)))
        return self._unlisted(is_wanted, created)

    def _still_there(self, issue: Issue) -> Issue | None:
        # The index may still have what was deleted a moment ago.
        try:
            return self._read(issue.id)
        except Gone:
            return None

    def _unlisted(self, is_wanted: Callable[[Issue], bool], created: Sequence[str]) -> Issue | None:
        listed = self._search.issues(created, fields="created") if created else []
        if not listed:
            # The clocks may differ by more than anybody allows for: a new key is looked at whatever its time.
            newest = self._search.issues([], newest_only=True)
            for issue in map(read_issue, newest):
                if is_wanted(issue) and (there := self._still_there(issue)):
                    return there
            listed = newest[-1:]
        prefix, numbers = self._numbers(listed)
        asked = empty = 0
        for number in _left_out(numbers):
            if number > max(numbers, default=0) and empty >= _BEYOND:
                break
            asked += 1
            if asked > _MOST_ASKED:
                raise Unavailable("the search of Jira is too far behind to tell whether the issue was filed")
            try:
                issue = self._read(f"{prefix}-{number}")
            except Gone:
                empty += 1
                continue
            empty = 0
            if is_wanted(issue):
                return issue
        return None

    def _numbers(self, listed: Sequence[Json]) -> tuple[str, set[int]]:
        # The newest that was seen may be deleted by now, and the search tells nothing of it.
        names = [self._search.newest_key, *(str(raw.get("key", "")) for raw in listed)]
        keys = [match for name in names if (match := _KEY.fullmatch(name))]
        prefix = keys[-1][1] if keys else self._project
        return prefix, {int(key[2]) for key in keys if key[1] == prefix}


def _left_out(numbers: set[int]) -> Iterator[int]:
    """Numbers between the first and last that are not listed, the latest of them only, then those beyond."""
    first, last = min(numbers, default=1), max(numbers, default=0)
    first = max(first, last - 10 * _MOST_ASKED)
    yield from [number for number in range(first, last) if number not in numbers][-_MOST_ASKED // 2 :]
    yield from range(last + 1, last + 1 + _MOST_ASKED)
