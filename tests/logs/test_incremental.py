import os
import subprocess
import sys

import pytest

from bot.logs.base import Cursor, LogError
from bot.logs.incremental import read_new

TALK = "**User:** The import hangs.\n\n**Claude:** Since when?\n"


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "talk.md"
    path.write_text(TALK)
    return path


def said(reading):
    return [turn.text for conversation in reading.conversations for turn in conversation.turns]


def append(path, text):
    with path.open("a") as file:
        file.write(text)


def test_an_unchanged_log_is_not_opened(log, monkeypatch):
    first = read_new(log, name="talk.md")
    monkeypatch.setattr("pathlib.Path.open", lambda *_: pytest.fail("the log was opened"))
    second = read_new(log, name="talk.md", cursor=first.cursor)
    assert (second.change, second.bytes_read, said(second)) == ("unchanged", 0, [])


def test_a_grown_log_is_read_from_where_reading_ended(log):
    first = read_new(log, name="talk.md")
    append(log, "\n**User:** Since Monday.\n")
    second = read_new(log, name="talk.md", cursor=first.cursor)
    assert (second.change, said(second), second.bytes_read) == ("grown", ["Since Monday."], 25)
    assert list(second.conversations[0].turns[0].lines) == [5]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(lambda log: log.write_text("**User:** New.\n\n**Claude:** Ok.\n"), ["New.", "Ok."], id="shorter"),
        pytest.param(
            lambda log: log.write_text("x" + TALK + "\n**User:** More.\n"), ["Since when?", "More."], id="other head"
        ),
        pytest.param(
            lambda log: log.write_text(TALK.replace("when", "1999") + "\n**User:** More.\n"),
            ["The import hangs.", "Since 1999?", "More."],
            id="longer with another tail",
        ),
        pytest.param(
            lambda log: (log.write_text(TALK.replace("import", "export")), os.utime(log, ns=(1, 1))),
            ["The export hangs.", "Since when?"],
            id="same size edited",
        ),
    ],
)
def test_a_rewritten_log_is_read_whole(log, change, expected):
    first = read_new(log, name="talk.md")
    change(log)
    second = read_new(log, name="talk.md", cursor=first.cursor)
    assert (second.change, said(second)) == ("rewritten", expected)


def test_a_log_moved_to_another_inode_with_its_times_is_unchanged(log, tmp_path):
    first = read_new(log, name="talk.md")
    times = log.stat().st_mtime_ns
    copy = tmp_path / "copy"
    copy.write_bytes(log.read_bytes())
    os.utime(copy, ns=(times, times))
    copy.replace(log)
    second = read_new(log, name="talk.md", cursor=first.cursor)
    assert second.change == "unchanged"
    assert second.cursor.inode == log.stat().st_ino


def test_another_format_in_the_settings_reads_the_log_again(log):
    first = read_new(log, name="talk.md")
    again = read_new(log, name="talk.md", cursor=first.cursor, format="claude-code")
    assert (again.change, again.format) == ("rewritten", "claude-code")


def test_a_last_line_without_newline_waits_until_the_log_is_quiet(log):
    append(log, "\n**User:** Since Mon")
    busy = read_new(log, name="talk.md", settled=False)
    quiet = read_new(log, name="talk.md", cursor=busy.cursor, settled=True)
    assert (said(busy)[-1], busy.cursor.waiting) == ("Since when?", True)
    assert (said(quiet), quiet.cursor.waiting) == (["Since Mon"], False)
    append(log, "\n\n**Claude:** Ok.\n")
    last = read_new(log, name="talk.md", cursor=quiet.cursor)
    assert [(turn.text, list(turn.lines)) for turn in last.conversations[0].turns] == [("Ok.", [7])]


def test_a_line_that_was_taken_as_complete_and_goes_on_is_read_again(log):
    append(log, "\n**User:** Since Mon")
    quiet = read_new(log, name="talk.md")
    append(log, "day.\n")
    again = read_new(log, name="talk.md", cursor=quiet.cursor)
    assert (again.change, said(again)[-1]) == ("rewritten", "Since Monday.")


