import json

import pytest

from bot.logs.incremental import read_new


def say(kind, text="", number=0, /, **fields):
    return {"ts": 1_770_000_000_000 + number, "type": "say", "say": kind, "text": text, **fields}


def ask(kind, text="", number=0, /, **fields):
    return {"ts": 1_770_000_000_000 + number, "type": "ask", "ask": kind, "text": text, **fields}


def read(tmp_path, value, name="ui_messages.json", indent=None, **how):
    log = tmp_path / name
    log.write_text(json.dumps(value, indent=indent))
    return read_new(log, name=name, **how)


def said_in(reading):
    return [(turn.role[0], turn.text) for talk in reading.conversations for turn in talk.turns]


TASK = say("text", "fix it", 1)


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        pytest.param([], [], id="the first text is the task"),
        pytest.param([say("text", "I see")], [("a", "I see")], id="later texts are the assistant's"),
        pytest.param([say("text", "", partial=True)], [], id="stream cut off"),
        pytest.param([say("user_feedback", "not so")], [("h", "not so")], id="feedback"),
        pytest.param([say("user_feedback_diff", '{"tool":"x"}')], [("t", '{"tool":"x"}')], id="changed code"),
        pytest.param(
            [say("completion_result", "done"), ask("completion_result")], [("a", "done")], id="result and its twin"
        ),
        pytest.param([ask("followup", '{"question":"Which?","options":["a"]}')], [("a", "Which?")], id="question"),
        pytest.param([ask("followup", "Which?")], [("a", "Which?")], id="question of old logs"),
        pytest.param([ask("plan_mode_respond", '{"response":"A plan"}')], [("a", "A plan")], id="plan"),
        pytest.param([say("tool", "{}"), say("command_output", "ok")], [("t", "{}"), ("t", "ok")], id="tools"),
        pytest.param([say("api_req_started", "<task>fix it</task>")], [], id="request repeats the prompt"),
        pytest.param([say("reasoning", "TODO"), ask("resume_task"), say("error_retry", "x")], [], id="bookkeeping"),
        pytest.param([say("error", "boom")], [("s", "boom")], id="error"),
    ],
)
def test_what_the_person_saw_goes_to_the_right_role(tmp_path, entries, said):
    reading = read(tmp_path, [TASK, *entries])
    assert (reading.format, said_in(reading)) == ("cline", [("h", "fix it"), *said])


def user(*texts, **fields):
    return {"role": "user", "content": [{"type": "text", "text": text} for text in texts], **fields}


FIRST = user("<task>\nfix it\n</task>", "<environment_details>\n# TODO\n</environment_details>")
DETAILS = "<environment_details>\nTODO\n</environment_details>"
READ = "[read_file for 'a'] Result:"
DENIED = "[write_to_file for 'a'] Result:\nThe user denied this operation and provided the following feedback:\n"


@pytest.mark.parametrize(
    ("message", "said"),
    [
        pytest.param(user("plain words"), [("h", "plain words")], id="typed"),
        pytest.param(user(READ, "TODO"), [("t", READ), ("t", "TODO")], id="result in two blocks"),
        pytest.param(user(f"{READ}\n<feedback>no</feedback>"), [("t", f"{READ}\n<feedback>no</feedback>")], id="file"),
        pytest.param(user(f"{DENIED}<feedback>\nnot so\n</feedback>"), [("t", DENIED), ("h", "not so")], id="denied"),
        pytest.param(
            user("[ask_followup_question for 'x'] Result:\n<answer>\nthe left\n</answer>"),
            [("t", "[ask_followup_question for 'x'] Result:\n"), ("h", "the left")],
            id="answer",
        ),
        pytest.param(user("[ERROR] You did not use a tool"), [("s", "[ERROR] You did not use a tool")], id="nudge"),
        pytest.param(user("why is <task> in it?"), [("h", "why is <task> in it?")], id="a tag quoted"),
        pytest.param(
            {"role": "user", "content": [{"type": "tool_result", "content": [{"type": "text", "text": "ok"}]}]},
            [("t", "ok")],
            id="native result",
        ),
        pytest.param(
            user("[TASK RESUMPTION] It was interrupted.\n<user_message>\ngo on\n</user_message>"),
            [("s", "[TASK RESUMPTION] It was interrupted.\n"), ("h", "go on")],
            id="resumed",
        ),
        pytest.param(user("<task>\nfix it, and"), [("h", "<task>\nfix it, and")], id="tag cut off"),
        pytest.param(user(f"words\n{DETAILS}"), [("h", "words\n"), ("s", DETAILS)], id="details behind words"),
        pytest.param({"role": "assistant", "content": "done"}, [("a", "done")], id="plain string"),
    ],
)  # fmt: skip
def test_what_the_model_saw_goes_to_the_right_role(tmp_path, message, said):
    reading = read(tmp_path, [FIRST, message], "api_conversation_history.json")
    assert reading.format == "cline"
    assert said_in(reading) == [("h", "fix it"), ("s", "<environment_details>\n# TODO\n</environment_details>"), *said]


