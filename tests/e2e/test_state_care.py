"""Care of the state by hand: checked, backed up, rebuilt from logs and tracker."""

import json
import os
import sqlite3
import subprocess
import sys

import pytest

TALK = "**User:** {}\n\n**Claude:** I see.\n\n"
CONFIG = "sources: {talks: {path: logs}}\ntargets: {inbox: {tracker: local, path: tickets}}\n"
CONFIG += "filing: {thresholds: {feature: {file: 1.0}}}\n"


@pytest.fixture
def home(tmp_path):
    (tmp_path / "logs").mkdir()
    (tmp_path / "loose-ends.yaml").write_text(CONFIG)
    wish = "Users keep asking for a dark theme in the report viewer."
    say(tmp_path, "a.md", "TODO: sweep the yard behind the shop", wish)
    return tmp_path


def say(home, name, *said):
    file = home / "logs" / name
    file.write_text("".join(TALK.format(text) for text in said))
    os.utime(file, (1_770_000_000, 1_770_000_000))


def loose_ends(home, *argv):
    command = [sys.executable, "-m", "bot", *argv]
    return subprocess.run(command, cwd=home, capture_output=True, text=True, timeout=60, check=False)


def state(home):
    return home / ".loose-ends" / "state.db"


def test_a_sound_state_is_whole(home):
    loose_ends(home, "run")
    done = loose_ends(home, "state", "check")
    assert (done.returncode, done.stdout) == (0, f"{state(home)}: whole\n")


def test_what_is_wrong_with_a_state_is_told_with_its_mend(home):
    loose_ends(home, "run")
    with sqlite3.connect(state(home)) as db:
        db.execute("DELETE FROM evidence")
    (home / "logs" / "a.md").write_text("")
    done = loose_ends(home, "state", "check", "--format", "json")
    told = {(row["result"], row["what"].split(" ", 1)[1]) for row in json.loads(done.stdout)}
    assert done.returncode == 1
    assert ("wrong", "loose ends without a quote") in told
    assert any(result == "note" and what.endswith("and has 0") for result, what in told)


def test_a_damaged_database_is_told_in_one_line(home):
    loose_ends(home, "run")
    data = bytearray(state(home).read_bytes())
    data[4096:12288] = b"\xff" * 8192
    state(home).write_bytes(data)
    done = loose_ends(home, "state", "check")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout
    assert "rebuild" in done.stderr + done.stdout or "restore a backup" in done.stderr + done.stdout


def test_a_backup_goes_on_where_it_was_made(home):
    loose_ends(home, "run")
    kept = home / "kept.db"
    assert loose_ends(home, "state", "backup", str(kept)).returncode == 0
    assert kept.stat().st_mode & 0o777 == 0o600
    for part in state(home).parent.glob("state.db*"):
        part.unlink()
    kept.rename(state(home))
    again = json.loads(loose_ends(home, "run", "--format", "json").stdout)
    assert (again["logs"]["unchanged"], again["actions"]["create"]) == (1, 0)


def test_a_backup_overwrites_nothing_unasked(home):
    loose_ends(home, "run")
    (home / "kept.db").write_text("mine")
    done = loose_ends(home, "state", "backup", "kept.db")
    assert (done.returncode, (home / "kept.db").read_text()) == (1, "mine")
    assert loose_ends(home, "state", "backup", "kept.db", "--force").returncode == 0
    assert loose_ends(home, "state", "backup", str(state(home)), "--force").returncode == 1


def test_a_rebuilt_state_files_nothing_twice_and_keeps_what_was_dropped(home):
    loose_ends(home, "run")
    held = json.loads(loose_ends(home, "held", "--format", "json").stdout)
    loose_ends(home, "held", "drop", held[0]["id"])
    done = loose_ends(home, "state", "rebuild")
    assert done.returncode == 0, done.stderr
    assert "1 tickets known, 1 of them filed by the bot" in done.stdout
    assert "The next run would file 0" in done.stdout
    loose_ends(home, "run")
    assert len(list((home / "tickets").glob("*.md"))) == 1
    assert json.loads(loose_ends(home, "held", "--format", "json").stdout) == []
    assert len(list(state(home).parent.glob("state.db.before-*[0-9]"))) == 1


def test_a_rebuilt_state_knows_what_people_turned_down_and_when(home):
    loose_ends(home, "run")
    (held,) = json.loads(loose_ends(home, "held", "--format", "json").stdout)
    loose_ends(home, "held", "drop", held["id"])
    before = json.loads(loose_ends(home, "report", "--format", "json").stdout)
    loose_ends(home, "state", "rebuild")
    after = json.loads(loose_ends(home, "report", "--format", "json").stdout)
    assert after["acceptance"] == before["acceptance"] != []
    assert not list(state(home).parent.glob("*.rebuilding*"))


def test_a_rebuild_that_fails_leaves_the_old_state_in_its_place(home):
    loose_ends(home, "run")
    before = json.loads(loose_ends(home, "held", "--format", "json").stdout)
    (home / ".loose-ends" / "state.db.rebuilding").mkdir()
    assert loose_ends(home, "state", "rebuild").returncode == 1
    assert json.loads(loose_ends(home, "held", "--format", "json").stdout) == before


def test_a_state_that_is_no_database_is_put_aside_and_rebuilt(home):
    loose_ends(home, "run")
    for part in state(home).parent.glob("state.db-*"):
        part.unlink()
    state(home).write_bytes(b"not a database at all" * 300)
    assert loose_ends(home, "run").returncode != 0
    assert loose_ends(home, "state", "rebuild").returncode == 0
    assert loose_ends(home, "run").returncode == 0
    assert len(list((home / "tickets").glob("*.md"))) == 1
