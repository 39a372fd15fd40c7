"""The connector to the issues of one repository."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from connectors.base import (
    Change,
    Changes,
    Draft,
    Gone,
    Marker,
    Problem,
    Ticket,
    Touched,
    Unavailable,
)
from connectors.github.account import Account
from connectors.github.answers import Issue
from connectors.github.checks import Checks
from connectors.github.cursor import Cursor, next_since, read_cursor, write_cursor
from connectors.github.edits import BODY_LIMIT, TITLE_LIMIT, Edits, has_comment
from connectors.github.finding import find_issue
from connectors.github.listing import Listing, list_issues, problems
from connectors.github.repository import Repository, read_answer
from connectors.markdown import to_title
from connectors.marker import parse_marker
from connectors.section import drafted
from connectors.transport import Moved, Refused, Transport

_CLOCKS_DIFFER = timedelta(minutes=10)


class GitHubTracker:
    """Tickets as issues; see ``connectors.base.Connector`` for what the methods do.

    The id of a ticket is its number: it stays when the repository is renamed or moved. An issue that people move to
    another repository gets a new number there, and counts as gone here.
    """

    keeps_section = True
    sets_title = True

    def __init__(
        self, transport: Transport, repository: Repository, account: Account, checks: Checks, *, allow_public: bool
    ) -> None:
        self._transport = transport
        self._repository = repository
        self._account = account
        self._checks = checks
        self._edits = Edits(repository, account, allow_public=allow_public)

    @property
    def calls(self) -> int:
        return self._transport.calls

    def check(self) -> Sequence[Problem]:
        return [*self._checks.run(), *self._edits.dropped_labels()]

    def changed_since(self, cursor: str) -> Changes:
        self._repository.forget()
        before = read_cursor(cursor)
        listing = list_issues(self._repository, before.since, etag=before.etag)
        self._read_again(before, listing)
        told = [*problems(listing, self._repository.full_name), *self._edits.dropped_labels()]
        changed = [issue for number, issue in listing.issues.items() if before.seen.get(number) != _short(issue)]
        changed.sort(key=lambda issue: (issue.updated_at, issue.number))
        return Changes(tickets=self._tickets(changed), cursor=write_cursor(_next(before, listing)), problems=told)

    def find(self, marker: Marker, *, since: datetime | None = None) -> Ticket | None:
        def is_wanted(issue: Issue) -> bool:
            return parse_marker(issue.body or "") == marker and self._account.is_own(issue.user)

        issue = find_issue(self._repository, is_wanted, since and since - _CLOCKS_DIFFER)
        return self._ticket(issue) if issue else None

    def create(self, draft: Draft) -> Ticket:
        self._edits.allow()
        body = {
            "title": to_title(draft.title, flavor="github", limit=TITLE_LIMIT),
            "body": drafted(draft, flavor="github", limit=BODY_LIMIT),
            "labels": list(draft.labels),
        }
        try:
            _, data = self._repository.send("POST", "/issues", body=body)
        except Refused as error:
            raise self._repository.refusal(error) from error
        except Moved as error:
            raise self._repository.redirected() from error
        issue = read_answer(Issue, data)
        self._account.learn(issue.user)
        self._edits.note_dropped(f"#{issue.number}", draft.labels, issue.label_names)
        return self._ticket(issue)

    def change(self, ticket_id: str, change: Change) -> Ticket:
        number = ticket_id
        if not number.isdecimal():
            raise Gone(f"{self._repository.full_name} has no issue {ticket_id!r}")
        try:
            # On a condition, all else is read before, so that the write follows right upon the look.
            comments = self._edits.comments(number) if change.only_if_version and has_comment(change) else None
            issue = self._edits.read(number)
            if change.only_if_version not in ("", issue.version):
                raise Touched(f"#{number} was changed since the last look; nothing was done")
            previous = issue.version
            if self._edits.write(number, issue, change, comments):
                issue = self._edits.read(number)
        except (Refused, Moved) as error:
            raise self._repository.issue_refusal(number, error) from error
        return replace(self._ticket(issue), previous_version=previous)

    def _ticket(self, issue: Issue) -> Ticket:
        return self._tickets([issue])[0]

    def _tickets(self, issues: Sequence[Issue]) -> list[Ticket]:
        originals = self._repository.originals(issues)
        tickets = []
        for issue in issues:
            marker = parse_marker(issue.body or "")
            trusted = marker if marker and self._account.is_own(issue.user) else None
            tickets.append(issue.ticket(trusted, originals.get(issue.number)))
        return tickets

    def _read_again(self, before: Cursor, listing: Listing) -> None:
        for number in before.unread:
            if number in listing.issues or number in listing.broken or not number.isdecimal():
                continue
            try:
                listing.issues[number] = self._edits.read(number)
            except (Refused, Moved, Gone):
                continue  # deleted, or moved away
            except Unavailable as error:
                listing.broken[number] = str(error)


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
