import json
from contextlib import suppress

import pytest
from chats import read, said, times, turns, verbatim
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.logs.base import LogError


def node(name, parent, children=(), role="user", text="", **more):
    content = more.pop("content", {"content_type": "text", "parts": [text]})
    author = {"role": role} | ({"name": more.pop("author")} if "author" in more else {})
    message = {"id": name, "author": author, "content": content, "create_time": 1772442000.5, "recipient": "all"}
    return {"id": name, "parent": parent, "children": list(children), "message": message | more}


def gpt(*nodes, **fields):
    root = {"id": "root", "parent": None, "children": [nodes[0]["id"]], "message": None}
    tree = {"root": root} | {item["id"]: item for item in nodes}
    return {"title": "Lamp", "create_time": 1772441000, "conversation_id": "c-1", "mapping": tree} | fields


BRANCHES = gpt(
    node("u1", "root", ["a1"], text="the lamp flickers"),
    node("a1", "u1", ["u2", "u3"], "assistant", "Since when?"),
    node("u2", "a1", text="since noon"),
    node("u3", "a1", ["a3"], text="since ten"),
    node("a3", "u3", (), "assistant", "I see."),
    current_node="u2",
)


def test_the_branch_that_was_kept_is_the_talk(tmp_path):
    reading = read(tmp_path, json.dumps([BRANCHES]), name="conversations.json")
    assert said(reading) == [("h", "", "the lamp flickers"), ("a", "", "Since when?"), ("h", "", "since noon")]
    talk = reading.conversations[0]
    assert (talk.id, talk.title, talk.turns[0].id, talk.turns[0].lines) == ("c-1", "Lamp", "u1", (1,))
    assert times(reading)[0] == "2026-03-02T09:00:00.500000+00:00"


def test_without_a_current_node_the_last_answers_were_kept(tmp_path):
    reading = read(tmp_path, json.dumps([BRANCHES | {"current_node": None}]), name="c.json")
    assert [text for _, _, text in said(reading)][2:] == ["since ten", "I see."]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param({"role": "system", "text": "be kind"}, ("s", "", "be kind"), id="system"),
        pytest.param({"role": "tool", "author": "python", "text": "42"}, ("t", "python", "42"), id="tool"),
        pytest.param({"role": "assistant", "text": "print(1)", "recipient": "python"}, None, id="call"),
        pytest.param({"role": "assistant", "content": {"content_type": "thoughts"}}, None, id="thought"),
        pytest.param(
            {"text": "I am Ana", "metadata": {"is_visually_hidden_from_conversation": True}},
            ("s", "", "I am Ana"),
            id="hidden",
        ),
        pytest.param(
            {"content": {"content_type": "user_editable_context", "user_profile": "I am Ana"}},
            ("s", "", "I am Ana"),
            id="custom instructions",
        ),
        pytest.param(
            {"content": {"content_type": "multimodal_text", "parts": [{"asset_pointer": "x"}, "see this"]}},
            ("h", "", "see this"),
            id="picture",
        ),
        pytest.param(
            {"content": {"content_type": "multimodal_text",
                         "parts": [{"content_type": "audio_transcription", "text": "hello"}]}},
            ("h", "", "hello"),
            id="voice",
        ),
        pytest.param(
            {"role": "assistant", "text": "So it is.\ue200cite\ue202turn0search1\ue201 Yes."},
            ("a", "", "So it is. Yes."),
            id="citation",
        ),
        pytest.param({"text": ""}, None, id="empty"),
    ],
)  # fmt: skip
def test_who_speaks_in_chatgpt(tmp_path, message, expected):
    log = gpt(node("u0", "root", ["m"], text="hi"), node("m", "u0", **message), current_node="m")
    assert said(read(tmp_path, json.dumps([log]), name="c.json"))[1:] == ([expected] if expected else [])


def test_what_is_not_understood_is_counted(tmp_path):
    log = gpt(node("u0", "root", content={"content_type": "hologram"}), current_node="u0")
    reading = read(tmp_path, json.dumps([log, {"id": "x"}]), name="c.json")
    assert [item.what for item in reading.not_understood] == ["content hologram", "conversation without messages"]


def test_lines_are_true_in_an_export_laid_out_anew(tmp_path):
    for log in ([BRANCHES, BRANCHES | {"conversation_id": "c-2"}], BRANCHES):
        text = json.dumps(log, indent=2)
        assert verbatim(read(tmp_path, text, name="c.json"), text)


def claude(*messages, **fields):
    talk = {"uuid": "c-1", "name": "Lamp", "created_at": "2026-03-02T09:00:00Z", "chat_messages": list(messages)}
    return talk | fields


