"""What a connector has learned of its account and its project, and whether it may go on writing."""

from __future__ import annotations

from collections.abc import Iterable

from connectors.base import Marker, Problem
from connectors.gitlab.answers import Account, Issue, Project
from connectors.gitlab.api import Api
from connectors.gitlab.checks import public
from connectors.gitlab.errors import Barred
from connectors.gitlab.settings import Settings
from connectors.marker import parse_marker


class Guard:
    """Asks who we are and where we write, each once and only when it is needed."""

    def __init__(self, api: Api, settings: Settings) -> None:
        self._api = api
        self._settings = settings
        self._account: Account | None = None
        self._project: Project | None = None
        self._dropped: set[str] = set()
        self._bar: Barred | None = None

    def me(self) -> int:
        """The account whose markers and comments are the bot's own."""
        if self._account is None:
            self._account = self._api.user()
        return self._account.id

    def project(self, *, anew: bool = False) -> Project:
        if self._project is None or anew:
            self._project = self._api.project()
        return self._project

    def marker(self, issue: Issue) -> Marker | None:
        """The marker in an issue that this account wrote; anybody can copy one."""
        marker = parse_marker(issue.description or "")
        return marker if marker and self.is_own(issue) else None

    def is_own(self, issue: Issue) -> bool:
        return issue.author is not None and issue.author.id == self.me()

    def require_issues(self, *, anew: bool = False) -> None:
        """Raises Denied when there can be no issue to see, for another reason than that it was deleted."""
        project = self.project(anew=anew)
        if not project.has_issues:
            raise Barred(f"issues are switched off in {project.path_with_namespace}", "switch them on in its settings")

    def require_permission(self) -> None:
        """Raises Denied before a write that would show quotes to all the world, or after one that went wrong."""
        self.require_issues()
        if self._bar:
            raise self._bar
        settings, project = self._settings, self.project()
        if project.is_open_to_all and not settings.allow_public and not settings.confidential:
            raise public(project.path_with_namespace)

    def bar(self, what: str, mend: str) -> Barred:
        """Lets nothing be written from now on; the error says why."""
        self._bar = Barred(what, mend)
        return self._bar

    def note_dropped(self, labels: Iterable[str]) -> None:
        """Remembers labels that GitLab left out without a word; review works by labels."""
        self._dropped.update(labels)

    def problems(self) -> list[Problem]:
        """What the writes so far have found out."""
        found = []
        if self._dropped:
            found.append(
                Problem(
                    what=f"GitLab dropped labels of tickets: {', '.join(sorted(self._dropped))}",
                    mend=f"give the token's account the role Planner or Reporter in {self._settings.project}",
                )
            )
        if self._bar:
            found.append(Problem(what=self._bar.what, mend=self._bar.mend))
        return found
