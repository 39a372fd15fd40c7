"""Issues as tickets."""

from __future__ import annotations

import hashlib
import json
import re

from connectors.base import Marker, Ticket
from connectors.gitlab.answers import Issue

_ID = re.compile(r"(\d{1,20})-(\d{1,20})")


def to_ticket(issue: Issue, marker: Marker | None) -> Ticket:
    """The issue as a ticket; ``marker`` only if the bot wrote it.

    The id is ``project-issue``, both as numbers: it outlives every renaming, tells an issue from the one with its
    number in a project made anew, and can be made from what GitLab says of duplicates.
    """
    is_closed = issue.state == "closed"
    original = issue.links.original if is_closed else None
    return Ticket(
        id=id_of(issue),
        key=f"#{issue.iid}",
        url=issue.web_url,
        title=issue.title,
        body=issue.description or "",
        state="closed" if is_closed else "open",
        labels=frozenset(issue.labels),
        version=version_of(issue),
        created_at=issue.created_at,
        updated_at=issue.updated_at,
        # An issue that was moved away is closed here and goes on elsewhere, as a duplicate does.
        closed_as="duplicate" if is_closed and (original or issue.moved_to_id) else None,
        closed_at=(issue.closed_at or issue.updated_at) if is_closed else None,
        duplicate_of=original,
        marker=marker,
        author=issue.author.username if issue.author else "",
    )


def read_id(ticket_id: str) -> tuple[int, int] | None:
    """The numbers of project and issue in the id of a ticket; None when it is no such id."""
    match = _ID.fullmatch(ticket_id)
    return (int(match[1]), int(match[2])) if match else None


def id_of(issue: Issue) -> str:
    """The id that the issue has as a ticket."""
    return f"{issue.project_id}-{issue.iid}"


def version_of(issue: Issue) -> str:
    """The version that the issue has as a ticket: a digest of what a person can see of it in a listing."""
    seen = [
        *(issue.title, issue.description, issue.state, sorted(issue.labels), issue.user_notes_count),
        *(str(issue.updated_at), str(issue.closed_at), issue.confidential, bool(issue.discussion_locked)),
        *(issue.links.closed_as_duplicate_of, issue.moved_to_id),
    ]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:24]
