import json
from contextlib import suppress

import pytest
from chats import read, said, times, turns, verbatim
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.logs.base import LogError


def message(number, content, kind="Default", *, bot=False, **fields):
    author = {"id": "5", "name": "ana.s", "nickname": "Ana", "isBot": bot}
    time = f"2026-03-02T09:00:{number:02}.123+00:00"
    return {"id": str(number), "type": kind, "timestamp": time, "content": content, "author": author} | fields


def channel(*messages, kind="GuildTextChat"):
    return {"guild": {"id": "1"}, "channel": {"id": "2", "type": kind, "name": "lamps"}, "messages": list(messages)}


def test_people_bots_and_notices_of_an_export(tmp_path):
    log = channel(
        message(1, "it flickers"),
        message(2, "<@77000> and <@!88000> <:lamp:12345678>", "Reply", mentions=[{"id": "77000", "name": "ben"}]),
        message(3, "built", bot=True),
        message(4, "Pinned a message.", "ChannelPinnedMessage"),
        message(5, "", "ChatInputCommand", bot=True),
    )
    text = json.dumps(log, indent=2)
    reading = read(tmp_path, text, name="lamps.json")
    assert [(role, said_) for role, _, said_ in said(reading)] == [
        ("h", "it flickers"), ("h", "@ben and @88000 :lamp:"), ("t", "built"), ("s", "Pinned a message."), ("t", ""),
    ]  # fmt: skip
    assert (turns(reading)[0].speaker, times(reading)[0]) == ("Ana", "2026-03-02T09:00:01.123000+00:00")
    assert (reading.conversations[0].title, len(reading.conversations)) == ("lamps", 1)
    assert turns(reading)[0].lines == (text[: text.index("it flickers")].count("\n") + 1,)


@pytest.mark.parametrize(("kind", "count"), [("GuildTextChat", 2), ("GuildPublicThread", 1)])
def test_a_silence_parts_a_channel_but_no_thread(tmp_path, kind, count):
    later = message(2, "y") | {"timestamp": "2026-03-22T09:00:00+00:00"}
    reading = read(tmp_path, json.dumps(channel(message(1, "x"), later, kind=kind)), name="a.json")
    assert len(reading.conversations) == count


def test_a_repeated_message_is_read_once_and_an_odd_one_is_counted(tmp_path):
    log = channel(message(1, "x"), message(1, "x"), {"id": "9", "type": "Orb"})
    reading = read(tmp_path, json.dumps(log), name="a.json")
    assert len(turns(reading)) == 1
    assert [item.what for item in reading.not_understood] == ["message Orb"]


BOX = "=" * 62
TEXT = f"""{BOX}
Guild: Park
Channel: lamps
{BOX}

[08-Mar-26 10:10 AM] ana#1234
it flickers

[09-Mar-26 09:00 AM] was the time

{{Attachments}}
https://files.example/x.png

[08-Mar-26 10:11 PM] ben#0042 (pinned)

{{Reactions}}
ok (2)

[08-Mar-26 10:12 PM] hook#0000
built

{BOX}
Exported 3 message(s)
{BOX}
"""


def test_text_with_blank_lines_inside_and_extras_behind(tmp_path):
    text = TEXT.replace("\n[09-Mar", "\nx [09-Mar")
    reading = read(tmp_path, text, name="lamps.txt")
    assert said(reading) == [
        ("h", "ana#1234", "it flickers\n\nx [09-Mar-26 09:00 AM] was the time"),
        ("h", "ben#0042", ""),
        ("t", "hook#0000", "built"),
    ]
    assert times(reading)[1] == "2026-03-08T22:11:00+00:00"
    assert verbatim(reading, text)
    assert not reading.not_understood


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        pytest.param("3/28/2026 4:05 PM", "2026-03-28T16:05:00+00:00", id="US"),
        pytest.param("28/03/2026 16:05", "2026-03-28T16:05:00+00:00", id="Britain"),
        pytest.param("28.03.2026 16:05", "2026-03-28T16:05:00+00:00", id="Germany"),
        pytest.param("2026-03-28 16:05", "2026-03-28T16:05:00+00:00", id="ISO"),
        pytest.param("2026-03-28T16:05:00.123+02:00", "2026-03-28T16:05:00.123000+02:00", id="with zone"),
        pytest.param("03/04/2026 16:05", None, id="no telling"),
        pytest.param("39-Foo-26 10:10 AM", None, id="no date"),
    ],
)
def test_dates_as_the_exporter_writes_them(tmp_path, stamp, expected):
    text = f"{BOX}\nGuild: Park\n{BOX}\n\n[{stamp}] ana\nhi\n"
    assert times(read(tmp_path, text, name="lamps.txt")) == [expected]


