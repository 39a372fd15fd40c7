"""The connector over a GitLab project."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from connectors.base import Change, Changes, Draft, Gone, Marker, Problem, Rejected, Ticket, Touched, Unavailable
from connectors.gitlab import checks
from connectors.gitlab.answers import Account, Issue, Project
from connectors.gitlab.api import Api
from connectors.gitlab.comments import NOTE_LIMIT, Comment, wanted
from connectors.gitlab.cursor import OVERLAP, Cursor, read_cursor
from connectors.gitlab.errors import Barred
from connectors.gitlab.limits import GitLabLimits
from connectors.gitlab.looks import Look
from connectors.gitlab.settings import Settings, read_settings
from connectors.gitlab.tickets import id_of, read_id, to_ticket, version_of
from connectors.listing import walk
from connectors.markdown import to_markdown, to_title
from connectors.marker import parse_marker
from connectors.transport import Transport

TITLE_LIMIT = 255
BODY_LIMIT = NOTE_LIMIT

_CLOCKS_DIFFER = timedelta(minutes=10)


def connect(
    options: Mapping[str, object], *, now: Callable[[], datetime], sleep: Callable[[float], None] = time.sleep
) -> GitLabTracker:
    """The project ``project`` of the GitLab at ``base_url``, seen with ``token``.

    Raises:
        BadOptions: an option is missing, unknown or wrong.
    """
    settings, token = read_settings(options)
    transport = Transport(settings.network, GitLabLimits(), now=now, sleep=sleep)
    return GitLabTracker(Api(settings.network.base_url, token, settings.project, transport), settings, now=now)


class GitLabTracker:
    """Issues as tickets; see ``connectors.base.Connector`` for what the methods do."""

    def __init__(self, api: Api, settings: Settings, *, now: Callable[[], datetime]) -> None:
        self._api = api
        self._settings = settings
        self._now = now
        self._account: Account | None = None
        self._project: Project | None = None
        self._dropped: set[str] = set()
        self._leak: Barred | None = None

    @property
    def calls(self) -> int:
        return self._api.calls

    def check(self) -> Sequence[Problem]:
        return [*checks.problems(self._api, self._settings, self._now().date()), *self._own_problems()]

    def changed_since(self, cursor: str) -> Changes:
        before = read_cursor(cursor)
        look = Look(self._api, "updated")
        found: dict[str, Issue] = {}
        for issue in walk(look.fetch, before.since):
            found.pop(id_of(issue), None)  # changed while the pages were read: it stands where it is now
            found[id_of(issue)] = issue
        last = max((issue.updated_at for issue in found.values()), default=before.time)
        if look.readable_until and last:
            last = min(last, look.readable_until)
        versions = {name: version_of(issue) for name, issue in found.items()}
        seen = {name: versions[name] for name, one in found.items() if last and one.updated_at >= last - OVERLAP}
        changed = [issue for name, issue in found.items() if before.seen.get(name) != versions[name]]
        return Changes(
            tickets=tuple(map(self._ticket, changed)),
            cursor=Cursor(time=last, seen=seen).text(),
            problems=(*look.problems.values(), *self._own_problems()),
        )

    def find(self, marker: Marker, *, since: datetime | None = None) -> Ticket | None:
        look = Look(self._api, "created", author=self._me())
        found: Issue | None = None
        for issue in walk(look.fetch, since - _CLOCKS_DIFFER if since else None):
            if found and issue.created_at > found.created_at:
                break
            if self._marker(issue) == marker and (found is None or issue.iid < found.iid):
                found = issue
        if found is None and look.problems:
            # Saying that it is not there would file it a second time.
            raise Unavailable(f"it may be the one that is looked for: {next(iter(look.problems.values())).what}")
        return self._ticket(found) if found else None

    def create(self, draft: Draft) -> Ticket:
        labels = _labels(draft.labels)
        fields: dict[str, object] = {
            "title": to_title(draft.title, flavor="gitlab", limit=TITLE_LIMIT),
            "description": to_markdown(draft.body, flavor="gitlab", marker=draft.marker, limit=BODY_LIMIT),
            "labels": labels,
        }
        if self._settings.confidential:
            fields["confidential"] = True
        self._may_write()
        issue = self._api.create_issue(fields)
        ticket = self._ticket(issue)
        if self._settings.confidential and not issue.confidential:
            self._leak = Barred(f"GitLab did not keep {ticket.key} confidential", "look at the account's role")
        if ticket.marker != draft.marker:
            self._leak = Barred(
                f"GitLab changed the body of {ticket.key}, and its hidden last line is gone",
                "see what rewrites descriptions there; without that line tickets are filed twice",
            )
        self._dropped.update(set(labels) - ticket.labels)
        return ticket

    def change(self, ticket_id: str, change: Change) -> Ticket:
        add, remove, comments = _labels(change.add_labels), _labels(change.remove_labels), list(wanted(change))
        number = self._number(ticket_id)
        try:
            return self._changed(number, change, add, remove, comments)
        except Gone:
            # Without access to issues GitLab shows none of them, and people would seem to have deleted them all.
            self._project = self._api.project()
            self._require_issues(self._project)
            raise

    def _changed(
        self, number: int, change: Change, add: list[str], remove: list[str], comments: list[Comment]
    ) -> Ticket:
        # The longer reads come first, so that the version is looked at right before the first write.
        notes = self._api.comments(number) if comments and change.only_if_version else None
        issue = self._api.issue(number)
        before = self._ticket(issue)
        if change.only_if_version not in ("", before.version):
            raise Touched(f"{before.key} was edited since the last look; nothing was changed")
        if notes is None:
            notes = self._api.comments(number) if comments and issue.user_notes_count else []
        internal = self._settings.confidential and not issue.confidential
        me = self._me() if notes else 0
        edits = [(comment, comment.own(notes, me, internal=internal)) for comment in comments]
        edits = [(comment, note) for comment, note in edits if note is None or comment.differs(note)]
        fields = _fields(issue, change, add, remove)
        if not edits and not fields:
            return replace(before, previous_version=before.version)
        self._may_write()
        for comment, note in edits:
            self._write_comment(issue, comment, note.id if note else None, internal=internal)
        if fields:
            self._api.update_issue(number, fields)
        return replace(self._verified(number, change, add), previous_version=before.version)

    def _verified(self, number: int, change: Change, add: list[str]) -> Ticket:
        """The issue after the writes; GitLab leaves out what the account may not do, and says nothing."""
        ticket = self._ticket(self._api.issue(number))
        self._dropped.update(set(add) - ticket.labels)
        if change.state not in (None, ticket.state):
            raise Rejected(f"GitLab left {ticket.key} {ticket.state}; is it locked, or may the account not close it?")
        return ticket

    def _write_comment(self, issue: Issue, comment: Comment, note: int | None, *, internal: bool) -> None:
        try:
            if note is not None:
                self._api.edit_comment(issue.iid, note, comment.body)
            elif not self._api.create_comment(issue.iid, comment.body, internal=internal).internal and internal:
                self._leak = Barred(
                    f"GitLab did not keep a comment on #{issue.iid} internal",
                    "delete it; internal comments need GitLab 15.5 and the role Planner or Reporter",
                )
                raise self._leak
        except Barred as error:
            if issue.discussion_locked and error is not self._leak:
                raise Rejected(f"the discussion of #{issue.iid} is locked") from error
            raise

    def _may_write(self) -> None:
        project = self._home()
        self._require_issues(project)
        if self._leak:
            raise self._leak
        if project.is_open_to_all and not self._settings.allow_public and not self._settings.confidential:
            raise checks.public(project.path_with_namespace)

    def _require_issues(self, project: Project) -> None:
        if not project.has_issues:
            raise Barred(f"issues are switched off in {project.path_with_namespace}", "switch them on in its settings")

    def _home(self) -> Project:
        if self._project is None:
            self._project = self._api.project()
        return self._project

    def _me(self) -> int:
        if self._account is None:
            self._account = self._api.user()
        return self._account.id

    def _number(self, ticket_id: str) -> int:
        numbers, home = read_id(ticket_id), self._home()
        if numbers is None or numbers[0] != home.id:
            raise Gone(f"{ticket_id} is no issue of {home.path_with_namespace}, the project with the number {home.id}")
        return numbers[1]

    def _marker(self, issue: Issue) -> Marker | None:
        marker = parse_marker(issue.description or "")
        return marker if marker and issue.author and issue.author.id == self._me() else None

    def _ticket(self, issue: Issue) -> Ticket:
        return to_ticket(issue, self._marker(issue))

    def _own_problems(self) -> list[Problem]:
        found = []
        if self._dropped:
            found.append(
                Problem(
                    what=f"GitLab dropped labels of tickets: {', '.join(sorted(self._dropped))}",
                    mend=f"give the token's account the role Planner or Reporter in {self._settings.project}",
                )
            )
        if self._leak:
            found.append(Problem(what=self._leak.what, mend=self._leak.mend))
        return found


def _labels(names: Sequence[str]) -> list[str]:
    labels = [name.strip() for name in names if name.strip()]
    if impossible := next((name for name in labels if "," in name), None):
        raise Rejected(f"GitLab takes no comma in a label: {impossible}")
    return labels


def _fields(issue: Issue, change: Change, add: list[str], remove: list[str]) -> dict[str, object]:
    """What is to be sent of an issue; nothing that is so already. GitLab keeps no reason for closing."""
    is_open = issue.state != "closed"
    changes = {
        "add_labels": [label for label in add if label not in issue.labels],
        "remove_labels": [label for label in remove if label in issue.labels],
        "state_event": {("closed", True): "close", ("open", False): "reopen"}.get((change.state or "", is_open)),
    }
    return {name: value for name, value in changes.items() if value}
