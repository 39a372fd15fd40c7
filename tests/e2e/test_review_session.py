"""`loose-ends review` as a person has it: a real terminal, real keys."""

import json
import os
import pty
import select
import subprocess
import sys
import termios
import time

import pytest

POOLING = "TODO: configure connection pooling for the importer"
UNSURE = "Maybe we should cache the price feed at some point?"
SURE_ONLY = "filing: {thresholds: {todo: {file: 0.99, hold: 0.1}}}\n"


@pytest.fixture
def session(project):
    """Types the keys into a review, one answer after another, and returns what the screen showed."""

    def type_in(*keys):
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "bot", "review"]
        environ = {**os.environ, "TERM": "dumb", "COLUMNS": "100"}
        with subprocess.Popen(
            command, cwd=project.folder, stdin=theirs, stdout=theirs, stderr=theirs, env=environ
        ) as child:
            os.close(theirs)
            shown = ""
            for awaited, key in keys:
                shown += until(ours, awaited)
                wait_for_keys(ours, single=len(key) == 1)
                os.write(ours, key.encode())
            shown += until(ours, None)
            child.wait(timeout=60)
        os.close(ours)
        return shown

    return type_in


def wait_for_keys(terminal, *, single):
    # What is typed before the program waits for a single key is thrown away.
    for _ in range(500):
        is_raw = not termios.tcgetattr(terminal)[3] & termios.ICANON
        if is_raw == single:
            return
        time.sleep(0.01)
    raise AssertionError("it does not wait for a key")


def until(terminal, awaited):
    shown = ""
    while awaited is None or awaited not in shown:
        assert select.select([terminal], [], [], 20)[0], f"{awaited!r} never came:\n{shown}"
        try:
            piece = os.read(terminal, 65_536)
        except OSError:  # the other end has closed it
            piece = b""
        if not piece:
            assert awaited is None, f"{awaited!r} never came:\n{shown}"
            return shown
        shown += piece.decode(errors="replace")
    return shown


def test_a_ticket_is_accepted_by_one_key(project, session):
    project.log("monday.md", POOLING)
    project.run()
    shown = session(("[q] quit", "a"))
    labels = project.tickets()[0].labels
    assert "| TODO: configure connection pooling" in shown
    assert "    Claude: I see." in shown
    assert "1 accepted" in shown
    assert "accepted" in labels
    assert "needs-review" not in labels


def test_a_ticket_gets_another_title_kind_and_verdict(project, session):
    project.log("monday.md", POOLING)
    project.run()
    shown = session(
        ("[q] quit", "t"), ("Title", "Pool the importer's connections\n"), ("[q] quit", "k"), ("[1] bug", "1"),
        ("[q] quit", "a"),
    )  # fmt: skip
    (ticket,) = project.tickets()
    assert "1 accepted" in shown
    assert ticket.title == "Pool the importer's connections"
    assert {"kind: bug", "accepted"} <= ticket.labels


def test_who_leaves_early_is_told_what_was_done(project, session):
    project.log("monday.md", POOLING, "TODO: rotate the signing keys of the gateway")
    project.run()
    shown = session(("[q] quit", "a"), ("2 of 2", "\x03"))
    assert "1 accepted" in shown
    assert "Traceback" not in shown
    assert sum("accepted" in ticket.labels for ticket in project.tickets()) == 1


def test_what_is_held_is_corrected_and_filed(project, session):
    project.config(SURE_ONLY)
    project.log("monday.md", POOLING)
    project.run()
    shown = session(
        ("[q] quit", "t"), ("Title", "Pool the importer's connections\n"), ("[q] quit", "p"), ("[3] low", "3"),
        ("[q] quit", "a"),
    )  # fmt: skip
    (ticket,) = project.tickets()
    assert "filed as #1" in shown
    assert ticket.title == "Pool the importer's connections"
    assert "priority: low" in ticket.labels


def test_without_a_terminal_it_says_what_to_do(project):
    command = [sys.executable, "-m", "bot", "review"]
    done = subprocess.run(command, cwd=project.folder, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "review asks at a terminal; to print what waits: loose-ends review --list\n"


def test_what_waits_is_listed_for_programs(project):
    project.log("monday.md", POOLING)
    project.run()
    command = [sys.executable, "-m", "bot", "review", "--list", "--format", "jsonl"]
    done = subprocess.run(command, cwd=project.folder, capture_output=True, text=True, check=False, timeout=60)
    (row,) = map(json.loads, done.stdout.splitlines())
    assert (row["ticket"], row["target"], row["quote"]) == ("#1", "inbox", POOLING)
