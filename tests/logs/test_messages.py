import json
from contextlib import suppress

import pytest
from chats import read, said, times, turns, verbatim
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.logs.base import LogError

OPENAI = [{"role": "system", "content": "be kind"}, {"role": "user", "content": "it flickers"},
          {"role": "assistant", "content": "Since when?"}]  # fmt: skip
SHARE = [{"from": "human", "value": "it flickers"}, {"from": "gpt", "value": "Since when?"}]
HEARD = [("h", "", "it flickers"), ("a", "", "Since when?")]


@pytest.mark.parametrize(
    ("log", "reader"),
    [
        pytest.param(json.dumps({"messages": OPENAI[1:]}), "messages-jsonl", id="a talk on one line"),
        pytest.param(json.dumps({"messages": OPENAI[1:]}, indent=2), "messages", id="a talk over lines"),
        pytest.param(json.dumps([{"messages": OPENAI[1:]}]), "messages", id="a list of talks"),
        pytest.param(json.dumps(OPENAI[1:]), "messages", id="a list of messages"),
        pytest.param("".join(json.dumps(m) + "\n" for m in OPENAI[1:]), "messages-jsonl", id="a message a line"),
        pytest.param(json.dumps({"model": "m", "messages": OPENAI[1:]}), "messages-jsonl", id="a request"),
        pytest.param(json.dumps([{"id": "x", "conversations": SHARE}], indent=1), "messages", id="ShareGPT"),
        pytest.param(json.dumps({"id": "x", "conversations": SHARE}), "messages-jsonl", id="ShareGPT in lines"),
        pytest.param(json.dumps({"id": "x", "conversations": SHARE}, indent=1), "messages", id="one of ShareGPT"),
    ],
)
def test_the_shapes_in_which_talks_are_exchanged(tmp_path, log, reader):
    reading = read(tmp_path, log, name="talk.json")
    assert (reading.format, said(reading)) == (reader, HEARD)
    assert len(reading.conversations) == 1


def test_a_talk_a_line_is_a_conversation_each(tmp_path):
    log = "".join(json.dumps({"messages": talk}) + "\n" for talk in (OPENAI, OPENAI[1:], OPENAI))
    reading = read(tmp_path, log, name="talks.jsonl")
    assert [talk.turns[0].lines for talk in reading.conversations] == [(1,), (2,), (3,)]
    assert len({talk.id for talk in reading.conversations}) == 3


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param({"role": "developer", "content": "x"}, ("s", "x"), id="developer"),
        pytest.param({"role": "tool", "content": "42", "tool_call_id": "1"}, ("t", "42"), id="tool"),
        pytest.param({"role": "function", "content": "42"}, ("t", "42"), id="function"),
        pytest.param({"from": "function_call", "value": "f()"}, None, id="call"),
        pytest.param({"role": "assistant", "content": None, "tool_calls": []}, None, id="call without words"),
        pytest.param(
            {
                "role": "user",
                "content": [{"type": "text", "text": "a"}, {"type": "image_url"}, {"type": "text", "text": "b"}],
            },
            ("h", "a\nb"),
            id="parts",
        ),
    ],
)
def test_who_speaks(tmp_path, message, expected):
    heard = said(read(tmp_path, json.dumps([*OPENAI, message]), name="t.json"))
    assert [(role, text) for role, _, text in heard[3:]] == ([expected] if expected else [])


def test_lines_are_true(tmp_path):
    text = json.dumps([{"messages": OPENAI}, {"messages": OPENAI}], indent=2)
    assert verbatim(read(tmp_path, text, name="t.json"), text)


@pytest.mark.parametrize("time", ["2026-03-02T09:00:00Z", 1772442000, 1772442000.0, "1772442000", 1772442000000])
def test_times_in_any_form(tmp_path, time):
    log = json.dumps([{"role": "user", "content": "x", "timestamp": time}, OPENAI[2]])
    assert times(read(tmp_path, log, name="t.json")) == ["2026-03-02T09:00:00+00:00", None]


def test_messages_that_are_appended_go_on_with_the_talk(tmp_path):
    log = "".join(json.dumps(m) + "\n" for m in OPENAI)
    first = read(tmp_path, log + '{"role": "us', name="t.jsonl", settled=False)
    second = read(tmp_path, log + json.dumps(OPENAI[1]) + "\n", name="t.jsonl", cursor=first.cursor)
    assert (len(turns(first)), said(second)) == (3, [("h", "", "it flickers")])
    assert second.conversations[0].id == first.conversations[0].id


def test_what_is_not_understood_is_counted(tmp_path):
    reading = read(tmp_path, json.dumps([*OPENAI, {"role": "ghost", "content": "x"}, {"x": 1}]), name="t.json")
    assert [item.what for item in reading.not_understood] == ["role ghost", "record that is no message"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('[{"role": "admin", "name": "x"}]', id="roles of accounts"),
        pytest.param('{"messages": {"en": "hello"}}', id="translations"),
        pytest.param('[{"content": "x", "id": 1}]', id="no roles"),
        pytest.param('{"guild": {}, "messages": [{"role": "user", "content": "x"}]}', id="another format"),
        pytest.param('{"items": [{"from": "user", "to": "admin"}]}', id="roles without words"),
        pytest.param('{"type": "user", "name": "Ann"}\n' * 3, id="accounts"),
        pytest.param('{"level": "info", "msg": "messages"}\n' * 3, id="program log"),
    ],
)
def test_other_documents_are_no_messages(tmp_path, text):
    with suppress(LogError):
        assert not read(tmp_path, text, name="n.json").format.startswith("messages")


