"""Requests to Jira's REST API, through the session of the library that knows its ways to log in."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, cast

import requests

from connectors.base import ConnectorError, Denied, Gone, Rejected, Unavailable
from connectors.jira.limits import JiraLimits
from connectors.jira.site import Site
from connectors.transport import Moved, Network, Refused, Transport

Json = Mapping[str, object]
Query = Mapping[str, str | int | Sequence[str]]


class _Library(Protocol):
    """What of the library's client is used."""

    def call(self, method: str, path: str, query: Query | None, body: Json | None) -> requests.Response: ...


class Client:
    """One attempt per request; every refusal is still a :class:`Refused` here, for its meaning depends on the request.

    The library is loaded at the first request.
    """

    def __init__(
        self,
        site: Site,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        def transport(network: Network) -> Transport:
            return Transport(network, JiraLimits(), now=now, sleep=sleep, monotonic=monotonic)

        self._site = site
        self._transport = transport(site.network)
        self._anonymous = transport(site.anonymous_network)
        self._library: _Library | None = None

    @property
    def calls(self) -> int:
        return self._transport.calls + self._anonymous.calls

    def get(self, path: str, query: Query | None = None) -> Json:
        return _read(self._call("GET", path, query))

    def get_list(self, path: str) -> list[object]:
        """The answer of one of the few addresses that give a bare list."""
        answer = self._call("GET", path).json()
        return answer if isinstance(answer, list) else []

    def post(self, path: str, body: Json) -> Json:
        return _read(self._call("POST", path, None, body))

    def put(self, path: str, body: Json) -> Json:
        return _read(self._call("PUT", path, None, body))

    def opens_to_everyone(self, path: str) -> bool:
        """Whether somebody without an account may read this address."""
        session = requests.Session()
        session.auth = _no_credentials
        session.mount("https://", self._anonymous)
        session.mount("http://", self._anonymous)
        address = f"{self._site.browse_url}/rest/api/{_version(self._site)}/{path}"
        try:
            return session.get(address, headers={"Accept": "application/json"}).ok
        except (Refused, Moved):
            return False

    def _call(self, method: str, path: str, query: Query | None = None, body: Json | None = None) -> requests.Response:
        if self._library is None:
            self._library = _library(self._site, self._transport)
        return self._library.call(method, path, query, body)


def meaning(error: Refused | Moved, *, what: str, missing: type[ConnectorError] = Gone) -> ConnectorError:
    """What a refusal means for a request about ``what``; ``missing`` is what it is when that is not there."""
    if isinstance(error, Moved):
        return Denied(f"{what}: Jira has another address now; set base_url to it")
    said = f": {error.reason}" if error.reason else ""
    match error.status:
        case 401:
            return Denied(f"{what}: Jira does not accept the credentials; make a new token, and check e-mail and site")
        case 403:
            return Denied(f"{what}: the account may not do this{said}")
        case 404 | 410:
            return missing(f"{what}: not there, or hidden from the account{said}")
        case 409:
            return Unavailable(f"{what}: somebody changed it at the same moment{said}")
        case _:
            return Rejected(f"{what}: refused with {error.status}{said}")


def _library(site: Site, transport: Transport) -> _Library:
    from jira import JIRA

    class Library(JIRA):
        def call(self, method: str, path: str, query: Query | None, body: Json | None) -> requests.Response:
            return self._session.request(method, self._get_url(path), params=query, json=body)

        def mount(self, transport: Transport) -> None:
            self._session.mount("https://", transport)
            self._session.mount("http://", transport)

    basic = (site.email, site.token) if site.email else None
    library = Library(
        server=site.network.base_url,
        basic_auth=basic,
        token_auth=None if basic else site.token or None,
        max_retries=0,
        get_server_info=False,
        options={"rest_api_version": _version(site), "check_update": False},
    )
    library.mount(transport)
    return cast("_Library", library)


def _version(site: Site) -> str:
    return "3" if site.is_cloud else "2"


def _no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request  # without this a .netrc file would sign the request


def _read(response: requests.Response) -> Json:
    answer: object = response.json() if response.content else {}
    if not isinstance(answer, dict):
        raise Unavailable("an answer of another shape than Jira's")
    return answer