def test_archives_with_ids_and_indented_text(tmp_path):
    text = f"""# Thread 'Dim lamps' in forum #park
# thread_id=100200300

[2026-03-02T09:00:00.5+00:00] ana (id=100200300)
    It flickers.
{INDENT}
    Since noon.
    [attachment] a.png https://files.example/a.png

[2026-03-22T09:00:00+00:00] ben (id=100200301)
    [reply to ana msg=100200300]
    Fixed.
"""
    reading = read(tmp_path, text, name="t.txt")
    assert said(reading) == [("h", "ana", "It flickers.\n\nSince noon."), ("h", "ben", "\nFixed.")]
    assert (reading.conversations[0].id, reading.conversations[0].title) == ("100200300", "Dim lamps")
    assert verbatim(reading, text)


INDENT = "    "
HEADER = "AuthorID,Author,Date,Content,Attachments,Reactions"
CSV = f"""{HEADER}
"11","ana#1234","08-Mar-26 10:10 AM","it ""flickers""

since noon","",""
"12","ben#0042","2026-03-08T22:11:00.0000000+00:00","I'll look, today","x.png","ok (2)"
"""


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_cells_of_several_lines(tmp_path, delimiter):
    text = CSV.replace('","', f'"{delimiter}"').replace("D,A", f"D{delimiter}A").replace("r,D", f"r{delimiter}D")
    text = text.replace("e,C", f"e{delimiter}C").replace("t,A", f"t{delimiter}A").replace("s,R", f"s{delimiter}R")
    reading = read(tmp_path, text, name="lamps.csv")
    assert said(reading) == [("h", "ana#1234", 'it "flickers"\n\nsince noon'), ("h", "ben#0042", "I'll look, today")]
    assert [list(turn.lines) for turn in turns(reading)] == [[2, 3, 4], [5]]
    assert times(reading) == ["2026-03-08T10:10:00+00:00", "2026-03-08T22:11:00+00:00"]


def test_broken_rows_are_counted(tmp_path):
    reading = read(tmp_path, CSV + '"13","x"\n', name="lamps.csv")
    assert [(item.what, item.line) for item in reading.not_understood] == [("row of fewer than four cells", 6)]


def test_an_export_as_text_and_as_csv_name_messages_alike(tmp_path):
    text = read(tmp_path, f"{BOX}\nGuild: Park\n{BOX}\n\n[08-Mar-26 10:10 AM] ana#1234\nhi\n", name="a.txt")
    table = read(tmp_path, HEADER + '\n"11","ana#1234","08-Mar-26 10:10 AM","hi"\n', name="a.csv")
    assert turns(text)[0].id == turns(table)[0].id


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[2026-03-02 10:00] ana\nhi\n", id="no header"),
        pytest.param("Author,Date,Content\nx,y,z\n", id="another table"),
        pytest.param('{"guild": 1}', id="another document"),
        pytest.param("Guild: Park\n\nWe met there.\n", id="prose"),
    ],
)
def test_other_texts_are_no_discord(tmp_path, text):
    with suppress(LogError):
        assert not read(tmp_path, text, name="n.txt").format.startswith("discord")


@settings(max_examples=60)
@given(
    parts=st.lists(st.sampled_from([*TEXT.split("\n"), *CSV.split("\n"), '"', "[1/1/1 1:1] x"]) | st.text(max_size=20)),
    name=st.sampled_from(["discord-text", "discord-csv", "discord-json"]),
)
def test_any_lines_are_read_or_refused(tmp_path_factory, parts, name):
    data = "\n".join([HEADER, *parts] if name == "discord-csv" else parts)
    with suppress(LogError):
        read(tmp_path_factory.mktemp("d"), data.encode("utf-8", "replace"), log_format=name)
