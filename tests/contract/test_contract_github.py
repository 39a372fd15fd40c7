"""GitHub under the contract, against a fake whose every exchange is held against GitHub's own description."""

from datetime import timedelta

import pytest
from fake_github import TOKEN, Ada, FakeGitHub, on_the_net
from fake_http import Answer

from connectors.contract import ConnectorContract, live_parts
from connectors.github import BODY_LIMIT, TITLE_LIMIT, connect


class GitHubBench:
    title_limit, body_limit = TITLE_LIMIT, BODY_LIMIT
    reasons = frozenset(("done", "not_planned", "duplicate"))
    marker_in_body = True

    def __init__(self, fake):
        self.fake = fake
        self.person = Ada(fake)

    def connect(self):
        return connect({"repo": "acme/shop", "token": TOKEN}, now=self.fake.now, sleep=lambda _: None)

    def spelled(self, label):
        return label

    def comments(self, ticket_id):
        return [comment.body for comment in self.fake.issues[int(ticket_id)].comments]

    def lose_next_reply(self):
        self.fake.faults.append("lose")

    def limit_next(self):
        message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
        self.fake.faults.append(Answer(403, {"message": message}, {"Retry-After": "90"}))
        return self.fake.now() + timedelta(seconds=90)

    def live_parts(self, markup):
        return live_parts(markup)


class TestGitHub(ConnectorContract):
    @pytest.fixture(autouse=True)
    def _network(self):
        with on_the_net(FakeGitHub()) as self.fake:
            yield

    def make(self, tmp_path):  # noqa: ARG002
        return GitHubBench(self.fake)
