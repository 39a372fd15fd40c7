"""Searches in JQL: the only listing that Jira has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.base import Denied, Unavailable
from connectors.jira.client import Client, Json, meaning
from connectors.jira.issues import FIELDS, PROPERTY, User
from connectors.jira.site import Site
from connectors.transport import Moved, Refused

PAGE = 100

_WIDEST_ZONES = timedelta(hours=15)
_MOST_RECONCILED = 50


class Search:
    """Finds the issues of one project, by their keys: an order that no edit changes, so that no page loses one."""

    def __init__(self, client: Client, site: Site) -> None:
        self._client = client
        self._site = site
        self._written: dict[str, None] = {}  # ids that Cloud's index may not know yet, in the order of writing
        self.newest_key = ""  # of the latest issue that was seen

    def wrote(self, issue_id: str) -> None:
        """Notes an issue that we changed: Cloud then looks at the issue itself, not at what its index has."""
        self._written.pop(issue_id, None)
        self._written[issue_id] = None

    def issues(self, conditions: Sequence[str], *, fields: str = FIELDS, newest_only: bool = False) -> list[Json]:
        """All issues of the project that fulfil the conditions, by key; or a page of those with the newest keys.

        Raises:
            Denied: the project is not there, or hidden from the account.
        """
        order = "key DESC" if newest_only else "key ASC"
        project = f"project = {quoted(self._site.project)}"
        jql = " AND ".join([project, *conditions]) + f" ORDER BY {order}"
        query: dict[str, str | int | Sequence[str]] = {"jql": jql, "fields": fields, "properties": PROPERTY}
        query["maxResults"] = PAGE
        try:
            if newest_only:
                return _issues(self._page(query))[::-1]
            found = list(self._by_token(query)) if self._site.is_cloud else self._by_offset(query)
        except (Refused, Moved) as error:
            raise self._refusal(error) from error
        if found:
            self.saw(str(found[-1].get("key", "")))
        return found

    def saw(self, key: str) -> None:
        """Notes a key that Jira has given."""
        if (len(key), key) > (len(self.newest_key), self.newest_key):
            self.newest_key = key

    def _page(self, query: dict[str, str | int | Sequence[str]]) -> Json:
        if not self._site.is_cloud:
            return self._client.get("search", query)
        ids = [name for name in self._written if name.isdigit()][-_MOST_RECONCILED:]
        return self._client.get("search/jql", {**query, "reconcileIssues": ids} if ids else query)

    def _by_token(self, query: dict[str, str | int | Sequence[str]]) -> Iterator[Json]:
        seen: set[str] = set()
        while True:
            page = self._page(query)
            yield from _issues(page)
            token = page.get("nextPageToken")
            if page.get("isLast") is True or not isinstance(token, str) or not token:
                return
            if token in seen:
                raise Unavailable("the search of Jira gives the same page again and again")
            seen.add(token)
            query = {**query, "nextPageToken": token}

    def _by_offset(self, query: dict[str, str | int | Sequence[str]]) -> list[Json]:
        for _ in range(3):
            found: list[Json] = []
            totals: list[int] = []
            while True:
                page = self._page({**query, "startAt": len(found)} if found else query)
                issues = _issues(page)
                found += issues
                total = page.get("total")
                totals.append(total if isinstance(total, int) else len(found))
                if not issues or len(found) >= totals[-1]:
                    break
            # An issue deleted meanwhile moves the others up, and one of them over the edge of a page.
            if totals[-1] >= totals[0]:
                return found
        raise Unavailable("issues are being deleted while they are listed")

    def _refusal(self, error: Refused | Moved) -> Exception:
        what = f"project {self._site.project}"
        if isinstance(error, Refused) and error.status == 410:
            return Denied(f"{what}: this Jira has no such search; set deployment to cloud")
        if isinstance(error, Refused) and error.status in (400, 404):
            return Denied(f"{what}: cannot be searched: {error.reason or 'not there, or hidden from the account'}")
        return meaning(error, what=what, missing=Denied)


def at_or_after(field: str, at: datetime, me: User) -> str:
    """The condition that a time is not before ``at``; JQL knows minutes, in the time zone of the account."""
    try:
        zone = ZoneInfo(me.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return f'{field} >= "{at.astimezone(UTC) - _WIDEST_ZONES:%Y-%m-%d %H:%M}"'
    local = at.astimezone(zone)
    while local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        # An hour that the clocks go through twice: begin before it.
        at -= timedelta(minutes=30)
        local = at.astimezone(zone)
    return f'{field} >= "{local:%Y-%m-%d %H:%M}"'


def quoted(value: str) -> str:
    """A text as JQL takes it."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _issues(page: Json) -> list[Json]:
    issues = page.get("issues")
    if not isinstance(issues, list):
        raise Unavailable("a search of Jira came without issues")
    return [issue for issue in issues if isinstance(issue, dict)]
