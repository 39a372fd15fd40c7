"""Reader of Telegram Desktop's export: result.json of one chat or of all of them."""

from __future__ import annotations

import re
from pathlib import Path

from bot.logs.base import LineSource, Parsed, Tally
from bot.logs.chat import Chat, is_program, on_line
from bot.logs.decoding import repaired
from bot.logs.json_document import at, fields, items, string
from bot.logs.json_lines import shape
from bot.logs.json_stream import Element, read_elements
from bot.logs.stamps import epoch_of, iso_time
from bot.model import Conversation, Role, Turn

_HEAD = re.compile(r"\s{0,100}\{")
_KEYS = ('"date"', '"from_id"', '"text"')
_KINDS = re.compile(
    r'"type"\s{0,9}:\s{0,9}"(?:personal_chat|bot_chat|saved_messages|(?:private|public)_(?:group|supergroup|channel))"'
)


class Telegram:
    """A chat is cut where it fell quiet; a topic of a forum is not told apart, since replies alone show it."""

    name = "telegram"

    def detects(self, head: str, path: Path) -> bool:
        del path
        return bool(_HEAD.match(head) and _KINDS.search(head)) and all(key in head for key in _KEYS)

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        tally = Tally()
        messages: list[Element] = []

        def end(frame: object) -> tuple[Conversation, ...]:
            chat = Chat(log=lines.name, format=self.name)
            _add(chat, fields(frame), messages, tally)
            for other in items(at(frame, "chats", "list")):
                _add(chat, fields(other), [Element(message, 1) for message in items(at(other, "messages"))], tally)
            return chat.conversations()

        return read_elements(
            lines, keys=("messages",), resume=resume, settled=settled, tally=tally, take=messages.append, end=end
        )


def _add(chat: Chat, about: dict[str, object], messages: list[Element], tally: Tally) -> None:
    name = str(about.get("id", ""))
    chat.titles[name] = repaired(string(about.get("name")))
    for element in messages:
        message = fields(element.value)
        kind = string(message.get("type"))
        if kind in ("message", "service"):
            chat.add(_turn(message, element, name), channel=name)
        else:
            tally.add(f"record type {shape(kind)}", element.line)


def _turn(message: dict[str, object], element: Element, chat: str) -> Turn:
    parts = _texts(message)
    speaker = string(message.get("from")) or string(message.get("actor"))
    text = repaired("".join(parts))
    role: Role = "human"
    if message.get("type") == "service":
        role, text = "system", text or string(message.get("action"))
    elif is_program(speaker) or message.get("via_bot"):
        role = "tool"
    return Turn(
        role=role,
        text=text,
        lines=_lines(text, parts, element) or on_line(text, element.line),
        speaker=repaired(speaker),
        time=epoch_of(message.get("date_unixtime")) or iso_time(string(message.get("date"))),
        id=f"{chat}/{message.get('id', '')}",
    )


def _texts(message: dict[str, object]) -> list[str]:
    # Where there is a link or a bold word the text is a list of parts.
    text = message.get("text")
    if isinstance(text, str):
        return [text]
    return [part if isinstance(part, str) else string(at(part, "text")) for part in items(text)]


def _lines(text: str, parts: list[str], element: Element) -> tuple[int, ...]:
    """A line of the text stands where its last part with words does; () where that cannot be told."""
    numbers: list[int] = []
    for part in parts:
        line = element.line_of(part)
        pieces = part.split("\n")
        if not numbers:
            numbers = [line] * len(pieces)
        else:
            numbers += [line] * (len(pieces) - 1)
    return tuple(numbers) if len(numbers) == text.count("\n") + 1 else ()
