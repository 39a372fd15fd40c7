from contextlib import suppress

import pytest
from chats import read, said, times, turns, verbatim
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.logs.base import LogError

CHAT = """1/31/26, 10:00 - Messages are end-to-end encrypted. Tap to learn more.
1/31/26, 10:01 - Ana: the door sensor is dead
again: since noon

and nobody knows why
1/31/26, 10:02 - +44 20 5550 1234: <Media omitted>
"""


def test_people_speak_over_lines_and_notices_are_system(tmp_path):
    reading = read(tmp_path, CHAT, name="WhatsApp Chat with Ana.txt")
    assert said(reading) == [
        ("s", "", "Messages are end-to-end encrypted. Tap to learn more."),
        ("h", "Ana", "the door sensor is dead\nagain: since noon\n\nand nobody knows why"),
        ("h", "+44 20 5550 1234", "<Media omitted>"),
    ]
    assert list(turns(reading)[1].lines) == [2, 3, 4, 5]
    assert verbatim(reading, CHAT)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param("1/31/26, 10:00 - ", "2026-01-31T10:00", id="US, 24 hours"),
        pytest.param("1/31/26, 1:05\u202fPM - ", "2026-01-31T13:05", id="US, narrow space"),
        pytest.param("31/01/2026, 12:05 am - ", "2026-01-31T00:05", id="midnight in Britain"),
        pytest.param("31.01.26, 10:00 - ", "2026-01-31T10:00", id="German"),
        pytest.param("[31.01.26, 10:00:30] ", "2026-01-31T10:00:30", id="German iPhone"),
        pytest.param("\u200e[1/31/26, 10:00:30 PM] ", "2026-01-31T22:00:30", id="US iPhone with a mark"),
        pytest.param("2026-01-31, 10:00 - ", "2026-01-31T10:00", id="Swedish"),
        pytest.param("31-01-2026 10:00 - ", "2026-01-31T10:00", id="Dutch"),
        pytest.param("31/01/2026 à 10:00 - ", "2026-01-31T10:00", id="French"),
        pytest.param("31/1/26 22:00 - ", "2026-01-31T22:00", id="Brazilian"),
        pytest.param("31/1/26, 10:00 p. m. - ", "2026-01-31T22:00", id="Spanish halves"),
        pytest.param("2026/1/31 下午10:00 - ", "2026-01-31T22:00", id="Chinese"),
        pytest.param("2026. 1. 31. 오후 10:00 - ", "2026-01-31T22:00", id="Korean"),
        pytest.param("2026/1/3 上午9:00 - ", "2026-01-03T09:00", id="Chinese, first days of a month"),
        pytest.param("31.01.26 г., 10:00 ч. - ", "2026-01-31T10:00", id="Bulgarian"),
        pytest.param("31.01.2026 klo 10.00 - ", "2026-01-31T10:00", id="a word before the hour"),
        pytest.param("31.01.2026 a las 10:00 - ", "2026-01-31T10:00", id="two words before the hour"),
        pytest.param("31.1.2026, 10.00 - ", "2026-01-31T10:00", id="Finnish"),
    ],
)
def test_dates_of_many_locales_are_read(tmp_path, head, expected):
    log = f"{head}Ana: hi\n{head}Ben: hello\n"
    assert times(read(tmp_path, log, name="_chat.txt"))[0].startswith(expected)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        pytest.param(["3/4/26", "3/14/26"], "2026-03-04", id="a day over twelve comes second"),
        pytest.param(["3/4/26", "14/4/26"], "2026-04-03", id="a day over twelve comes first"),
        pytest.param(["3/4/26", "4/4/26", "1/5/26"], "2026-04-03", id="time goes forward by day first"),
        pytest.param(["3/4/26", "3/5/26", "4/1/26"], "2026-03-04", id="time goes forward by month first"),
        pytest.param(["3/3/26"], "2026-03-03", id="the same either way"),
        pytest.param(["3/4/26"], None, id="no telling"),
    ],
)
def test_the_whole_log_tells_day_from_month(tmp_path, dates, expected):
    reading = read(tmp_path, "".join(f"{date}, 10:00 - Ana: x\n" for date in dates), name="_chat.txt")
    assert (times(reading)[0] or "")[:10] == (expected or "")
    assert [item.what for item in reading.not_understood] == ([] if expected else ["date that can be read in two ways"])


def test_marks_of_edits_and_direction_are_no_words(tmp_path):
    log = "[31.01.26, 10:00:30] Ana: \u200eok then \u200e<This message was edited>\n" * 2
    assert said(read(tmp_path, log, name="_chat.txt"))[0] == ("h", "Ana", "ok then")


def test_a_quoted_subject_is_no_speaker(tmp_path):
    log = CHAT + '1/31/26, 10:03 - Ana changed the subject to "door: now"\n'
    assert said(read(tmp_path, log, name="_chat.txt"))[-1][0] == "s"


def test_a_later_export_keeps_conversations_and_messages(tmp_path):
    first = read(tmp_path, CHAT, name="_chat.txt")
    second = read(tmp_path, CHAT + "1/31/26, 10:04 - Ana: fixed\n", name="_chat.txt", cursor=first.cursor)
    assert second.change == "rewritten"
    assert second.conversations[0].id == first.conversations[0].id
    assert [turn.id for turn in turns(second)][:3] == [turn.id for turn in turns(first)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1/31/26 - Release notes\n1/30/26 - Old notes\n", id="change log"),
        pytest.param("Notes\n1/31/26, 10:00 - Ana: hi\n1/31/26, 10:00 - Ben: ho\n", id="quoted in a note"),
        pytest.param("31.01.2026 10:00:00 INFO: started\n31.01.2026 10:00:01 WARN: slow\n", id="program log"),
    ],
)
def test_other_texts_are_no_chat(tmp_path, text):
    with suppress(LogError):
        assert read(tmp_path, text, name="n.txt").format != "whatsapp"


@settings(max_examples=60)
@given(parts=st.lists(st.sampled_from([*CHAT.split("\n"), "99/99/99, 10:00 - A: b", "[1/1/1"]) | st.text(max_size=20)))
def test_any_lines_are_read_or_refused(tmp_path_factory, parts):
    with suppress(LogError):
        read(tmp_path_factory.mktemp("w"), "\n".join(parts).encode("utf-8", "replace"), log_format="whatsapp")
