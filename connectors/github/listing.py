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
    listing = Listing()
    pages = 0

    def fetch(after: datetime | None, page: int) -> Page[Issue | None]:
        nonlocal pages
        pages += 1
        query: dict[str, object] = {"state": "all", "sort": "updated", "direction": "asc", "per_page": PAGE}
        if after is not None:
            # One second earlier: whether the very second counts is not documented any more.
            query["since"] = (after.astimezone(UTC) - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        if page > 1:
            query["page"] = page
        headers = {"If-None-Match": etag} if etag and pages == 1 else {}
        try:
            told, data = repository.send("GET", "/issues", query=query, headers=headers)
        except Refused as error:
            raise repository.refusal(error) from error
        except Moved as error:
            raise repository.redirected() from error
        if data is None:
            listing.unchanged, listing.etag = True, etag
            return Page(items=(), full=False)
        got = _page(data, listing)
        listing.etag = told.get("etag", "") if pages == 1 and not got.full else ""
        return got

    for issue in walk(fetch, since):
        if issue is not None:
            listing.issues.pop(str(issue.number), None)
            listing.issues[str(issue.number)] = issue
    return listing


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


def problems(listing: Listing, full_name: str) -> list[Problem]:
    """What could not be read, for people; none of it stops the other tickets."""
    mend = "it is looked at again next time; please report it if it stays"
    return [
        Problem(what=f"{full_name}#{number} cannot be read: {why}", mend=mend, fatal=False)
        for number, why in sorted(listing.broken.items())
    ]
