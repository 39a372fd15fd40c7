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
    assert [item.what for item in reading.not_understood] == ["record that is no message", "role ghost"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('[{"role": "admin", "name": "x"}]', id="roles of accounts"),
        pytest.param('{"messages": {"en": "hello"}}', id="translations"),
        pytest.param('[{"content": "x", "id": 1}]', id="no roles"),
        pytest.param('{"sessionId": "1", "messages": [{"role": "user", "content": "x"}]}', id="another format"),
        pytest.param('{"level": "info", "msg": "messages"}\n' * 3, id="program log"),
    ],
)
def test_other_documents_are_no_messages(tmp_path, text):
    with suppress(LogError):
        assert not read(tmp_path, text, name="n.json").format.startswith("messages")


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
