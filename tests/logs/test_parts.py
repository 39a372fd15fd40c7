"""A large log is read part by part: memory stays flat, and the parts say what the whole says."""

import json

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


def test_every_reader_of_logs_that_are_appended_to_is_tried():
    named = {reader.name for reader in READERS if getattr(reader, "appended", False)}
    assert named - {"markdown", *LOGS} == set()


def test_one_turn_longer_than_the_limit_is_read_whole(tmp_path):
    log = tmp_path / "talk.md"
    log.write_text("**User:** hi\n\n**Claude:** " + "a line of the answer\n" * 2_000 + "\n**User:** thanks\n")
    parts = list(read_parts(log, name="talk.md", limit=1_000))
    assert by_line(parts) == by_line([read_new(log, name="talk.md")])
