from contextlib import suppress

import pytest
from chats import read, said, times, turns, verbatim
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.logs.base import LogError
from bot.logs.irc_lines import irc_line

ZNC = """[09:00:00] *** Joins: mira (~mira@host.example)
[09:00:10] <mira> the importer drops rows
[09:00:20] * tobi nods
[09:00:30] <tobi> on it
[09:00:31] -NickServ- You are now identified
"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("10:00 < mira> hi", ("said", "mira", "hi"), id="irssi"),
        pytest.param("10:00 <@mira> hi", ("said", "mira", "hi"), id="irssi operator"),
        pytest.param("10:00 -!- mira [m@h] has joined #x", ("event", "", None), id="irssi join"),
        pytest.param("10:00  * mira waves", ("said", "mira", "waves"), id="irssi action"),
        pytest.param("10:00 -mira:#x- psst", ("notice", "mira", "psst"), id="irssi notice"),
        pytest.param("--- Day changed Tue Mar 03 2026", ("day", "", None), id="irssi day"),
        pytest.param("2026-03-02 10:00:00\t@mira\thi", ("said", "mira", "hi"), id="weechat"),
        pytest.param("2026-03-02 10:00:00\t-->\tmira (m@h) has joined #x", ("event", "", None), id="weechat join"),
        pytest.param("2026-03-02 10:00:00\t *\tmira waves", ("said", "mira", "waves"), id="weechat action"),
        pytest.param("[10:00:00] <mira> hi", ("said", "mira", "hi"), id="znc"),
        pytest.param("[10:00:00] *** Quits: mira (gone)", ("event", "", None), id="znc quit"),
        pytest.param("[10:00] --- Tue Mar 3 2026", ("day", "", None), id="eggdrop day"),
        pytest.param("[10:00] mira (m@host.example) joined #x.", ("event", "", None), id="eggdrop join"),
        pytest.param("[10:00] mira (m@host.example) likes it", None, id="eggdrop knows no such event"),
        pytest.param("[10:00] Nick change: mira -> mia", ("event", "", None), id="eggdrop nick"),
        pytest.param("[10:00] Action: mira waves", ("said", "mira", "waves"), id="eggdrop action"),
        pytest.param("2026-03-02T10:00:00  <mira> hi", ("said", "mira", "hi"), id="limnoria"),
        pytest.param("2026-03-02T10:00:00 * mira has quit", ("event", "", None), id="botbot quit"),
        pytest.param("Mar 02 10:00:00 <mira>\thi", ("said", "mira", "hi"), id="hexchat"),
        pytest.param("Mar 02 10:00:00 *\tmira has joined", ("event", "", None), id="hexchat join"),
        pytest.param("Mar 02 10:00:00 *\tNow talking on #x", ("event", "", None), id="hexchat, where one is"),
        pytest.param("[10:00] * Now talking is hard", ("said", "Now", "talking is hard"), id="one called Now"),
        pytest.param("[Monday, March 2, 2026] [10:00:00 CET] <mira>\thi", ("said", "mira", "hi"), id="a zone by name"),
        pytest.param("[Mon Mar 2 2026] [10:00:00] <mira> hi", ("said", "mira", "hi"), id="konversation"),
        pytest.param("[Monday 2 March 2026] [10:00] <mira>\thi", ("said", "mira", "hi"), id="konversation, long date"),
        pytest.param("=== mira [~m@h] has joined #x", ("event", "", None), id="no time before a join"),
        pytest.param("=== mira wrote the text ===", None, id="a rule with words"),
        pytest.param("\x0303[10:00] * mira (m@h) has joined #x", ("event", "", None), id="mirc join in green"),
        pytest.param("[2026-03-02T10:00:00.123Z] <mira> hi", ("said", "mira", "hi"), id="the lounge"),
        pytest.param("[10:00:00 PM] <mira> hi", ("said", "mira", "hi"), id="twelve hours"),
        pytest.param("[10:00] <\x0304mira\x03> \x02hi\x0f", ("said", "mira", "hi"), id="colours"),
        pytest.param("[10:00] * mira joined a club", ("event", "", None), id="a deed that reads like a join"),
        pytest.param("We met at 10:00 <mira> said hi", None, id="prose with a time"),
        pytest.param("10:00 we start with the demo", None, id="agenda"),
        pytest.param("<mira> hi", None, id="no time"),
    ],
)
def test_a_line_is_words_an_action_or_an_event(line, expected):
    found = irc_line(line)
    if expected is None or found is None:
        assert found is expected
    else:
        assert (found.what, found.nick, found.text if expected[2] else None) == expected


def test_people_speak_and_what_the_server_tells_is_system(tmp_path):
    reading = read(tmp_path, ZNC, name="#park_20260302.log")
    assert [role for role, _, _ in said(reading)] == ["s", "h", "h", "h", "s"]
    assert said(reading)[2] == ("h", "tobi", "nods")
    assert times(reading)[1] == "2026-03-02T09:00:10+00:00"
    assert reading.conversations[0].title == "#park"
    assert verbatim(reading, ZNC)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("[09:00:00] <buildbot> tests fail", ("t", "buildbot", "tests fail"), id="bot"),
        pytest.param("[09:00:00] <bot_7> hi", ("t", "bot_7", "hi"), id="bot with a number"),
        pytest.param("[09:00:00] <talbott> hi", ("h", "talbott", "hi"), id="a name that holds bot"),
        pytest.param("[09:00:00] <discordbridge> <ana> hi", ("h", "ana", "hi"), id="bridge"),
        pytest.param("[09:00:00] <ana> <b> is bold", ("h", "ana", "<b> is bold"), id="a person types a tag"),
    ],
)
def test_bots_are_tools_and_bridges_pass_on_what_people_say(tmp_path, line, expected):
    assert said(read(tmp_path, ZNC + line + "\n"))[-1] == expected


def test_the_clock_that_falls_back_has_passed_midnight(tmp_path):
    log = "[23:59:00] <a1> x\n[23:59:10] <b2> y\n[00:00:10] <a1> z\n[00:00:05] <b2> late\n"
    days = [time[:10] for time in times(read(tmp_path, log, name="2026/03/02.log"))]
    assert days == ["2026-03-02", "2026-03-02", "2026-03-03", "2026-03-03"]


@pytest.mark.parametrize(
    "day",
    [
        "--- Log opened Mon Mar 02 09:00:00 2026",
        "**** BEGIN LOGGING AT Mon Mar  2 09:00:00 2026",
        "Session Start: Mon Mar 02 09:00:00 2026",
    ],
)
def test_the_day_that_a_log_opens_with_dates_its_lines(tmp_path, day):
    assert times(read(tmp_path, f"{day}\n{ZNC}", name="park.log"))[0] == "2026-03-02T09:00:00+00:00"


def test_without_any_date_there_are_no_times(tmp_path):
    assert times(read(tmp_path, ZNC, name="park.log")) == [None] * 5


def test_a_long_silence_begins_a_new_conversation_a_night_does_not(tmp_path):
    log = "".join(f"2026-03-{day:02} 10:00:00\tmira\tday {day}\n" for day in (2, 3, 4, 9, 10))
    assert [len(c.turns) for c in read(tmp_path, log).conversations] == [3, 2]


def test_an_append_is_read_alone_and_goes_on_with_the_conversation(tmp_path):
    first = read(tmp_path, ZNC, name="#park_20260302.log")
    more = "[09:05:00] <mira> fixed, thanks\n"
    second = read(tmp_path, ZNC + more, name="#park_20260302.log", cursor=first.cursor)
    assert (second.change, second.bytes_read) == ("grown", len(more))
    assert second.conversations[0].id == first.conversations[0].id
    assert said(second) == [("h", "mira", "fixed, thanks")]
    assert times(second) == ["2026-03-02T09:05:00+00:00"]
    assert turns(second)[0].lines == (6,)


def test_a_last_line_without_newline_waits_until_the_log_is_quiet(tmp_path):
    log = ZNC + "[09:09:00] <tobi> still wri"
    first = read(tmp_path, log, settled=False)
    assert len(turns(first)) == 5
    assert said(read(tmp_path, log, cursor=first.cursor)) == [("h", "tobi", "still wri")]


def test_text_around_a_chat_is_counted(tmp_path):
    page = "# Notes\n\nAll of it:\n" + "".join(f"09:0{n} <{who}> words\n" for n in range(9) for who in ("a1", "b2"))
    reading = read(tmp_path, page, name="page.md")
    assert (reading.format, len(turns(reading))) == ("irc", 18)
    assert [(item.count, item.line) for item in reading.not_understood] == [(2, 1)]


def test_a_log_in_which_nobody_speaks_is_one_all_the_same(tmp_path):
    log = "[10:00] *** ana joined\n[10:01] *** ana left\n"
    assert [role for role, _, _ in said(read(tmp_path, log))] == ["s", "s"]
    assert len(turns(read(tmp_path, log + "[10:02] <ben> hm\n[10:03] *** ben left\n", name="b.log"))) == 4


def test_bytes_as_python_shows_them_are_read(tmp_path):
    log = (
        'b"2026-03-02T10:00:00 <ana> it works\n2026-03-02T10:00:05 <ben> great\n"\n'
        "b'2026-03-02T10:01:00 <ana> don\\'t stop\n'\n"
    )
    reading = read(tmp_path, log)
    assert [text for _, _, text in said(reading)] == ["it works", "great", "don't stop"]
    assert not reading.not_understood


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("10:00 Welcome\n10:15 Demo\n11:00 Break\n", id="agenda"),
        pytest.param("[10:00:00] INFO server started\n[10:00:01] WARN slow\n" * 5, id="program log"),
        pytest.param("<p> one\n<p> two\n<li> three\n<li> four\n</ul>\n", id="markup"),
        pytest.param(
            "Quoting a chat:\n[10:00] <a1> hi\n" + "And then we wrote a lot of prose.\n" * 9, id="quoted chat"
        ),
        pytest.param("[10:00:00] *** build started\n[10:00:01] *** build done\n", id="build log"),
        pytest.param("A letter.\n\nIt was 10:00 when we left.\n", id="prose"),
        pytest.param("# A1\n\n**User:** [10:00] <x> hi\n\n**Assistant:** hello\n" * 3, id="transcript"),
    ],
)
def test_other_texts_are_no_irc(tmp_path, text):
    with suppress(LogError):
        assert read(tmp_path, text).format != "irc"


@settings(max_examples=60)
@given(
    parts=st.lists(st.sampled_from([*ZNC.split("\n"), "b'", "\x03", "12:00\t", "\n", "<", "*"]) | st.text(max_size=20))
)
def test_any_lines_are_read_or_refused(tmp_path_factory, parts):
    with suppress(LogError):
        read(tmp_path_factory.mktemp("irc"), "\n".join(parts).encode("utf-8", "replace"), log_format="irc")
