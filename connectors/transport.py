"""The one way to a tracker over HTTP, mounted in each client library's session.

The libraries retry, wait and follow redirects in ways of their own, which is wrong for writes that are not
idempotent. Here a request is sent once, to the configured origin only, and every answer but a good one becomes a
:class:`~connectors.base.ConnectorError` before the library sees it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from connectors.base import ConnectorError, Denied, RateLimited, Unavailable
from connectors.visible_text import one_line, shorten

MAX_ANSWER = 64 * 1024 * 1024
"""Bytes of an answer; no listing of a hundred tickets comes near it."""

_READS = frozenset(("GET", "HEAD", "OPTIONS"))
_NO_CONTENT = frozenset((204, 205, 304))
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LONGEST_REASON = 200


class Refused(ConnectorError):
    """The tracker refused a request with a 4xx. A connector turns it into what it means for that request.

    ``reason`` is what the tracker says, on one line; ``errors`` the fields that its answer complains of.
    """

    def __init__(self, status: int, reason: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status}: {reason}" if reason else str(status))
        self.status = status
        self.reason = reason
        self.errors = dict(errors or {})


class Moved(ConnectorError):
    """A write was answered by a redirect, so nothing was done: the project has another address now."""

    def __init__(self, location: str) -> None:
        super().__init__("the project was moved or renamed")
        self.location = location


class Limits(Protocol):
    """How a tracker tells that it wants fewer requests."""

    def retry_at(self, response: requests.Response, now: datetime) -> datetime | None:
        """When to try again, if this answer refused the request for its rate; else None."""

    def next_at(self, response: requests.Response, now: datetime) -> datetime | None:
        """When the next request may be sent, if a good answer says that none is left until then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What the config says of the way to a tracker. Times are in seconds."""

    base_url: str
    ca_file: str | None = None
    verify_tls: bool = True
    timeout: float = 30.0
    seconds_between_writes: float = 0.0


class Transport(HTTPAdapter):
    """Sends each request once and reads its whole answer. ``calls`` counts what was sent.

    Mount one object for http and https alike in the session of the library::

        session.mount("https://", transport)
        session.mount("http://", transport)
    """

    def __init__(
        self,
        network: Network,
        limits: Limits,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(max_retries=0)
        self.calls = 0
        self._network = network
        self._origin = _origin(network.base_url)
        self._limits = limits
        self._now = now
        self._sleep = sleep
        self._monotonic = monotonic
        self._pace = _Pace()

    def send(self, request: requests.PreparedRequest, *_: object, **settings: object) -> requests.Response:
        """Sends ``request`` with our own time limit and TLS settings.

        Raises:
            ConnectorError: anything but an answer that the library can work with.
        """
        self._allow(request)
        if request.method not in _READS:
            self._wait_for_turn()
        self.calls += 1
        response = self._exchange(request, settings)
        self._pace.blocked_until = self._limits.next_at(response, self._now())
        self._judge(request, response)
        return response

    def _allow(self, request: requests.PreparedRequest) -> None:
        if _origin(request.url or "") != self._origin:
            # A redirect, or an address in an answer: our token goes nowhere but to the configured host.
            raise Denied(f"refused to follow {_host(request.url or '')}: base_url is {_host(self._network.base_url)}")
        until = self._pace.blocked_until
        if until is not None and self._now() < until:
            raise RateLimited("no requests are left for now", retry_at=until)

    def _wait_for_turn(self) -> None:
        left = self._pace.last_write + self._network.seconds_between_writes - self._monotonic()
        if left > 0:
            self._sleep(left)
        self._pace.last_write = self._monotonic()

    def _exchange(self, request: requests.PreparedRequest, settings: Mapping[str, object]) -> requests.Response:
        network = self._network
        verify: bool | str = network.verify_tls and (network.ca_file or True)
        proxies = settings.get("proxies")
        routes = {str(scheme): str(url) for scheme, url in proxies.items()} if isinstance(proxies, Mapping) else None
        try:
            response = super().send(
                request,
                stream=True,
                timeout=(min(network.timeout, 10.0), network.timeout),
                verify=verify,
                cert=None,
                proxies=routes,
            )
            _read(response, until=self._monotonic() + 2 * network.timeout, clock=self._monotonic)
        except requests.RequestException as error:
            raise Unavailable(_what_failed(error)) from error
        return response

    def _judge(self, request: requests.PreparedRequest, response: requests.Response) -> None:
        retry_at = self._limits.retry_at(response, self._now())
        if retry_at is not None:
            self._pace.blocked_until = retry_at
            raise RateLimited(f"{response.status_code}: too many requests", retry_at=retry_at)
        status = response.status_code
        if status >= 500:
            raise Unavailable(f"{status} {response.reason or ''}".strip())
        if status >= 400:
            raise _refused(response)
        if 300 <= status < 400 and status not in _NO_CONTENT:
            location = response.headers.get("Location", "")
            if not location:
                raise Unavailable(f"{status} without an address to go on to")
            if request.method not in _READS:
                raise Moved(location)
        elif status not in _NO_CONTENT and response.content and not _is_json(response):
            raise Unavailable(f"{status} with an answer that is not JSON")


@dataclass(slots=True)
class _Pace:
    last_write: float = float("-inf")
    blocked_until: datetime | None = None


def retry_after(response: requests.Response, now: datetime) -> datetime | None:
    """The header ``Retry-After``, in seconds (also "1.5") or as an HTTP date; None when it is missing or nonsense."""
    from email.utils import parsedate_to_datetime

    value = response.headers.get("Retry-After", "").strip()
    if not value:
        return None
    if (seconds := number(value)) is not None:
        return after(now, seconds)
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(now, date if date.tzinfo else date.replace(tzinfo=now.tzinfo))


def number(value: str) -> float | None:
    """A header's number that is neither negative nor beyond all measure; else None."""
    try:
        found = float(value)
    except ValueError:
        return None
    return found if 0 <= found < 1e12 else None


