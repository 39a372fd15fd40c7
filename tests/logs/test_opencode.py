import json

import pytest

from bot.logs.base import UnknownFormat
from bot.logs.incremental import read_new

INFO = {"id": "ses_1", "title": "Parser", "version": "1.2", "time": {"created": 1_770_000_000_000}}


def message(role, *parts, **info):
    head = {"id": "msg_1", "role": role, "time": {"created": 1_770_000_001_000}, "modelID": "m-5"}
    return {"info": head | info, "parts": list(parts)}


def text(words, **fields):
    return {"type": "text", "text": words, "id": "prt_1", **fields}


def read(tmp_path, value, indent=1, **how):
    log = tmp_path / "session.json"
    log.write_text(json.dumps(value, indent=indent))
    return read_new(log, name="session.json", **how)


def said_in(reading):
    return [(turn.role[0], turn.text) for talk in reading.conversations for turn in talk.turns]


TOOL = {"type": "tool", "tool": "read", "state": {"status": "completed", "input": {"x": "TODO"}, "output": "ok"}}


@pytest.mark.parametrize(
    ("item", "said"),
    [
        pytest.param(message("user", text("fix it")), [("h", "fix it")], id="typed"),
        pytest.param(message("user", text("TODO", synthetic=True)), [("s", "TODO")], id="put in by the program"),
        pytest.param(message("user", text("TODO", ignored=True)), [("s", "TODO")], id="kept from the model"),
        pytest.param(message("user", text("a"), summary={"diffs": [{"after": "TODO"}]}), [("h", "a")], id="diffs"),
        pytest.param(message("assistant", text("done")), [("a", "done")], id="answer"),
        pytest.param(message("assistant", text("so far"), summary=True), [("s", "so far")], id="summary"),
        pytest.param(message("assistant", {"type": "reasoning", "text": "TODO"}, TOOL), [("t", "ok")], id="tool"),
        pytest.param(message("assistant", {"type": "step-start", "snapshot": "x"}), [], id="bookkeeping"),
    ],
)
def test_each_part_gives_its_words_to_the_right_role(tmp_path, item, said):
    reading = read(tmp_path, {"info": INFO, "messages": [item]})
    assert (reading.format, said_in(reading)) == ("opencode", said)


def test_in_a_child_session_nobody_types(tmp_path):
    messages = [message("user", text("look")), message("assistant", text("found"))]
    reading = read(tmp_path, {"info": INFO | {"parentID": "ses_0"}, "messages": messages})
    assert said_in(reading) == [("s", "look"), ("t", "found")]


@pytest.mark.parametrize(("indent", "lines"), [(None, [1]), (1, [23])])
def test_a_session_has_its_id_title_times_and_lines(tmp_path, indent, lines):
    talk = read(tmp_path, {"info": INFO, "messages": [message("assistant", text("a"))]}, indent).conversations[0]
    turn = talk.turns[0]
    assert (talk.id, talk.title, talk.started.year, turn.speaker, turn.id) == ("ses_1", "Parser", 2026, "m-5", "prt_1")
    assert list(turn.lines) == lines


def test_an_unknown_part_is_counted(tmp_path):
    reading = read(tmp_path, {"info": INFO, "messages": [message("user", {"type": "hologram"})]}, None)
    assert [(item.what, item.count, item.line) for item in reading.not_understood] == [("part hologram", 1, 1)]


def test_a_piece_of_the_storage_is_told_from_a_session(tmp_path):
    with pytest.raises(UnknownFormat, match="opencode export"):
        read(tmp_path, {"id": "prt_1", "sessionID": "ses_1", "messageID": "msg_1", "type": "text", "text": "fix it"})
