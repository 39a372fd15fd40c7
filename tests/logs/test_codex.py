import json

import pytest

from bot.logs.incremental import read_new

META = {"id": "s-1", "timestamp": "2026-03-04T05:06:07Z", "cli_version": "0.99.0", "originator": "codex_cli"}


def record(kind, payload):
    return {"timestamp": "2026-03-04T05:06:08Z", "type": kind, "payload": payload}


def meta(**fields):
    return record("session_meta", META | fields)


def event(kind, /, **fields):
    return record("event_msg", {"type": kind, **fields})


def item(kind, /, **fields):
    return record("response_item", {"type": kind, **fields})


def message(role, *texts):
    return item("message", role=role, content=[{"type": "input_text", "text": text} for text in texts])


def read(tmp_path, records, end="\n", **how):
    log = tmp_path / "rollout.jsonl"
    log.write_text("\n".join(json.dumps(item) for item in records) + end)
    return read_new(log, name="rollout.jsonl", **how)


def said_in(reading):
    return [(turn.role[0], turn.text) for talk in reading.conversations for turn in talk.turns]


ASKED = json.dumps({"answers": {"q1": {"answers": ["the left one", "user_note: soon"]}}})
IDE = "# Context from my IDE setup:\n\n## Open tabs:\n- a.py\n\n## My request for Codex:\nrename it"


@pytest.mark.parametrize(
    ("records", "said"),
    [
        pytest.param(
            [message("user", "fix it"), event("user_message", message="fix it")], [("h", "fix it")], id="told once"
        ),
        pytest.param(
            [event("agent_message", message="done"), message("assistant", "done")], [("a", "done")], id="answer once"
        ),
        pytest.param(
            [message("user", "fix it"), message("assistant", "done")], [("h", "fix it"), ("a", "done")], id="one view"
        ),
        pytest.param(
            [event("item_completed", item={"type": "UserMessage", "content": [{"type": "text", "text": "fix"}]})],
            [("h", "fix")],
            id="paginated thread",
        ),
        pytest.param(
            [event("item_completed", item={"type": "HookPrompt", "content": [{"type": "Text", "text": "go on"}]})],
            [("s", "go on")],
            id="prompt of a hook",
        ),
        pytest.param(
            [event("item_completed", item={"type": "Plan", "text": "1. look"})], [("a", "1. look")], id="plan"
        ),
        pytest.param([message("developer", "TODO: obey")], [("s", "TODO: obey")], id="developer"),
        pytest.param(
            [message("user", "# AGENTS.md instructions for /x\n\nTODO"), event("user_message", message="go")],
            [("s", "# AGENTS.md instructions for /x\n\nTODO"), ("h", "go")],
            id="AGENTS.md",
        ),
        pytest.param(
            [message("user", "<environment_context>x</environment_context>", "fix it")],
            [("s", "<environment_context>x</environment_context>"), ("h", "fix it")],
            id="context in a block of its own",
        ),
        pytest.param(
            [event("user_message", message="<user_instructions>x", kind="user_instructions")], [], id="kind of old logs"
        ),
        pytest.param(
            [event("user_message", message=IDE)],
            [("s", IDE[: IDE.index("## My")]), ("h", "rename it")],
            id="context of the editor",
        ),
        pytest.param(
            [event("user_message", message="why is # Context from my IDE setup: there?")],
            [("h", "why is # Context from my IDE setup: there?")],
            id="a wrapper quoted",
        ),
        pytest.param([item("function_call_output", output="ok")], [("t", "ok")], id="tool"),
        pytest.param([item("function_call_output", output='{"output":"ok","metadata":{}}')], [("t", "ok")], id="old"),
        pytest.param(
            [item("custom_tool_call_output", output=[{"type": "input_text", "text": "ok"}])], [("t", "ok")], id="blocks"
        ),
        pytest.param(
            [
                item("function_call", name="request_user_input", call_id="c1", arguments="{}"),
                item("function_call_output", call_id="c1", output=ASKED),
            ],
            [("h", "the left one\nsoon")],
            id="answers",
        ),
        pytest.param([item("reasoning", summary=[{"text": "TODO"}])], [], id="reasoning"),
        pytest.param([event("task_complete", last_agent_message="done")], [], id="repeated at the end"),
        pytest.param(
            [record("compacted", {"message": "so far", "replacement_history": [{"type": "message"}]})],
            [("s", "so far")],
            id="compacted",
        ),
        pytest.param(
            [event("exited_review_mode", review_output={"overall_explanation": "no", "findings": [{"title": "leak"}]})],
            [("a", "no\nleak")],
            id="review",
        ),
    ],
)
def test_each_record_gives_its_words_to_the_right_role(tmp_path, records, said):
    assert said_in(read(tmp_path, [meta(), *records])) == said


@pytest.mark.parametrize("fields", [{"thread_source": "subagent"}, {"source": {"subagent": "review"}}])
def test_a_sub_agent_talks_with_an_agent_and_not_with_a_person(tmp_path, fields):
    records = [meta(**fields), event("user_message", message="look"), event("agent_message", message="found")]
    assert said_in(read(tmp_path, records)) == [("s", "look"), ("t", "found")]


