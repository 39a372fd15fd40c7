"""GitHub under the contract, against a server that somebody else wrote: the emulator ``emulate`` 0.12.2 from npm.

Runs when ``LOOSE_ENDS_GITHUB_EMULATOR`` has its address. With Node 22.15 or newer, in a folder of its own::

    npm install emulate@0.12.2
    npx emulate start --service github --port 4001 --seed <here>/tests/support/github_emulator.yaml
    LOOSE_ENDS_GITHUB_EMULATOR=http://localhost:4001 pytest -n 0 tests/contract/test_contract_github_emulator.py

It limits rates as the real one does: start it anew after some ten runs.
"""

import itertools
import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
import requests

from connectors.contract import ConnectorContract, live_parts
from connectors.github import BODY_LIMIT, TITLE_LIMIT, connect

ADDRESS = os.environ.get("LOOSE_ENDS_GITHUB_EMULATOR", "")
REASONS = {"done": "completed", "not_planned": "not_planned", "duplicate": "duplicate"}
NUMBERS = itertools.count(1)

if not ADDRESS:
    pytest.skip("LOOSE_ENDS_GITHUB_EMULATOR is not set", allow_module_level=True)


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


def test_a_whole_run_files_once_and_finds_its_tickets_again_without_its_state(tmp_path):
    bench = EmulatorBench()
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "monday.md").write_text(
        "**User:** The import crashes whenever the file is empty.\n\n**Assistant:** We leave that for another day.\n"
    )
    target = {"tracker": "github", "repo": bench.repo, "base_url": ADDRESS, "token_env": "BOT_TOKEN"}
    config = {"sources": {"talks": {"path": "logs"}}, "targets": {"shop": {**target, "seconds_between_writes": 0.0}}}
    (tmp_path / "config.yaml").write_text(json.dumps(config | {"state": {"path": "state.db"}}))
    environ = {"PATH": os.environ["PATH"], "BOT_TOKEN": "ghp_bot_token"}
    command = [sys.executable, "-m", "bot", "run", "--config", tmp_path / "config.yaml", "--format", "json"]
    created = []
    for _ in range(3):
        done = subprocess.run(command, env=environ, capture_output=True, check=True)
        created.append(json.loads(done.stdout)["actions"]["create"])
        if len(created) == 2:
            for file in tmp_path.glob("state.db*"):
                file.unlink()
    assert created == [1, 0, 0]
    assert len(as_ada("GET", f"/repos/{bench.repo}/issues?state=all")) == 1
