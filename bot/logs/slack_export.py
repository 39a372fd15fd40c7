"""Reader of Slack's export: a folder for each channel, in it a file for each day."""

from __future__ import annotations

import re
from pathlib import Path

from bot.logs.base import LineSource, Parsed, Tally
from bot.logs.chat import Chat, on_line
from bot.logs.json_document import fields, items, string
from bot.logs.json_lines import shape
from bot.logs.json_stream import Element, read_elements
from bot.logs.slack_days import Elsewhere, OtherDays
from bot.logs.slack_messages import Message, People, people_beside, role_of, speaker_of, text_of
from bot.logs.stamps import epoch_of
from bot.model import Conversation, Turn

# A day of the export, or a whole channel as slackdump writes it.
_HEAD = re.compile(r'\s{0,100}(?:\[\s{0,100}\{|\{(?=[^{}\[\]]{0,900}"(?:messages|channel_id)"))')
_STAMPED = re.compile(r'"ts"\s{0,9}:\s{0,9}"\d{9,10}\.\d{6}"')
_TYPED = re.compile(r'"type"\s{0,9}:\s{0,9}"message"')
# Of the files that lie beside the channels, and hold no talk.
_LISTS = frozenset(
    f"{name}.json"
    for name in "users org_users channels groups dms mpims integration_logs canvases lists file_conversations".split()
)
_LISTED = re.compile(r'\s{0,100}\[\s{0,100}(?:\]|\{[^{}\[\]]{0,400}?"(?:id|user_id|service_id|team_id)"\s{0,9}:)')


class SlackExport:
    """A day is read whole: an export made later brings it again, with edits and with the window of its own run.

    A thread is one conversation, named by the message that began it. It is told as a whole in each file that has
    a part of it, so that what is mended on another day is seen to be.
    """

    name = "slack-export"

    def detects(self, head: str, path: Path) -> bool:
        if path.name in _LISTS:
            return bool(_LISTED.match(head))
        return bool(_HEAD.match(head) and _STAMPED.search(head) and _TYPED.search(head))

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        if lines.name.replace("!", "/").rsplit("/", 1)[-1] in _LISTS:
            return _list(lines)
        tally = Tally()
        messages: dict[str, tuple[Message, Element]] = {}

        def take(element: Element) -> None:
            for message in _with_replies(fields(element.value)):
                ts = string(message.get("ts"))
                if message.get("type") == "message" and ts:
                    messages[ts] = (message, element)
                else:
                    tally.add(f"record type {shape(message.get('type'))}", element.line)

        def end(frame: object) -> tuple[Conversation, ...]:
            channel = string(fields(frame).get("name")) or _channel(lines.name)
            return _conversations(messages, channel, lines, self.name)

        return read_elements(lines, keys=("messages",), resume=resume, settled=settled, tally=tally, take=take, end=end)


def _conversations(
    messages: dict[str, tuple[Message, Element]], channel: str, lines: LineSource, name: str
) -> tuple[Conversation, ...]:
    people = people_beside(lines)
    chat = Chat(log=lines.name, format=name)
    chat.titles[channel] = f"#{channel}"
    known: dict[str, tuple[Message, Element | Elsewhere]] = dict(messages)
    for other in OtherDays(lines).of_threads(message for message, _ in messages.values()):
        known.setdefault(string(other.value.get("ts")), (other.value, other))
    # Stamps are digits of one length, so that text order is the order of time.
    for ts in sorted(known):
        message, place = known[ts]
        thread = string(message.get("thread_ts"))
        turn = _turn(message, place, channel, people)
        chat.add(turn, channel=channel, thread=f"{channel}/{thread}" if thread else "")
    return chat.conversations()


def _turn(message: Message, element: Element | Elsewhere, channel: str, people: People) -> Turn:
    text, source = text_of(message, people)
    ts = string(message.get("ts"))
    return Turn(
        role=role_of(message, people),
        text=text,
        lines=on_line(text, element.line_of(source)),
        speaker=speaker_of(message, people),
        time=epoch_of(ts),
        id=f"{channel}/{ts}",
        log=element.log if isinstance(element, Elsewhere) else "",
    )


def _with_replies(message: Message) -> list[Message]:
    """A message, and the replies that some programs put inside it."""
    replies = [fields(reply) for reply in items(message.get("slackdump_thread_replies"))]
    return [message, *replies]


def _channel(name: str) -> str:
    """The folder of a day's file."""
    parts = name.replace("!", "/").split("/")
    return parts[-2] if len(parts) > 1 else parts[-1].removesuffix(".json")


def _list(lines: LineSource) -> Parsed:
    """A list of people or channels: known, and without talk."""
    for _ in lines:
        pass
    return Parsed(conversations=(), mark=lines.mark, resume="list")
