import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.logs.incremental import read_new

SESSION = "0f0e0d0c-1111-2222-3333-444455556666"


def record(kind, number=0, **fields):
    head = {
        "type": kind,
        "sessionId": SESSION,
        "uuid": f"u{number}",
        "timestamp": f"2026-03-04T05:06:{number % 60:02}Z",
    }
    return head | fields


def user(content, number=0, **fields):
    return record("user", number, message={"role": "user", "content": content}, **fields)


def assistant(content, number=0, **fields):
    return record("assistant", number, message={"role": "assistant", "content": content}, **fields)


def text(said):
    return {"type": "text", "text": said}


def result(said, **fields):
    return {"type": "tool_result", "content": said, **fields}


def queued(operation, said=None):
    return {
        "type": "queue-operation",
        "operation": operation,
        "sessionId": SESSION,
        **({"content": said} if said else {}),
    }


def attachment(**fields):
    return record("attachment", 7, attachment=fields)


def read(tmp_path, records, **how):
    log = tmp_path / "s.jsonl"
    log.write_text("\n".join(json.dumps(item) for item in records) + "\n")
    return read_new(log, name="s.jsonl", format="claude-code", **how)


def said_in(reading):
    return [(turn.role[0], turn.text) for conversation in reading.conversations for turn in conversation.turns]


REFUSED = "The tool use was rejected. To tell you how to proceed, the user said:\n"


