"""How Jira says that it wants fewer requests.

Source: https://developer.atlassian.com/cloud/jira/platform/rate-limiting/ and, for Data Center,
https://confluence.atlassian.com/adminjiraserver/improving-instance-stability-with-rate-limiting-983794911.html
"""

from __future__ import annotations

from datetime import datetime

import requests

from connectors.transport import after, number, retry_after

_WITHOUT_WORD = 60.0
"""Seconds to wait when a refusal does not say for how long."""


class JiraLimits:
    """Reads ``Retry-After`` of both, ``X-RateLimit-Reset`` of Cloud (a time, not a number)."""

    def retry_at(self, response: requests.Response, now: datetime) -> datetime | None:
        if response.status_code != 429:
            return None
        return retry_after(response, now) or _reset(response, now) or after(now, _WITHOUT_WORD)

    def next_at(self, response: requests.Response, now: datetime) -> datetime | None:
        left = number(response.headers.get("X-RateLimit-Remaining", ""))
        if left is None or left >= 1:
            return None
        told = retry_after(response, now) or _reset(response, now)
        return told if told is not None and told > now else None


def _reset(response: requests.Response, now: datetime) -> datetime | None:
    try:
        at = datetime.fromisoformat(response.headers.get("X-RateLimit-Reset", ""))
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    return min(max(now, at), after(now, 86_400))
