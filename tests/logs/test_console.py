from pathlib import Path

import pytest

from bot.logs.console import Console
from bot.logs.incremental import read_new

BANNER = "╭──────────────╮\n│ ✻ Welcome to Claude Code!   │\n╰──────────────╯\n\n"


def read(tmp_path, text, **how):
    log = tmp_path / "day.md"
    log.write_text(text)
    return read_new(log, name="day.md", **how)


def said_in(reading):
    turns = [turn for talk in reading.conversations for turn in talk.turns]
    return [(turn.role[0], turn.text) for turn in turns if "Welcome" not in turn.text]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("> fix it\n\n⏺ Done.\n", [("h", "fix it"), ("a", "Done.")], id="talk"),
        pytest.param("❯ fix it\n\n● Done.\n  ⎿ x\n", [("h", "fix it"), ("a", "Done."), ("t", "⎿ x")], id="newer marks"),
        pytest.param("> a\n\n✦ Done\n  now.\n", [("h", "a"), ("a", "Done\nnow.")], id="Gemini"),
        pytest.param(
            "> a long\n  prompt\n\n  in two\n\n⏺ Ok\n", [("h", "a long\nprompt\n\nin two"), ("a", "Ok")], id="wrapped"
        ),
        pytest.param(
            "> a\n\n⏺ Bash(ls -a)…\n\n  ⎿  TODO\n     > b\n\n⏺ Ok\n",
            [("h", "a"), ("t", "Bash(ls -a)…\n\n⎿  TODO\n   > b"), ("a", "Ok")],
            id="tool",
        ),
        pytest.param("> a\n\n⏺ Parser(x) is wrong\n", [("h", "a"), ("a", "Parser(x) is wrong")], id="no tool"),
        pytest.param("> a\n\n⏺ Update Todos\n", [("h", "a"), ("t", "Update Todos")], id="list of todos"),
        pytest.param(
            "> a\n\n✻ Thinking…\n\n  TODO\n\n⏺ Ok\n",
            [("h", "a"), ("t", "✻ Thinking…\n\n  TODO"), ("a", "Ok")],
            id="thoughts",
        ),
        pytest.param(
            "> a\n╭───╮\n│ ✔ ReadFile TODO │\n╰───╯\n✦ Ok\n",
            [("h", "a"), ("t", "╭───╮\n│ ✔ ReadFile TODO │\n╰───╯"), ("a", "Ok")],
            id="box",
        ),
        pytest.param(
            "> /cost \n  ⎿  $5\n\n> a\n\n⏺ Ok\n",
            [("s", "/cost"), ("t", "⎿  $5"), ("h", "a"), ("a", "Ok")],
            id="command",
        ),
        pytest.param("> /fix the parser\n\n⏺ Ok\n", [("s", "/fix"), ("h", " the parser"), ("a", "Ok")], id="its words"),
        pytest.param("> /init is running…\n\n⏺ Ok\n", [("s", "/init is running…"), ("a", "Ok")], id="echo"),
        pytest.param(
            "> This session is being continued from a previous conversation.\n  TODO\n\n⏺ Ok\n",
            [("s", "This session is being continued from a previous conversation.\nTODO"), ("a", "Ok")],
            id="summary",
        ),
        pytest.param(
            "╭────╮\n│  > fix the     │\n│    parser      │\n╰────╯\n\n✦ Ok\n",
            [("h", "fix the\nparser"), ("t", "╰────╯"), ("a", "Ok")],
            id="Gemini's box round what was typed",
        ),
        pytest.param(
            "› fix it\n\n\n• I look.\n\n• Ran ls\n  └ TODO\n\n• Edited a.py (+1 -2)\n    1 -x\n\n• Done\n",
            [("h", "fix it"), ("a", "I look."), ("t", "Ran ls\n└ TODO"), ("t", "Edited a.py (+1 -2)\n  1 -x"),
             ("a", "Done")],
            id="Codex",
        ),
        pytest.param(
            "› fix it\n\n• Ok\n\n› Explain this codebase\n\n  98% context left\n",
            [("h", "fix it"), ("a", "Ok"), ("s", "Explain this codebase\n\n98% context left")],
            id="the field of Codex",
        ),
        pytest.param("❯ fix it\n\n● Done.\n", [("h", "fix it"), ("a", "Done.")], id="newer marks alone"),
        pytest.param("> \x1b[1mfix\x1b[0m it\n\n⏺ Ok\n", [("h", "fix it"), ("a", "Ok")], id="colours"),
    ],
)  # fmt: skip
def test_each_mark_gives_what_follows_to_the_right_role(tmp_path, text, said):
    reading = read(tmp_path, BANNER + text)
    assert (reading.format, [(role, words.lstrip() if role == "t" else words) for role, words in said_in(reading)]) == (
        "console", said
    )  # fmt: skip