def message(number, sender, text, **fields):
    content = [{"type": "text", "text": text}] if text else []
    time = f"2026-03-02T09:00:{number:02}Z"
    return {"uuid": f"m{number}", "sender": sender, "text": text, "content": content, "created_at": time} | fields


@pytest.mark.parametrize("wrapped", [True, False])
def test_claude_messages_are_put_in_order_of_time(tmp_path, wrapped):
    log = [claude(message(2, "assistant", "Since when?"), message(1, "human", "it flickers"), message(3, "human", ""))]
    reading = read(tmp_path, json.dumps({"conversations": log} if wrapped else log), name="c.json")
    assert said(reading) == [("h", "", "it flickers"), ("a", "", "Since when?")]
    assert reading.format == "claude-ai"


@pytest.mark.parametrize("leaf", ["m2", None])
def test_the_branch_of_claude_that_was_kept_is_the_talk(tmp_path, leaf):
    log = claude(
        message(1, "human", "one", parent_message_uuid="0000"),
        message(2, "assistant", "first answer", parent_message_uuid="m1"),
        message(3, "assistant", "second answer", parent_message_uuid="m1"),
        **({"current_leaf_message_uuid": leaf} if leaf else {}),
    )
    answer = "first answer" if leaf else "second answer"
    assert [text for _, _, text in said(read(tmp_path, json.dumps([log]), name="c.json"))] == ["one", answer]


def test_tools_thoughts_and_attachments_of_claude_are_no_talk(tmp_path):
    blocks = [
        {"type": "thinking", "thinking": "hm"},
        {"type": "text", "text": "Done."},
        {"type": "tool_use", "input": {}},
        {"type": "dance"},
    ]
    log = claude(message(1, "assistant", "flattened", content=blocks, attachments=[{"extracted_content": "TODO: x"}]))
    reading = read(tmp_path, json.dumps([log]), name="c.json")
    assert said(reading) == [("a", "", "Done.")]
    assert [item.what for item in reading.not_understood] == ["block dance"]


def test_ai_studio_leaves_out_thoughts_and_what_was_not_sent(tmp_path):
    chunks = [
        {"text": "the lamp flickers", "role": "user", "createTime": "2026-03-02T09:00:00Z"},
        {"driveImage": {"id": "x"}, "role": "user"},
        {"text": "thinking", "role": "model", "isThought": True},
        {"text": "Since when?", "role": "model"},
        {"parts": [{"text": "no ", "thought": True}, {"text": "Really?"}], "role": "model"},
        {"hologram": 1, "role": "user"},
    ]
    log = {"runSettings": {}, "systemInstruction": {"parts": [{"text": "be kind"}]},
           "chunkedPrompt": {"chunks": chunks, "pendingInputs": [{"text": "unsent", "role": "user"}]}}  # fmt: skip
    text = json.dumps(log, indent=2)
    reading = read(tmp_path, text, name="a prompt")
    assert said(reading) == [
        ("s", "", "be kind"), ("h", "", "the lamp flickers"), ("a", "", "Since when?"), ("a", "", "Really?"),
    ]  # fmt: skip
    assert verbatim(reading, text)
    assert [item.what for item in reading.not_understood] == ["chunk without text"]


EXPORTS = {
    "chatgpt": [BRANCHES, BRANCHES | {"current_node": "gone"}],
    "claude-ai": [claude(message(1, "human", "hi"))],
    "ai-studio": {"runSettings": {}, "chunkedPrompt": {"chunks": [{"text": "x", "role": "user"}]}},
}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_being_written_waits_and_one_cut_short_is_counted(tmp_path, name):
    text = json.dumps(EXPORTS[name])[:-1]
    assert not turns(read(tmp_path, text, name="x.json", log_format=name, settled=False))
    reading = read(tmp_path, text, name="y.json", log_format=name)
    assert [item.what for item in reading.not_understood] == ["JSON that breaks off"]


@settings(max_examples=60)
@given(data=st.data(), name=st.sampled_from(list(EXPORTS)))
def test_exports_with_anything_in_them_are_read_or_refused(tmp_path_factory, data, name):
    junk = st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just([]) | st.just({}) | st.just([{}])

    def bent(value):
        if data.draw(st.integers(0, 9)) == 0:
            return data.draw(junk)
        if isinstance(value, dict):
            return {key: bent(item) for key, item in value.items()}
        return [bent(item) for item in value] if isinstance(value, list) else value

    with suppress(LogError):
        read(tmp_path_factory.mktemp("x"), json.dumps(bent(EXPORTS[name])), log_format=name)
