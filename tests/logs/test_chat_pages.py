from contextlib import suppress

import pytest
from chats import read, said, times, turns, verbatim
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.logs.base import LogError

PAGE = """### Mon, Mar 2nd, 2026

**ana** <span style="color: grey">09:00:05 UTC</span>

<span style="font-size: 90%;">it flickers
since noon</span>

**Ben Ono** <span style="color: grey">09:00:30 UTC</span>

<span>1 &lt; 2</span>

↳ **ana** <span style="color: grey">09:00:40 UTC</span>

<span>ok</span>

↳ **ana** <span style="color: grey">09:00:40 UTC</span>

<span>ok</span>
"""


def test_names_with_times_are_turns_and_repeats_are_read_once(tmp_path):
    reading = read(tmp_path, PAGE, name="page.md")
    assert said(reading) == [("h", "ana", "it flickers\nsince noon"), ("h", "Ben Ono", "1 < 2"), ("h", "ana", "ok")]
    assert times(reading)[0] == "2026-03-02T09:00:05+00:00"
    assert [list(turn.lines) for turn in turns(reading)] == [[5, 6], [10], [14]]


@pytest.mark.parametrize(
    ("head", "speaker"),
    [
        pytest.param("**Ana Silva** 10:05", "Ana Silva", id="bold"),
        pytest.param("**Ana Silva** (10:05):", "Ana Silva", id="bold with brackets"),
        pytest.param("Ana Silva  10:05 AM", "Ana Silva", id="copied from Slack"),
        pytest.param("CI APP  10:05 AM", "CI", id="an application in Slack"),
        pytest.param("ana — Today at 10:05 AM", "ana", id="copied from Discord"),
        pytest.param("ana — 03/02/2026 10:05 AM", "ana", id="copied from Discord later"),
        pytest.param("#### Ana — 2026-03-02 10:05", "Ana", id="heading"),
    ],
)
def test_heads_as_programs_copy_them(tmp_path, head, speaker):
    other = head.replace("Ana", "Ben").replace("ana", "ben").replace("CI", "CD")
    log = f"{head}\nit flickers\n\n{head}\nsince noon\n\n{other}\nhm\n"
    reading = read(tmp_path, log, name="copied.txt")
    assert [turn.speaker for turn in turns(reading)][:2] == [speaker, speaker]
    assert verbatim(reading, log)
    assert {turn.role for turn in turns(reading)} == {"tool" if "APP" in head else "human"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# Agenda\n\nWelcome 10:00 AM\nhello\nDemo 10:15 AM\nx\nBreak 11:00 AM\n", id="agenda"),
        pytest.param("The train at 10:05\nThe train at 10:15\nA bus at 10:20\n", id="time table"),
        pytest.param("**Note** 10:05\nx\n" * 5, id="one name only"),
        pytest.param("**Ana** (10:05):\n\nhi\n\n**Claude** (10:06):\n\nyes\n\n" * 3, id="transcript with times"),
        pytest.param("**User:** at 10:05\n\n**Assistant:** yes\n" * 3, id="transcript"),
    ],
)
def test_other_pages_are_no_chat(tmp_path, text):
    with suppress(LogError):
        assert read(tmp_path, text, name="n.md").format != "chat-page"


@settings(max_examples=60)
@given(parts=st.lists(st.sampled_from([*PAGE.split("\n"), "**a** 10:00", "x — 1/1/1 1:10 AM"]) | st.text(max_size=20)))
def test_any_lines_are_read_or_refused(tmp_path_factory, parts):
    with suppress(LogError):
        read(tmp_path_factory.mktemp("c"), "\n".join(parts).encode("utf-8", "replace"), log_format="chat-page")
