"""One look through the issues of a project, page by page."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from connectors.base import Problem
from connectors.gitlab.answers import Issue
from connectors.gitlab.api import Api
from connectors.listing import Page


class Look:
    """Gives ``walk`` its pages, and keeps what could not be read.

    ``problems`` are by what they say; ``readable_until`` is the time up to which everything could be read, None when
    all of it could.
    """

    def __init__(self, api: Api, order: Literal["updated", "created"], *, author: int | None = None) -> None:
        self._api = api
        self._order: Literal["updated", "created"] = order
        self._author = author
        self.problems: dict[str, Problem] = {}
        self.readable_until: datetime | None = None

    def fetch(self, since: datetime | None, page: int) -> Page[Issue]:
        """The page of this number of all issues from ``since`` on, in the order of the look."""
        got = self._api.issues(self._order, since, page, author=self._author)
        self.problems.update((problem.what, problem) for problem in got.problems)
        self.readable_until = self.readable_until or got.readable_until
        return got.page
