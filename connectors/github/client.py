"""PyGithub's requester on our own transport, and the login of a GitHub App.

PyGithub retries writes, sleeps, follows redirects without their query and logs whole bodies. All of that happens in
its connection classes or before them, so ours stand in, for this one requester only.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

import requests
from github.Auth import AppAuth, Auth
from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass, Requester, RequestsResponse
from pydantic import AwareDatetime, ValidationError
from requests.structures import CaseInsensitiveDict

from connectors.base import Denied, Unavailable
from connectors.github.answers import Answer
from connectors.transport import Moved, Refused, Transport

if TYPE_CHECKING:
    import io

API_VERSION = "2022-11-28"

_RENEW_BEFORE = timedelta(minutes=2)


def requester_over(transport: Transport, *, base_url: str, auth: Auth) -> Requester:
    """A requester of PyGithub that sends everything through ``transport``, once, and raises its errors."""
    session = requests.Session()
    session.auth = Requester.noopAuth  # with any auth of its own, requests leaves ~/.netrc alone
    session.mount("https://", transport)
    session.mount("http://", transport)

    class OverTransport(Requester):
        pass

    class Connection(_Connection):
        shared = session
        scheme = base_url.partition(":")[0]

    OverTransport.injectConnectionClasses(
        cast("type[HTTPRequestsConnectionClass]", Connection), cast("type[HTTPSRequestsConnectionClass]", Connection)
    )
    silent = logging.getLogger("connectors.github.silent")
    silent.disabled = True  # PyGithub would write whole bodies to a debug log
    OverTransport.injectLogger(silent)
    return OverTransport(
        auth=auth, base_url=base_url, timeout=30, user_agent="loose-ends", per_page=100, verify=True, retry=None,
        pool_size=None, seconds_between_requests=None, seconds_between_writes=None, api_version=API_VERSION,
    )  # fmt: skip


class _Connection:
    """What PyGithub takes for a connection: it asks with ``request`` and reads with ``getresponse``."""

    shared: requests.Session
    scheme: str

    def __init__(self, host: str, port: int | None = None, **_: object) -> None:
        self.host = host
        name = f"[{host}]" if ":" in host else host
        self._origin = f"{self.scheme}://{name}:{port}" if port else f"{self.scheme}://{name}"

    def request(
        self, verb: str, url: str, body: str | io.BufferedReader | None, headers: dict[str, str], stream: bool = False
    ) -> None:
        self._next = requests.Request(verb, self._origin + url, data=body, headers=headers)
        self._stream = stream

    def getresponse(self) -> RequestsResponse:
        asked = self._next
        response = self.shared.request(
            str(asked.method), str(asked.url), data=asked.data, headers=asked.headers, allow_redirects=False
        )
        if 300 <= response.status_code < 400 and response.status_code != 304:
            raise Moved(response.headers.get("Location", ""))
        if response.status_code == 202 and asked.method == "GET":
            raise Unavailable("202: the answer is not ready yet")
        response.encoding = "utf-8"  # else requests guesses where the header names none
        answer = RequestsResponse(response)
        # The transport has read these; PyGithub reads them again and stumbles over nonsense in them.
        kept = {name: value for name, value in response.headers.items() if not name.lower().startswith("x-ratelimit")}
        answer.headers = CaseInsensitiveDict(kept)
        return answer

    def close(self) -> None:
        """The session stays open: its connections are used again."""


class InstallationToken(Answer):
    """A token for an hour."""

    token: str
    expires_at: AwareDatetime


class Installation(Answer):
    """A GitHub App in an account that uses it."""

    id: int


class InstallationAuth(Auth):
    """Logs in as a GitHub App where it is installed, with a token that may only work on issues.

    PyGithub's own class makes a client of its own for this, over which we have no hold.
    """

    def __init__(self, app: Requester, *, repo: str, installation: int | None, now: Callable[[], datetime]) -> None:
        self._app = app
        self._repo = repo
        self._installation = installation
        self._now = now
        self._token: InstallationToken | None = None

    @property
    def token_type(self) -> str:
        return "token"

    @property
    def token(self) -> str:
        """The token of now, renewed two minutes before it ends.

        Raises:
            Denied: the app is not installed there, may not write issues, or its key is not accepted.
        """
        if self._token is None or self._now() >= self._token.expires_at - _RENEW_BEFORE:
            self._token = self._renewed()
        return self._token.token

    def _renewed(self) -> InstallationToken:
        try:
            if self._installation is None:
                _, found = self._app.requestJsonAndCheck("GET", f"/repos/{self._repo}/installation")
                self._installation = Installation.model_validate(found).id
            _, told = self._app.requestJsonAndCheck(
                "POST",
                f"/app/installations/{self._installation}/access_tokens",
                input={"permissions": {"issues": "write", "metadata": "read"}},
            )
            return InstallationToken.model_validate(told)
        except Refused as error:
            raise Denied(_why_not_logged_in(error, self._repo)) from error
        except Moved as error:
            raise Denied(f"{self._repo} was renamed; write its new name to repo, or set installation_id") from error
        except ValidationError as error:
            raise Unavailable("the answer to the login of the GitHub App is not as described") from error


def _why_not_logged_in(error: Refused, repo: str) -> str:
    match error.status:
        case 401:
            return f"GitHub does not accept app_id and private key ({error.reason}); copy both from the app's settings"
        case 404:
            return f"the GitHub App is not installed on {repo}; install it there, or mend installation_id"
        case 422:
            return (
                f"the GitHub App may not write issues ({error.reason}); give it 'Issues: read and write' and accept it"
            )
        case _:
            return f"the GitHub App cannot log in ({error})"


def app_auth(app_id: str, private_key: str) -> AppAuth:
    """The login of the app itself.

    Raises:
        ValueError: the key is not a private key in PEM.
    """
    import jwt

    auth = AppAuth(app_id, private_key)
    try:
        auth.create_jwt()
    except (jwt.exceptions.PyJWTError, TypeError) as error:
        raise ValueError(str(error)) from error
    return auth
