import json
from contextlib import suppress

import pytest
from chats import read, said, times, turns
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli import cli
from bot.logs.base import LogError
from bot.logs.slack_messages import People, decoded

USERS = [
    {"id": "U1", "name": "ana", "profile": {"display_name": "Ana", "real_name": "Ana Silva"}},
    {"id": "U2", "name": "ben", "profile": {"display_name": "", "real_name": "Ben Ono"}},
    {"id": "U9", "name": "ci", "is_bot": True, "profile": {"real_name": "CI"}},
]


def message(second, text, user="U1", **fields):
    return {"type": "message", "user": user, "text": text, "ts": f"17724420{second:02}.000100"} | fields


def day(tmp_path, *messages, name="lamps/2026-03-02.json", **how):
    (tmp_path / "users.json").write_text(json.dumps(USERS))
    return read(tmp_path, json.dumps(list(messages)), name=name, **how)


def talks(reading):
    return {talk.id: [turn.text for turn in talk.turns] for talk in reading.conversations}


def test_a_thread_is_a_conversation_and_the_rest_is_one(tmp_path):
    first = "1772442001.000100"
    reading = day(
        tmp_path,
        message(1, "lamp?", thread_ts=first, reply_count=1),
        message(2, "hello all"),
        message(3, "since noon", "U2", thread_ts=first),
        message(4, "old thread", thread_ts="1772000000.000100"),
        message(5, "hi"),
    )
    assert talks(reading) == {
        f"lamps/{first}": ["lamp?", "since noon"],
        "from-lamps/1772442002.000100": ["hello all", "hi"],
        "lamps/1772000000.000100": ["old thread"],
    }
    assert reading.conversations[0].title == "#lamps"
    assert times(reading)[0] == "2026-03-02T09:00:01.000100+00:00"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"user": "U2"}, ("h", "Ben Ono"), id="person"),
        pytest.param({"user": "U7"}, ("h", "U7"), id="nobody knows who"),
        pytest.param({"user": "U7", "user_profile": {"real_name": "Cleo"}}, ("h", "Cleo"), id="named in the message"),
        pytest.param({"bot_id": "B1"}, ("t", "Ana"), id="bot without subtype"),
        pytest.param({"user": "U9"}, ("t", "CI"), id="bot user"),
        pytest.param({"user": None, "subtype": "bot_message", "username": "deploys"}, ("t", "deploys"), id="bot"),
        pytest.param({"subtype": "channel_join"}, ("s", "Ana"), id="join"),
        pytest.param({"subtype": "channel_topic"}, ("s", "Ana"), id="topic"),
        pytest.param({"subtype": "thread_broadcast"}, ("h", "Ana"), id="reply shown in the channel"),
        pytest.param({"subtype": "me_message"}, ("h", "Ana"), id="deed"),
        pytest.param({"user": "USLACKBOT"}, ("t", "USLACKBOT"), id="slackbot"),
    ],
)
def test_who_speaks(tmp_path, fields, expected):
    assert said(day(tmp_path, message(1, "x", **fields)))[0][:2] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("<@U1> see <#C1|lamps>", "@Ana see #lamps", id="names"),
        pytest.param("<@U7|cleo> <@U8>", "@cleo @U8", id="unknown names"),
        pytest.param("<!here> <!subteam^S1|@ops> <!date^1|today>", "@here @ops today", id="special"),
        pytest.param("<https://x.example/1> <https://x.example/1|the report>",
                     "https://x.example/1 the report (https://x.example/1)", id="links"),
        pytest.param("<http://x.example|x.example> <mailto:a@x.example|a@x.example>", "x.example a@x.example",
                     id="links that show themselves"),
        pytest.param("1 &lt; 2 &amp;&amp; x", "1 < 2 && x", id="signs"),
        pytest.param("a &lt;b&gt; <c", "a <b> <c", id="no mark"),
    ],
)  # fmt: skip
def test_marks_become_what_people_see(text, expected):
    assert decoded(text, People({"U1": "Ana"}, frozenset())) == expected


