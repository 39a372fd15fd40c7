"""A tracker of each kind with somebody who works there, and a bot that comes by: for plays of many steps."""

import re
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import requests
from fake_http import mount
from faults import Clock

from bot import pipeline
from bot.publishing.connect import connect
from bot.publishing.desk import Desk
from bot.settings import load_settings
from bot.store import runs
from bot.store.engine import open_state

MANY = "filing: {caps: {per_run: 500, per_day: 5000}}"
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
REASONS = ("done", "not_planned", "duplicate")
CONFIG = """
sources: {{talks: {{path: logs}}}}
targets: {{inbox: {target}}}
{filing}
retries: {{settle: 0s, max_wait: 2m}}
"""


class Editor:
    """A person with a text editor in the folder of the local tracker."""

    def __init__(self, folder, clock):
        self.folder, self.clock = folder, clock

    def path(self, ticket_id):
        return next(p for p in sorted(self.folder.glob("*.md")) if f"\nid: {ticket_id}\n" in p.read_text())

    def put(self, ticket_id, text):
        self.path(ticket_id).write_text(text)

    def field(self, ticket_id, key, value):
        head, rest = self.path(ticket_id).read_text().split("\n---\n", 1)
        head = re.sub(rf"\n{key}:[^\n]*(?:\n +- [^\n]*)*", "", head)
        self.put(ticket_id, f"{head}{f'{chr(10)}{key}: {value}' if value else ''}\n---\n{rest}")

    def edit_title(self, ticket_id, title):
        self.field(ticket_id, "title", title)

    def edit_body(self, ticket_id, body):
        head, rest = self.path(ticket_id).read_text().split("\n---\n", 1)
        below = "<!-- loose-ends: comments below -->"
        self.put(ticket_id, f"{head}\n---\n\n{body}\n\n{below}{rest.split(below, 1)[1]}")

    def set_labels(self, ticket_id, labels):
        self.field(ticket_id, "labels", "[" + ", ".join(f'"{label}"' for label in labels) + "]")

    def close(self, ticket_id, reason):
        self.field(ticket_id, "state", {"done": "done", "not_planned": "wontfix", "duplicate": "duplicate"}[reason])

    def reopen(self, ticket_id):
        for key in ("closed_as", "closed"):
            self.field(ticket_id, key, "")
        self.field(ticket_id, "state", "open")

    def comment(self, ticket_id, text):
        self.put(ticket_id, f"{self.path(ticket_id).read_text()}\n{text}\n")

    def delete(self, ticket_id):
        self.path(ticket_id).unlink()


class GitLabAda:
    """A person on the pages of the GitLab that stands in."""

    def __init__(self, fake):
        self.fake = fake

    def issue(self, ticket_id):
        return self.fake.issues[int(ticket_id.partition("-")[2])]

    def edit_title(self, ticket_id, title):
        self.fake.retitle(self.issue(ticket_id), title)

    def edit_body(self, ticket_id, body):
        self.fake.edit(self.issue(ticket_id), description=body)

    def set_labels(self, ticket_id, labels):
        self.fake.edit(self.issue(ticket_id), labels=list(labels))

    def close(self, ticket_id, reason):
        self.fake.close(self.issue(ticket_id), (self.fake.project_id, 1) if reason == "duplicate" else None)

    def reopen(self, ticket_id):
        self.fake.reopen(self.issue(ticket_id))

    def comment(self, ticket_id, text):
        from fake_gitlab import ADA

        self.fake.add_note(self.issue(ticket_id), ADA, text)

    def delete(self, ticket_id):
        del self.fake.issues[self.issue(ticket_id).iid]


class Line:
    """The wire to a fake: the next write is done, but its answer is lost, when it was cut."""

    def __init__(self, fake):
        self.fake, self.cut = fake, False

    def answer(self, request):
        answer = self.fake.answer(request)
        if self.cut and request.method != "GET":
            self.cut = False
            return requests.ReadTimeout("no answer")
        return answer


def _github(_folder, _clock):
    from fake_github import TOKEN, Ada, FakeGitHub

    fake = FakeGitHub()
    target = "{tracker: github, repo: acme/shop, seconds_between_writes: 0, token_env: TOKEN%s}"
    return fake, fake.api, target, TOKEN, Ada(fake), REASONS


def _gitlab(_folder, _clock):
    from fake_gitlab import TOKEN, FakeGitLab

    fake = FakeGitLab()
    target = f"{{tracker: gitlab, project: acme/shop, base_url: '{fake.url}', token_env: TOKEN%s}}"
    return fake, fake.url, target, TOKEN, GitLabAda(fake), ("done", "duplicate")


