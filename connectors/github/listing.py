"""Lists the issues of a repository in the order of update, without asking twice for what did not change."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pydantic import AwareDatetime, ValidationError

from connectors.base import Problem, Unavailable
from connectors.github.answers import Answer, Issue
from connectors.github.repository import Repository, complaint
from connectors.listing import PAGE, Page, walk
from connectors.transport import Moved, Refused

_SECOND = timedelta(seconds=1)


class _Stub(Answer):
    """The least that a page needs of an item: pull requests are not looked at further."""

    number: int
    updated_at: AwareDatetime
    pull_request: object = None


@dataclass(slots=True)
class Listing:
    """What one walk found: issues by number, each as last seen, and what could not be read, with the reason.

    ``etag`` is that of the only page, empty if there were more; ``unchanged`` says that GitHub answered so to ``etag``.
    """

    issues: dict[str, Issue] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    updates: list[datetime] = field(default_factory=list)
    etag: str = ""
    unchanged: bool = False


def list_issues(repository: Repository, since: datetime | None, *, etag: str = "") -> Listing:
    """All issues updated at ``since`` or later (None for all), open or closed, without pull requests."""
    pages = _Pages(repository, etag)
    for issue in walk(pages.fetch, since):
        if issue is not None:
            pages.listing.issues.pop(str(issue.number), None)
            pages.listing.issues[str(issue.number)] = issue
    return pages.listing


class _Pages:
    """Gets pages one after the other. Whether ``since`` includes its very time is not documented any more."""

    def __init__(self, repository: Repository, etag: str) -> None:
        self.listing = Listing()
        self._repository = repository
        self._etag = etag
        self._count = 0
        self._back = timedelta()

    def fetch(self, after: datetime | None, page: int) -> Page[Issue | None]:
        if after is None or page > 1:
            return self._get(after, page)
        if not self._count:
            # The first page goes a little further back, which costs nothing.
            self._back = timedelta(milliseconds=1) if after.microsecond else _SECOND
            return self._get(after, page)
        # The next ones begin with the last item of the page before, if that time is included and it did not change.
        self._back = timedelta()
        got = self._get(after, page)
        if all(updated > after for _, updated, _ in got.items):
            self._back = _SECOND
            got = self._get(after, page)
        return got

    def _get(self, after: datetime | None, page: int) -> Page[Issue | None]:
        self._count += 1
        query: dict[str, object] = {"state": "all", "sort": "updated", "direction": "asc", "per_page": PAGE}
        if after is not None:
            query["since"] = _iso(after - self._back)
        if page > 1:
            query["page"] = page
        headers = {"If-None-Match": self._etag} if self._etag and self._count == 1 else {}
        try:
            told, data = self._repository.send("GET", "/issues", query=query, headers=headers)
        except Refused as error:
            raise self._repository.refusal(error) from error
        except Moved as error:
            raise self._repository.redirected() from error
        if data is None:
            self.listing.unchanged, self.listing.etag = True, self._etag
            return Page(items=(), full=False)
        got = _page(data, self.listing)
        self.listing.etag = told.get("etag", "") if self._count == 1 and not got.full else ""
        return got


def _page(data: object, listing: Listing) -> Page[Issue | None]:
    if not isinstance(data, list):
        raise Unavailable("the listing of issues is no list")
    items: list[tuple[str, datetime, Issue | None]] = []
    for one in data:
        try:
            stub = _Stub.model_validate(one)
            issue = None if stub.pull_request else Issue.model_validate(one)
        except ValidationError as error:
            number = str(one.get("number", "?")) if isinstance(one, dict) else "?"
            listing.broken[number] = complaint(error)
            continue
        items.append((str(stub.number), stub.updated_at, issue))
    full = len(data) >= PAGE
    if full and not items:
        raise Unavailable("the listing of issues is not as described")
    listing.updates += [updated for _, updated, _ in items]
    return Page(items=items, full=full)


def _iso(at: datetime) -> str:
    """GitHub keeps whole seconds; where there are fractions, they were in its answer."""
    text = at.astimezone(UTC).isoformat(timespec="milliseconds" if at.microsecond else "seconds")
    return text.replace("+00:00", "Z")


def problems(listing: Listing, full_name: str) -> list[Problem]:
    """What could not be read, for people; none of it stops the other tickets."""
    mend = "it is looked at again next time; please report it if it stays"
    return [
        Problem(what=f"{full_name}#{number} cannot be read: {why}", mend=mend, fatal=False)
        for number, why in sorted(listing.broken.items())
    ]