def test_the_newest_text_of_a_message_that_comes_twice_counts(tmp_path):
    reading = day(tmp_path, message(2, "second"), message(1, "old"), message(1, "edited"))
    assert [text for _, _, text in said(reading)] == ["edited", "second"]


def test_words_in_blocks_are_read_where_there_is_no_text(tmp_path):
    blocks = [
        {
            "type": "rich_text",
            "elements": [{"elements": [{"type": "text", "text": "it "}, {"type": "user", "user_id": "U2"}]}],
        }
    ]
    assert said(day(tmp_path, message(1, "", blocks=blocks)))[0][2] == "it @Ben Ono"


def test_lines_of_texts_are_true(tmp_path):
    text = json.dumps([message(1, "one\ntwo"), message(2, "three")], indent=2)
    reading = read(tmp_path, text, name="lamps/2026-03-02.json")
    lines = text.split("\n")
    assert ["one" in lines[n - 1] for n in turns(reading)[0].lines] == [True, True]
    assert "three" in lines[turns(reading)[1].lines[0] - 1]


@pytest.mark.parametrize("name", ["users.json", "channels.json", "integration_logs.json"])
def test_lists_of_an_export_are_known_and_hold_no_talk(tmp_path, name):
    reading = read(tmp_path, json.dumps([{"id": "U1", "name": "ana"}]), name=name)
    assert (reading.format, reading.conversations) == ("slack-export", ())


def test_records_that_are_no_messages_are_counted(tmp_path):
    reading = day(tmp_path, message(1, "x"), {"type": "orb", "ts": "1.1"}, {"type": "orb"})
    assert [(item.what, item.count) for item in reading.not_understood] == [("record type orb", 2)]


def events(*records):
    return "".join(json.dumps(record) + "\n" for record in records)


def event(second, text, **fields):
    return message(second, text, channel="C1000000", **fields)


def changed(second, of, text, before="x"):
    inner = message(of, text)
    return event(second, "", subtype="message_changed", message=inner, previous_message={"text": before})


def test_edits_and_deletions_are_applied(tmp_path):
    log = events(
        event(1, "[edited]"),
        event(2, "gone"),
        changed(3, 1, "it flickers"),
        changed(4, 1, "it flickers", before="it flickers"),
        event(5, "", subtype="message_deleted", deleted_ts="1772442002.000100"),
        event(6, "", subtype="message_replied"),
        {"type": "user_typing", "channel": "C1000000", "user": "U1"},
        {"type": "hologram"},
    )
    reading = read(tmp_path, log, name="events.txt")
    assert [(role, text) for role, _, text in said(reading)] == [("h", "it flickers")]
    assert turns(reading)[0].lines == (3,)
    assert [item.what for item in reading.not_understood] == ["event hologram"]


def test_channels_are_told_apart_and_an_append_goes_on(tmp_path):
    log = events(event(1, "a"), event(2, "b") | {"channel": "C2000000"}, event(3, "c"))
    first = read(tmp_path, log, name="events.jsonl")
    more = events(event(9, "d"), changed(10, 1, "a, that is x"), changed(11, 3, "c", before="c"))
    second = read(tmp_path, log + more, name="events.jsonl", cursor=first.cursor)
    here = "from-C1000000/1772442001.000100"
    assert talks(first) == {here: ["a", "c"], "from-C2000000/1772442002.000100": ["b"]}
    assert talks(second) == {here: ["d", "a, that is x"]}
    assert (second.change, second.bytes_read) == ("grown", len(more))


def test_events_in_envelopes_are_unpacked(tmp_path):
    log = events(
        {"type": "event_callback", "team_id": "T1", "event": event(1, "a")},
        {"type": "events_api", "payload": {"event": event(2, "b")}},
    )
    reading = read(tmp_path, log, name="e.jsonl")
    assert (reading.format, [text for _, _, text in said(reading)]) == ("slack-events", ["a", "b"])


