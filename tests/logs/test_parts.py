"""A large log is read part by part: memory stays flat, and the parts say what the whole says."""

import json
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.logs.incremental import read_new, read_parts
from bot.logs.readers import READERS

TEXTS = ("The import hangs.", "Since when? I looked\nat the queue and the retry.", "TODO: drop the old table", "ok 42")


def time(number):
    return f"2026-03-01T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}"


def lines_of(records):
    return "".join(json.dumps(item) + "\n" for item in records)


def claude_code(said):
    return lines_of(
        {
            "type": ("user", "assistant")[i % 2],
            "uuid": f"u{i}",
            "sessionId": "s",
            "timestamp": f"{time(i)}Z",
            "message": {"role": ("user", "assistant")[i % 2], "content": [{"type": "text", "text": text}]},
        }
        for i, text in enumerate(said)
    )


def codex(said):
    head = {"type": "session_meta", "timestamp": f"{time(0)}Z", "payload": {"id": "c1", "timestamp": f"{time(0)}Z"}}
    kinds = ("user_message", "agent_message")
    events = (
        {"type": "event_msg", "timestamp": f"{time(i)}Z", "payload": {"type": kinds[i % 2], "message": text}}
        for i, text in enumerate(said)
    )
    return lines_of([head, *events])


def copilot_cli(said):
    head = {
        "type": "session.start",
        "parentId": None,
        "id": "e",
        "timestamp": f"{time(0)}Z",
        "data": {"sessionId": "p1", "producer": "copilot-agent", "copilotVersion": "1.0", "startTime": f"{time(0)}Z"},
    }
    kinds = ("user.message", "assistant.message")
    events = (
        {"type": kinds[i % 2], "id": f"e{i}", "parentId": "e", "timestamp": f"{time(i)}Z", "data": {"content": text}}
        for i, text in enumerate(said)
    )
    return lines_of([head, *events])


def messages(said):
    return lines_of({"role": ("user", "assistant")[i % 2], "content": text} for i, text in enumerate(said))


def slack_events(said):
    common = {"type": "message", "channel": "C1A2B3C4D"}
    return lines_of(
        {**common, "user": f"U{i % 3}A2B3C4D", "ts": f"1786451{i:03}.000100", "text": text}
        for i, text in enumerate(said)
    )


def pi(said):
    head = {"type": "session", "id": "p", "cwd": "/", "timestamp": f"{time(0)}Z"}
    entries = (
        {
            "type": "message",
            "id": f"m{i}",
            "timestamp": f"{time(i)}Z",
            "message": {"role": ("user", "assistant")[i % 2], "content": [{"type": "text", "text": text}]},
        }
        for i, text in enumerate(said)
    )
    return lines_of([head, *entries])


def irc_records(said):
    return "".join(
        f"17864510{i % 90 + 10}\n{('ann', 'bob')[i % 2]}\n{text.replace(chr(10), ' ')}\n\n"
        for i, text in enumerate(said)
    )


def markdown(said):
    return "# A talk\n\n" + "\n".join(
        f"**{('User', 'Claude')[i % 2]}:** {text}\n\n---\n"
        if i % 5 == 4
        else f"**{('User', 'Claude')[i % 2]}:** {text}\n"
        for i, text in enumerate(said)
    )


def headings(said):
    return "\n".join(
        f"## {('User', 'Assistant')[i % 2]}\n\n{text}\n\n```py\n# User: no\n```\n" for i, text in enumerate(said)
    )


def aider(said):
    head = "\n# aider chat started at 2026-03-01 10:00:00\n\n> Aider v1\n\n"
    return head + "".join(
        f"{text} So be it {i}.\n\n" if i % 2 else "".join(f"#### {line}  \n" for line in text.split("\n")) + "\n"
        for i, text in enumerate(said)
    )


def in_pairs(said):
    return [said[i : i + 2] for i in range(0, len(said), 2)]


def chatgpt(said, indent=None):
    def node(name, parent, role, text):
        message = {"id": name, "author": {"role": role}, "content": {"content_type": "text", "parts": [text]}}
        return {"id": name, "parent": parent, "children": [], "message": message}

    talks = [
        {"id": f"c{i}", "title": f"t{i}", "current_node": f"{i}-{len(pair) - 1}", "mapping": {
            f"{i}-{j}": node(f"{i}-{j}", f"{i}-{j - 1}", ("user", "assistant")[j], text)
            for j, text in enumerate(pair)}}
        for i, pair in enumerate(in_pairs(said))
    ]  # fmt: skip
    return json.dumps(talks, indent=indent)


