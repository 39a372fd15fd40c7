"""Reader of DiscordChatExporter's JSON: one channel, thread or direct talk a file."""

from __future__ import annotations

import re
from pathlib import Path

from bot.logs.base import LineSource, Parsed, Tally
from bot.logs.chat import Chat, on_line
from bot.logs.decoding import repaired
from bot.logs.json_document import at, fields, items, string
from bot.logs.json_lines import shape
from bot.logs.json_stream import Element, read_elements
from bot.logs.stamps import iso_time
from bot.model import Conversation, Role, Turn

_HEAD = re.compile(r'\s{0,100}\{\s{0,100}"guild"\s{0,9}:')
_SPOKEN = frozenset({"Default", "Reply", "ThreadStarterMessage"})
_COMMANDS = frozenset({"ChatInputCommand", "ContextMenuCommand", "ApplicationCommand", "AutoModerationAction"})
_MENTION = re.compile(r"<@!?(\d{5,25})>")
_CUSTOM = re.compile(r"<a?(:\w{1,40}:)\d{5,25}>")


class DiscordJson:
    name = "discord-json"

    def detects(self, head: str, path: Path) -> bool:
        del path
        return bool(_HEAD.match(head)) and '"channel"' in head and '"messages"' in head

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        tally = Tally()
        turns: dict[str, Turn] = {}

        def take(element: Element) -> None:
            message = fields(element.value)
            name = string(message.get("id"))
            if not name or not isinstance(message.get("author"), dict):
                tally.add(f"message {shape(message.get('type'))}", element.line)
            else:
                # An export of parts that overlap brings a message twice.
                turns.setdefault(name, _turn(message, element))

        def end(frame: object) -> tuple[Conversation, ...]:
            chat = Chat(log=lines.name, format=self.name)
            chat.titles[""] = repaired(string(at(frame, "channel", "name")))
            is_thread = string(at(frame, "channel", "type")).endswith("Thread")
            for turn in turns.values():
                chat.add(turn, thread=next(iter(turns)) if is_thread else "")
            return chat.conversations()

        return read_elements(lines, keys=("messages",), resume=resume, settled=settled, tally=tally, take=take, end=end)


def _turn(message: dict[str, object], element: Element) -> Turn:
    content = string(message.get("content"))
    text = with_names(repaired(content), message)
    author = fields(message.get("author"))
    return Turn(
        role=_role(message),
        text=text,
        lines=on_line(text, element.line_of(content)),
        speaker=repaired(string(author.get("nickname")) or string(author.get("name"))),
        time=iso_time(string(message.get("timestamp"))),
        id=string(message.get("id")),
    )


def _role(message: dict[str, object]) -> Role:
    kind = string(message.get("type"))
    if kind in _COMMANDS:
        return "tool"
    if kind not in _SPOKEN and kind not in ("", "0", "19"):
        return "system"
    return "tool" if at(message, "author", "isBot") is True else "human"


def with_names(text: str, message: dict[str, object]) -> str:
    """The text with the names of those it mentions, and with emoji as they are typed."""
    if "<" not in text:
        return text
    names = {
        string(at(person, "id")): string(at(person, "nickname")) or string(at(person, "name"))
        for person in items(message.get("mentions"))
    }
    named = _MENTION.sub(lambda found: f"@{names.get(found[1]) or found[1]}", text)
    return _CUSTOM.sub(r"\1", named)
