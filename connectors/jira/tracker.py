"""The connector to a project in Jira Cloud or Jira Data Center."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from connectors.base import (
    Change,
    Changes,
    ConnectorError,
    Denied,
    Draft,
    Gone,
    Marker,
    Problem,
    Rejected,
    Ticket,
    Touched,
    Unavailable,
)
from connectors.jira import workflow
from connectors.jira.checks import Checks
from connectors.jira.client import Client, meaning
from connectors.jira.comments import OwnComments
from connectors.jira.cursor import CLOUD_LAG, DATA_CENTER_LAG, advanced, read_cursor
from connectors.jira.filing import BODY_LIMIT, TITLE_LIMIT, Filing
from connectors.jira.finding import Finder
from connectors.jira.issues import (
    FIELDS,
    PROPERTY,
    BadIssue,
    Issue,
    User,
    closing_time,
    marker_of,
    read_issue,
    read_user,
    tells_closing,
    to_ticket,
)
from connectors.jira.meta import CreateMeta
from connectors.jira.search import Search, at_or_after
from connectors.jira.section import with_section
from connectors.jira.site import Site, read_site
from connectors.jira.titles import to_summary
from connectors.jira.words import spelled
from connectors.transport import Moved, Refused


def connect(
    options: Mapping[str, object], *, now: Callable[[], datetime], sleep: Callable[[float], None] = time.sleep
) -> JiraTracker:
    """The connector to the project that ``options`` name; nothing is sent yet.

    Raises:
        BadOptions: a key is missing, unknown or wrong.
    """
    return JiraTracker(read_site(options), now=now, sleep=sleep)


class JiraTracker:
    """See ``connectors.base.Connector`` for what the methods do."""

    keeps_section = True
    sets_title = True

    def __init__(self, site: Site, *, now: Callable[[], datetime], sleep: Callable[[float], None] = time.sleep) -> None:
        self._site = site
        self._now = now
        self._client = Client(site, now=now, sleep=sleep)
        self._search = Search(self._client, site)
        self._meta = CreateMeta(self._client, site)
        self._filing = Filing(site, self._meta)
        self._comments = OwnComments(self._client, is_cloud=site.is_cloud, limit=BODY_LIMIT)
        self._checks = Checks(self._client, site, self._meta)
        self._me: User | None = None
        self._may_file = site.allow_public
        self._lag = CLOUD_LAG if site.is_cloud else DATA_CENTER_LAG

    @property
    def calls(self) -> int:
        return self._client.calls

    def check(self) -> Sequence[Problem]:
        return self._checks.problems()

    def changed_since(self, cursor: str) -> Changes:
        me = self._account()
        scope = f"{self._site.deployment} {self._site.project}"
        before = read_cursor(cursor, scope)
        started = self._now()
        raw = self._search.issues([at_or_after("updated", before.begin, me)] if before else [])
        tickets, problems = [], []
        for one in raw:
            try:
                tickets.append(self._ticket(read_issue(one)))
            except BadIssue as error:
                problems.append(Problem(what=str(error), mend="look at it in Jira; it is read again next time"))
        tickets.sort(key=lambda ticket: (ticket.updated_at, len(ticket.id), ticket.id))
        after = cursor if problems else advanced(
            before, tickets[-1].updated_at if tickets else None,
            scope=scope, started=started, ended=self._now(), lag=self._lag,
        )  # fmt: skip
        return Changes(tickets=tuple(tickets), cursor=after, problems=tuple(problems))

    def find(self, marker: Marker, *, since: datetime | None = None) -> Ticket | None:
        me = self._account()
        finder = Finder(self._search, self._read, me=me, project=self._site.project)
        issue = finder.find(lambda issue: self._marker(issue) == marker, since=since)
        return self._ticket(issue) if issue else None

    def create(self, draft: Draft) -> Ticket:
        self._refuse_public()
        me = self._account()
        body = self._filing.body(draft)
        try:
            answer = self._client.post("issue", body)
        except (Refused, Moved) as error:
            raise self._filing.refusal(error) from error
        issue_id, key = answer.get("id"), answer.get("key")
        if not isinstance(issue_id, str | int) or not isinstance(key, str):
            raise Unavailable("Jira does not tell which issue it filed")
        self._search.wrote(str(issue_id))
        self._search.saw(key)
        try:
            issue = self._read(str(issue_id))
            ticket = self._ticket(issue)
        except ConnectorError:
            # It is filed, and saying otherwise would file it again; the next listing tells the rest.
            return self._filing.unread(str(issue_id), key, draft, me=me, at=self._now())
        self._checks.note_filed(issue, wanted=list(map(spelled, draft.labels)), has_marker=bool(marker_of(issue, me)))
        return ticket

    def change(self, ticket_id: str, change: Change) -> Ticket:
        me = self._account()
        what = f"ticket {ticket_id}"
        ticket_id = _segment(ticket_id)
        try:
            found = self._comments.found(ticket_id, me) if self._comments.needed(change) else {}
            transitions = self._transitions(ticket_id) if change.state else []
            # Read last, so that little time is left for a person to come in before the first write.
            issue = self._read(ticket_id)
            before = self._ticket(issue)
            if change.only_if_version not in ("", before.version):
                raise Touched(f"{before.key} was edited since the last look; nothing was changed")
            described = self._described(issue, before, change)
            wrote = self._write(before, change, transitions, lambda: self._comments.write(ticket_id, change, found))
            after = self._ticket(self._read(ticket_id)) if wrote or described else before
        except (Refused, Moved) as error:
            raise meaning(error, what=what) from error
        return replace(after, previous_version=before.version)

    def _described(self, issue: Issue, before: Ticket, change: Change) -> bool:
        """Writes the summary, and the bot's own section of the description, where they are not so already."""
        old, texts = issue.fields.description, dict[str, object]()
        if change.title is not None and (summary := to_summary(change.title, TITLE_LIMIT)) != before.title:
            texts["summary"] = summary
        if change.own_section is not None:
            if before.marker is None:
                raise Rejected(f"{before.key} was filed by somebody else")
            new = with_section(old, change.own_section, is_cloud=self._site.is_cloud, limit=BODY_LIMIT)
            texts |= {} if new == old else {"description": new}
        if not texts:
            return False
        self._refuse_public()
        self._search.wrote(before.id)
        self._client.put(f"issue/{before.id}", {"fields": texts})
        return True

    def _write(
        self,
        before: Ticket,
        change: Change,
        transitions: Sequence[workflow.Transition],
        write_comments: Callable[[], bool],
    ) -> bool:
        choice = self._choice(before, change, transitions)
        labels = _label_edits(before.labels, change)
        if not labels and choice is None and not self._comments.needed(change):
            return False
        self._refuse_public()
        self._search.wrote(before.id)
        if labels:
            self._client.put(f"issue/{before.id}", {"update": {"labels": labels}})
        wrote = write_comments()
        if choice:
            self._client.post(f"issue/{before.id}/transitions", choice.body())
        return wrote or bool(labels) or choice is not None

    def _choice(
        self, before: Ticket, change: Change, transitions: Sequence[workflow.Transition]
    ) -> workflow.Choice | None:
        if change.state is None or change.state == before.state:
            return None
        if change.state == "open":
            return workflow.to_reopen(transitions, self._site, what=before.key)
        return workflow.to_close(transitions, change.closed_as or "done", self._site, what=before.key)

    def _transitions(self, ticket_id: str) -> list[workflow.Transition]:
        path = f"issue/{ticket_id}/transitions"
        return workflow.read_transitions(self._client.get(path, {"expand": "transitions.fields"}))

    def _read(self, name: str) -> Issue:
        """The issue with this id or key, read itself and not from the index."""
        query = {"fields": FIELDS, "properties": PROPERTY}
        try:
            return read_issue(self._client.get(f"issue/{_segment(name)}", query))
        except (Refused, Moved) as error:
            raise meaning(error, what=f"ticket {name}") from error

    def _account(self) -> User:
        if self._me is None:
            try:
                self._me = read_user(self._client.get("myself"))
            except (Refused, Moved) as error:
                raise meaning(error, what="the account of the bot", missing=Denied) from error
        return self._me

    def _marker(self, issue: Issue) -> Marker | None:
        """The marker; where the answer tells no properties, as listings of Data Center, the issue is asked for them."""
        me = self._account()
        marker = marker_of(issue, me)
        if marker or issue.properties is not None or not me.is_same(issue.fields.creator or issue.fields.reporter):
            return marker
        try:
            return marker_of(self._read(issue.id), me)
        except Gone:
            return None

    def _ticket(self, issue: Issue) -> Ticket:
        closed_at = None if tells_closing(issue) else self._closed_at(issue)
        return to_ticket(issue, self._site, marker=self._marker(issue), closed_at=closed_at)

    def _closed_at(self, issue: Issue) -> datetime | None:
        query = {"fields": "status", "expand": "changelog"}
        try:
            return closing_time(self._client.get(f"issue/{issue.id}", query), issue.fields.status)
        except (Refused, Moved):
            return None

    def _refuse_public(self) -> None:
        if not self._may_file and self._checks.is_public():
            raise Denied(f"project {self._site.project} is public; set allow_public: true to file there all the same")
        self._may_file = True


def _label_edits(have: frozenset[str], change: Change) -> list[dict[str, str]]:
    add = dict.fromkeys(map(spelled, change.add_labels))
    remove = [label for label in dict.fromkeys(map(spelled, change.remove_labels)) if label in have]
    return [{"remove": label} for label in remove if label not in add] + [
        {"add": label} for label in add if label and label not in have
    ]


def _segment(name: str) -> str:
    return quote(name, safe="")
