"""Is a ticket there, although its creation was cut off? A second filing must not rest on one listing alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from connectors.base import Unavailable
from connectors.github.answers import Answer, Issue
from connectors.github.listing import list_issues
from connectors.github.repository import Repository, read_answer
from connectors.listing import PAGE, beyond
from connectors.transport import Moved, Refused


class _Numbered(Answer):
    """The least that is needed of an item: pull requests are not looked at further."""

    number: int
    pull_request: object = None


def find_issue(repository: Repository, is_wanted: Callable[[Issue], bool], since: datetime | None) -> Issue | None:
    """The oldest issue that is wanted, of those changed at ``since`` or later; None only when it is certain.

    GitHub's listing may lag behind a write by minutes, so the numbers after its newest are looked at one by one.

    Raises:
        Unavailable: listings contradict each other, or an issue that might be it cannot be read.
    """
    listing = list_issues(repository, since)
    for issue in sorted(listing.issues.values(), key=lambda issue: issue.number):
        if is_wanted(issue):
            return issue
    if listing.broken:
        number, why = next(iter(sorted(listing.broken.items())))
        raise Unavailable(f"#{number} may be the one that is looked for, and cannot be read: {why}")
    newest = _newest(repository)
    # The clocks may differ by more than anybody allows for: what is young by its number is looked at whatever its time.
    for young in newest.values():
        if young is not None and is_wanted(young):
            return young
    top = max((0, *newest, *map(int, listing.issues)))
    for issue in beyond(lambda number: _read(repository, number), top):
        if is_wanted(issue):
            return issue
        if not top:
            raise Unavailable(f"GitHub lists no issues, and there is #{issue.number}")
    return None


def _newest(repository: Repository) -> dict[int, Issue | None]:
    """What GitHub lists of the highest numbers, in rising order; None for what is no issue or cannot be read."""
    query = {"state": "all", "sort": "created", "direction": "desc", "per_page": PAGE}
    try:
        _, data = repository.send("GET", "/issues", query=query)
    except Refused as error:
        raise repository.refusal(error) from error
    except Moved as error:
        raise repository.redirected() from error
    if not isinstance(data, list):
        raise Unavailable("the listing of issues is no list")
    return dict(sorted(map(_numbered, data)))


def _numbered(data: object) -> tuple[int, Issue | None]:
    number = read_answer(_Numbered, data)
    if number.pull_request:
        return number.number, None
    try:
        return number.number, read_answer(Issue, data)
    except Unavailable:
        return number.number, None


def _read(repository: Repository, number: int) -> Issue | None:
    try:
        _, data = repository.send("GET", f"/issues/{number}")
    except Refused as error:
        if error.status in (404, 410):
            return None
        raise repository.refusal(error) from error
    except Moved:
        return None  # people moved it to another repository
    return read_answer(Issue, data)
