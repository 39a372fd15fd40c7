"""The connector over a GitLab project."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from connectors.base import Change, Changes, Draft, Gone, Marker, Problem, Rejected, Ticket, Touched, Unavailable
from connectors.gitlab import checks
from connectors.gitlab.answers import Issue
from connectors.gitlab.api import Api
from connectors.gitlab.comments import NOTE_LIMIT, Comment, wanted
from connectors.gitlab.cursor import OVERLAP, Cursor, read_cursor
from connectors.gitlab.errors import Forbidden
from connectors.gitlab.guard import Guard
from connectors.gitlab.limits import GitLabLimits
from connectors.gitlab.looks import Look
from connectors.gitlab.settings import Settings, read_settings
from connectors.gitlab.tickets import id_of, read_id, to_ticket, version_of
from connectors.listing import beyond, walk
from connectors.markdown import to_title
from connectors.section import drafted, with_section
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

    keeps_section = True
    sets_title = True

    def __init__(self, api: Api, settings: Settings, *, now: Callable[[], datetime]) -> None:
        self._api = api
        self._settings = settings
        self._now = now
        self._guard = Guard(api, settings)

    @property
    def calls(self) -> int:
        return self._api.calls

    def check(self) -> Sequence[Problem]:
        return [*checks.problems(self._api, self._settings, self._now().date()), *self._guard.problems()]

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
            problems=(*look.problems.values(), *self._guard.problems()),
        )

    def find(self, marker: Marker, *, since: datetime | None = None) -> Ticket | None:
        look = Look(self._api, "created", author=self._guard.me())
        found: Issue | None = None
        listed: set[int] = set()
        after = since - _CLOCKS_DIFFER if since else None
        for issue in walk(look.fetch, after):
            listed.add(issue.iid)
            if found and issue.created_at > found.created_at:
                break
            if self._guard.marker(issue) == marker and (found is None or issue.iid < found.iid):
                found = issue
        if found is None and look.problems:
            # Saying that it is not there would file it a second time.
            raise Unavailable(f"it may be the one that is looked for: {next(iter(look.problems.values())).what}")
        found = found or self._unlisted(marker, listed, after)
        return self._ticket(found) if found else None

    def _unlisted(self, marker: Marker, listed: set[int], after: datetime | None) -> Issue | None:
        """The issue with this marker that the listing did not tell: a second filing must not rest on one listing."""
        latest = self._api.newest()
        # The clocks may differ by more than anybody allows for: what came last is looked at whatever its time.
        for issue in reversed(latest):
            if self._guard.marker(issue) == marker:
                return issue
        newest = latest[0] if latest else None
        is_late = newest is not None and newest.iid not in listed and (after is None or newest.created_at >= after)
        if newest and is_late and self._guard.is_own(newest):
            raise Unavailable(f"GitLab lists #{newest.iid} at one time and not at another")
        top = max((*listed, newest.iid if newest else 0))
        for issue in beyond(self._read, top):
            if self._guard.marker(issue) == marker:
                return issue
            if not top:
                raise Unavailable(f"GitLab lists no issues, and there is #{issue.iid}")
        return None

    def _read(self, number: int) -> Issue | None:
        try:
            return self._api.issue(number)
        except Gone:
            return None

    def create(self, draft: Draft) -> Ticket:
        labels = _labels(draft.labels)
        fields: dict[str, object] = {
            "title": to_title(draft.title, flavor="gitlab", limit=TITLE_LIMIT),
            "description": drafted(draft, flavor="gitlab", limit=BODY_LIMIT),
            "labels": labels,
        }
        if self._settings.confidential:
            fields["confidential"] = True
        self._guard.require_permission()
        # Asked before: once the issue is there, no refused request may look as if nothing had been done.
        self._guard.me()
        issue = self._api.create_issue(fields)
        ticket = self._ticket(issue)
        if self._settings.confidential and not issue.confidential:
            self._guard.bar(f"GitLab did not keep {ticket.key} confidential", "look at the account's role")
        if ticket.marker != draft.marker:
            self._guard.bar(
                f"GitLab changed the body of {ticket.key}, and its hidden last line is gone",
                "see what rewrites descriptions there; without that line tickets are filed twice",
            )
        self._guard.note_dropped(set(labels) - ticket.labels)
        return ticket

    def change(self, ticket_id: str, change: Change) -> Ticket:
        add, remove, comments = _labels(change.add_labels), _labels(change.remove_labels), list(wanted(change))
        number = self._number(ticket_id)
        try:
            return self._changed(number, change, add, remove, comments)
        except Gone:
            # Without access to issues GitLab shows none of them, and people would seem to have deleted them all.
            self._guard.require_issues(anew=True)
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
        me = self._guard.me() if notes else 0
        edits = [(comment, comment.own(notes, me, internal=internal)) for comment in comments]
        edits = [(comment, note) for comment, note in edits if note is None or comment.differs(note)]
        fields = _fields(issue, change, add, remove) | self._body(issue, change)
        if not edits and not fields:
            return replace(before, previous_version=before.version)
        self._guard.require_permission()
        for comment, note in edits:
            self._write_comment(issue, comment, note.id if note else None, internal=internal)
        if fields:
            self._api.update_issue(number, fields)
        return replace(self._verified(number, change, add), previous_version=before.version)

    def _body(self, issue: Issue, change: Change) -> dict[str, object]:
        """The description with the bot's own section as it is to be; nothing where that stands there already."""
        if change.own_section is None:
            return {}
        if not self._guard.is_own(issue):
            raise Rejected(f"#{issue.iid} was filed by somebody else")
        body = with_section(issue.description or "", change.own_section, flavor="gitlab", limit=BODY_LIMIT)
        return {} if body == issue.description else {"description": body}

    def _verified(self, number: int, change: Change, add: list[str]) -> Ticket:
        """The issue after the writes; GitLab leaves out what the account may not do, and says nothing."""
        ticket = self._ticket(self._api.issue(number))
        self._guard.note_dropped(set(add) - ticket.labels)
        if change.state not in (None, ticket.state):
            raise Rejected(f"GitLab left {ticket.key} {ticket.state}; is it locked, or may the account not close it?")
        return ticket

    def _write_comment(self, issue: Issue, comment: Comment, note: int | None, *, internal: bool) -> None:
        try:
            if note is not None:
                self._api.edit_comment(issue.iid, note, comment.body)
                return
            made = self._api.create_comment(issue.iid, comment.body, internal=internal)
        except Forbidden as error:
            if issue.discussion_locked:
                raise Rejected(f"the discussion of #{issue.iid} is locked") from error
            raise
        if internal and not made.internal:
            raise self._guard.bar(
                f"GitLab did not keep a comment on #{issue.iid} internal",
                "delete it; internal comments need GitLab 15.5 and the role Planner or Reporter",
            )

    def _number(self, ticket_id: str) -> int:
        numbers, home = read_id(ticket_id), self._guard.project()
        if numbers is None or numbers[0] != home.id:
            raise Gone(f"{ticket_id} is no issue of {home.path_with_namespace}, the project with the number {home.id}")
        return numbers[1]

    def _ticket(self, issue: Issue) -> Ticket:
        return to_ticket(issue, self._guard.marker(issue))


def _labels(names: Sequence[str]) -> list[str]:
    labels = [name.strip() for name in names if name.strip()]
    if impossible := next((name for name in labels if "," in name), None):
        raise Rejected(f"GitLab takes no comma in a label: {impossible}")
    return labels


def _fields(issue: Issue, change: Change, add: list[str], remove: list[str]) -> dict[str, object]:
    """What is to be sent of an issue; nothing that is so already. GitLab keeps no reason for closing."""
    is_open = issue.state != "closed"
    title = None if change.title is None else to_title(change.title, flavor="gitlab", limit=TITLE_LIMIT)
    changes = {
        "add_labels": [label for label in add if label not in issue.labels],
        "remove_labels": [label for label in remove if label in issue.labels],
        "title": None if title == issue.title else title,
        "state_event": {("closed", True): "close", ("open", False): "reopen"}.get((change.state or "", is_open)),
    }
    return {name: value for name, value in changes.items() if value}
