"""A connector of another package, found by its entry point, passes the contract and takes part in a run."""

import itertools
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.contract import ConnectorContract, live_parts
from connectors.registry import BadOptions, connector_for, trackers

PACKAGE = Path(__file__).parents[1] / "plugins" / "shelf"


@pytest.fixture(autouse=True)
def installed(tmp_path_factory, monkeypatch):
    """What an installer does: the package on the path, and its entry points beside it."""
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text())["project"]
    site = tmp_path_factory.mktemp("site")
    facts = site / f"loose_ends_shelf-{project['version']}.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    groups = project["entry-points"].items()
    lines = [line for group, points in groups for line in (f"[{group}]", *(f"{n} = {p}" for n, p in points.items()))]
    (facts / "entry_points.txt").write_text("\n".join(lines))
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.syspath_prepend(str(PACKAGE))


class Reader:
    """Somebody who edits the JSON file."""

    def __init__(self, shelf):
        self.shelf = shelf

    def edit(self, ticket_id, **values):
        shelf = self.shelf.load()
        shelf["issues"][ticket_id].update(values)
        self.shelf.save(shelf, shelf["issues"][ticket_id])

    def file_ticket(self, title, body):
        return self.shelf.file(title, body, [], "ada")["id"]

    def edit_title(self, ticket_id, title):
        self.edit(ticket_id, title=title)

    def edit_body(self, ticket_id, body):
        self.edit(ticket_id, body=body)

    def set_labels(self, ticket_id, labels):
        self.edit(ticket_id, labels=list(labels))

    def close(self, ticket_id, reason):
        self.edit(ticket_id, state="closed", reason=reason, closed=self.shelf.now().isoformat())

    def reopen(self, ticket_id):
        self.edit(ticket_id, state="open", reason=None, closed=None)

    def comment(self, ticket_id, text):
        self.edit(ticket_id, comments=[*self.shelf.load()["issues"][ticket_id]["comments"], ["ada", "", text]])

    def delete(self, ticket_id):
        shelf = self.shelf.load()
        del shelf["issues"][ticket_id]
        self.shelf.save(shelf)


class ShelfBench:
    title_limit, body_limit = 200, 20_000
    reasons = frozenset(("done", "not_planned", "duplicate"))
    marker_in_body = True

    def __init__(self, folder):
        self.options = {"file": str(folder / "shelf.json")}
        times = (datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=second) for second in itertools.count())
        self.now = lambda: next(times)
        self.person = Reader(self.connect())

    def spelled(self, label):
        return label

    def connect(self):
        return connector_for("shelf", self.options, now=self.now)

    def comments(self, ticket_id):
        return [text for _, _, text in self.person.shelf.load()["issues"][ticket_id]["comments"]]

    def live_parts(self, markup):
        return live_parts(markup)


class TestShelf(ConnectorContract):
    def make(self, tmp_path):
        return ShelfBench(tmp_path)


def test_it_is_among_the_trackers():
    assert "shelf" in trackers()
    with pytest.raises(BadOptions, match="shelf: depth"):
        connector_for("shelf", {"file": "a.json", "depth": 3}, now=lambda: datetime.now(UTC))


def test_a_run_files_there(project):
    file = project.folder / "shelf.json"
    project.folder.joinpath("loose-ends.yaml").write_text(
        f"sources: {{notes: {{path: logs}}}}\ntargets: {{mine: {{tracker: shelf, file: '{file}'}}}}\n"
    )
    project.log("monday.md", "TODO: configure connection pooling for the importer")
    assert project.run().errors == []
    tickets = connector_for("shelf", {"file": str(file)}, now=project.now).changed_since("").tickets
    assert [ticket.title for ticket in tickets] == ["Configure connection pooling for the importer"]
    assert project.run().outcome.done.total() == 0
