"""Jira Cloud and Jira Data Center under the contract, every exchange held against Atlassian's own description."""

from datetime import timedelta

import pytest
from fake_http import Answer
from fake_jira import Ada, FakeJira, on_the_net, options
from wiki_parts import live_wiki_parts

from connectors.adf import to_text
from connectors.contract import ConnectorContract
from connectors.jira import BODY_LIMIT, TITLE_LIMIT, connect


class JiraBench:
    title_limit, body_limit = TITLE_LIMIT, BODY_LIMIT
    reasons = frozenset(("done", "not_planned", "duplicate"))
    marker_in_body = False

    def __init__(self, fake):
        self.fake = fake
        self.person = Ada(fake)

    def connect(self):
        return connect(options(self.fake), now=self.fake.now, sleep=lambda _: None)

    def spelled(self, label):
        return label.replace(": ", ":").replace(" ", "-")

    def comments(self, ticket_id):
        bodies = [note.body for note in self.fake.issues[int(ticket_id)].comments]
        return [to_text(body) if self.fake.cloud else body for body in bodies]

    def lose_next_reply(self):
        self.fake.faults.append("lose")

    def limit_next(self):
        self.fake.faults.append(Answer(429, {"errorMessages": ["Rate limit exceeded."]}, {"Retry-After": "90"}))
        return self.fake.now() + timedelta(seconds=90)


class DataCenterBench(JiraBench):
    def live_parts(self, markup):
        return live_wiki_parts(markup)


class TestJiraCloud(ConnectorContract):
    @pytest.fixture(autouse=True)
    def _network(self):
        with on_the_net(FakeJira(cloud=True)) as self.fake:
            yield

    def make(self, tmp_path):  # noqa: ARG002
        return JiraBench(self.fake)


class TestJiraDataCenter(ConnectorContract):
    @pytest.fixture(autouse=True)
    def _network(self):
        with on_the_net(FakeJira(cloud=False)) as self.fake:
            yield

    def make(self, tmp_path):  # noqa: ARG002
        return DataCenterBench(self.fake)
