"""What ``check`` looks at: the repository, what the token may do there, and the labels by which people review."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from connectors.base import ConnectorError, Problem, RateLimited, Rejected, Unavailable
from connectors.github.account import Account
from connectors.github.answers import Label, Repo
from connectors.github.repository import Repository, read_answer
from connectors.github.scopes import ISSUES_ONLY, expiry, scope_problems
from connectors.listing import PAGE
from connectors.transport import Moved, Refused

LABEL_LIMIT = 50
DESCRIPTION_LIMIT = 100

_EXPIRES_SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelLook:
    """How a label looks that the bot uses: six hexadecimal digits and a line of text."""

    color: str
    description: str


class Checks:
    """The checks of one repository; ``labels`` are those that the bot will use, created where ``create_labels``."""

    def __init__(
        self,
        repository: Repository,
        account: Account,
        *,
        labels: Mapping[str, LabelLook],
        create_labels: bool,
        allow_public: bool,
        is_app: bool,
        now: Callable[[], datetime],
    ) -> None:
        self._repository = repository
        self._account = account
        self._labels = labels
        self._create_labels = create_labels
        self._allow_public = allow_public
        self._is_app = is_app
        self._now = now

    def run(self) -> list[Problem]:
        """Every problem found; a repository that cannot be seen at all is the only one.

        Raises:
            Unavailable: GitHub could not be reached.
            RateLimited: GitHub asks to wait.
        """
        try:
            repo = self._repository.facts(fresh=True)
        except (RateLimited, Unavailable):
            raise
        except ConnectorError as error:
            return [_from_error(error)]
        found = [*self._standing(repo), *self._token(repo), *self._identity()]
        return found if any(problem.fatal for problem in found) else [*found, *self._label_problems(repo)]

    def _standing(self, repo: Repo) -> Iterator[Problem]:
        name = repo.full_name
        if not repo.has_issues:
            yield Problem(what=f"{name} has no issues", mend="turn them on: Settings, General, Features, Issues")
        if repo.archived:
            yield Problem(what=f"{name} is archived", mend="unarchive it, or file into another repository")
        if repo.is_public and not self._allow_public:
            yield Problem(
                what=f"{name} is public: everyone could read what is said in the logs",
                mend="file into a private repository, or set allow_public: true",
            )

    def _token(self, repo: Repo) -> Iterator[Problem]:
        headers = self._repository.facts_headers
        scopes = headers.get("x-oauth-scopes")
        if scopes is not None and not self._is_app:
            yield from scope_problems({one.strip() for one in scopes.split(",") if one.strip()}, repo)
        expires = expiry(headers.get("github-authentication-token-expiration", ""))
        if expires and expires - self._now() < _EXPIRES_SOON:
            yield Problem(what=f"the token ends on {expires:%Y-%m-%d}", mend="make a new one before that", fatal=False)
        roles = repo.permissions
        if roles and not self._is_app and not (roles.get("triage") or roles.get("push")):
            yield Problem(
                what=f"the bot's account may only read {repo.full_name}: GitHub drops the labels that it sets",
                mend="give it the role Triage or Write there, for review works with labels",
            )

    def _identity(self) -> Iterator[Problem]:
        try:
            login = self._account.login
        except (RateLimited, Unavailable):
            raise
        except ConnectorError as error:
            yield _from_error(error)
            return
        expected = self._account.expected
        if expected and expected.lower() != login.lower():
            yield Problem(
                what=f"bot_login is {expected}, but the bot files as {login}", mend=f"set bot_login to {login}"
            )

    def _label_problems(self, repo: Repo) -> Iterator[Problem]:
        if not self._labels:
            return
        try:
            there = self._existing()
        except (Refused, Moved) as error:
            yield Problem(what=f"the labels of {repo.full_name} cannot be read: {error}", mend=ISSUES_ONLY, fatal=False)
            return
        missing = [name for name in self._labels if name.lower() not in there]
        spellings = {name: there[name.lower()].name for name in self._labels if name.lower() in there}
        for name, spelled in spellings.items():
            if spelled != name:
                yield Problem(
                    what=f"the label {name} is spelled {spelled} in {repo.full_name}",
                    mend="spell it so in the config, or rename it on GitHub",
                    fatal=False,
                )
        if missing and not self._create_labels:
            yield Problem(
                what=f"{repo.full_name} lacks the labels: {', '.join(missing)}",
                mend="make them, or set create_labels: true",
                fatal=False,
            )
        elif missing:
            yield from self._create(repo, missing)
        elif self._create_labels and not self._is_app and "x-oauth-scopes" not in self._repository.facts_headers:
            yield from self._try_writing(repo, there[next(iter(spellings)).lower()])

    def _existing(self) -> dict[str, Label]:
        there: dict[str, Label] = {}
        page = 1
        while True:
            _, data = self._repository.send("GET", "/labels", query={"per_page": PAGE, "page": page})
            found = [read_answer(Label, one) for one in data] if isinstance(data, list) else []
            there.update((label.name.lower(), label) for label in found)
            if len(found) < PAGE:
                return there
            page += 1

    def _create(self, repo: Repo, missing: Sequence[str]) -> Iterator[Problem]:
        for name in missing:
            look = self._labels[name]
            body = {
                "name": name,
                "color": look.color.removeprefix("#"),
                "description": look.description[:DESCRIPTION_LIMIT],
            }
            try:
                self._repository.send("POST", "/labels", body=body)
            except Refused as error:
                if error.status == 422 and "already_exists" in str(error):
                    continue
                if error.status in (403, 404):
                    yield _may_not_write(repo, error)
                    return
                why = f"at most {LABEL_LIMIT} characters" if len(name) > LABEL_LIMIT else error.reason
                yield Problem(
                    what=f"the label {name} cannot be made: {why}", mend="name it otherwise in the config", fatal=False
                )
            except Moved:
                return  # renamed in this moment; the next check is not

    def _try_writing(self, repo: Repo, label: Label) -> Iterator[Problem]:
        """Gives a label the color that it has: nothing else shows whether a fine-grained token may write."""
        try:
            self._repository.send("PATCH", f"/labels/{quote(label.name, safe='')}", body={"color": label.color})
        except Refused as error:
            if error.status in (403, 404):
                yield _may_not_write(repo, error)
        except Moved:
            return


def _may_not_write(repo: Repo, error: Refused) -> Problem:
    return Problem(what=f"the token may not write in {repo.full_name} ({error.reason})", mend=f"use {ISSUES_ONLY}")


def _from_error(error: ConnectorError) -> Problem:
    what, _, mend = str(error).rpartition("; ")
    return Problem(
        what=what or mend, mend=mend if what else "see what GitHub says", fatal=not isinstance(error, Rejected)
    )
