import json

import pytest

from bot.logs.incremental import read_new

START = {"sessionId": "s-1", "producer": "copilot-agent", "startTime": "2026-03-04T05:06:07Z"}


def event(kind, number=1, envelope=None, **data):
    stamp = {"id": f"e{number}", "timestamp": "2026-03-04T05:06:08Z", "parentId": None}
    return {"type": kind, "data": data, **stamp, **(envelope or {})}


def read_events(tmp_path, events, **how):
    log = tmp_path / "events.jsonl"
    log.write_text("".join(json.dumps(item) + "\n" for item in (event("session.start", 0, **START), *events)))
    return read_new(log, name="events.jsonl", **how)


def said_in(reading):
    return [(turn.role[0], turn.text) for talk in reading.conversations for turn in talk.turns]


SUB = {"agentId": "a1"}


@pytest.mark.parametrize(
    ("item", "said"),
    [
        pytest.param(event("user.message", content="fix", transformedContent="<x/> fix"), [("h", "fix")], id="typed"),
        pytest.param(event("user.message", content="skill", source="skill-pdf"), [("s", "skill")], id="from a skill"),
        pytest.param(event("user.message", envelope=SUB, content="look"), [("s", "look")], id="to a sub-agent"),
        pytest.param(event("assistant.message", content="done", model="m"), [("a", "done")], id="answer"),
        pytest.param(event("assistant.message", content=""), [], id="round of tools"),
        pytest.param(event("assistant.message", envelope=SUB, content="found"), [("t", "found")], id="sub-agent"),
        pytest.param(
            event("assistant.message", content="found", parentToolCallId="c"), [("t", "found")], id="older sub-agent"
        ),
        pytest.param(event("tool.execution_complete", result={"content": "ok"}), [("t", "ok")], id="tool"),
        pytest.param(event("tool.execution_complete", error={"message": "no"}), [("t", "no")], id="failed tool"),
        pytest.param(event("user_input.completed", answer="the left"), [("h", "the left")], id="answer to a question"),
        pytest.param(
            event("elicitation.completed", action="accept", content={"q": "the left", "n": 1}),
            [("h", "the left")],
            id="answer to a form",
        ),
        pytest.param(event("elicitation.completed", action="decline", content={"q": "x"}), [], id="declined form"),
        pytest.param(event("system.message", content="TODO"), [("s", "TODO")], id="system"),
        pytest.param(event("hook.start", input={"prompt": "fix"}), [], id="hook repeats the prompt"),
        pytest.param(event("session.compaction_complete", summaryContent="so far"), [("s", "so far")], id="summary"),
    ],
)
def test_each_event_gives_its_words_to_the_right_role(tmp_path, item, said):
    reading = read_events(tmp_path, [item])
    assert (reading.format, said_in(reading)) == ("copilot-cli", said)


def test_a_session_goes_on_where_reading_ended(tmp_path):
    first = read_events(tmp_path, [event("user.message", 1, content="fix it")])
    later = [event("user.message", 1, content="fix it"), event("assistant.message", 2, content="done", model="m-5")]
    second = read_events(tmp_path, later, cursor=first.cursor)
    assert (second.change, said_in(second)) == ("grown", [("a", "done")])
    talk = second.conversations[0]
    assert (talk.id, talk.started.isoformat(), talk.turns[0].id, talk.turns[0].speaker, list(talk.turns[0].lines)) == (
        "s-1", "2026-03-04T05:06:07+00:00", "e2", "m-5", [3]
    )  # fmt: skip


def test_an_unknown_event_is_counted(tmp_path):
    reading = read_events(tmp_path, [event("hologram.shown"), event("session.brand_new")])
    assert [(item.what, item.count, item.line) for item in reading.not_understood] == [("event hologram.shown", 1, 2)]


EXPORT = {"requesterUsername": "mara", "responderUsername": "GitHub Copilot"}


