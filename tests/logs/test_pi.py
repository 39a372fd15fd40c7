import json

import pytest

from bot.logs.incremental import read_new


def entry(kind, number=1, **fields):
    return {"type": kind, "id": f"e{number}", "parentId": None, "timestamp": "2026-03-04T05:06:08Z", **fields}


def message(role, content, number=1, **fields):
    return entry("message", number, message={"role": role, "content": content, **fields})


def read(tmp_path, entries, **how):
    log = tmp_path / "session.jsonl"
    head = {"type": "session", "version": 3, "id": "s-1", "timestamp": "2026-03-04T05:06:07Z", "cwd": "/x"}
    log.write_text("".join(json.dumps(item) + "\n" for item in (head, *entries)))
    return read_new(log, name="session.jsonl", **how)


def said_in(reading):
    return [(turn.role[0], turn.text) for talk in reading.conversations for turn in talk.turns]


TEXT = [{"type": "thinking", "thinking": "TODO"}, {"type": "text", "text": "done"}, {"type": "toolCall", "name": "x"}]


@pytest.mark.parametrize(
    ("item", "said"),
    [
        pytest.param(message("user", "fix it"), [("h", "fix it")], id="typed"),
        pytest.param(message("user", [{"type": "text", "text": "fix it"}]), [("h", "fix it")], id="blocks"),
        pytest.param(message("assistant", TEXT), [("a", "done")], id="answer"),
        pytest.param(message("toolResult", [{"type": "text", "text": "ok"}]), [("t", "ok")], id="tool"),
        pytest.param(message("bashExecution", None, output="ok"), [("t", "ok")], id="shell"),
        pytest.param(entry("compaction", summary="so far"), [("s", "so far")], id="compaction"),
        pytest.param(entry("custom_message", content="TODO"), [("s", "TODO")], id="put in by an extension"),
        pytest.param(entry("model_change", modelId="m"), [], id="bookkeeping"),
    ],
)
def test_each_entry_gives_its_words_to_the_right_role(tmp_path, item, said):
    reading = read(tmp_path, [item])
    assert (reading.format, said_in(reading)) == ("pi", said)


def test_a_session_goes_on_where_reading_ended(tmp_path):
    name = entry("session_info", 2, name="Parser")
    first = read(tmp_path, [message("user", "fix it", 1)])
    second = read(tmp_path, [message("user", "fix it", 1), name, message("assistant", "done", 3)], cursor=first.cursor)
    talk = second.conversations[0]
    assert (second.change, talk.id, talk.title, talk.started.isoformat()) == (
        "grown", "s-1", "Parser", "2026-03-04T05:06:07+00:00"
    )  # fmt: skip
    assert [(turn.text, turn.id, list(turn.lines)) for turn in talk.turns] == [("done", "e3", [4])]


def test_what_is_unknown_is_counted(tmp_path):
    reading = read(tmp_path, [entry("hologram"), message("ghost", "x")])
    assert [(item.what, item.line) for item in reading.not_understood] == [
        ("entry hologram", 2),
        ("message of ghost", 3),
    ]
