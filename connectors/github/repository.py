"""The repository: where it is now, what it allows, and its answers with errors that say what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from pydantic import ValidationError

from connectors.base import ConnectorError, Denied, Gone, MovedAway, Rejected, Unavailable
from connectors.github.answers import Answer, Issue, Repo
from connectors.github.graphql import originals
from connectors.transport import Moved, Refused

if TYPE_CHECKING:
    from github.Requester import Requester

A = TypeVar("A", bound=Answer)

_PERMISSION = "the token needs 'Issues: read and write' on it (classic tokens: the scope repo)"


class Repository:
    """Requests below ``/repos/owner/name``, which go on when people rename or move the repository."""

    def __init__(self, requester: Requester, full_name: str) -> None:
        self.full_name = full_name
        self._requester = requester
        self._facts: Repo | None = None
        self.facts_headers: Mapping[str, str] = {}

    def send(
        self,
        verb: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[Mapping[str, str], object]:
        """The headers (names in lower case) and data of one answer; data is None for an empty one.

        Raises:
            Refused: with the status; :meth:`refusal` tells what it means for the repository as a whole.
            Moved: this one thing moved away, while the repository is where it was.
        """
        try:
            return self._send(verb, path, query, body, headers)
        except Moved:
            # Nothing was done. A redirect of GitHub's is by the repository's number, so its new name is asked for.
            before = self.full_name
            self.facts(fresh=True)
            if self.full_name == before:
                raise
            return self._send(verb, path, query, body, headers)

    def _send(
        self,
        verb: str,
        path: str,
        query: Mapping[str, object] | None,
        body: object,
        headers: Mapping[str, str] | None,
    ) -> tuple[Mapping[str, str], object]:
        told, data = self._requester.requestJsonAndCheck(
            verb,
            f"/repos/{self.full_name}{path}",
            parameters=dict(query or {}),
            headers=dict(headers or {}),
            input=body,
        )
        return told, data

    def originals(self, issues: Sequence[Issue]) -> dict[int, str]:
        """The originals of those that are closed as duplicates, by number; asks only if there are any."""
        duplicates = [issue for issue in issues if issue.state == "closed" and issue.state_reason == "duplicate"]
        return originals(self._requester, self.full_name, duplicates) if duplicates else {}

    def facts(self, *, fresh: bool = False) -> Repo:
        """Visibility and the like, read once, or anew; follows the repository to its present name.

        Raises:
            Denied: it is not there, or not for this token.
        """
        if self._facts is None or fresh:
            try:
                self._facts = self._read(f"/repos/{self.full_name}", hops=3)
            except Refused as error:
                raise self.refusal(error) from error
            self.full_name = self._facts.full_name
        return self._facts

    def _read(self, path: str, *, hops: int) -> Repo:
        try:
            self.facts_headers, data = self._requester.requestJsonAndCheck("GET", path)
        except Moved as error:
            if not hops:
                raise self.redirected() from error
            return self._read(self._own_path(error.location), hops=hops - 1)
        return read_answer(Repo, data)

    def _own_path(self, location: str) -> str:
        base, target = urlsplit(self._requester.base_url), urlsplit(location)
        if target.netloc and (target.scheme, target.netloc) != (base.scheme, base.netloc):
            raise Denied(f"{self.full_name}: redirected to {target.hostname}; set base_url to where the API is")
        path = target.path.removeprefix(base.path.rstrip("/"))
        if not path.startswith(("/repos/", "/repositories/")):
            raise self.redirected()  # to a page where people log in, for one
        return path

    def refusal(self, error: Refused) -> ConnectorError:
        """What a refused request means that was about the repository, or about nothing that could be missing."""
        name = self.full_name
        match error.status:
            case 401:
                return Denied(f"GitHub does not accept the token ({error.reason}); make a new one")
            case 403:
                return Denied(f"{name}: {error.reason}; {_PERMISSION}")
            case 404:
                mend = f"{self._address_hint()}check repo, and that {_PERMISSION}"
                return Denied(f"{name} is not there, or not for this token; {mend}")
            case 410:
                return Denied(f"{name} has no issues; turn them on in its settings")
            case 451:
                return Denied(f"{name} is blocked: {error.reason}")
            case _:
                return Rejected(str(error))

    def redirected(self) -> Denied:
        """A redirect that leads nowhere."""
        return Denied(f"{self.full_name} was moved to an unknown place; {self._address_hint()}check repo")

    def _address_hint(self) -> str:
        base = urlsplit(self._requester.base_url)
        host = base.hostname or ""
        is_page = not base.path.strip("/") and not host.startswith("api.") and "." in host
        return "end base_url with /api/v3 for an Enterprise Server, and " if is_page else ""

    def forget(self) -> None:
        """Lets :meth:`facts` be read anew: people make repositories public while a service runs."""
        self._facts = None

    def issue_refusal(self, number: str, error: Refused | Moved) -> ConnectorError:
        """What it means that a request about one issue was refused. A missing one is looked into: the token may
        have lost the whole repository, and then no ticket is gone.
        """
        if isinstance(error, Moved):
            return MovedAway(f"#{number} was moved to another repository")
        if error.status not in (404, 410):
            return self.refusal(error)
        try:
            if not self.facts(fresh=True).has_issues:
                return Denied(f"{self.full_name} has no issues; turn them on in its settings")
        except ConnectorError as denied:
            return denied
        return Gone(f"there is no issue #{number} in {self.full_name}")


def read_answer(kind: type[A], data: object) -> A:
    """An answer as what it should be.

    Raises:
        Unavailable: it is not; something in between may have answered.
    """
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        raise Unavailable(f"an answer of GitHub is not as described: {complaint(error)}") from error


def complaint(error: ValidationError) -> str:
    """The first field that is wrong and why, without its content."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {first['msg']}" if place else first["msg"]