def test_a_banner_begins_a_conversation_and_lines_are_true(tmp_path):
    reading = read(tmp_path, BANNER + "> a\n\n⏺ Ok\n\n" + BANNER + "> b\n  c\n\n⏺ Ok\n")
    first, second = reading.conversations
    assert [list(turn.lines) for turn in second.turns if turn.role != "tool"] == [[13, 14], [16]]
    assert first.id != second.id


def test_the_same_first_words_do_not_make_two_sessions_one(tmp_path):
    reading = read(tmp_path, (BANNER + "> a\n\n⏺ Ok\n\n") * 2)
    assert len({talk.id for talk in reading.conversations}) == 2


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("**User:** look\n\n> it said\n\n⏺ Ok\n\n**Claude:** I see.\n", id="quoted in a transcript"),
        pytest.param("# Notes\n\n● one\n● two\n\n> quoted\n", id="bullets"),
    ],
)
def test_what_only_looks_like_a_console_is_left_to_others(text):
    assert not Console().detects(text, Path("a.md"))


def test_a_copy_waits_until_it_is_quiet_and_is_read_anew_when_changed(tmp_path):
    first = read(tmp_path, BANNER + "> a\n\n⏺ Ok\n", settled=False)
    assert said_in(first) == []
    second = read(tmp_path, BANNER + "> a\n\n⏺ Ok\n", cursor=first.cursor)
    third = read(tmp_path, BANNER + "> a\n\n⏺ Ok\n\n> b\n", cursor=second.cursor)
    assert (said_in(second), third.change) == ([("h", "a"), ("a", "Ok")], "rewritten")
    assert said_in(third) == [("h", "a"), ("a", "Ok"), ("h", "b")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("╭─── Claude Code v2.1.3 ───╮\n╰──╯\n\n> fix it\n\n● Done.\n", id="Claude Code 2"),
        pytest.param("╭──────╮\n│ >_ OpenAI Codex (v0.46.0) │\n╰──────╯\n\n› fix it\n\n• Done.\n", id="Codex"),
        pytest.param("❯ fix it\n\n● Done.\n", id="no banner"),
        pytest.param("╭──────────╮\n│  > fix it │\n╰──────────╯\n\n✦ Done.\n", id="Gemini"),
    ],
)
def test_a_console_is_told_by_its_banner_or_its_marks(tmp_path, text):
    reading = read(tmp_path, text)
    assert (reading.format, [item for item in said_in(reading) if item[0] != "t"]) == (
        "console",
        [("h", "fix it"), ("a", "Done.")],
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("● one\n● two\n> quoted\n", id="a list of dots with a quotation"),
        pytest.param("• one\n• two\n> quoted\n", id="bullets with a quotation"),
        pytest.param("❯ ls\na.py\n❯ git status\nclean\n", id="prompts of a shell"),
    ],
)
def test_lists_and_shells_are_no_consoles(tmp_path, text):
    assert not Console().detects(text, tmp_path / "x.md")