def test_an_empty_log_says_nothing_and_is_read_once_it_grows(tmp_path):
    log = tmp_path / "talk.md"
    log.touch()
    empty = read_new(log, name="talk.md")
    append(log, TALK)
    grown = read_new(log, name="talk.md", cursor=empty.cursor)
    assert (said(empty), empty.change) == ([], "new")
    assert (len(said(grown)), grown.change) == (2, "grown")


def test_labels_that_turn_out_to_be_speakers_later_on_are_heard_from_the_start(tmp_path):
    log = tmp_path / "talk.md"
    log.write_text("**Maya:** a\n\n**Claude:** b\n\n**Tom:** c\n\n**Claude:** d\n\n**Maya:** e\n")
    first = read_new(log, name="talk.md")
    append(log, "\n**Claude:** f\n\n**Tom:** g\n\n**Claude:** h\n")
    second = read_new(log, name="talk.md", cursor=first.cursor)
    assert "**Tom:** c" in said(first)[1]
    assert (second.change, said(second)) == ("rewritten", list("abcdefgh"))


def test_a_cursor_survives_json_and_a_strange_one_is_refused(log):
    cursor = read_new(log, name="talk.md").cursor
    assert Cursor.from_json(cursor.to_json()) == cursor
    with pytest.raises(ValueError, match="size"):
        Cursor.from_json('{"format":"markdown","encoding":"utf-8"}')


def test_a_reader_state_of_another_version_reads_the_log_again(log):
    cursor = read_new(log, name="talk.md").cursor
    append(log, "\n**User:** Since Monday.\n")
    old = Cursor.from_json(cursor.to_json().replace('\\"styles\\"', '\\"shapes\\"'))
    again = read_new(log, name="talk.md", cursor=old)
    assert (again.change, len(said(again))) == ("rewritten", 3)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(lambda path: path.mkdir(), "a directory, not a log file", id="directory"),
        pytest.param(os.mkfifo, "a pipe, socket or device", id="pipe"),
        pytest.param(lambda path: path.symlink_to(path), "cannot be read", id="link to itself"),
        pytest.param(id, "cannot be read: No such file", id="missing"),
        pytest.param(lambda path: path.write_bytes(b"\x7fELF\x01\x02\x03\0\0\0\0\0\0\x01"), "not text", id="binary"),
        pytest.param(lambda path: path.write_text("[1, 2"), "no speakers found", id="nothing known"),
    ],
)
def test_what_is_no_log_is_refused_in_one_line(tmp_path, make, message):
    path = tmp_path / "x.md"
    make(path)
    with pytest.raises(LogError, match=message) as caught:
        read_new(path, name="logs/x.md")
    assert str(caught.value).startswith("logs/x.md: ")
    assert "\n" not in str(caught.value)


def test_a_log_whose_first_words_are_being_written_is_no_error(tmp_path):
    log = tmp_path / "talk.md"
    log.write_text("# Import\n")
    busy = read_new(log, name="talk.md", settled=False)
    assert (said(busy), busy.cursor.waiting) == ([], True)
    with pytest.raises(LogError, match="no speakers found"):
        read_new(log, name="talk.md", cursor=busy.cursor)
    append(log, TALK)
    assert len(said(read_new(log, name="talk.md", cursor=busy.cursor))) == 2


def test_an_unknown_format_names_the_known_ones(log):
    with pytest.raises(LogError, match=r"no reader is called 'markdwon': use auto or one of .*claude-code.*markdown"):
        read_new(log, name="talk.md", format="markdwon")


def test_looking_at_an_unchanged_log_loads_no_reader(log):
    cursor = read_new(log, name="talk.md").cursor.to_json()
    program = (
        "import sys, pathlib; from bot.logs.base import Cursor; from bot.logs.incremental import read_new;"
        "read_new(pathlib.Path(sys.argv[1]), name='x', cursor=Cursor.from_json(sys.argv[2]));"
        "print('bot.logs.markdown' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program, log, cursor], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
