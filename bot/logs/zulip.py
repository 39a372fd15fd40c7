"""Reader of Zulip: zulip-archive's JSON, a file for each topic, and what the server answers for messages; in HTML."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from bot.logs.base import LineSource, Parsed, Tally
from bot.logs.chat import is_program, on_line
from bot.logs.decoding import repaired
from bot.logs.html_text import text_of_html
from bot.logs.json_document import fields, string
from bot.logs.json_stream import Element, read_elements
from bot.logs.stamps import epoch_of
from bot.model import Conversation, Role, Turn

_HEAD = re.compile(r"\s{0,100}(?:\[\s{0,100}\{|\{)")
_KEYS = ('"sender_full_name"', '"content"', '"timestamp"')
# The archive writes %20 as .20 in file names.
_ESCAPED = re.compile(r"\.(?=[0-9A-F]{2})")


class Zulip:
    """A topic is a thread, so it is one conversation; a renamed topic keeps the ids of its messages."""

    name = "zulip"

    def detects(self, head: str, path: Path) -> bool:
        del path
        return bool(_HEAD.match(head)) and all(key in head for key in _KEYS)

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        tally = Tally()
        topics: dict[str, list[Turn]] = {}

        def take(element: Element) -> None:
            message = fields(element.value)
            if "content" in message and "sender_full_name" in message:
                topics.setdefault(_topic(message), []).append(_turn(message, element))
            else:
                tally.add("record that is no message", element.line)

        def end(frame: object) -> list[Conversation]:
            del frame
            return [self._conversation(lines.name, title, turns) for title, turns in topics.items()]

        return read_elements(lines, keys=("messages",), resume=resume, settled=settled, tally=tally, take=take, end=end)

    def _conversation(self, log: str, title: str, turns: list[Turn]) -> Conversation:
        file = unquote(_ESCAPED.sub("%", log.rsplit("/", 1)[-1].removesuffix(".json")))
        return Conversation(
            log=log,
            format=self.name,
            id=f"topic-{turns[0].id}",
            turns=tuple(turns),
            title=title or file,
            started=turns[0].time,
        )


def _topic(message: dict[str, object]) -> str:
    """The stream and topic of a message, "" in an archive, whose files are topics."""
    parts = (message.get("display_recipient"), message.get("subject"))
    return repaired(" > ".join(part for part in parts if isinstance(part, str) and part))


def _turn(message: dict[str, object], element: Element) -> Turn:
    content, name = string(message.get("content")), string(message.get("sender_full_name"))
    text = repaired(text_of_html(content))
    role: Role = "human"
    if name in ("Notification Bot", "Welcome Bot"):
        role = "system"
    elif is_program(name) or "-bot@" in string(message.get("sender_email")):
        role = "tool"
    return Turn(
        role=role,
        text=text,
        lines=on_line(text, element.line_of(content)),
        speaker=repaired(name),
        time=epoch_of(message.get("timestamp")),
        id=str(message.get("id", "")),
    )
