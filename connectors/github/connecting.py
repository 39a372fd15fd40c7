"""From the options of a target to a connector, without calling GitHub."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from connectors.github.account import Account
from connectors.github.checks import Checks, LabelLook
from connectors.github.limits import GitHubLimits
from connectors.github.repository import Repository
from connectors.github.tracker import GitHubTracker
from connectors.options import Options
from connectors.transport import Transport

if TYPE_CHECKING:
    from github.Requester import Requester

BASE_URL = "https://api.github.com"

_WEB_PAGES = frozenset(("https://github.com", "https://www.github.com"))
_REPO = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}/[A-Za-z0-9._-]{1,100}")
_COLOR = re.compile(r"#?[0-9A-Fa-f]{6}")


def connect(
    options: Mapping[str, object],
    *,
    now: Callable[[], datetime],
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
) -> GitHubTracker:
    """The connector to the repository ``repo``.

    It logs in with ``token``, or as the GitHub App ``app_id`` with its ``private_key`` in PEM (as ``token``, if that
    is where it is kept). ``base_url`` is the address of the API, for an Enterprise Server with ``/api/v3``.

    Raises:
        BadOptions: a key is missing, unknown or wrong.
    """
    read = Options("github", options)
    repo = read.required("repo", "the repository as owner/name")
    if not _REPO.fullmatch(repo):
        raise read.wrong("repo", "expected owner/name, such as octo-org/octo-repo")
    network = read.network(base_url=BASE_URL, seconds_between_writes=1.0)
    if network.base_url in _WEB_PAGES:
        raise read.wrong("base_url", "leave it out for GitHub.com; it is the address of the API")
    token, app_id, key = read.text("token"), read.text("app_id"), read.text("private_key")
    installation, bot_login = read.text("installation_id"), read.text("bot_login")
    labels = _labels(read)
    create_labels, allow_public = read.flag("create_labels", default=True), read.flag("allow_public")
    read.done()
    if installation and not installation.isdecimal():
        raise read.wrong("installation_id", "expected a number")
    transport = Transport(network, GitHubLimits(), now=now, sleep=sleep, monotonic=monotonic)
    login = _Login(token=token, app_id=app_id, key=(key or token).replace("\\n", "\n"), installation=installation)
    requester, app = _log_in(login, read, repo, transport, network.base_url, now)
    repository = Repository(requester, repo)
    account = Account(requester, app=app, login=bot_login)
    checks = Checks(
        repository, account, labels=labels, create_labels=create_labels, allow_public=allow_public,
        is_app=app is not None, now=now,
    )  # fmt: skip
    return GitHubTracker(transport, repository, account, checks, allow_public=allow_public)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Login:
    token: str = field(repr=False)
    app_id: str
    key: str = field(repr=False)
    installation: str


def _log_in(
    login: _Login, read: Options, repo: str, transport: Transport, base_url: str, now: Callable[[], datetime]
) -> tuple[Requester, Requester | None]:
    """The requester of the bot, and that of the GitHub App itself if it is one."""
    from github.Auth import Token

    from connectors.github.client import InstallationAuth, app_auth, requester_over

    if not login.app_id:
        if not login.token:
            raise read.wrong("token", "needed: a token, or app_id and private_key of a GitHub App")
        return requester_over(transport, base_url=base_url, auth=Token(login.token)), None
    try:
        itself = app_auth(login.app_id, login.key)
    except ValueError as error:
        raise read.wrong("private_key", "expected the private key of the GitHub App, a PEM text") from error
    app = requester_over(transport, base_url=base_url, auth=itself)
    number = int(login.installation) if login.installation else None
    auth = InstallationAuth(app, repo=repo, installation=number, now=now)
    return requester_over(transport, base_url=base_url, auth=auth), app


def _labels(read: Options) -> dict[str, LabelLook]:
    looks: dict[str, LabelLook] = {}
    for name, look in read.mapping("ensure_labels").items():
        color, description = look if isinstance(look, list | tuple) and len(look) == 2 else (None, None)
        if not isinstance(color, str) or not _COLOR.fullmatch(color) or not isinstance(description, str):
            raise read.wrong("ensure_labels", f"{name}: expected a color such as 0e8a16 and a description")
        looks[name] = LabelLook(color=color, description=description)
    return looks
