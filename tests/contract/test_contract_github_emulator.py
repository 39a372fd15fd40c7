"""GitHub under the contract, against a server that somebody else wrote: the emulator ``emulate`` from npm.

Runs when ``LOOSE_ENDS_GITHUB_EMULATOR`` has its address, such as http://localhost:4001, with the accounts of
``tests/support/github_emulator.yaml``.
"""

import itertools
import os
from datetime import UTC, datetime

import pytest
import requests

from connectors.contract import ConnectorContract, live_parts
from connectors.github import BODY_LIMIT, TITLE_LIMIT, connect

ADDRESS = os.environ.get("LOOSE_ENDS_GITHUB_EMULATOR", "")
REASONS = {"done": "completed", "not_planned": "not_planned", "duplicate": "duplicate"}
NUMBERS = itertools.count(1)

pytestmark = pytest.mark.skipif(not ADDRESS, reason="LOOSE_ENDS_GITHUB_EMULATOR is not set")


def as_ada(method, path, body=None):
    headers = {"Authorization": "token ghp_ada_token"}
    answer = requests.request(method, ADDRESS + path, json=body, headers=headers, timeout=10)
    answer.raise_for_status()
    return answer.json() if answer.content else None


class AdaOverHttp:
    def __init__(self, repo):
        self.repo = f"/repos/{repo}"

    def file_ticket(self, title, body):
        return str(as_ada("POST", f"{self.repo}/issues", {"title": title, "body": body})["number"])

    def edit_title(self, ticket_id, title):
        as_ada("PATCH", f"{self.repo}/issues/{ticket_id}", {"title": title})

    def edit_body(self, ticket_id, body):
        as_ada("PATCH", f"{self.repo}/issues/{ticket_id}", {"body": body})

    def set_labels(self, ticket_id, labels):
        as_ada("PUT", f"{self.repo}/issues/{ticket_id}/labels", {"labels": list(labels)})

    def close(self, ticket_id, reason):
        if reason == "duplicate":
            pytest.skip("the emulator knows no duplicates")
        as_ada("PATCH", f"{self.repo}/issues/{ticket_id}", {"state": "closed", "state_reason": REASONS[reason]})

    def reopen(self, ticket_id):
        as_ada("PATCH", f"{self.repo}/issues/{ticket_id}", {"state": "open"})

    def comment(self, ticket_id, text):
        as_ada("POST", f"{self.repo}/issues/{ticket_id}/comments", {"body": text})

    def delete(self, ticket_id):  # noqa: ARG002
        pytest.skip("the emulator cannot delete issues")


class EmulatorBench:
    title_limit, body_limit = TITLE_LIMIT, BODY_LIMIT
    reasons = frozenset(("done", "not_planned"))
    marker_in_body = True

    def __init__(self):
        name = f"shop-{os.getpid()}-{next(NUMBERS)}"
        as_ada("POST", "/user/repos", {"name": name, "private": True})
        as_ada("PUT", f"/repos/ada/{name}/collaborators/loose-bot", {"permission": "push"})
        self.repo = f"ada/{name}"
        self.person = AdaOverHttp(self.repo)

    def connect(self):
        options = {"repo": self.repo, "token": "ghp_bot_token", "base_url": ADDRESS, "seconds_between_writes": 0}
        return connect(options, now=lambda: datetime.now(UTC))

    def spelled(self, label):
        return label

    def comments(self, ticket_id):
        return [one["body"] for one in as_ada("GET", f"/repos/{self.repo}/issues/{ticket_id}/comments?per_page=100")]

    def live_parts(self, markup):
        return live_parts(markup)


class TestGitHubEmulator(ConnectorContract):
    def make(self, tmp_path):  # noqa: ARG002
        return EmulatorBench()
