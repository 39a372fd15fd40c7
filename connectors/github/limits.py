"""How GitHub tells that it wants fewer requests: two systems of limits, and answers 403 for both.

Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import requests

from connectors.transport import after, number, retry_after

# The last two are those of older Enterprise Servers.
_WORDS = ("rate limit", "abuse detection", "wait a few minutes")

_SHORTEST_WAIT = 60.0
_LONGEST_WAIT = 3600.0


class GitHubLimits:
    """Reads the headers of both systems; where they are silent, each refusal doubles the wait, from a minute on."""

    def __init__(self) -> None:
        self._silent_refusals = 0

    def retry_at(self, response: requests.Response, now: datetime) -> datetime | None:
        if response.status_code not in (403, 429):
            self._silent_refusals = 0
            return None
        if told := retry_after(response, now):
            return told
        if response.headers.get("X-RateLimit-Remaining", "").strip() == "0" and (reset := _reset(response, now)):
            return reset
        if response.status_code == 403 and not _speaks_of_limits(response):
            return None
        self._silent_refusals += 1
        return after(now, min(_SHORTEST_WAIT * 2 ** min(self._silent_refusals - 1, 10), _LONGEST_WAIT))

    def next_at(self, response: requests.Response, now: datetime) -> datetime | None:
        """When the budget of the REST API is renewed, if this answer used up the last of it."""
        if response.headers.get("X-RateLimit-Resource", "core") != "core":
            return None
        if response.headers.get("X-RateLimit-Remaining", "").strip() != "0":
            return None
        return _reset(response, now)


def _speaks_of_limits(response: requests.Response) -> bool:
    told = response.content[:2000].lower()
    return any(words.encode() in told for words in _WORDS)


def _reset(response: requests.Response, now: datetime) -> datetime | None:
    """When the budget is renewed by our own clock: GitHub's may differ, so its ``Date`` is where we count from."""
    reset = number(response.headers.get("X-RateLimit-Reset", ""))
    if reset is None:
        return None
    try:
        its_now = parsedate_to_datetime(response.headers.get("Date", "")).timestamp()
    except (ValueError, OverflowError):
        its_now = now.timestamp()
    return max(after(now, max(reset - its_now, 0.0)), now + timedelta(seconds=1))