def test_the_models_view_is_left_where_the_persons_lies_beside_it(tmp_path):
    (tmp_path / "ui_messages.json").write_text(json.dumps([TASK]))
    log = tmp_path / "api_conversation_history.json"
    log.write_text(json.dumps([FIRST]))
    reading = read_new(log, name="api_conversation_history.json")
    assert (said_in(reading), [item.count for item in reading.not_understood]) == ([], [1])


def test_a_session_of_the_sdk_is_read(tmp_path):
    messages = [
        user("fix it", id="m1", ts=1_770_000_000_000),
        user("so far", metadata={"kind": "compaction_summary"}),
        {"role": "assistant", "content": [{"type": "text", "text": "done"}], "modelInfo": {"id": "m-5"}},
        {"role": "user", "content": [{"type": "file", "content": "TODO"}, {"type": "text", "text": "more"}]},
    ]
    session = {"version": 1, "agent": "lead", "sessionId": "s1", "messages": messages, "system_prompt": "TODO"}
    talk = read(tmp_path, session, "s1.messages.json").conversations[0]
    assert [(turn.role[0], turn.text) for turn in talk.turns] == [
        ("h", "fix it"), ("s", "so far"), ("a", "done"), ("h", "more")
    ]  # fmt: skip
    assert (talk.id, talk.started.year, talk.turns[2].speaker) == ("s1", 2026, "m-5")


def test_turns_have_times_and_the_lines_of_their_texts(tmp_path):
    talk = read(tmp_path, [TASK, say("completion_result", "done\nso", 2)], indent=1).conversations[0]
    assert [list(turn.lines) for turn in talk.turns] == [[6], [12, 12]]
    assert (talk.id, talk.turns[0].time.isoformat()) == ("1770000000001", "2026-02-02T02:40:00.001000+00:00")


def test_an_unknown_kind_is_counted(tmp_path):
    reading = read(tmp_path, [TASK, say("hologram", "x"), say("hologram", "y")], indent=0)
    assert [(item.what, item.count, item.line) for item in reading.not_understood] == [("say hologram", 2, 11)]


def test_a_task_that_grew_is_read_anew(tmp_path):
    first = read(tmp_path, [TASK])
    second = read(tmp_path, [TASK, say("text", "I see", 2)], cursor=first.cursor)
    assert (second.change, said_in(second)) == ("rewritten", [("h", "fix it"), ("a", "I see")])


def test_a_task_cut_short_is_read_as_far_as_it_goes(tmp_path):
    log = tmp_path / "ui_messages.json"
    log.write_text(json.dumps([TASK, say("text", "I see", 2)])[:-40])
    assert said_in(read_new(log, name="u", settled=False)) == []
    reading = read_new(log, name="u")
    assert [item.what for item in reading.not_understood] == ["entry missing", "JSON that breaks off"]
    assert said_in(reading)[0] == ("h", "fix it")


def test_an_export_as_markdown_tells_what_was_typed(tmp_path):
    log = tmp_path / "cline_task.md"
    asked = f"**User:**\n\n<task>\nfix it\n</task>\n\n{DETAILS}"
    told = f"**User:**\n\n[Tool]\nTODO\n{DETAILS}\n\n---\n\n**Assistant:**\n\nDone"
    log.write_text(f"{asked}\n\n---\n\n**Assistant:**\n\nI look\n\n---\n\n{told}\n")
    turns = read_new(log, name="cline_task.md").conversations[0].turns
    human = [turn for turn in turns if turn.role == "human"]
    assert [(turn.text.strip(), turn.lines[0]) for turn in human] == [("fix it", 4)]
    assert [turn.role for turn in turns if "TODO" in turn.text] == ["system", "tool", "system"]