def claude_ai(said):
    talks = [
        {"uuid": f"c{i}", "name": "", "chat_messages": [
            {"uuid": f"{i}-{j}", "sender": ("human", "assistant")[j], "text": text, "created_at": f"{time(j)}Z"}
            for j, text in enumerate(pair)]}
        for i, pair in enumerate(in_pairs(said))
    ]  # fmt: skip
    return json.dumps({"version": 1, "conversations": talks, "end": True})


def irc(said):
    return "".join(
        f"[{time(i)[11:]}] <{('ann', 'bob')[i % 2]}> {line}\n"
        for i, text in enumerate(said)
        for line in text.split("\n")
    )


LOGS = {
    "claude-code": claude_code,
    "codex": codex,
    "copilot-cli": copilot_cli,
    "messages-jsonl": messages,
    "pi": pi,
    "irc-records": irc_records,
    "slack-events": slack_events,
    "markdown": markdown,
    "headings": headings,
    "aider": aider,
    "irc": irc,
    "chatgpt": chatgpt,
    "chatgpt, indented": partial(chatgpt, indent=2),
    "claude-ai": claude_ai,
}


def by_line(readings):
    """Who said what on which line; where a turn ends matters to nobody."""
    turns = [turn for reading in readings for talk in reading.conversations for turn in talk.turns]
    return sorted(
        (line, turn.role, turn.speaker, text)
        for turn in turns
        for line, text in zip(turn.lines, turn.text.split("\n"), strict=True)
        if text.strip()
    )


def talks(readings):
    return {talk.id for reading in readings for talk in reading.conversations}


@pytest.mark.parametrize("make", LOGS.values(), ids=LOGS)
@settings(max_examples=25)
@given(said=st.lists(st.sampled_from(TEXTS), min_size=8, max_size=60), limit=st.integers(40, 3_000))
def test_the_parts_of_a_log_say_what_the_whole_says(tmp_path_factory, make, said, limit):
    log = tmp_path_factory.mktemp("parts") / "log.txt"
    log.write_text(make(said))
    whole = read_new(log, name="log")
    parts = list(read_parts(log, name="log", limit=limit))
    start = max(number for number, part in enumerate(parts) if part.change != "grown")
    assert by_line(parts[start:]) == by_line([whole])
    assert talks(parts[start:]) == talks([whole])
    assert parts[-1].cursor.offset == whole.cursor.offset
    assert not parts[-1].more


@pytest.mark.parametrize("make", LOGS.values(), ids=LOGS)
def test_no_part_is_much_larger_than_the_limit(tmp_path, make):
    log = tmp_path / "log.txt"
    log.write_text(make(TEXTS * 400))
    parts = list(read_parts(log, name="log", limit=8_000))
    assert len(parts) > 3
    assert max(part.bytes_read for part in parts) < 12_000


def test_every_reader_that_takes_logs_in_parts_is_tried():
    named = {r.name for r in READERS if getattr(r, "appended", False) or getattr(r, "in_parts", False)}
    assert named - {"markdown", *LOGS} == set()


def test_one_turn_longer_than_the_limit_is_read_whole(tmp_path):
    log = tmp_path / "talk.md"
    log.write_text("**User:** hi\n\n**Claude:** " + "a line of the answer\n" * 2_000 + "\n**User:** thanks\n")
    parts = list(read_parts(log, name="talk.md", limit=1_000))
    assert by_line(parts) == by_line([read_new(log, name="talk.md")])


def test_an_export_that_changes_between_two_parts_is_read_from_its_start(tmp_path):
    log = tmp_path / "conversations.json"
    log.write_text(chatgpt(TEXTS * 10))
    first = read_new(log, name="log", limit=1_000)
    log.write_text(chatgpt(TEXTS[::-1] * 10))
    second = read_new(log, name="log", cursor=first.cursor)
    assert (first.more, second.change, len(talks([second]))) == (True, "rewritten", 20)


def test_an_export_that_is_still_being_written_waits_for_its_end(tmp_path):
    log, text = tmp_path / "conversations.json", claude_ai(TEXTS * 10)
    log.write_text(text[:-400])
    parts = [read_new(log, name="log", limit=1_000, settled=False)]
    while parts[-1].more:
        parts.append(read_new(log, name="log", cursor=parts[-1].cursor, limit=1_000, settled=False))
    log.write_text(text)
    parts.append(read_new(log, name="log", cursor=parts[-1].cursor))
    assert talks(parts) == talks([read_new(log, name="log")])
    assert [part.change for part in parts][1:] == ["grown"] * (len(parts) - 1)
