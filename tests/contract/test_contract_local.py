"""The local tracker under the contract; its person works with an editor that knows nothing of the connector."""

import itertools
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.base import Change, ClosedAs, Draft, Ticket, Unavailable
from connectors.contract import ConnectorContract, live_parts
from connectors.local import BODY_LIMIT, TITLE_LIMIT, LocalTracker

WORDS: dict[ClosedAs, str] = {"done": "done", "not_planned": "wontfix", "duplicate": "duplicate of 2"}
BELOW = "\n<!-- loose-ends: comments below -->\n"


class Editor:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count(900)

    def path(self, ticket_id: str) -> Path:
        (path,) = [path for path in self.folder.glob("*.md") if self.is_ticket(path, ticket_id)]
        return path

    def is_ticket(self, path: Path, ticket_id: str) -> bool:
        number = int(ticket_id.partition("-")[0])
        return f"\nid: {ticket_id}\n" in path.read_text() or path.name.startswith(f"{number:04}-")

    def file_ticket(self, title: str, body: str) -> str:
        number = next(self.numbers)
        self.folder.mkdir(exist_ok=True)
        (self.folder / f"{number:04}-by-hand.md").write_text(f"---\ntitle: {title}\n---\n\n{body}\n")
        return str(number)

    def edit_title(self, ticket_id: str, title: str) -> None:
        self.set_field(ticket_id, "title", title)

    def edit_body(self, ticket_id: str, body: str) -> None:
        path = self.path(ticket_id)
        head, rest = path.read_text().split("\n---\n", 1)
        comments = BELOW + rest.split(BELOW, 1)[1] if BELOW in rest else ""
        path.write_text(f"{head}\n---\n\n{body}\n{comments}")

    def set_labels(self, ticket_id: str, labels: Sequence[str]) -> None:
        self.drop_fields(ticket_id, "labels")
        self.set_field(ticket_id, "labels", "[" + ", ".join(f'"{label}"' for label in labels) + "]")

    def close(self, ticket_id: str, reason: ClosedAs) -> None:
        self.set_field(ticket_id, "state", WORDS[reason])

    def reopen(self, ticket_id: str) -> None:
        self.drop_fields(ticket_id, "closed_as", "closed")
        self.set_field(ticket_id, "state", "open")

    def comment(self, ticket_id: str, text: str) -> None:
        with self.path(ticket_id).open("a") as file:
            file.write(f"\n{text}\n")

    def delete(self, ticket_id: str) -> None:
        self.path(ticket_id).unlink()

    def set_field(self, ticket_id: str, key: str, value: str) -> None:
        self.drop_fields(ticket_id, key)
        path = self.path(ticket_id)
        path.write_text(path.read_text().replace("---\n", f"---\n{key}: {value}\n", 1))

    def drop_fields(self, ticket_id: str, *keys: str) -> None:
        path = self.path(ticket_id)
        head, rest = path.read_text().split("\n---\n", 1)
        for key in keys:
            head = re.sub(rf"\n{key}:[^\n]*(?:\n +- [^\n]*)*", "", head)
        path.write_text(f"{head}\n---\n{rest}")


class Killed(LocalTracker):
    """A bot that is killed when its write has reached the disk, before it can note that."""

    bench: "LocalBench"

    def create(self, draft: Draft) -> Ticket:
        return self.unless_killed(super().create(draft))

    def change(self, ticket_id: str, change: Change) -> Ticket:
        return self.unless_killed(super().change(ticket_id, change))

    def unless_killed(self, ticket: Ticket) -> Ticket:
        kill, self.bench.kill = self.bench.kill, False
        if kill:
            raise Unavailable("killed")
        return ticket


class LocalBench:
    title_limit = TITLE_LIMIT
    body_limit = BODY_LIMIT
    reasons: frozenset[ClosedAs] = frozenset(("done", "not_planned", "duplicate"))
    marker_in_body = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.person = Editor(folder)
        self.kill = False
        self.times = (datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=second) for second in itertools.count())

    def connect(self) -> LocalTracker:
        connector = Killed(self.folder, now=lambda: next(self.times))
        connector.bench = self
        return connector

    def spelled(self, label: str) -> str:
        return label

    def lose_next_reply(self) -> None:
        self.kill = True

    def comments(self, ticket_id: str) -> list[str]:
        text = self.person.path(ticket_id).read_text().split(BELOW, 1)[1]
        parts = re.split(r"(?m)^<!-- loose-ends: (?:sightings|note [\w.:-]+|end) -->\n", text)
        return [part.strip("\n") for part in parts if part.strip()]

    def live_parts(self, markup: str) -> list[str]:
        return live_parts(markup)


class TestLocal(ConnectorContract):
    def make(self, tmp_path: Path) -> LocalBench:
        return LocalBench(tmp_path / "tickets")
