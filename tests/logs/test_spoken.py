from contextlib import suppress

import pytest
from chats import read, said, times, turns, verbatim
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.logs.base import LogError

TALK = """Lamp sync
2 March 2026

Ana Silva  0:03
The lamp flickers.
Since noon.

Ben  0:15
I will look at it.

Ana Silva  1:02
Thanks.

Ben  1:00:05
Bye.
"""
HEARD = [
    ("h", "Ana Silva", "The lamp flickers.\nSince noon."),
    ("h", "Ben", "I will look at it."),
    ("h", "Ana Silva", "Thanks."),
    ("h", "Ben", "Bye."),
]


def test_words_below_a_name_and_a_time_are_a_turn(tmp_path):
    reading = read(tmp_path, TALK, name="sync.txt")
    assert said(reading) == HEARD
    assert times(reading)[::3] == ["2026-03-02T00:00:03+00:00", "2026-03-02T01:00:05+00:00"]
    assert (reading.conversations[0].title, list(turns(reading)[0].lines)) == ("Lamp sync", [5, 6])
    assert verbatim(reading, TALK)


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(r"[\2] \1", id="time in brackets first"),
        pytest.param(r"\2 \1:", id="time first, then a colon"),
        pytest.param(r"\1 (\2)", id="time in brackets behind"),
    ],
)
def test_forms_of_the_line_with_the_speaker(tmp_path, head):
    import re

    log = re.sub(r"(?m)^(Ana Silva|Ben)  ([\d:]+)$", head, TALK)
    assert said(read(tmp_path, log, name="sync.txt")) == HEARD


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Paris 10:05\nplatform 1\nBerlin 12:00\nplatform 2\nParis 13:00\nx\nBerlin 14:00\ny\n", id="trip"),
        pytest.param(TALK.replace("0:15", "2:15"), id="time goes back"),
        pytest.param(TALK.replace("Ben ", "Ana Silva "), id="one speaker"),
        pytest.param("Intro 0:00\nVerse 0:30\nIntro 1:00\nVerse 2:00\nIntro 2:30\n", id="parts of a song"),
    ],
)
def test_other_texts_are_no_transcript(tmp_path, text):
    with suppress(LogError):
        assert read(tmp_path, text, name="n.txt").format != "transcript"


@settings(max_examples=60)
@given(parts=st.lists(st.sampled_from([*TALK.split("\n"), "[0:01] A", "x 9:99"]) | st.text(max_size=20)))
def test_any_lines_are_read_or_refused(tmp_path_factory, parts):
    with suppress(LogError):
        read(tmp_path_factory.mktemp("s"), "\n".join(parts).encode("utf-8", "replace"), log_format="transcript")
