import json

import pytest

from bot.logs.incremental import read_new

HEAD = {"sessionId": "s-1", "projectHash": "0a1b", "startTime": "2026-03-04T05:06:07Z", "lastUpdated": "x"}


def message(kind, content, number=1, **fields):
    return {"id": f"m{number}", "timestamp": "2026-03-04T05:06:08Z", "type": kind, "content": content, **fields}


def read(tmp_path, value, name="session.json", indent=2, **how):
    log = tmp_path / name
    log.write_text(json.dumps(value, indent=indent))
    return read_new(log, name=name, **how)


def read_lines(tmp_path, records, **how):
    log = tmp_path / "session.jsonl"
    log.write_text("".join(json.dumps(record) + "\n" for record in records))
    return read_new(log, name="session.jsonl", **how)


def said_in(reading):
    return [(turn.role[0], turn.text) for talk in reading.conversations for turn in talk.turns]


FILES = "\n--- Content from referenced files ---"
RESULT = [{"functionResponse": {"response": {"output": "ok"}}}]


@pytest.mark.parametrize(
    ("item", "said"),
    [
        pytest.param(message("user", "fix it"), [("h", "fix it")], id="typed"),
        pytest.param(message("user", [{"text": "fix"}, {"text": "it"}]), [("h", "fix"), ("h", "it")], id="parts"),
        pytest.param(message("user", "long form", displayContent="short"), [("h", "short")], id="as it was shown"),
        pytest.param(message("gemini", "done", model="g-3"), [("a", "done")], id="answer"),
        pytest.param(message("gemini", "", toolCalls=[{"result": RESULT}]), [("t", "ok")], id="tool"),
        pytest.param(message("gemini", "", thoughts=[{"description": "TODO"}]), [], id="thoughts"),
        pytest.param(message("info", "TODO"), [("s", "TODO")], id="info"),
        pytest.param(message("user", "/chat save"), [("s", "/chat"), ("h", " save")], id="command"),
        pytest.param(message("user", "/src/a.py crashes"), [("h", "/src/a.py crashes")], id="a path"),
        pytest.param(message("user", "?"), [("s", "?")], id="help"),
        pytest.param(message("user", "System: Please continue."), [("s", "System: Please continue.")], id="nudge"),
        pytest.param(message("user", "<hook_context>x"), [("s", "<hook_context>x")], id="hook"),
        pytest.param(
            message(
                "user", [{"text": "see @a"}, {"text": FILES}, {"text": "TODO"}, {"text": "--- End of content ---"}]
            ),
            [("h", "see @a"), ("s", FILES.strip()), ("s", "TODO"), ("s", "--- End of content ---")],
            id="named files",
        ),
    ],
)
def test_each_message_gives_its_words_to_the_right_role(tmp_path, item, said):
    reading = read(tmp_path, HEAD | {"messages": [item]})
    assert (reading.format, said_in(reading)) == ("gemini-cli", said)


def test_a_session_has_its_id_start_and_the_lines_of_its_texts(tmp_path):
    talk = read(tmp_path, HEAD | {"messages": [message("gemini", "a\nb", model="g-3")]}).conversations[0]
    assert (talk.id, talk.started.isoformat(), talk.turns[0].speaker) == ("s-1", "2026-03-04T05:06:07+00:00", "g-3")
    assert list(talk.turns[0].lines) == [11, 11]


def test_in_the_newer_form_a_repeated_id_replaces(tmp_path):
    records = [
        HEAD,
        message("user", "fix it", 1),
        message("gemini", "", 2),
        message("gemini", "done", 2),
        {"$set": {"summary": "Parser"}},
        message("user", "undo that", 3),
        {"$rewindTo": "m3"},
    ]
    reading = read_lines(tmp_path, records)
    talk = reading.conversations[0]
    assert [(turn.role[0], turn.text, turn.lines[0]) for turn in talk.turns] == [
        ("h", "fix it", 2), ("a", "done", 4), ("h", "undo that", 6)
    ]  # fmt: skip
    assert (reading.format, talk.id, talk.title) == ("gemini-cli", "s-1", "Parser")


def test_a_list_set_anew_replaces_and_loses_nothing(tmp_path):
    new = {"$set": {"messages": [message("user", "fix it now", 1)]}}
    reading = read_lines(tmp_path, [HEAD, message("user", "fix it", 1), message("gemini", "done", 2), new])
    assert said_in(reading) == [("h", "fix it now"), ("a", "done")]


def test_to_a_sub_agent_an_assistant_speaks(tmp_path):
    messages = [message("user", "look", 1), message("gemini", "found", 2)]
    assert said_in(read(tmp_path, HEAD | {"kind": "subagent", "messages": messages})) == [("s", "look"), ("t", "found")]


def test_the_list_of_prompts_is_read_session_by_session(tmp_path):
    entries = [
        {"sessionId": name, "messageId": 0, "type": "user", "message": text, "timestamp": "2026-03-04T05:06:08Z"}
        for name, text in (("a", "fix it"), ("b", "add tests"))
    ]
    reading = read(tmp_path, entries, "logs.json")
    assert [(talk.id, talk.turns[0].text) for talk in reading.conversations] == [("a", "fix it"), ("b", "add tests")]


def test_a_checkpoint_is_read(tmp_path):
    history = [
        {
            "role": "user",
            "parts": [{"text": "This is the Gemini CLI. We are setting up the context for our chat. TODO"}],
        },
        {"role": "model", "parts": [{"text": "Got it."}, {"text": "TODO", "thought": True}]},
        {"role": "user", "parts": [{"text": "fix it"}]},
        {"role": "user", "parts": RESULT},
    ]
    reading = read(tmp_path, history, "checkpoint-a.json")
    assert reading.format == "gemini-cli"
    assert [role for role, _ in said_in(reading)] == ["s", "a", "h", "t"]


def test_what_is_unknown_is_counted_with_its_line(tmp_path):
    reading = read_lines(tmp_path, [HEAD, message("hologram", "x"), {"$sneeze": 1}, ["x"]])
    assert [(item.what, item.count, item.line) for item in reading.not_understood] == [
        ("record with ?sneeze", 1, 3), ("broken JSON", 1, 4), ("message type hologram", 1, 2)
    ]  # fmt: skip


def test_a_session_that_grew_is_read_anew_with_its_last_record(tmp_path):
    log = tmp_path / "session.jsonl"
    whole = "".join(json.dumps(item) + "\n" for item in (HEAD, message("user", "a", 1), message("gemini", "b", 2)))
    log.write_text(whole[:-20])
    first = read_new(log, name="s", settled=False)
    assert (said_in(first), first.not_understood) == ([("h", "a")], ())
    log.write_text(whole)
    second = read_new(log, name="s", cursor=first.cursor)
    assert (second.change, said_in(second)) == ("rewritten", [("h", "a"), ("a", "b")])
