"""Sessions in opencode's own store: a tree of small files in two layouts, and a database."""

import json
import os
import sqlite3
from pathlib import Path

import pytest

from bot.logs.incremental import read_new
from bot.logs.sources import find_logs
from bot.logs.summary import describe

SAID = [("user", "rotate the keys"), ("assistant", "Since when?"), ("user", "since May")]
ROLES = {"human": "user", "assistant": "assistant", "tool": "tool", "system": "system"}


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2))


class Tree:
    """A tree of files; ``first`` is the layout of the first half of 2025."""

    def __init__(self, root, *, first):
        self.root, self.first = root / "storage", first

    def info(self, session):
        return self.root / "session" / ("info" if self.first else "prj") / f"{session}.json"

    def part(self, session, message):
        above = self.root / "session" if self.first else self.root
        return (above / "part" / session if self.first else above / "part") / message / f"prt_{message}.json"

    def say(self, session, number, role, text):
        above = self.root / "session" if self.first else self.root
        message = f"msg_{session}{number}"
        head = {"id": message, "sessionID": session, "role": role, "time": {"created": 1_770_000_000_000 + number}}
        write(above / "message" / session / f"{message}.json", head)
        part = {"id": f"prt_{message}", "messageID": message, "sessionID": session, "type": "text", "text": text}
        write(self.part(session, message), part)

    def session(self, session, *, parent=None):
        info = {"id": session, "title": "Keys", "version": "1.0.5", "time": {"created": 1_770_000_000_000}}
        write(self.info(session), info | ({"parentID": parent} if parent else {}))
        for number, (role, text) in enumerate(SAID):
            self.say(session, number, role, text)


def database(path, *, journal="DELETE"):
    db = sqlite3.connect(path)
    db.executescript(
        f"PRAGMA journal_mode={journal};"
        "CREATE TABLE session(id TEXT, parent_id TEXT, title TEXT, version TEXT, time_created INT, time_updated INT);"
        "CREATE TABLE message(id TEXT, session_id TEXT, time_created INT, time_updated INT, data TEXT);"
        "CREATE TABLE part(id TEXT, message_id TEXT, session_id TEXT, time_created INT, time_updated INT, data TEXT);"
    )
    for session, parent in (("ses_1", None), ("ses_2", "ses_1")):
        db.execute("INSERT INTO session VALUES (?, ?, 'Keys', '1.3.0', 1770000000000, 5)", (session, parent))
        for number, said in enumerate(SAID):
            add(db, session, number, *said)
    db.commit()
    return db


def add(db, session, number, role, text):
    message = f"msg_{session}{number}"
    data = {"role": role, "time": {"created": 1_770_000_000_000 + number}}
    db.execute("INSERT INTO message VALUES (?, ?, ?, 5, ?)", (message, session, number, json.dumps(data)))
    part = json.dumps({"type": "text", "text": text})
    db.execute("INSERT INTO part VALUES (?, ?, ?, 5, 5, ?)", (f"prt_{message}", message, session, part))


def found(path):
    return list(find_logs(str(path)))


def said(log, cursor=None):
    reading = read_new(log.log, name=log.name, cursor=cursor)
    turns = [turn for talk in reading.conversations for turn in talk.turns]
    return [(ROLES[turn.role], turn.text) for turn in turns], reading


@pytest.fixture(params=["tree", "first tree", "database"])
def store(request, tmp_path):
    if request.param == "database":
        database(tmp_path / "opencode.db").close()
    else:
        tree = Tree(tmp_path, first=request.param == "first tree")
        tree.session("ses_1")
        tree.session("ses_2", parent="ses_1")
    return tmp_path


def test_each_session_is_a_log_and_nothing_else_is(store):
    (store / "storage" / "todo").mkdir(parents=True)
    names = [log.member or log.path.stem for log in found(store)]
    assert names == ["ses_1", "ses_2"]


def test_a_session_says_what_was_said_in_order(store):
    turns, reading = said(found(store)[0])
    assert (turns, reading.format) == (SAID, "opencode")
    talk = reading.conversations[0]
    assert (talk.id, talk.title, talk.started.year, talk.turns[0].id) == ("ses_1", "Keys", 2026, "prt_msg_ses_10")