def test_the_first_generation_without_envelopes_is_read(tmp_path):
    records = [
        {"id": "old-1", "timestamp": "2025-06-01T02:03:04Z", "instructions": None},
        {"record_type": "state"},
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "fix it"}]},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "done"}]},
        {"type": "function_call_output", "call_id": "c", "output": "ok"},
    ]
    reading = read(tmp_path, records)
    assert (reading.format, reading.conversations[0].id) == ("codex", "old-1")
    assert said_in(reading) == [("h", "fix it"), ("a", "done"), ("t", "ok")]


def test_a_session_has_its_id_start_model_and_lines(tmp_path):
    records = [meta(), record("turn_context", {"model": "m-5"}), event("agent_message", message="a\nb"), meta(id="x")]
    talk = read(tmp_path, records).conversations[0]
    assert (talk.id, talk.started.isoformat()) == ("s-1", "2026-03-04T05:06:07+00:00")
    assert [(turn.speaker, list(turn.lines)) for turn in talk.turns] == [("m-5", [3, 3])]


def test_records_that_a_fork_repeats_have_the_ids_of_the_session_it_left(tmp_path):
    talk = [event("user_message", message="fix it"), event("agent_message", message="done")]
    parent = read(tmp_path, [meta(), *talk]).conversations[0]
    fork = read(tmp_path, [meta(id="s-2", forked_from_id="s-1"), meta(), *talk, event("user_message", message="more")])
    assert fork.conversations[0].id == "s-2"
    assert [turn.id for turn in fork.conversations[0].turns][:2] == [turn.id for turn in parent.turns]


def test_the_models_view_waits_for_the_persons_while_the_log_is_written(tmp_path):
    early = [meta(), message("user", "fix it")]
    first = read(tmp_path, early, settled=False)
    assert said_in(first) == []
    late = [*early, event("user_message", message="fix it"), event("agent_message", message="done")]
    second = read(tmp_path, late, cursor=first.cursor)
    assert (second.change, said_in(second)) == ("grown", [("h", "fix it"), ("a", "done")])


def test_a_person_view_that_comes_late_has_the_log_read_anew(tmp_path):
    early = [meta(), message("user", "fix it")]
    first = read(tmp_path, early)
    second = read(tmp_path, [*early, event("user_message", message="fix it")], cursor=first.cursor)
    assert (second.change, said_in(second)) == ("rewritten", [("h", "fix it")])


def test_what_is_unknown_is_counted_with_its_first_line(tmp_path):
    records = [meta(), record("hologram", {}), event("sneeze"), item("aura"), record("hologram", {}), {"a": 1}, "x"]
    records.append(event("user_message", message="still heard"))
    reading = read(tmp_path, records)
    assert [(item.what, item.count, item.line) for item in reading.not_understood] == [
        ("record type hologram", 2, 2),
        ("event sneeze", 1, 3),
        ("item aura", 1, 4),
        ("record type missing without payload", 1, 6),
        ("JSON that is no record", 1, 7),
    ]
    assert said_in(reading) == [("h", "still heard")]


def test_a_record_cut_short_is_read_when_it_is_complete(tmp_path):
    records = [meta(), event("user_message", message="a"), event("agent_message", message="b")]
    whole = "\n".join(json.dumps(item) for item in records)
    log = tmp_path / "rollout.jsonl"
    log.write_text(whole[:-9])
    first = read_new(log, name="r")
    log.write_text(whole)
    assert said_in(read_new(log, name="r", cursor=first.cursor)) == [("a", "b")]
    assert [(item.what, item.line) for item in first.not_understood] == [("last line cut short", 3)]


def test_a_first_record_longer_than_what_detection_sees_is_known(tmp_path):
    reading = read(tmp_path, [meta(base_instructions="x" * 200_000), event("user_message", message="a")])
    assert (reading.format, said_in(reading)) == ("codex", [("h", "a")])


def test_an_assistant_whom_only_the_model_heard_is_not_lost(tmp_path):
    records = [
        meta(),
        event("user_message", message="fix it"),
        message("assistant", "I look"),
        message("user", "fix it"),
    ]
    assert said_in(read(tmp_path, records)) == [("h", "fix it"), ("a", "I look")]


@pytest.mark.parametrize("cut", range(0, 1300, 60))
@pytest.mark.parametrize("events", [True, False])
def test_reading_in_two_steps_hears_what_one_step_hears(tmp_path, cut, events):
    records = [meta(), message("developer", "obey"), record("hologram", {}), message("user", "fix it")]
    records += [event("user_message", message="fix it")] if events else []
    records += [item("function_call_output", output="ok"), message("assistant", "done"), message("user", "more")]
    records += [event("agent_message", message="done"), event("user_message", message="more")] if events else []
    whole = read(tmp_path, records)
    log = tmp_path / "rollout.jsonl"
    content = log.read_bytes()
    log.write_bytes(content[:cut])
    first = read_new(log, name="r", format="codex", settled=False)
    log.write_bytes(content)
    second = read_new(log, name="r", format="codex", cursor=first.cursor)
    before = (first,) if second.change == "grown" else ()
    turns = [turn for reading in (*before, second) for talk in reading.conversations for turn in talk.turns]
    assert sorted(turns, key=lambda turn: turn.lines[0]) == [t for talk in whole.conversations for t in talk.turns]
    assert sum(item.count for reading in (*before, second) for item in reading.not_understood) == 1
