from contextlib import suppress

import pytest
from chats import read, said, times, turns, verbatim
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.logs.base import LogError

MINUTES = """---
layout: notes
---
# Lamp team meeting 2026-03-02

## Present

* Ana Silva
* Ben

## Flicker

The lamp flickers.
- Ana: I'll look at the driver
  next week.
- Ben: Is it new?
  - Ana: Since noon.
- Note: nothing else
It stays open.

## Next meeting
"""


def test_sections_and_what_people_say_are_turns(tmp_path):
    reading = read(tmp_path, MINUTES, name="notes.md")
    assert said(reading) == [
        ("h", "", "# Lamp team meeting 2026-03-02"),
        ("h", "", "## Present\n\n* Ana Silva\n* Ben"),
        ("h", "", "## Flicker\n\nThe lamp flickers."),
        ("h", "Ana", "I'll look at the driver\n  next week."),
        ("h", "", "- Ben: Is it new?"),
        ("h", "Ana", "Since noon."),
        ("h", "", "- Note: nothing else\nIt stays open."),
        ("h", "", "## Next meeting"),
    ]
    assert times(reading)[0] == "2026-03-02T00:00:00+00:00"
    assert (reading.conversations[0].title, list(turns(reading)[3].lines)) == ("Lamp team meeting 2026-03-02", [14, 15])
    assert verbatim(reading, MINUTES)


def test_code_is_not_cut(tmp_path):
    log = MINUTES + "\n```\n# no heading\n- Ana: x\n```\n"
    assert said(read(tmp_path, log, name="notes.md"))[-1][2].count("\n") == 5


@pytest.mark.parametrize(
    "head",
    [
        pytest.param("# Weekly stand-up, 2 March 2026\n\n## A\nx\n\n## B\ny\n", id="dated title"),
        pytest.param(
            '---\ntitle: "Protokoll vom 02.03.2026"\ndate: 2026-03-02\n---\n## A\nx\n\n## B\ny\n', id="front matter"
        ),
        pytest.param("Team Meeting\n============\n\nAttendees: Ana, Ben\n\nAgenda:\n- lamps\n", id="underlined"),
        pytest.param("# Lamp WG call, 2026-03-02\n\n## Present\n\n- Ana\n\n## Agenda\n\n- x\n\n## A\ny\n", id="call"),
        pytest.param("# Lamp review\n2 March 2026, 10:00 - 11:30\n\nx\n", id="hours"),
    ],
)
def test_minutes_are_known_by_title_day_and_parts(tmp_path, head):
    assert read(tmp_path, head, name="notes.md").format == "minutes"


def test_the_day_may_stand_in_the_name_of_the_file(tmp_path):
    log = "# Meeting notes\n\n## A\nx\n## B\ny\n"
    assert times(read(tmp_path, log, name="2026-03-02-notes.md"))[0] == "2026-03-02T00:00:00+00:00"


def test_edited_minutes_stay_the_same_conversation(tmp_path):
    first = read(tmp_path, MINUTES, name="notes.md")
    second = read(tmp_path, MINUTES + "\n## Later\nfixed\n", name="notes.md", cursor=first.cursor)
    assert second.conversations[0].id == first.conversations[0].id


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# How we run meetings\n\nBe on time.\n\nBe brief.\n", id="guide"),
        pytest.param("# Minutes app\n\n## Install\n\nRun it.\n\n## Use\n\nStart it.\n", id="readme"),
        pytest.param("# Release notes, 2026-03-02\n\n## Fixed\n\n- x\n\n## Topics\n\n- y\n", id="release notes"),
        pytest.param("# Changelog\n\n## 2026-03-02\n\n- meeting view fixed\n\n## 2026-03-01\n", id="changelog"),
        pytest.param("# Meeting 2026-03-02\n\n" + "**User:** hi\n\n**Assistant:** hello\n\n" * 3, id="transcript"),
    ],
)
def test_other_documents_are_no_minutes(tmp_path, text):
    with suppress(LogError):
        assert read(tmp_path, text, name="n.md").format != "minutes"


@settings(max_examples=60)
@given(parts=st.lists(st.sampled_from([*MINUTES.split("\n"), "```", "- A: b", "==="]) | st.text(max_size=20)))
def test_any_lines_are_read_or_refused(tmp_path_factory, parts):
    text = "\n".join(parts)
    with suppress(LogError):
        reading = read(tmp_path_factory.mktemp("n"), text.encode("utf-8", "replace"), log_format="minutes")
        assert all(len(turn.lines) == turn.text.count("\n") + 1 for turn in turns(reading))
