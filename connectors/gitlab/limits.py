"""How GitLab says that it wants fewer requests.

Source: https://docs.gitlab.com/user/gitlab_com/rate_limits/, https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/
"""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime

import requests

from connectors.transport import after, number, retry_after

WAIT_UNTOLD = 60.0
"""Seconds to wait after a refusal that tells no time: GitLab's limits count by the minute."""


class GitLabLimits:
    """Reads ``Retry-After`` and ``RateLimit-*``. Some of GitLab's refusals have neither."""

    def retry_at(self, response: requests.Response, now: datetime) -> datetime | None:
        if response.status_code != 429:
            return None
        return retry_after(response, now) or _reset(response, now) or after(now, WAIT_UNTOLD)

    def next_at(self, response: requests.Response, now: datetime) -> datetime | None:
        if response.status_code >= 400 or number(response.headers.get("RateLimit-Remaining", "")) != 0:
            return None
        return _reset(response, now)


def _reset(response: requests.Response, now: datetime) -> datetime | None:
    reset = number(response.headers.get("RateLimit-Reset", ""))
    # Counted from the server's own clock, which may differ from ours.
    return None if reset is None else after(now, max(0.0, reset - _servers_time(response, now)))


def _servers_time(response: requests.Response, now: datetime) -> float:
    try:
        return parsedate_to_datetime(response.headers.get("Date", "")).timestamp()
    except ValueError:
        return now.timestamp()