def after(now: datetime, seconds: float) -> datetime:
    """The time in so many seconds, at most a day from now: what asks for more is broken, and is asked again."""
    return now + timedelta(seconds=min(seconds, 86_400))


def _read(response: requests.Response, *, until: float, clock: Callable[[], float]) -> None:
    """Reads the whole body here, so that a connection cut in the middle is seen here, and a slow drip ends."""
    parts, size = [], 0
    for part in response.iter_content(64 * 1024):
        parts.append(part)
        size += len(part)
        if size > MAX_ANSWER:
            response.close()
            raise requests.RequestException("the answer is too long")
        if clock() > until:
            response.close()
            raise requests.ReadTimeout("the answer does not end")
    # What ``iter_content`` used up, the library reads from here; the names are those of requests 2.
    response._content = b"".join(parts)  # noqa: SLF001
    response._content_consumed = True  # noqa: SLF001


def _is_json(response: requests.Response) -> bool:
    try:
        json.loads(response.content)
    except (ValueError, RecursionError):
        return False
    return True


def _refused(response: requests.Response) -> Refused:
    """What an answer of GitHub, GitLab or Jira complains of: each has a ``message`` or ``errors`` of its own shape."""
    try:
        told = json.loads(response.content)
    except (ValueError, RecursionError):
        told = None
    reasons: list[str] = []
    errors: dict[str, str] = {}
    if isinstance(told, dict):
        for key in ("message", "error", "error_description"):
            _collect(told.get(key), reasons, errors)
        _collect(told.get("errorMessages"), reasons, errors)
        _collect(told.get("errors"), reasons, errors)
    reasons += [f"{name}: {text}" for name, text in errors.items()]
    reason = shorten(one_line("; ".join(dict.fromkeys(reasons)) or str(response.reason or "")).strip(), _LONGEST_REASON)
    return Refused(response.status_code, reason, errors)


def _collect(told: object, reasons: list[str], errors: dict[str, str]) -> None:
    match told:
        case str():
            reasons.append(told)
        case list():
            for one in told[:10]:
                if isinstance(one, dict):
                    parts = [str(one.get(key)) for key in ("resource", "field", "code", "message") if one.get(key)]
                    errors[str(one.get("field") or one.get("resource") or len(errors))] = " ".join(parts)
                else:
                    reasons.append(str(one))
        case dict():
            for name, text in list(told.items())[:10]:
                errors[str(name)] = ", ".join(map(str, text)) if isinstance(text, list) else str(text)
        case _:
            pass


def _what_failed(error: requests.RequestException) -> str:
    """One line without the address, which may carry a user's name."""
    match error:
        case requests.exceptions.SSLError():
            return "the TLS certificate is not trusted; set ca_file when the tracker has a CA of its own"
        case requests.exceptions.ProxyError():
            return "the proxy refuses the connection"
        case requests.ConnectTimeout():
            return "no connection within the time limit"
        case requests.Timeout():
            return "no answer within the time limit"
        case requests.exceptions.ChunkedEncodingError() | requests.exceptions.ContentDecodingError():
            return "the answer was cut off or garbled"
        case requests.ConnectionError():
            return "the connection failed or was cut"
        case _:
            return f"the request failed ({type(error).__name__})"


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)


def _host(url: str) -> str:
    return urlsplit(url).hostname or "an address without a host"