def request(text, *response, number=1):
    return {
        "requestId": f"r{number}",
        "timestamp": 1_770_000_000_000,
        "message": {"text": text, "parts": []},
        "variableData": {"variables": [{"value": "TODO"}]},
        "response": list(response),
        "result": {"metadata": {"renderedUserMessage": [{"text": "TODO"}]}},
    }


def read(tmp_path, value, indent=1, **how):
    log = tmp_path / "chat.json"
    log.write_text(json.dumps(value, indent=indent))
    return read_new(log, name="chat.json", **how)


TOOL = {"kind": "toolInvocationSerialized", "pastTenseMessage": {"value": "Read a.py"}}


@pytest.mark.parametrize(
    ("item", "said"),
    [
        pytest.param(request("fix it"), [("h", "fix it")], id="cancelled"),
        pytest.param(request("a", {"value": "done"}), [("h", "a"), ("a", "done")], id="answer"),
        pytest.param(
            request("a", {"value": "in "}, {"kind": "inlineReference", "inlineReference": {"path": "/x/b.py"}}),
            [("h", "a"), ("a", "in b.py")],
            id="reference",
        ),
        pytest.param(
            request("a", {"value": "I look"}, {"kind": "thinking", "value": "TODO"}, TOOL, {"value": "done"}),
            [("h", "a"), ("a", "I look"), ("t", "Read a.py"), ("a", "done")],
            id="tools between",
        ),
        pytest.param(
            request('@agent Continue: "Continue to iterate?"'),
            [("s", '@agent Continue: "Continue to iterate?"')],
            id="a button",
        ),
        pytest.param(
            request("a", {"kind": "questionCarousel", "data": {"q": "the left", "r": {"selectedValues": ["red"]}}}),
            [("h", "a"), ("h", "the left"), ("h", "red")],
            id="answered question",
        ),
    ],
)
def test_each_request_gives_its_words_to_the_right_role(tmp_path, item, said):
    reading = read(tmp_path, EXPORT | {"requests": [item]})
    assert (reading.format, said_in(reading)) == ("copilot-vscode", said)


def test_turns_have_names_times_and_the_lines_of_their_texts(tmp_path):
    talk = read(
        tmp_path, EXPORT | {"requests": [request("fix it", {"value": "done\n"}, {"value": "now"})]}
    ).conversations[0]
    assert [(turn.speaker, list(turn.lines)) for turn in talk.turns] == [("mara", [9]), ("GitHub Copilot", [21, 24])]
    assert (talk.id, talk.started.year) == ("r1", 2026)


def test_a_log_of_changes_is_replayed(tmp_path):
    changes = [
        {"kind": 0, "v": EXPORT | {"sessionId": "s-1", "requests": []}},
        {"kind": 2, "k": ["requests"], "v": [request("fix it")]},
        {"kind": 2, "k": ["requests", 0, "response"], "v": [{"value": "so"}, {"value": "wrong"}]},
        {"kind": 2, "k": ["requests", 0, "response"], "v": [{"value": " right"}], "i": 1},
        {"kind": 1, "k": ["customTitle"], "v": "Parser"},
        {"kind": 3, "k": ["requests", 0, "result"]},
        {"kind": 1, "k": ["requests", 9, "x"], "v": 1},
    ]
    log = tmp_path / "s.jsonl"
    log.write_text("".join(json.dumps(change) + "\n" for change in changes))
    reading = read_new(log, name="s.jsonl")
    talk = reading.conversations[0]
    assert [(turn.text, list(turn.lines)) for turn in talk.turns] == [("fix it", [2]), ("so right", [3])]
    assert (talk.id, talk.title, [item.line for item in reading.not_understood]) == ("s-1", "Parser", [7])


def test_an_unknown_part_of_an_answer_is_counted(tmp_path):
    reading = read(tmp_path, EXPORT | {"requests": [request("a", {"kind": "hologram"})]})
    assert [(item.what, item.count) for item in reading.not_understood] == [("response hologram", 1)]
