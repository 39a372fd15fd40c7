"""The connector to the issues of one repository."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
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
from connectors.github.account import Account
from connectors.github.answers import STATE_REASONS, Issue
from connectors.github.checks import Checks
from connectors.github.comments import Comments
from connectors.github.cursor import Cursor, next_since, read_cursor, write_cursor
from connectors.github.listing import Listing, list_issues, problems
from connectors.github.repository import Repository, read_answer
from connectors.markdown import to_markdown, to_title
from connectors.marker import parse_marker
from connectors.transport import Moved, Refused, Transport

TITLE_LIMIT = 256
BODY_LIMIT = 65_536

_CLOCKS_DIFFER = timedelta(minutes=10)


class GitHubTracker:
    """Tickets as issues; see ``connectors.base.Connector`` for what the methods do.

    The id of a ticket is its number: it stays when the repository is renamed or moved. An issue that people move to
    another repository gets a new number there, and counts as gone here.
    """

    def __init__(
        self, transport: Transport, repository: Repository, account: Account, checks: Checks, *, allow_public: bool
    ) -> None:
        self._transport = transport
        self._repository = repository
        self._account = account
        self._checks = checks
        self._allow_public = allow_public
        self._without_labels: dict[str, list[str]] = {}  # by key of the ticket

    @property
    def calls(self) -> int:
        return self._transport.calls

    def check(self) -> Sequence[Problem]:
        return [*self._checks.run(), *self._dropped()]

    def changed_since(self, cursor: str) -> Changes:
        before = read_cursor(cursor)
        listing = list_issues(self._repository, before.since, etag=before.etag)
        self._read_again(before, listing)
        told = [*problems(listing, self._repository.full_name), *self._dropped()]
        changed = [issue for number, issue in listing.issues.items() if before.seen.get(number) != _short(issue)]
        changed.sort(key=lambda issue: (issue.updated_at, issue.number))
        tickets = [self._ticket(issue) for issue in changed]
        return Changes(tickets=tickets, cursor=write_cursor(_next(before, listing)), problems=told)

    def find(self, marker: Marker, *, since: datetime | None = None) -> Ticket | None:
        listing = list_issues(self._repository, since and since - _CLOCKS_DIFFER)
        for issue in sorted(listing.issues.values(), key=lambda issue: issue.number):
            if parse_marker(issue.body or "") == marker and self._account.is_own(issue.user):
                return self._ticket(issue)
        return None

    def create(self, draft: Draft) -> Ticket:
        self._allow_writes()
        body = {
            "title": to_title(draft.title, flavor="github", limit=TITLE_LIMIT),
            "body": to_markdown(draft.body, flavor="github", marker=draft.marker, limit=BODY_LIMIT),
            "labels": list(draft.labels),
        }
        try:
            _, data = self._repository.send("POST", "/issues", body=body)
        except Refused as error:
            raise self._repository.refusal(error) from error
        except Moved as error:
            raise Denied(f"{self._repository.full_name}: redirected; write the present name to repo") from error
        issue = read_answer(Issue, data)
        self._account.learn(issue.user)
        self._note_missing(f"#{issue.number}", draft.labels, issue.label_names)
        return self._ticket(issue)

    def change(self, ticket_id: str, change: Change) -> Ticket:
        number = ticket_id
        if not number.isdecimal():
            raise Gone(f"{self._repository.full_name} has no issue {ticket_id!r}")
        try:
            issue = self._read(number)
            if change.only_if_version not in ("", issue.version):
                raise Touched(f"#{number} was changed since the last look; nothing was done")
            previous = issue.version
            if self._write(number, issue, change):
                issue = self._read(number)
        except (Refused, Moved) as error:
            raise self._refusal(number, error) from error
        return replace(self._ticket(issue), previous_version=previous)

    def _read(self, number: str) -> Issue:
        _, data = self._repository.send("GET", f"/issues/{number}")
        issue = read_answer(Issue, data)
        if issue.pull_request:
            raise Gone(f"#{number} is a pull request")
        return issue

    def _write(self, number: str, issue: Issue, change: Change) -> bool:
        """Does what is not done yet, each step safe to do again; True if there was anything to do."""
        present = {name.lower(): name for name in issue.label_names}
        adds = [name for name in dict.fromkeys(change.add_labels) if name.lower() not in present]
        removes = [present[name.lower()] for name in dict.fromkeys(change.remove_labels) if name.lower() in present]
        turn = change.state is not None and change.state != issue.state
        if not (adds or removes or turn or change.sightings is not None or change.note is not None):
            return False
        self._allow_writes()
        if change.sightings is not None or change.note is not None:
            wrote = self._comment(number, issue, change)
        else:
            wrote = False
        if adds:
            _, data = self._repository.send("POST", f"/issues/{number}/labels", body={"labels": adds})
            kept = [str(one.get("name")) for one in data if isinstance(one, dict)] if isinstance(data, list) else []
            self._note_missing(f"#{number}", adds, kept)
        for name in removes:
            self._remove_label(number, name)
        if turn:
            body: dict[str, object] = {"state": change.state}
            if change.state == "closed" and change.closed_as:
                body["state_reason"] = STATE_REASONS[change.closed_as]
            self._repository.send("PATCH", f"/issues/{number}", body=body)
        return bool(wrote or adds or removes or turn)

    def _comment(self, number: str, issue: Issue, change: Change) -> bool:
        try:
            return Comments(self._repository, self._account, number, issue.comments).write(change)
        except Refused as error:
            if issue.locked and error.status == 403:
                raise Rejected(f"#{number} is locked: nobody may comment on it") from error
            raise

    def _remove_label(self, number: str, name: str) -> None:
        try:
            self._repository.send("DELETE", f"/issues/{number}/labels/{quote(name, safe='')}")
        except Refused as error:
            if error.status != 404:  # else it is gone already, or the issue is, which the last look will tell
                raise

    def _refusal(self, number: str, error: Refused | Moved) -> ConnectorError:
        return self._repository.issue_refusal(number, error)

    def _allow_writes(self) -> None:
        if not self._allow_public and self._repository.facts().is_public:
            name = self._repository.full_name
            raise Denied(f"{name} is public; set allow_public: true if everyone may read what is said in the logs")

    def _ticket(self, issue: Issue) -> Ticket:
        marker = parse_marker(issue.body or "")
        return issue.ticket(marker if marker and self._account.is_own(issue.user) else None)

    def _read_again(self, before: Cursor, listing: Listing) -> None:
        for number in before.unread:
            if number in listing.issues or number in listing.broken or not number.isdecimal():
                continue
            try:
                listing.issues[number] = self._read(number)
            except (Refused, Moved, Gone):
                continue  # deleted, or moved away
            except Unavailable as error:
                listing.broken[number] = str(error)

    def _note_missing(self, key: str, wanted: Sequence[str], kept: Sequence[str] | frozenset[str]) -> None:
        there = {name.lower() for name in kept}
        missing = [name for name in wanted if name.lower() not in there]
        if missing:
            self._without_labels[key] = missing

    def _dropped(self) -> list[Problem]:
        if not self._without_labels:
            return []
        keys = f"{self._repository.full_name}: {', '.join(self._without_labels)}"
        names = ", ".join(sorted({name for names in self._without_labels.values() for name in names}))
        return [
            Problem(
                what=f"{keys}: GitHub dropped labels ({names}), so nobody can review these",
                mend="give the bot's account the role Triage or Write; then add the labels by hand",
                fatal=False,
            )
        ]


def _short(issue: Issue) -> str:
    return issue.version[:16]


def _next(before: Cursor, listing: Listing) -> Cursor:
    unread = sorted(number for number in listing.broken if number.isdecimal())[:100]
    if listing.unchanged:
        return replace(before, unread=unread)
    since = next_since(sorted(listing.updates), before.since)
    seen = {
        number: _short(issue)
        for number, issue in listing.issues.items()
        if since is not None and issue.updated_at >= since - timedelta(seconds=1)
    }
    return Cursor(since=since, seen=seen, etag=listing.etag if since == before.since else "", unread=unread)
