"""GitLab under the contract: against a fake of its API, every exchange held against GitLab's own description."""

from datetime import timedelta

import pytest
from fake_gitlab import ADA, TOKEN, FakeGitLab, refused
from fake_http import mount
from vendor_api import VendorApi

from connectors.contract import ConnectorContract, live_parts
from connectors.gitlab import BODY_LIMIT, TITLE_LIMIT, connect


class Ada:
    def __init__(self, fake):
        self.fake = fake

    def issue(self, ticket_id):
        return self.fake.issues[int(ticket_id.partition("-")[2])]

    def file_ticket(self, title, body):
        return f"{self.fake.project_id}-{self.fake.file(title, body, ADA).iid}"

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
        self.fake.add_note(self.issue(ticket_id), ADA, text)

    def delete(self, ticket_id):
        del self.fake.issues[self.issue(ticket_id).iid]


class GitLabBench:
    title_limit, body_limit = TITLE_LIMIT, BODY_LIMIT
    reasons = frozenset(("duplicate",))
    marker_in_body = True

    def __init__(self, fake):
        self.fake, self.person = fake, Ada(fake)

    def connect(self):
        options = {"base_url": self.fake.url, "project": "acme/shop", "token": TOKEN}
        return connect(options, now=lambda: self.fake.now, sleep=lambda _: None)

    def spelled(self, label):
        return label

    def comments(self, ticket_id):
        return [note["body"] for note in self.person.issue(ticket_id).notes if not note["system"]]

    def live_parts(self, markup):
        return live_parts(markup)

    def lose_next_reply(self):
        self.fake.faults.append(("write", "lose"))

    def limit_next(self):
        self.fake.faults.append(("write", refused(429, "Too Many Requests", **{"Retry-After": "90"})))
        return self.fake.now + timedelta(seconds=90)


class TestGitLab(ConnectorContract):
    @pytest.fixture(autouse=True)
    def _network(self):
        self.fake = FakeGitLab()
        api = VendorApi.load("gitlab")
        mock = mount(self.fake, self.fake.url, watch=api.watch if api else None)
        yield
        mock.stop()

    def make(self, tmp_path):  # noqa: ARG002
        return GitLabBench(self.fake)
