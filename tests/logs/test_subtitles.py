from contextlib import suppress

import pytest
from chats import read, said, times, turns, verbatim
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.logs.base import LogError

TEAMS = """WEBVTT

NOTE made by a program

11aa-0
00:00:02.000 --> 00:00:04.500
<v Ana Silva>The gate does not open</v>

11aa-1
00:00:04.500 --> 00:00:06.000
<v Ana Silva>on cold mornings.</v>

11aa-2
00:00:07.000 --> 00:00:09.000
<v Ben>I will look at it &amp; tell you.</v>
"""
ZOOM = """WEBVTT

1
00:00:02.000 --> 00:00:04.500
Ana Silva: The gate does not open

2
00:00:04.500 --> 00:00:06.000
on cold mornings.

3
00:00:07.000 --> 00:00:09.000
Ben: I will look at it.
"""


@pytest.mark.parametrize(
    ("log", "answer"),
    [
        pytest.param(TEAMS, "I will look at it & tell you.", id="voice tags"),
        pytest.param(ZOOM, "I will look at it.", id="names before colons"),
        pytest.param(ZOOM.removeprefix("WEBVTT\n\n").replace(".000", ",000").replace(".500", ",500"),
                     "I will look at it.", id="srt"),
    ],
)  # fmt: skip
def test_cues_of_one_speaker_are_one_turn(tmp_path, log, answer):
    assert said(read(tmp_path, log, name="m.vtt")) == [
        ("h", "Ana Silva", "The gate does not open\non cold mornings."),
        ("h", "Ben", answer),
    ]


def test_each_line_of_a_turn_knows_its_line(tmp_path):
    reading = read(tmp_path, TEAMS, name="m.vtt")
    assert list(turns(reading)[0].lines) == [7, 11]
    assert verbatim(read(tmp_path, ZOOM, name="z.vtt"), ZOOM)


def test_the_name_of_the_file_says_when_it_began(tmp_path):
    reading = read(tmp_path, ZOOM, name="GMT20260302-090000_Recording.transcript.vtt")
    assert times(reading) == ["2026-03-02T09:00:02+00:00", "2026-03-02T09:00:07+00:00"]


def cue(second, text):
    return f"00:00:{second:02}.000 --> 00:00:{second + 1:02}.000\n{text}\n\n"


def test_without_names_a_pause_after_a_sentence_ends_a_turn(tmp_path):
    log = "WEBVTT\n\n" + cue(1, "It is") + cue(4, "broken.") + cue(9, "Really?") + cue(10, "Yes.")
    assert [text for _, _, text in said(read(tmp_path, log))] == ["It is\nbroken.", "Really?\nYes."]


def test_words_before_a_colon_are_no_names(tmp_path):
    log = "WEBVTT\n\n" + cue(1, "Here is the thing: it broke.") + cue(2, "One note: fix it.") + cue(3, "Fine.")
    assert [speaker for _, speaker, _ in said(read(tmp_path, log))] == [""]


def test_captions_that_roll_are_read_once(tmp_path):
    log = "WEBVTT\n\n" + cue(1, "the gate") + cue(2, "the gate\nis stuck") + cue(3, "is stuck\nagain")
    assert said(read(tmp_path, log))[0][2] == "the gate\nis stuck\nagain"


def test_styles_and_marks_are_no_words(tmp_path):
    log = "WEBVTT\n\nSTYLE\n::cue { color: red }\n\n" + cue(1, "- <i>it</i> <c.red>works</c> <00:00:01.500>now")
    assert said(read(tmp_path, log)) == [("h", "", "- it works now")]


def test_broken_times_are_counted(tmp_path):
    log = "WEBVTT\n\n" + cue(1, "fine") + "00:xx --> 00:yy\nlost\n\nodd block\n"
    reading = read(tmp_path, log)
    assert [(item.what, item.line) for item in reading.not_understood] == [
        ("cue with broken times", 6),
        ("block that is no cue", 9),
    ]


@pytest.mark.parametrize("text", ["1\nFirst point --> second\n\n2\nthird\n", "WEBVTTX\n\nx\n", "1\n2\n3\n"])
def test_other_texts_are_no_transcript(tmp_path, text):
    with suppress(LogError):
        assert read(tmp_path, text, name="n.txt").format != "webvtt"


@settings(max_examples=60)
@given(parts=st.lists(st.sampled_from([*TEAMS.split("\n"), "<v", "00:00:01.000 --> "]) | st.text(max_size=20)))
def test_any_lines_are_read_or_refused(tmp_path_factory, parts):
    with suppress(LogError):
        read(tmp_path_factory.mktemp("v"), "\n".join(parts).encode("utf-8", "replace"), log_format="webvtt")
