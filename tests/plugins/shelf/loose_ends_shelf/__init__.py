"""Tickets on a shelf: one JSON file, written whole. The smallest connector that keeps every promise."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from connectors.base import Change, Changes, Draft, Gone, Marker, Problem, Rejected, Ticket, Touched
from connectors.markdown import to_markdown, to_title
from connectors.marker import parse_marker
from connectors.registry import BadOptions
from connectors.section import drafted, with_section

TITLE_LIMIT, BODY_LIMIT = 200, 20_000
BOT = "bot"


def connect(options: Mapping[str, object], *, now: Callable[[], datetime]) -> "Shelf":
    path = options.get("file")
    if not isinstance(path, str):
        raise BadOptions("shelf: file: needed: the JSON file of the tickets")
    if unknown := sorted(set(options) - {"file"}):
        raise BadOptions(f"shelf: {unknown[0]}: this tracker has no such option")
    return Shelf(Path(path), now)


class Shelf:
    calls = 0
    keeps_section = True

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self.path, self.now = path, now

    # what lies on the shelf

    def load(self) -> dict:
        return json.loads(self.path.read_text()) if self.path.exists() else {"last": 0, "changes": 0, "issues": {}}

    def save(self, shelf: dict, issue: dict | None = None) -> None:
        if issue is not None:
            shelf["changes"] += 1
            issue["change"], issue["updated"] = shelf["changes"], self.now().isoformat()
        written = self.path.with_suffix(".new")
        written.write_text(json.dumps(shelf, indent=1))
        written.replace(self.path)

    def file(self, title: str, body: str, labels: list, author: str) -> dict:
        shelf = self.load()
        shelf["last"] += 1
        issue = {
            "id": str(shelf["last"]), "title": title, "body": body, "labels": labels, "author": author,
            "state": "open", "reason": None, "closed": None, "comments": [], "created": self.now().isoformat(),
        }  # fmt: skip
        shelf["issues"][issue["id"]] = issue
        self.save(shelf, issue)
        issue["created"] = issue["updated"]
        self.save(shelf)
        return issue

    # the connector

    def check(self) -> list[Problem]:
        if self.path.parent.is_dir():
            return []
        return [Problem(what=f"{self.path.parent} is not there", mend="make the folder of the shelf")]

    def changed_since(self, cursor: str) -> Changes:
        shelf = self.load()
        since = int(cursor) if cursor.isdecimal() else 0
        issues = sorted(shelf["issues"].values(), key=lambda issue: issue["change"])
        changed = [ticket(issue) for issue in issues if issue["change"] > since]
        return Changes(tickets=changed, cursor=str(shelf["changes"]))

    def find(self, marker: Marker, *, since: datetime | None = None) -> Ticket | None:  # noqa: ARG002
        tickets = [ticket(issue) for issue in self.load()["issues"].values()]
        return next((one for one in tickets if one.marker == marker), None)

    def create(self, draft: Draft) -> Ticket:
        title = to_title(draft.title, flavor="local", limit=TITLE_LIMIT)
        body = drafted(draft, flavor="local", limit=BODY_LIMIT)
        return ticket(self.file(title, body, list(draft.labels), BOT))

    def change(self, ticket_id: str, change: Change) -> Ticket:
        shelf = self.load()
        issue = shelf["issues"].get(ticket_id)
        if issue is None:
            raise Gone(f"nothing on the shelf is called {ticket_id}")
        before, found = json.dumps(issue), ticket(issue)
        if change.only_if_version not in ("", found.version):
            raise Touched(f"{found.key} was edited since")
        kept = [label for label in issue["labels"] if label not in change.remove_labels]
        issue["labels"] = [*kept, *(label for label in change.add_labels if label not in kept)]
        if change.state and change.state != issue["state"]:
            issue["state"], issue["reason"] = change.state, change.closed_as
            issue["closed"] = self.now().isoformat() if change.state == "closed" else None
        if change.own_section is not None:
            if issue["author"] != BOT:
                raise Rejected(f"{found.key} was put there by somebody else")
            issue["body"] = with_section(issue["body"], change.own_section, flavor="local", limit=BODY_LIMIT)
        for name, document in (("sightings", change.sightings), (change.note_id, change.note)):
            if document is not None:
                write_comment(issue, name, to_markdown(document, flavor="local", limit=BODY_LIMIT))
        if json.dumps(issue) != before:
            self.save(shelf, issue)
        return replace(ticket(issue), previous_version=found.version)


def write_comment(issue: dict, name: str, text: str) -> None:
    own = next((comment for comment in issue["comments"] if comment[:2] == [BOT, name]), None)
    if own is None:
        issue["comments"].append([BOT, name, text])
    elif name == "sightings":
        own[2] = text


def ticket(issue: dict) -> Ticket:
    marker = parse_marker(issue["body"]) if issue["author"] == BOT else None
    return Ticket(
        id=issue["id"], key=f"shelf {issue['id']}", url="", title=issue["title"], body=issue["body"],
        state=issue["state"], labels=frozenset(issue["labels"]), closed_as=issue["reason"], marker=marker,
        version=hashlib.sha256(json.dumps(issue, sort_keys=True).encode()).hexdigest(), author=issue["author"],
        created_at=datetime.fromisoformat(issue["created"]), updated_at=datetime.fromisoformat(issue["updated"]),
        closed_at=datetime.fromisoformat(issue["closed"]) if issue["closed"] else None,
    )  # fmt: skip