def claude_prints(kind, content):
    return {"type": kind, "session_id": "s-1", "message": {"role": kind, "content": content}}


ASKED, TOLD = "it flickers", "Since when?"
TURNS = [{"role": "user", "content": ASKED}, {"role": "assistant", "content": TOLD}]
SHAPES = {
    "pairs": [{"conversation": [{"human": ASKED, "assistant": TOLD}]}],
    "ShareGPT under another key": [{"items": SHARE}],
    "LangChain": [{"type": "human", "data": {"content": ASKED}}, {"type": "ai", "data": {"content": TOLD}}],
    "AI SDK": {"messages": [
        {"role": "user", "parts": [{"type": "text", "text": ASKED}]},
        {"role": "assistant", "parts": [{"type": "step-start"}, {"type": "text", "text": TOLD}]}]},
    "LibreChat": {"conversationId": "x", "messages": [
        {"sender": "User", "isCreatedByUser": True, "text": ASKED},
        {"sender": "m-4", "isCreatedByUser": False, "text": TOLD}]},
    "Open WebUI": [{"id": "x", "chat": {"messages": TURNS, "history": {"messages": {}}}}],
    "prompts and responses": {"title": "T", "messages": [
        {"role": "Prompt", "say": ASKED}, {"role": "Response", "say": TOLD}]},
    "Gemini's request": {"contents": [
        {"role": "user", "parts": [{"text": ASKED}]},
        {"role": "model", "parts": [{"text": "hm", "thought": True}, {"text": TOLD}]}]},
    "Responses": {"input": [{"role": "user", "content": [{"type": "input_text", "text": ASKED}]}],
                  "output": [{"type": "reasoning", "summary": []}, {"type": "message", "role": "assistant",
                              "content": [{"type": "output_text", "text": TOLD}]}]},
    "Continue": {"sessionId": "s", "history": [{"message": turn, "contextItems": []} for turn in TURNS]},
    "the first Codex": {"session": {"id": "c"}, "items": [{"type": "message"} | turn for turn in TURNS]},
    "other lists beside it": {"tools": [{"type": "function", "items": [1]}], "messages": TURNS},
}  # fmt: skip
LINES = {
    "Cursor's agent": [
        {"role": "user", "message": {"content": [{"type": "text", "text": f"<user_query>\n{ASKED}\n</user_query>"}]}},
        {"role": "assistant", "message": {"content": [{"type": "text", "text": TOLD}]}}],
    "what Claude Code prints": [
        {"type": "system", "subtype": "init", "session_id": "s-1"}, claude_prints("user", ASKED),
        claude_prints("assistant", [{"type": "text", "text": TOLD}]), {"type": "result", "result": TOLD}],
    "Qwen Code": [
        {"sessionId": "s", "uuid": "1", "type": "user", "message": {"role": "user", "parts": [{"text": ASKED}]}},
        {"sessionId": "s", "uuid": "2", "type": "assistant", "message": {"role": "model", "parts": [{"text": TOLD}]}}],
    "Goose": [{"id": "1", "working_dir": "/w"}, *TURNS],
    "Droid": [{"type": "session_start", "id": "s"}, *({"type": "message", "message": turn} for turn in TURNS)],
    "speakers": [{"speaker": "user", "text": ASKED}, {"speaker": "assistant", "text": TOLD}],
}  # fmt: skip


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("shape", SHAPES)
def test_talks_of_many_programs_are_read(tmp_path, shape, indent):
    text = json.dumps(SHAPES[shape], indent=indent)
    reading = read(tmp_path, text, name="talk.json")
    assert [(role, words) for role, _, words in said(reading)] == [("h", ASKED), ("a", TOLD)]
    assert verbatim(reading, text)


@pytest.mark.parametrize("shape", LINES)
def test_talks_of_many_programs_are_read_line_by_line(tmp_path, shape):
    log = "".join(json.dumps(record) + "\n" for record in LINES[shape])
    reading = read(tmp_path, log, name="talk.jsonl")
    assert [(role, words) for role, _, words in said(reading)] == [("h", ASKED), ("a", TOLD)]
    assert reading.not_understood == () or shape == "Goose"


def test_what_a_tool_answers_in_the_name_of_the_user_is_no_users_word(tmp_path):
    result = {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "42"}]}
    message = {"role": "user", "content": [result, {"type": "text", "text": "go on"}]}
    heard = said(read(tmp_path, json.dumps([*OPENAI, message]), name="t.json"))
    assert [(role, text) for role, _, text in heard[3:]] == [("t", "42"), ("h", "go on")]


def test_a_session_that_names_itself_is_known_by_its_name(tmp_path):
    log = "".join(json.dumps(record) + "\n" for record in LINES["what Claude Code prints"])
    assert read(tmp_path, log, name="t.jsonl").conversations[0].id == "s-1"


junk = st.none() | st.integers() | st.text(max_size=3) | st.just([{}]) | st.just(["x"])


@settings(max_examples=60)
@given(
    records=st.lists(
        st.dictionaries(st.sampled_from(["role", "from", "content", "value", "messages", "id", "timestamp"]), junk)
    )
)
def test_any_records_are_read_or_refused(tmp_path_factory, records):
    folder = tmp_path_factory.mktemp("m")
    records = [OPENAI[1] | record for record in records]
    with suppress(LogError):
        read(folder, json.dumps(records), name="m.json", log_format="messages")
        read(folder, "".join(json.dumps(r) + "\n" for r in records), name="m.jsonl", log_format="messages-jsonl")