@pytest.mark.parametrize(
    ("item", "said"),
    [
        pytest.param(user("fix it"), [("h", "fix it")], id="plain text"),
        pytest.param(user([text("fix"), text("it")]), [("h", "fix\nit")], id="blocks of one message"),
        pytest.param(user([result("a"), text("mind b")]), [("t", "a"), ("h", "mind b")], id="comment beside a result"),
        pytest.param(
            user([result([text("a"), {"type": "image", "source": {"data": "QUJD"}}])]), [("t", "a")], id="image"
        ),
        pytest.param(
            user([result(f"{REFUSED}not this way", is_error=True)]),
            [("t", REFUSED), ("h", "not this way")],
            id="refusal",
        ),
        pytest.param(user([result(f"{REFUSED}not this way")]), [("t", f"{REFUSED}not this way")], id="quoted refusal"),
        pytest.param(
            user([result(f"{REFUSED}The user wants to clarify these", is_error=True)]),
            [("t", f"{REFUSED}The user wants to clarify these")],
            id="template",
        ),
        pytest.param(
            user([result("asked")], toolUseResult={"answers": {"Which?": "The left one"}}),
            [("t", "asked"), ("h", "The left one")],
            id="answers",
        ),
        pytest.param(user("body of a skill", isMeta=True), [("s", "body of a skill")], id="meta"),
        pytest.param(user("skill", sourceToolUseID="t1"), [("s", "skill")], id="from a tool"),
        pytest.param(user("ping", origin={"kind": "task-notification"}), [("s", "ping")], id="another origin"),
        pytest.param(user("hi", origin={"kind": "human"}), [("h", "hi")], id="human origin"),
        pytest.param(user("auto", promptSource="system"), [("s", "auto")], id="prompt of the system"),
        pytest.param(user("hi", promptSource="typed"), [("h", "hi")], id="typed prompt"),
        pytest.param(
            user("All of it so far", isCompactSummary=True), [("s", "All of it so far")], id="compact summary"
        ),
        pytest.param(
            user("This session is being continued from a previous conversation. TODO"),
            [("s", "This session is being continued from a previous conversation. TODO")],
            id="old summary",
        ),
        pytest.param(user("look there", isSidechain=True), [("s", "look there")], id="prompt of an agent"),
        pytest.param(assistant([text("found")], isSidechain=True), [("t", "found")], id="answer of a sub-agent"),
        pytest.param(
            user("<command-message>go</command-message>\n<command-args>the parser</command-args>"),
            [
                ("s", "<command-message>go</command-message>\n<command-args>"),
                ("h", "the parser"),
                ("s", "</command-args>"),
            ],
            id="command with arguments",
        ),
        pytest.param(
            user("<command-name>/clear</command-name><command-args></command-args>"),
            [("s", "<command-name>/clear</command-name><command-args></command-args>")],
            id="command without",
        ),
        pytest.param(
            user([text("<ide_opened_file>a.py</ide_opened_file>"), text("rename it")]),
            [("s", "<ide_opened_file>a.py</ide_opened_file>"), ("h", "rename it")],
            id="opened file before text",
        ),
        pytest.param(
            user("[Request interrupted by user for tool use]"),
            [("s", "[Request interrupted by user for tool use]")],
            id="interrupted",
        ),
        pytest.param(
            user("why is there <task-notification> in it?"),
            [("h", "why is there <task-notification> in it?")],
            id="a tag quoted later on",
        ),
        pytest.param(
            user([result("out<system-reminder>be good</system-reminder>")]), [("t", "out")], id="reminder in a result"
        ),
        pytest.param(
            assistant([{"type": "thinking", "thinking": "hm"}, text("done"), {"type": "tool_use", "input": {}}]),
            [("a", "done")],
            id="assistant text only",
        ),
        pytest.param(
            assistant([text("API Error: 500")], isApiErrorMessage=True), [("s", "API Error: 500")], id="api error"
        ),
        pytest.param(
            record("system", content="Conversation compacted"), [("s", "Conversation compacted")], id="system"
        ),
        pytest.param(
            attachment(type="queued_command", prompt="also b", commandMode="prompt"),
            [("h", "also b")],
            id="queued command",
        ),
        pytest.param(attachment(type="queued_command", prompt=[text("also b")]), [("h", "also b")], id="queued blocks"),
        pytest.param(
            attachment(type="queued_command", prompt="x", commandMode="task-notification"),
            [("s", "x")],
            id="queued notification",
        ),
        pytest.param(
            attachment(type="queued_command", prompt="x", origin={"kind": "agent"}),
            [("s", "x")],
            id="queued by an agent",
        ),
        pytest.param(attachment(type="hook_success", content="TODO"), [], id="other attachment"),
        pytest.param(record("progress", data={"message": {"content": "TODO"}}), [], id="progress"),
        pytest.param(record("last-prompt", lastPrompt="fix it"), [], id="last prompt"),
        pytest.param(queued("enqueue", "and c"), [("h", "and c")], id="only copy in the queue"),
        pytest.param(queued("enqueue", '{"task_id":"b1"}'), [], id="task in the queue"),
    ],
)
def test_each_record_gives_its_words_to_the_right_role(tmp_path, item, said):
    assert said_in(read(tmp_path, [item])) == said


@pytest.mark.parametrize(
    ("after", "said"),
    [
        pytest.param([user("b", 3)], [(3, "b")], id="copied as a user record"),
        pytest.param(
            [queued("remove"), attachment(type="queued_command", prompt="b")], [(4, "b")], id="copied as an attachment"
        ),
        pytest.param([queued("popAll", "b")], [], id="taken back"),
        pytest.param([queued("dequeue"), queued("popAll")], [(2, "b")], id="sent before the rest was taken back"),
        pytest.param([assistant("ok", 3)], [(2, "b")], id="never copied"),
    ],
)
def test_a_queued_message_is_told_once(tmp_path, after, said):
    reading = read(tmp_path, [user("a", 1), queued("enqueue", "b"), *after])
    human = [turn for turn in reading.conversations[0].turns if turn.role == "human"][1:]
    assert [(turn.lines[0], turn.text) for turn in human] == said


