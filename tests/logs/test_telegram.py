import json
from contextlib import suppress

import pytest
from chats import read, said, times, turns
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.logs.base import LogError


def message(number, text, name="Ana", **fields):
    time = {"date": "2026-03-02T10:00:00", "date_unixtime": str(1772442000 + number)}
    return {"id": number, "type": "message", "from": name, "from_id": "user1", "text": text} | time | fields


SERVICE = {
    "id": 1,
    "type": "service",
    "actor": "Ana",
    "action": "pin_message",
    "text": "",
    "date_unixtime": "1772442000",
}
CHAT = {
    "name": "Park",
    "type": "private_supergroup",
    "id": 7,
    "messages": [
        SERVICE,
        message(2, "it flickers"),
        message(3, ["see ", {"type": "link", "text": "https://x.example/1"}, "\nplease\nnow"], "Ben"),
        message(4, "built", "lamps_bot"),
    ],
}
HEARD = [
    ("s", "Ana", "pin_message"),
    ("h", "Ana", "it flickers"),
    ("h", "Ben", "see https://x.example/1\nplease\nnow"),
    ("t", "lamps_bot", "built"),
]


def test_people_bots_and_notices_of_a_chat(tmp_path):
    text = json.dumps(CHAT, indent=1)
    reading = read(tmp_path, text, name="result.json")
    assert said(reading) == HEARD
    assert (reading.conversations[0].title, turns(reading)[1].id) == ("Park", "7/2")
    assert times(reading)[1] == "2026-03-02T09:00:02+00:00"
    assert [line - turns(reading)[2].lines[0] for line in turns(reading)[2].lines] == [0, 5, 5]


def test_an_export_of_all_chats_keeps_them_apart(tmp_path):
    other = CHAT | {"id": 8, "name": "Lake"}
    text = json.dumps({"about": "x", "chats": {"about": "y", "list": [CHAT, other]}}, indent=1)
    reading = read(tmp_path, text, name="result.json")
    assert [talk.title for talk in reading.conversations] == ["Park", "Lake"]
    assert said(reading) == HEARD * 2


@pytest.mark.parametrize(("records", "counted"), [([{"id": 9, "type": "orb"}], 1), ([{}, {"type": 3}], 2), ([], 0)])
def test_unknown_records_are_counted(tmp_path, records, counted):
    reading = read(tmp_path, json.dumps(CHAT | {"messages": [*CHAT["messages"], *records]}), name="result.json")
    assert len(turns(reading)) == 4
    assert sum(item.count for item in reading.not_understood) == counted


@settings(max_examples=60)
@given(
    fields=st.dictionaries(
        st.sampled_from([*CHAT["messages"][1]]), st.none() | st.text(max_size=4) | st.just([{}, 1, "x"])
    )
)
def test_any_records_are_read_or_refused(tmp_path_factory, fields):
    with suppress(LogError):
        chat = CHAT | {"messages": [CHAT["messages"][1] | fields]}
        read(tmp_path_factory.mktemp("t"), json.dumps(chat), log_format="telegram")
