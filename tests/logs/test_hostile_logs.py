"""Logs are hostile input: whatever stands in them, a reader answers with turns, counts or one line of error."""

import json
import random
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.logs.base import LogError
from bot.logs.incremental import read_new
from bot.logs.readers import READERS
from bot.logs.summary import describe

GOOD = '{"type":"user","sessionId":"s","uuid":"%s","message":{"role":"user","content":"%s"}}\n'
DEEP = '{"type":"user","sessionId":"s","message":' + '{"a":' * 60_000 + "1" + "}" * 60_001


@pytest.mark.parametrize(
    ("line", "what"),
    [
        pytest.param(b'{"type":"user","sessionId":"s","mess', "broken JSON", id="truncated"),
        pytest.param(b"\x80\x81\xfe\xff", "broken JSON", id="no JSON"),
        pytest.param(b"[1,2]", "JSON that is no record", id="array"),
        pytest.param(b"9" * 5000, "broken JSON", id="huge integer"),
        pytest.param(DEEP.encode(), "JSON nested too deeply", id="deep"),
        pytest.param(b'{"type":"user\\n\\u0000<b>","sessionId":"s"}', "record type user???b?", id="odd type"),
        pytest.param(b"{}", "record type missing", id="empty record"),
    ],
)
def test_a_bad_line_is_counted_and_its_neighbours_are_read(tmp_path, line, what):
    log = tmp_path / "s.jsonl"
    log.write_bytes((GOOD % ("1", "a")).encode() + line + b"\n" + (GOOD % ("2", "b")).encode())
    summary = describe(log, name="s.jsonl")
    assert summary.turns["human"] == 2
    assert [(item.what, item.count, item.line) for item in summary.not_understood] == [(what, 1, 2)]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param(rb"\ud83d half", "\ufffd half", id="lone surrogate"),
        pytest.param(b"bad \xff byte", "bad \ufffd byte", id="broken UTF-8"),
        pytest.param(rb"a\u0000b", "a\ufffdb", id="NUL"),
        pytest.param("a\u2028b\x85c".encode(), "a\u2028b\x85c", id="line separators"),
        pytest.param(b'a"},"x":NaN,"y":{"z":"', "a", id="NaN"),
    ],
)
def test_odd_text_is_read_with_marks_for_what_is_broken(tmp_path, content, text):
    log = tmp_path / "s.jsonl"
    log.write_bytes(b"\0\0" + (GOOD % ("1", "%s")).encode().replace(b"%s", content))
    turns = read_new(log, name="s.jsonl", format="claude-code").conversations[0].turns
    assert [turn.text for turn in turns] == [text]


def test_a_last_record_cut_short_is_left_and_read_when_it_is_complete(tmp_path):
    log = tmp_path / "s.jsonl"
    whole = GOOD % ("1", "a") + GOOD % ("2", "b")
    log.write_text(whole[:-20])
    first = read_new(log, name="s.jsonl")
    assert [(item.what, item.line) for item in first.not_understood] == [("last line cut short", 2)]
    log.write_text(whole)
    second = read_new(log, name="s.jsonl", cursor=first.cursor)
    assert [turn.text for turn in second.conversations[0].turns] == ["b"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("s.jsonl", GOOD % ("1", "x" * 5_000_000), id="record"),
        pytest.param("t.md", "**User:** " + "x*_:`# " * 700_000 + "\n\n**Claude:** b\n", id="markdown"),
        pytest.param("t.md", "**User:** a\n\n**Claude:** " + "> " * 2_000_000, id="quotes"),
        pytest.param("t.md", "**User:** a\n\n" + "-" * 5_000_000 + "\n", id="dashes"),
        pytest.param("t.md", "**User:** a\n\n**" + "b" * 5_000_000 + "\n", id="bold without end"),
        pytest.param("t.md", "**User:** a\n\n" + "```\n" * 300_000, id="fences"),
        pytest.param("t.md", "**User:** a\n\n" + "<think>\n\n**User:** b\n\n" * 2_000, id="tags without end"),
        pytest.param("t.md", "**User:** <command-args>" + "<command-args>" * 200_000, id="arguments without end"),
        pytest.param("t.md", "**User:** " + "<system-reminder>" * 200_000, id="reminders without end"),
        pytest.param("t.md", "**User:** " + "<ide_selection>x</ide_selection>" * 50_000, id="leading tags"),
        pytest.param("t.md", "**User:** a\n\n" + "".join(f"**Name{n}:** x\n\n" for n in range(50_000)), id="labels"),
    ],
)
def test_big_and_odd_logs_are_read_in_linear_time(tmp_path, name, content):
    log = tmp_path / name
    log.write_text(content)
    started = time.perf_counter()
    assert read_new(log, name=name).conversations
    assert time.perf_counter() - started < 10


def mutated(content, seed):
    dice, data = random.Random(seed), bytearray(content)
    for _ in range(dice.randint(1, 12)):
        at = dice.randrange(len(data) + 1)
        data[at : at + dice.choice([0, 0, 1, 9])] = dice.choice(
            [b"", b"\0", b"\n", b"```\n", b"---\n", b'"', b"{", b"\xff"]
        )
    return bytes(data)


SAMPLES = [
    "**User:** a\n\n```py\nx\n```\n\n---\n\n**Claude:** b\n\n<think>\nc\n</think>\n\n**User** (2026-01-02 03:04):\nd\n",
    "".join(GOOD % (number, f"text {number}") for number in range(4)),
    '{"type":"queue-operation","operation":"enqueue","content":"q","sessionId":"s"}\n' + GOOD % ("1", "q"),
]


@settings(max_examples=300, deadline=None)
@given(
    content=st.binary(max_size=300) | st.builds(mutated, st.sampled_from([s.encode() for s in SAMPLES]), st.integers()),
    split=st.floats(0, 1),
    form=st.sampled_from(["auto", *(reader.name for reader in READERS)]),
)
def test_no_bytes_make_a_reader_fail_otherwise_than_with_its_own_error(content, split, form):
    with tempfile.TemporaryDirectory() as folder:
        log, cursor = Path(folder) / "x.md", None
        for part in (content[: int(len(content) * split)], content):
            log.write_bytes(part)
            try:
                reading = read_new(log, name="x.md", cursor=cursor, format=form)
            except LogError:
                continue
            cursor = reading.cursor
            json.loads(cursor.to_json())
            for turn in (turn for talk in reading.conversations for turn in talk.turns):
                assert len(turn.lines) == turn.text.count("\n") + 1
                assert 1 <= turn.lines[0] <= turn.lines[-1] <= part.count(b"\n") + 1
