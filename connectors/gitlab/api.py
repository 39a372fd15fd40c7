"""The requests to GitLab, each sent once, with answers that were checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

import gitlab
import requests
from gitlab.v4.objects import Project as GitlabProject
from pydantic import TypeAdapter, ValidationError

from connectors.base import Problem, Rejected, Unavailable
from connectors.gitlab.answers import Account, Issue, Label, Note, Project, Stamped, Token
from connectors.gitlab.errors import gone, no_project, translated, what_is_wrong
from connectors.listing import PAGE, Page
from connectors.transport import Transport

_ONCE: Final[dict[str, Any]] = {"obey_rate_limit": False, "max_retries": 0}
_ROWS: Final = TypeAdapter(list[object])


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePage:
    """A page of issues in the order asked for; what of it could not be read, and after which time that began."""

    page: Page[Issue]
    problems: tuple[Problem, ...] = ()
    readable_until: datetime | None = None


class Api:
    """One project's part of GitLab's REST API. Every method raises errors of the connector only.

    ``project`` is what the config names; once its number is known, a new name of the project changes nothing.
    """

    def __init__(self, url: str, token: str, project: str, transport: Transport) -> None:
        session = requests.Session()
        session.mount("https://", transport)
        session.mount("http://", transport)
        self._transport = transport
        self._gitlab = gitlab.Gitlab(url, private_token=token, session=session, user_agent="loose-ends")
        self.project_name = project
        self._reference: str | int = project

    @property
    def calls(self) -> int:
        return self._transport.calls

    def user(self) -> Account:
        """Whose token this is."""
        with self._asking():
            return Account.model_validate(self._gitlab.http_get("/user", **_ONCE))

    def token(self) -> Token:
        """The token itself, which only personal, project and group access tokens can ask for."""
        with self._asking():
            return Token.model_validate(self._gitlab.personal_access_tokens.get("self", **_ONCE).attributes)

    def project(self) -> Project:
        with self._asking():
            found = Project.model_validate(self._gitlab.projects.get(self._reference, **_ONCE).attributes)
        self._reference = found.id
        return found

    def issues(
        self, order: Literal["updated", "created"], since: datetime | None, page: int, *, author: int | None = None
    ) -> IssuePage:
        """All issues changed or created at ``since`` or later, in that order; of one author if that is given."""
        query: dict[str, object] = {"order_by": f"{order}_at", "sort": "asc", "scope": "all", "state": "all"}
        if author is not None:
            query["author_id"] = author
        if since:
            query[f"{order}_after"] = since.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        with self._asking():
            rows, has_next = self._page(self._project().issues.path, page, query)
        items: list[tuple[str, datetime, Issue]] = []
        problems: list[Problem] = []
        until: datetime | None = None
        for row in rows:
            try:
                issue = Issue.model_validate(row)
            except ValidationError as error:
                problems.append(_unreadable(row, error))
                until = until or (items[-1][1] if items else since or datetime.min.replace(tzinfo=UTC))
                continue
            time = issue.updated_at if order == "updated" else issue.created_at
            items.append((str(issue.iid), time, issue))
        if rows and not items:
            raise Unavailable(f"no issue of a page can be read: {problems[0].what}")
        return IssuePage(page=Page(items=items, full=has_next), problems=tuple(problems), readable_until=until)

    def newest(self) -> list[Issue]:
        """The issues created last, of those that GitLab lists, the newest first: a page, less what cannot be read."""
        query = {"order_by": "created_at", "sort": "desc", "scope": "all", "state": "all", "per_page": PAGE}
        with self._asking():
            response = self._gitlab.http_request("get", self._project().issues.path, query_data=query, **_ONCE)
            rows = _ROWS.validate_json(response.content)
            return [Issue.model_validate(row) for row in rows[:1]] + list(_readable(rows[1:]))

    def issue(self, number: int) -> Issue:
        with self._asking(number):
            return Issue.model_validate(self._project().issues.get(number, **_ONCE).attributes)

    def create_issue(self, fields: Mapping[str, object]) -> Issue:
        with self._asking():
            return Issue.model_validate(self._project().issues.create(dict(fields), **_ONCE).attributes)

    def update_issue(self, number: int, fields: Mapping[str, object]) -> None:
        with self._asking(number):
            self._project().issues.update(number, dict(fields), **_ONCE)

    def comments(self, number: int) -> Sequence[Note]:
        """The comments of an issue, oldest first, without GitLab's own notes."""
        query = {"order_by": "created_at", "sort": "asc", "activity_filter": "only_comments"}
        with self._asking(number):
            path = self._project().issues.get(number, lazy=True).notes.path
            notes = [Note.model_validate(row) for row in self._all(path, query)]
        return [note for note in notes if not note.system]

    def create_comment(self, number: int, body: str, *, internal: bool) -> Note:
        fields: dict[str, object] = {"body": body, **({"internal": True} if internal else {})}
        with self._asking(number):
            made = self._project().issues.get(number, lazy=True).notes.create(fields, **_ONCE)
            if "id" not in made.attributes:
                # 202: GitLab took every line for a command. No renderer of ours lets that happen.
                raise Rejected(f"GitLab took a comment on #{number} for quick actions and kept nothing of it")
            return Note.model_validate(made.attributes)

    def edit_comment(self, number: int, note: int, body: str) -> None:
        # Not Gone: the issue is there, and a comment that was deleted since it was listed is written anew next time.
        deleted = Unavailable(f"a comment of the bot on #{number} was deleted meanwhile")
        with translated(self.project_name, missing=lambda: deleted):
            self._project().issues.get(number, lazy=True).notes.update(note, {"body": body}, **_ONCE)

    def labels(self) -> frozenset[str]:
        """The names of the labels that issues here can have, those of the groups above included."""
        with self._asking():
            return frozenset(Label.model_validate(row).name for row in self._all(self._project().labels.path, {}))

    def create_label(self, name: str, color: str, description: str) -> None:
        """Makes a label; ``color`` is ``#rrggbb``. One that is there already is Rejected."""
        with self._asking():
            self._project().labels.create({"name": name, "color": color, "description": description}, **_ONCE)

    def _project(self) -> GitlabProject:
        return self._gitlab.projects.get(self._reference, lazy=True)

    def _asking(self, number: int | None = None) -> AbstractContextManager[None]:
        """Errors as the connector's own: a 404 means the issue of that number, or the project."""
        name = self.project_name
        return translated(name, missing=lambda: no_project(name) if number is None else gone(name, number))

    def _all(self, path: str, query: Mapping[str, object]) -> Iterator[object]:
        page, has_next = 1, True
        while has_next:
            rows, has_next = self._page(path, page, query)
            yield from rows
            page += 1

    def _page(self, path: str, page: int, query: Mapping[str, object]) -> tuple[list[object], bool]:
        """The rows of a page and whether another follows.

        GitLab leaves out of a page what the account may not read, so that one with few rows need not be the last;
        the library's lists do not tell.
        """
        response = self._gitlab.http_request("get", path, query_data={**query, "page": page, "per_page": PAGE}, **_ONCE)
        rows = _ROWS.validate_json(response.content)
        following = response.headers.get("X-Next-Page")
        return rows, len(rows) >= PAGE if following is None else bool(following.strip())


def _unreadable(row: object, error: ValidationError) -> Problem:
    try:
        number = Stamped.model_validate(row).iid
    except ValidationError:
        number = None
    name = f"issue #{number}" if number is not None else "an issue without a number"
    return Problem(what=f"{name} cannot be read ({what_is_wrong(error)})", mend="look at it in GitLab", fatal=False)


def _readable(rows: Sequence[object]) -> Iterator[Issue]:
    for row in rows:
        try:
            yield Issue.model_validate(row)
        except ValidationError:
            continue  # told where it is listed by its time
