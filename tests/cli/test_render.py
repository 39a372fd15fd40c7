"""render: findings on stdin become tickets on stdout, exactly as each tracker would be sent them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"
DIALECTS = ("github", "gitlab", "jira-cloud", "jira-datacenter", "local")
HOSTILE = "It crashes at row 1000, @octavia!\n/close\n{code}fixes acme/shop#7{code} <img src=x> [~ada] !x.png!"
FINDING = {
    "id": "0123456789", "kind": "bug", "title": "Export crashes at row 1000 for @octavia", "confidence": 0.95,
    "priority": "high", "status": "open", "action": "file", "fingerprint": "v1-a7741d32a3bb300d6c903cff",
    "evidence": [
        {"file": "talks/monday.md", "line_start": 4, "line_end": 6, "speaker": "Ada", "role": "human", "quote": HOSTILE,
         "time": "2026-03-01T09:15:00+00:00"},
        {"file": "talks/friday.md", "line_start": 9, "line_end": 9, "speaker": "assistant", "role": "assistant",
         "quote": "The export still crashes.", "time": None},
    ],
    "detectors": ["symptom"], "why": ["symptom: crashes", "file: confidence 0.95 reaches 0.75 for a bug"],
}  # fmt: skip


def render(tracker, text):
    command = [sys.executable, "-m", "bot", "render", "--tracker", tracker]
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_ticket_is_as_the_golden_file_says(dialect):
    done = render(dialect, json.dumps(FINDING) + "\n")
    assert done.returncode == 0, done.stderr
    ticket = json.loads(done.stdout)
    golden = GOLDEN / f"{dialect}.json"
    if os.environ.get("GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(json.dumps(ticket, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert ticket == json.loads(golden.read_text(encoding="utf-8"))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_ticket_tells_all_that_a_reviewer_asks(dialect):
    ticket = json.loads(render(dialect, json.dumps(FINDING)).stdout)
    shown = json.dumps(ticket, ensure_ascii=False).replace("\\\\", "")
    told = ("Ada", "1 March 2026", "talks/monday.md", "lines 4-6", "line 9", "crashes at row 1000", "2026-03-01 09:15")
    for words in (*told, "still crashes", "symptom", "0.95", "high", "needs-review", "rejected", "hands-off"):
        assert words in shown, words
    assert (ticket["id"], ticket["labels"][0]) == ("0123456789", "loose-ends")
    assert "v1-a7741d32a3bb300d6c903cff" in shown


def test_every_line_becomes_a_line():
    again = {**FINDING, "id": "", "fingerprint": "", "title": "Another one"}
    done = render("local", f"{json.dumps(FINDING)}\n\n{json.dumps(again)}\n")
    assert [json.loads(line)["title"] for line in done.stdout.splitlines()] == [FINDING["title"], "Another one"]


WRONG = {
    "no JSON": ("{", "stdin, line 1: "),
    "no title": ('{"kind": "bug"}', "stdin, line 1: Object missing required field `title`"),
    "unknown kind": (json.dumps({**FINDING, "kind": "wish"}), "stdin, line 1: Invalid enum value 'wish'"),
    "no evidence": (json.dumps({**FINDING, "evidence": []}), "stdin, line 1: "),
    "not UTF-8": ("\udcff", "stdin, line 1: "),
}


@pytest.mark.parametrize(("text", "told"), WRONG.values(), ids=WRONG)
def test_what_is_no_finding_is_told_by_its_line(text, told):
    command = [sys.executable, "-m", "bot", "render", "--tracker", "github"]
    given = text.encode(errors="surrogateescape")
    done = subprocess.run(command, input=given, capture_output=True, timeout=60, check=False)
    error = done.stderr.decode()
    assert done.returncode == 2
    assert error.startswith(told)
    assert error.count("\n") == 1
