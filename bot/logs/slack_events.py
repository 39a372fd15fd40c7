"""Reader of logs of Slack's events: JSONL, appended to, the messages of all channels mixed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bot.logs.base import LineSource, Parsed, Tally
from bot.logs.chat import Chat, channels_of, on_line
from bot.logs.json_document import at, fields, string
from bot.logs.json_lines import JsonLines, Record, head_records, shape
from bot.logs.slack_messages import Message, people_beside, role_of, speaker_of, text_of
from bot.logs.stamps import epoch_of
from bot.model import Turn

_TS = re.compile(r"\d{9,10}\.\d{6}")
_CHANNEL = re.compile(r"[CDG][A-Z0-9]{7,14}")
# Events that tell of a screen, not of a talk.
_SILENT = frozenset(
    """
    hello goodbye user_typing presence_change manual_presence_change pref_change user_change team_join
    reaction_added reaction_removed pin_added pin_removed star_added star_removed channel_marked im_marked group_marked
    mpim_marked thread_marked channel_created channel_joined channel_left channel_rename channel_archive
    channel_unarchive member_joined_channel member_left_channel im_created im_open im_close file_created file_shared
    file_public file_change file_deleted emoji_changed bot_added bot_changed dnd_updated dnd_updated_user reconnect_url
    desktop_notification subteam_created subteam_updated update_thread_state accounts_changed commands_changed
    """.split()
)


@dataclass(slots=True)
class _Message:
    """The newest form of a message, and the line where that stands."""

    value: Message
    line: int


class SlackEvents:
    name = "slack-events"
    appended = True

    def detects(self, head: str, path: Path) -> bool:
        del path
        return any(_is_event(record) for record in head_records(head))

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        chat = Chat(log=lines.name, format=self.name, channels=channels_of(resume) if resume else {})
        tally = Tally()
        messages: dict[str, _Message] = {}
        records = JsonLines(lines, settled=settled, tally=tally)
        for number, record in records:
            _take(_unwrapped(record), number, messages, tally)
        people = people_beside(lines) if messages else None
        parents = {key for m in messages.values() if (key := _thread(m.value)) in messages}
        for key, message in messages.items():
            if people is None:
                break
            text, _ = text_of(message.value, people)
            turn = Turn(
                role=role_of(message.value, people),
                text=text,
                lines=on_line(text, message.line),
                speaker=speaker_of(message.value, people),
                time=epoch_of(message.value.get("ts")),
                id=key,
            )
            channel = string(message.value.get("channel"))
            chat.add(turn, channel=channel, thread=_thread(message.value) or (key if key in parents else ""))
        return Parsed(
            conversations=chat.conversations(),
            mark=records.mark,
            resume=msgspec.json.encode(chat.channels).decode(),
            not_understood=tally.result(),
        )


def _unwrapped(record: Record) -> Record:
    """The event in the envelope of the Events API or of Socket Mode."""
    for path in (("event",), ("payload", "event"), ("body", "event")):
        event = at(record, *path)
        if isinstance(event, dict) and "type" in event:
            return event
    return record


def _is_event(record: Record) -> bool:
    record = _unwrapped(record)
    if not (isinstance(record.get("type"), str) and _CHANNEL.fullmatch(string(record.get("channel")))):
        return False
    return bool(_TS.fullmatch(string(record.get("ts")) or string(record.get("event_ts"))))


def _take(record: Record, number: int, messages: dict[str, _Message], tally: Tally) -> None:
    kind, subtype = string(record.get("type")), string(record.get("subtype"))
    channel = string(record.get("channel"))
    if kind != "message":
        if kind not in _SILENT:
            tally.add(f"event {shape(kind)}", number)
    elif subtype == "message_changed":
        _change(record, channel, number, messages)
    elif subtype == "message_deleted":
        messages.pop(_key(channel, string(record.get("deleted_ts"))), None)
    elif subtype != "message_replied":
        ts = string(record.get("ts"))
        if channel and ts:
            messages[_key(channel, ts)] = _Message(record, number)
        else:
            tally.add("message without channel or time", number)


def _change(record: Record, channel: str, number: int, messages: dict[str, _Message]) -> None:
    """Put the new text in place of the old one; a change of a message read earlier is told as it stands now."""
    new = fields(record.get("message"))
    key = _key(channel, string(new.get("ts")))
    known = messages.get(key)
    if known is None:
        if string(at(record, "previous_message", "text")) != string(new.get("text")):
            messages[key] = _Message({**new, "channel": channel}, number)
    elif string(known.value.get("text")) != string(new.get("text")):
        messages[key] = _Message({**known.value, **new, "channel": channel}, number)


def _key(channel: str, ts: str) -> str:
    return f"{channel}/{ts}"


def _thread(message: Message) -> str:
    thread = string(message.get("thread_ts"))
    return _key(string(message.get("channel")), thread) if thread else ""
