"""Schedules, locks and signals, shown on real processes."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from bot.store.lock import Locked, run_lock

POOLING = "TODO: configure connection pooling for the importer"


def start(project, *words):
    command = [sys.executable, "-m", "bot", *words]
    return subprocess.Popen(command, cwd=project.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_catches_up_at_start_and_stops_well(project, number):
    project.log("monday.md", POOLING)
    process = start(project, "serve")
    wait_for(project.tickets)
    process.send_signal(number)
    out, err = process.communicate(timeout=15)
    assert process.returncode == 0
    assert "1 filed" in out
    assert err.endswith("stopped\n")


def test_serve_follows_the_cron_expression(project):
    # Every minute, so at most 60 seconds are waited for; nothing runs at the start.
    project.config('schedule: {cron: "* * * * *", at_start: false}\n')
    project.log("monday.md", POOLING)
    process = start(project, "serve")
    try:
        wait_for(project.tickets, seconds=90)
    finally:
        process.terminate()
        process.communicate(timeout=15)
    assert process.returncode == 0


def test_a_second_run_says_who_is_at_work_and_leaves_with_0(project):
    project.log("monday.md", POOLING)
    state = project.folder / ".loose-ends" / "state.db"
    with run_lock(state, "run", datetime.now(UTC)):
        process = start(project, "run")
        _, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert f"held by process {os.getpid()}" in err
    assert project.tickets() == []


def test_a_holder_that_was_killed_is_taken_over(project):
    project.log("monday.md", POOLING)
    state = project.folder / ".loose-ends" / "state.db"
    code = (
        "import sys, time\nfrom datetime import UTC, datetime\nfrom pathlib import Path\n"
        "from bot.store.lock import run_lock\n"
        "with run_lock(Path(sys.argv[1]), 'run', datetime.now(UTC)): print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(state)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(Locked, match=f"process {holder.pid}"), run_lock(state, "run", datetime.now(UTC)):
        pass
    holder.kill()
    holder.communicate()
    process = start(project, "run")
    process.communicate(timeout=30)
    assert len(project.tickets()) == 1