def test_the_message_that_began_a_thread_belongs_to_it(tmp_path):
    log = events(event(1, "a"), event(2, "lamp?"), event(3, "noon", thread_ts="1772442002.000100"))
    assert talks(read(tmp_path, log, name="e.jsonl")) == {
        "from-C1000000/1772442001.000100": ["a"],
        "C1000000/1772442002.000100": ["lamp?", "noon"],
    }


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('[{"type": "message", "text": "x"}]', id="messages of something else"),
        pytest.param('{"type": "message", "channel": "general", "ts": "1772442001.000100"}\n', id="no channel id"),
        pytest.param('[{"id": 1}]', id="any list"),
    ],
)
def test_other_documents_are_no_slack(tmp_path, text):
    with suppress(LogError):
        assert not read(tmp_path, text, name="n.json").format.startswith("slack")


RECORD = event(1, "x") | {
    "subtype": None,
    "thread_ts": None,
    "message": message(1, "y"),
    "blocks": [],
    "bot_profile": {},
}


@settings(max_examples=60)
@given(
    records=st.lists(
        st.dictionaries(st.sampled_from(list(RECORD)), st.none() | st.text(max_size=4) | st.just([{}]) | st.just({}))
    )
)
def test_any_records_are_read_or_refused(tmp_path_factory, records):
    folder = tmp_path_factory.mktemp("s")
    with suppress(LogError):
        read(folder, events(*[RECORD | record for record in records]), name="e.jsonl", log_format="slack-events")
        read(folder, json.dumps([RECORD | r for r in records]), name="d.json", log_format="slack-export")


BEGUN = "1772442001.000100"  # 2 March 2026, 01:00 in Los Angeles
NEXT_DAY, LATER = "1772528401.000100", "1772700000.000100"
REPLIES = [{"user": "U2", "ts": NEXT_DAY}, {"user": "U1", "ts": LATER}]
DAYS = {
    "2026-03-02": [
        message(1, "The importer crashes on empty files.", thread_ts=BEGUN, replies=REPLIES),
        message(9, "hm"),
    ],
    "2026-03-03": [message(1, "The importer crash is fixed now.", "U2", thread_ts=BEGUN, ts=NEXT_DAY)],
    "2026-03-05": [message(1, "Thanks, confirmed.", thread_ts=BEGUN, ts=LATER)],
}


@pytest.mark.parametrize("today", DAYS)
def test_a_thread_over_days_is_told_whole_in_the_file_of_each(tmp_path, today):
    for date, messages in DAYS.items():
        reading = day(tmp_path, *messages, name=f"lamps/{date}.json")
    reading = day(tmp_path, *DAYS[today], name=f"lamps/{today}.json")
    told = next(talk for talk in reading.conversations if talk.id == f"lamps/{BEGUN}")
    dates = ["2026-03-02", "2026-03-03", "2026-03-05"]
    assert [turn.text for turn in told.turns] == [DAYS[date][0]["text"] for date in dates]
    assert [turn.log for turn in told.turns] == ["" if date == today else f"lamps/{date}.json" for date in dates]


def test_what_another_day_says_is_neither_counted_nor_told_twice(tmp_path):
    for date, messages in DAYS.items():
        day(tmp_path, *messages, name=f"lamps/{date}.json")
    run = CliRunner().invoke
    counted = json.loads(run(cli, ["logs", "--format", "jsonl", str(tmp_path / "lamps/2026-03-03.json")]).stdout)
    assert counted["turns"]["human"] == 1
    found = [
        json.loads(line)
        for line in run(cli, ["extract", "--all", "--format", "jsonl", str(tmp_path)]).stdout.splitlines()
    ]
    assert [item["status"] for item in found if "importer" in item["title"].lower()] == ["resolved"]