def _jira(_folder, _clock, *, cloud=True):
    from fake_jira import TOKEN, Ada, FakeJira, options

    fake = FakeJira(cloud=cloud)
    email = f", email: {options(fake)['email']}" if cloud else ""
    target = f"{{tracker: jira, project: OPS, base_url: '{fake.site}'{email}, token_env: TOKEN%s}}"
    return fake, fake.site, target, TOKEN, Ada(fake), REASONS


def _local(folder, clock):
    return None, "", "{tracker: local, path: tickets%s}", "none", Editor(folder / "tickets", clock), REASONS


TRACKERS = {
    "local": _local,
    "github": _github,
    "gitlab": _gitlab,
    "jira": _jira,
    "jira-datacenter": lambda folder, clock: _jira(folder, clock, cloud=False),
}


class Town:
    """A project folder, a tracker, the people there, and the bot's runs; all clocks go together."""

    def __init__(self, folder, tracker, *, target="", filing=MANY):
        self.folder, self.tracker, self.clock = Path(folder), tracker, Clock(START)
        self.fake, address, config, self.token, self.person, self.reasons = TRACKERS[tracker](self.folder, self.clock)
        self.line = Line(self.fake)
        self.mock = mount(self.line, address) if self.fake else None
        self.target, self.logs = config, 0
        (self.folder / "logs").mkdir()
        self.config(target, filing)
        self.wait(0)

    def config(self, target="", filing=MANY):
        """Writes the config; ``target`` are more keys of the only target."""
        text = CONFIG.format(target=self.target % target, filing=filing)
        (self.folder / "loose-ends.yaml").write_text(text)

    def close(self):
        if self.mock:
            self.mock.stop(allow_assert=False)

    def wait(self, hours):
        from datetime import timedelta

        self.clock.time += timedelta(hours=hours)
        if self.fake:
            name = "now" if self.tracker == "gitlab" else "time"
            setattr(self.fake, name, max(getattr(self.fake, name), self.clock.time.replace(microsecond=0)))
            self.clock.time = max(self.clock.time, getattr(self.fake, name))

    def say(self, *said):
        """A conversation of now, in a log of its own; each saying is answered."""
        import os

        self.logs += 1
        file = self.folder / "logs" / f"talk-{self.logs:04}.md"
        # Talks that are alike to the letter would be copies of one.
        said = (f"Hello, this is talk number {self.logs}.", *said)
        file.write_text("".join(f"**User:** {one}\n\n**Claude:** I see.\n\n" for one in said))
        then = self.clock.time.timestamp()
        os.utime(file, (then, then))

    def desk(self, engine):
        settings = load_settings(self.folder / "loose-ends.yaml", {})
        targets = connect(settings, {"TOKEN": self.token}, self.clock, pause=self.clock.pause, random=Random(1))
        return Desk(engine=engine, targets=targets, settings=settings, now=self.clock, pause=self.clock.pause)

    def run(self):
        """One pass; the summary, and how many actions are left pending."""
        self.wait(0.02)
        engine = open_state(self.folder / ".loose-ends" / "state.db")
        try:
            summary = pipeline.run(self.desk(engine))
            with engine.begin() as db:
                return summary, len(runs.pending(db))
        finally:
            engine.dispose()
            self.wait(0.02)

    @contextmanager
    def state(self):
        """A connection to the state."""
        engine = open_state(self.folder / ".loose-ends" / "state.db")
        try:
            with engine.begin() as db:
                yield db
        finally:
            engine.dispose()

    @contextmanager
    def at_desk(self):
        engine = open_state(self.folder / ".loose-ends" / "state.db")
        try:
            yield self.desk(engine)
        finally:
            engine.dispose()

    def plan(self):
        engine = open_state(self.folder / ".loose-ends" / "state.db")
        try:
            return pipeline.plan(self.desk(engine)).plan.actions
        finally:
            engine.dispose()

    def tickets(self):
        """All tickets as a new connector sees them, by id."""
        from bot.settings import connector_options
        from connectors.registry import connector_for

        settings = load_settings(self.folder / "loose-ends.yaml", {})
        place, cut, self.line.cut = settings.targets["inbox"], self.line.cut, False
        options = {**connector_options(place), "token": self.token} if self.fake else connector_options(place)
        found = connector_for(place.tracker, options, now=self.clock).changed_since("").tickets
        self.line.cut = cut
        return {ticket.id: ticket for ticket in found}