def test_in_the_session_of_a_sub_agent_nobody_types(store):
    assert [role for role, _ in said(found(store)[1])[0]] == ["system", "tool", "system"]


def test_the_turns_of_a_session_are_counted(store):
    log = found(store)[0]
    assert describe(log.log, name=log.name).turns == {"human": 2, "assistant": 1, "tool": 0, "system": 0}


@pytest.mark.parametrize("first", [False, True])
def test_a_turn_is_placed_in_the_file_that_holds_it(tmp_path, first):
    tree = Tree(tmp_path, first=first)
    tree.session("ses_1")
    turns = said(found(tmp_path)[0])[1].conversations[0].turns
    for turn in turns:
        assert turn.text in Path(turn.log).read_text().split("\n")[turn.lines[0] - 1]


@pytest.mark.parametrize("path", ["storage", "storage/session", "storage/session/prj/ses_1.json"])
def test_a_tree_is_known_from_inside(tmp_path, path):
    Tree(tmp_path, first=False).session("ses_1")
    assert [said(log)[0] for log in found(tmp_path / path)] == [SAID]


@pytest.mark.parametrize("first", [False, True])
def test_a_session_that_goes_on_is_read_and_another_one_is_not(tmp_path, first):
    tree = Tree(tmp_path, first=first)
    tree.session("ses_1")
    tree.session("ses_2")
    cursors = [said(log)[1].cursor for log in found(tmp_path)]
    tree.say("ses_1", 7, "user", "and the plants?")
    part = tree.part("ses_1", "msg_ses_17")
    os.utime(part, (2_000_000_000, 2_000_000_000))
    changes = [said(log, cursor) for log, cursor in zip(found(tmp_path), cursors, strict=True)]
    assert [reading.change for _, reading in changes] == ["rewritten", "unchanged"]
    assert changes[0][0] == [*SAID, ("user", "and the plants?")]


def test_a_session_of_a_database_that_goes_on_is_read_and_another_one_is_not(tmp_path):
    db = database(tmp_path / "opencode.db", journal="WAL")
    cursors = [said(log)[1].cursor for log in found(tmp_path)]
    add(db, "ses_1", 7, "user", "and the plants?")
    db.commit()  # what opencode has written lies in its log of changes still
    changes = [said(log, cursor) for log, cursor in zip(found(tmp_path), cursors, strict=True)]
    db.close()
    assert [reading.change for _, reading in changes] == ["rewritten", "unchanged"]
    assert changes[0][0] == [*SAID, ("user", "and the plants?")]


def test_a_piece_that_is_being_written_is_counted_and_the_others_are_read(tmp_path):
    tree = Tree(tmp_path, first=False)
    tree.session("ses_1")
    tree.part("ses_1", "msg_ses_11").write_text('{"id": "prt_msg_ses_11", "type": "te')
    turns, reading = said(found(tmp_path)[0])
    assert turns == [SAID[0], SAID[2]]
    assert [(item.what, item.count) for item in reading.not_understood] == [("piece that is no JSON", 1)]


def test_other_databases_are_no_logs(tmp_path):
    (tmp_path / "opencode-x.db").write_text("no database")
    sqlite3.connect(tmp_path / "opencode.db").executescript("CREATE TABLE session(id TEXT);").connection.close()
    assert [log.member for log in found(tmp_path)] == ["", ""]


def test_a_damaged_database_is_told_in_one_line(tmp_path):
    database(tmp_path / "opencode.db").close()
    data = bytearray((tmp_path / "opencode.db").read_bytes())
    data[100:3000] = b"x" * 2900
    (tmp_path / "opencode.db").write_bytes(data)
    (log,) = found(tmp_path)
    assert "opencode.db: cannot be read: the database cannot be read" in log.problem
    assert "\n" not in log.problem


def test_a_session_is_found_once_in_the_tree_and_in_the_database(project):
    logs = project.folder / "logs"
    database(logs / "opencode.db").close()
    Tree(logs, first=False).session("ses_1")
    for path in (*logs.rglob("*.json"), logs / "opencode.db"):
        project.touch(path)
    taken = project.run().taken
    assert (taken.read, taken.errors) == (3, [])
    assert (project.run().taken.read, project.run().taken.bytes_read) == (0, 0)
