"""Every sample of a chat is claimed by its own reader and no other, whole or cut anywhere."""

import json

import pytest
from chats import read
from hypothesis import given
from hypothesis import strategies as st

from bot.logs.readers import READERS

MESSAGE = {"type": "message", "user": "U1", "text": "it flickers", "ts": "1772442001.000100"}
SAID = {"content_type": "text", "parts": ["hi"]}
TREE = {
    "a": {"id": "a", "parent": None, "children": ["b"], "message": None},
    "b": {"id": "b", "parent": "a", "children": [], "message": {"author": {"role": "user"}, "content": SAID}},
}
CLAUDE = {"uuid": "c", "chat_messages": [{"uuid": "m", "sender": "human", "text": "hi"}]}
STUDIO = {"runSettings": {}, "chunkedPrompt": {"chunks": [{"text": "hi", "role": "user"}]}}
ZULIP = [{"content": "<p>hi</p>", "id": 1, "sender_full_name": "Ana", "timestamp": 1772442000}]
DISCORD = {"guild": {}, "channel": {"id": "2"}, "messages": [{"id": "1", "content": "hi", "author": {}}]}
SAID_THERE = {
    "id": 1,
    "type": "message",
    "from": "Ana",
    "from_id": "user1",
    "text": "hi",
    "date": "2026-03-02T09:00:00",
}
TELEGRAM = {"name": "Park", "type": "private_group", "id": 7, "messages": [SAID_THERE]}
OPENAI = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]
BOX = "=" * 62

SAMPLES = {
    "chatgpt": json.dumps([{"title": "x", "mapping": TREE, "current_node": "b"}]),
    "claude-ai": json.dumps([CLAUDE]),
    "ai-studio": json.dumps(STUDIO, indent=1),
    "slack-export": json.dumps([MESSAGE]),
    "slack-events": json.dumps(MESSAGE | {"channel": "C1000000"}) + "\n",
    "zulip": json.dumps(ZULIP, indent=4),
    "telegram": json.dumps(TELEGRAM, indent=1),
    "discord-json": json.dumps(DISCORD, indent=2),
    "discord-text": f"{BOX}\nGuild: Park\n{BOX}\n\n[08-Mar-26 10:10 AM] ana\nhi\n",
    "discord-csv": "AuthorID,Author,Date,Content,Attachments,Reactions\n1,ana,08-Mar-26 10:10 AM,hi,,\n",
    "messages": json.dumps(OPENAI),
    "messages-jsonl": "".join(json.dumps({"messages": OPENAI}) + "\n" for _ in range(3)),
    "irc": "".join(f"[10:0{n}] <ana> hi\n[10:0{n}] <ben> ho\n" for n in range(9)),
    "irc-records": "1772442000\nana\nhi\n\n1772442005\nben\nho\n\n",
    "whatsapp": "1/31/26, 10:00 - Ana: hi\n1/31/26, 10:01 - Ben: ho\n",
    "zoom": "10:01:02 From Ana to Everyone:\n\thi\n10:02:03 From Ben to Everyone:\n\thello\n",
    "webvtt": "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>hi</v>\n",
    "transcript": "Sync\n\nAna  0:03\nhi\n\nBen  0:15\nho\n\nAna  0:20\nhm\n\nBen  0:30\nso\n",
    "chat-page": "**Ana** 10:00 AM\nhi\n\n**Ben** 10:01 AM\nho\n\n**Ana** 10:02 AM\nhm\n",
    "minutes": "# Team meeting 2026-03-02\n\n## Present\n\nAna\n\n## Agenda\n\n- lamps\n",
}


@pytest.mark.parametrize("name", SAMPLES)
def test_one_reader_claims_a_sample(tmp_path, name):
    reading = read(tmp_path, SAMPLES[name], name="sample")
    assert reading.format == name
    assert [item.what for item in reading.not_understood] in ([], ["line before the first words"])


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("path", ["sample.json", "sample.md", "sample.txt", "2026-03-02.jsonl"])
def test_no_other_reader_wants_it(tmp_path, name, path):
    claims = [reader.name for reader in READERS if reader.detects(SAMPLES[name], tmp_path / path)]
    assert claims in ([name], ["messages-jsonl", "messages"])


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize(
    "written",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="line ends of Windows"),
        pytest.param(lambda text: b"\xef\xbb\xbf" + text.encode(), id="byte order mark"),
        pytest.param(lambda text: text.encode("utf-16"), id="UTF-16"),
        pytest.param(lambda text: text.rstrip("\n").encode(), id="no newline at the end"),
        pytest.param(lambda text: text.encode() + b"\n\n", id="blank lines at the end"),
    ],
)
def test_a_sample_reads_the_same_however_it_is_written(tmp_path, name, written):
    plain = read(tmp_path, SAMPLES[name], name="sample-2026-03-02")
    other = read(tmp_path, written(SAMPLES[name]), name="sample-2026-03-02")
    assert other.format == name
    assert other.conversations == plain.conversations
    assert other.not_understood == plain.not_understood


@given(name=st.sampled_from(list(SAMPLES)), cut=st.floats(0, 1))
def test_a_sample_cut_short_is_never_taken_for_another(tmp_path_factory, name, cut):
    text = SAMPLES[name][: int(len(SAMPLES[name]) * cut)]
    folder = tmp_path_factory.getbasetemp()
    claims = {reader.name for reader in READERS if reader.detects(text, folder / "x")}
    assert claims <= {name} or claims <= {"messages", "messages-jsonl"}
