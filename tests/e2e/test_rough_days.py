"""Full disks, cut power, many runners at once, trackers that hang: nothing lost, nothing twice, and told in a line."""

import itertools
import json
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
from mortal import FIRST, LATER, WANTED, WANTED_LATER, LocalFolder, Mortals, World
from sqlalchemy.engine.default import DefaultDialect


@pytest.fixture(scope="module")
def mortals():
    made = Mortals()
    yield made
    made.close()


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path / "world", LocalFolder())
    made.say(FIRST)
    return made


def state(world):
    return world.folder / ".loose-ends" / "state.db"


def test_a_disk_that_fills_up_at_any_page_loses_nothing(world, mortals, tmp_path):
    world.say(
        {"long.md": [f"We walked {number} miles. " + "It was a long and quiet day. " * 60 for number in range(25)]}
    )
    mortals.run(world.folder, "status", env=world.env)
    world.save(tmp_path / "start")
    with closing(sqlite3.connect(state(world))) as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
    for more in range(60):
        world.load(tmp_path / "start")
        code = mortals.run(world.folder, env=world.env, pages=pages + more)["code"]
        if code == 0:
            break
        assert "database or disk is full" in (world.folder / "output.txt").read_text()
        world.settle(mortals)
        assert not any(world.faults(WANTED).values()), f"with {more} pages"
    assert 3 < more < 59, "the disk was never full, or always"


def test_a_power_cut_loses_nothing_that_was_acknowledged(project, tmp_path, monkeypatch):
    project.log("monday.md", *FIRST["monday.md"], *FIRST["tuesday.md"])
    database = project.folder / ".loose-ends" / "state.db"
    kept = []

    def commit(self, connection):
        original(self, connection)
        place = tmp_path / f"sync{len(kept)}"
        place.mkdir()
        for part in database.parent.glob("state.db*"):
            shutil.copy(part, place / part.name)
        kept.append((place, acknowledged(place, tmp_path / "look")))

    original = DefaultDialect.do_commit
    monkeypatch.setattr(DefaultDialect, "do_commit", commit)
    project.run()
    monkeypatch.undo()
    assert len(kept) > 10
    cut_between(kept, tmp_path / "cut")


def cut_between(kept, place):
    """Rebuilds what a disk may hold when power fails between two syncs: the log cut anywhere after the first."""
    checked = 0
    for (before, known), (after, _) in itertools.pairwise(kept):
        first, then = ((part / "state.db-wal").read_bytes() for part in (before, after))
        if first[:32] != then[:32]:
            continue  # begun anew, which SQLite does once the database itself is on the disk
        least, most = end_of_log(first), end_of_log(then)
        for length in {least, least + 1, (least + most) // 2, most - 1, most}:
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            shutil.copy(after / "state.db", place / "state.db")
            # beyond the cut stands what stood there before, or nothing that means anything
            (place / "state.db-wal").write_bytes((then[:length] + first[length:]).ljust(most, b"\xa5"))
            assert known <= rows(place / "state.db"), f"{before.name}, {length} of {most}"
            checked += 1
    assert checked > 10


def end_of_log(data):
    """Where the frames of the log end: the file may go on with those of an earlier round, under another salt."""
    page = int.from_bytes(data[8:12], "big")
    end = 32
    while data[end + 8 : end + 16] == data[16:24]:
        end += 24 + page
    return end


def acknowledged(place, look):
    shutil.rmtree(look, ignore_errors=True)
    shutil.copytree(place, look)
    return rows(look / "state.db")


def rows(database):
    with closing(sqlite3.connect(database)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'actions'").fetchone():
            return set()
        done = db.execute("SELECT id FROM actions WHERE status = 'done'").fetchall()
        return {("finding", row[0]) for row in db.execute("SELECT id FROM findings")} | {
            ("done", row[0]) for row in done
        }


def test_many_runners_at_once_file_everything_once(world):
    command = [sys.executable, "-m", "bot", "run", "--wait", "60"]
    for talks in ({}, LATER):
        world.say(talks)
        runners = [
            subprocess.Popen(command, cwd=world.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for _ in range(8)
        ]
        outcomes = [runner.communicate(timeout=110)[1].decode() for runner in runners]
        assert [runner.returncode for runner in runners] == [0] * 8, outcomes
    assert not any(world.faults(WANTED_LATER).values())


class Hanging:
    """A tracker that takes connections and never answers."""

    def config(self, _folder):
        self.socket = socket.create_server(("127.0.0.1", 0))
        port = self.socket.getsockname()[1]
        address = f"http://localhost:{port}"
        return {"tracker": "gitlab", "project": "a/b", "base_url": address, "token_env": "TRACKER_TOKEN"}, "t0ken"


def test_a_run_at_a_tracker_that_hangs_stops_within_ten_seconds(tmp_path):
    world = World(tmp_path / "world", Hanging())
    world.say(FIRST)
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"], cwd=world.folder, env={"TRACKER_TOKEN": "t", "PATH": ""},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    connection, _ = world.tracker.socket.accept()
    asked = time.monotonic()
    process.terminate()
    process.communicate(timeout=30)
    connection.close()
    world.tracker.socket.close()
    assert time.monotonic() - asked < 10
    check = [sys.executable, "-m", "bot", "state", "check", "--format", "json"]
    done = subprocess.run(check, cwd=world.folder, capture_output=True, text=True, check=False)
    assert [row for row in json.loads(done.stdout or "[]") if row["result"] == "wrong"] == []


def test_a_clock_that_goes_back_an_hour_files_nothing_twice_and_loses_nothing(project):
    project.log("monday.md", "TODO: configure connection pooling for the importer")
    project.run()
    project.wait(hours=-1)
    project.log("tuesday.md", "TODO: configure connection pooling for the importer", "TODO: rotate the signing keys")
    done = project.run().outcome.done
    assert (done["create"], done["sighting"]) == (1, 1)
    project.wait(hours=2)
    assert project.run().outcome.done.total() == 0
    assert len(project.tickets()) == 2