def test_a_queued_message_told_early_is_not_told_again_by_its_copy(tmp_path):
    first = read(tmp_path, [user("a", 1), queued("enqueue", "b")])
    second = read(tmp_path, [user("a", 1), queued("enqueue", "b"), user("b", 2), user("c", 3)], cursor=first.cursor)
    assert said_in(first) == [("h", "a"), ("h", "b")]
    assert said_in(second) == [("h", "c")]


def test_a_record_copied_within_a_log_counts_once_and_keeps_its_id(tmp_path):
    reading = read(tmp_path, [user("a", 1), user("a", 1), user([result("x"), text("b")], 2)])
    assert [turn.id for turn in reading.conversations[0].turns] == ["u1", "u2", "u2/1"]


def test_conversations_go_by_session_with_title_and_start(tmp_path):
    other = user("c", 9) | {"sessionId": "other"}
    title = {"type": "ai-title", "aiTitle": "Parser", "sessionId": SESSION}
    first, second = read(tmp_path, [user("a", 1), title, other, user("b", 2)]).conversations
    assert (first.id, first.title, len(first.turns), first.started) == (SESSION, "Parser", 2, first.turns[0].time)
    assert (second.id, len(second.turns)) == ("other", 1)


def test_each_line_of_a_text_carries_the_line_of_its_record(tmp_path):
    turn = read(tmp_path, [user("a"), assistant([text("b\nc\u2028d\n")], 2)]).conversations[0].turns[1]
    assert (turn.text, list(turn.lines)) == ("b\nc\u2028d\n", [2, 2, 2])


def test_long_tool_output_is_cut_and_what_people_say_is_not(tmp_path):
    turns = read(tmp_path, [user([result("x" * 30_000)]), user("y" * 30_000, 2)]).conversations[0].turns
    assert [len(turn.text) for turn in turns] == [20_000, 30_000]


def test_an_unknown_record_type_is_counted_with_its_first_line(tmp_path):
    reading = read(tmp_path, [user("a"), record("hologram", 2), record("hologram", 3)])
    assert [(item.what, item.count, item.line) for item in reading.not_understood] == [("record type hologram", 2, 2)]


def test_fields_of_an_odd_shape_do_not_lose_the_record(tmp_path):
    odd = user([text("a"), 7, {"type": 3, "text": ["x"]}], isMeta="no", timestamp=5, origin="x", toolUseResult=[1])
    assert said_in(read(tmp_path, [odd])) == [("h", "a")]


said = st.text('abé😀 \u2028{}"\\', min_size=1, max_size=9).map("a{}".format) | st.sampled_from(
    ["queued a", "queued b"]
)
items = st.one_of(
    said.map(user),
    said.map(lambda words: assistant([text(words)])),
    said.map(lambda words: user([result(words)])),
    said.map(lambda words: queued("enqueue", words)),
    st.sampled_from([queued("dequeue"), queued("popAll")]),
    st.just(record("hologram")),
)


@settings(max_examples=80, deadline=None)
@given(data=st.data(), records=st.lists(items, min_size=1, max_size=8), end=st.sampled_from(["", "\n"]))
def test_reading_in_two_steps_gives_the_turns_of_one_step(data, records, end):
    numbered = [item | ({"uuid": f"u{number}"} if "uuid" in item else {}) for number, item in enumerate(records)]
    content = ("\n".join(map(json.dumps, numbered)) + end).encode()
    split = data.draw(st.integers(0, len(content)))
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "s.jsonl"
        log.write_bytes(content)
        whole = read_new(log, name="s", format="claude-code")
        log.write_bytes(content[:split])
        first = read_new(log, name="s", format="claude-code", settled=False)
        log.write_bytes(content)
        second = read_new(log, name="s", format="claude-code", cursor=first.cursor)
    steps = (first, second) if second.change == "grown" else (second,)
    turns = [turn for reading in steps for talk in reading.conversations for turn in talk.turns]
    assert sorted(turns, key=lambda turn: turn.lines[0]) == [t for talk in whole.conversations for t in talk.turns]
