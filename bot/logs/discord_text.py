"""Reader of Discord channels as text: DiscordChatExporter's ``[1/31/2026 10:00 AM] name`` and archives with ids."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.logs.base import LineSource, Mark, Parsed, Reread, Tally
from bot.logs.chat import Chat, digest, is_program
from bot.logs.stamps import times_of
from bot.model import Role, Turn

_BOX = re.compile(r"={20,200}$")
_HEAD = re.compile(
    r"\[(?P<stamp>[0-9][0-9A-Za-z:./, +\u202f-]{7,40})\] "
    r"(?P<name>[^\n]{1,80}?)(?: \(id=(?P<id>\d{5,25})\))?(?: \(pinned\))?$"
)
_TITLE = re.compile(
    r"(?:Channel: (?P<channel>.{1,200})|# Thread '(?P<thread>.{1,200}?)' in (?:forum|channel) .{0,100})$"
)
_OPENING = re.compile(r"(?:Guild|Server): |# Thread '")
# What follows in a message is no words of its author.
_EXTRA = re.compile(r"\{(?:Attachments|Embed|Embeds|Reactions|Stickers|Forwarded Message)\}$")
_NOTE = re.compile(r"\[(?:attachment|embed|sticker|reaction|reply to)[ \]]")


@dataclass(slots=True)
class _Message:
    stamp: str
    name: str
    id: str
    line: int
    texts: list[str] = field(default_factory=list)


class DiscordText:
    """An export is a file of its own each time, so it is read whole."""

    name = "discord-text"

    def detects(self, head: str, path: Path) -> bool:
        del path
        lines = [line.rstrip("\r") for line in head.split("\n")[:60]]
        first = next((line for line in lines if line and not _BOX.match(line)), "")
        return bool(_OPENING.match(first)) and any(map(_HEAD.match, lines))

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        if resume:
            raise Reread("the channel was exported again")
        texts, _ = lines.read_all()
        if lines.mark.open_line and not settled:
            return Parsed(conversations=(), mark=Mark(), waiting=True)
        tally = Tally()
        chat = Chat(log=lines.name, format=self.name)
        messages = _messages(texts, chat, tally)
        thread = messages[0].id if messages and any(line.startswith("# Thread '") for line in texts[:9]) else ""
        seen: dict[str, int] = {}
        for message, time in zip(messages, times_of([m.stamp for m in messages]), strict=True):
            text = "\n".join(_words(message.texts))
            name = message.id or digest(f"{message.stamp}|{message.name}|{text}")
            seen[name] = seen.get(name, 0) + 1
            chat.add(
                Turn(
                    role=role_of(message.name),
                    text=text,
                    lines=range(message.line, message.line + text.count("\n") + 1) if text else (message.line - 1,),
                    speaker=message.name,
                    time=time,
                    id=name if seen[name] == 1 else f"{name}-{seen[name]}",
                ),
                thread=thread,
            )
        return Parsed(
            conversations=chat.conversations(), mark=lines.mark, resume="whole", not_understood=tally.result()
        )


def _messages(texts: Sequence[str], chat: Chat, tally: Tally) -> list[_Message]:
    messages: list[_Message] = []
    before, boxes = "", 0
    for number, line in enumerate(texts, 1):
        head = _HEAD.match(line) if not before.strip() else None
        if _BOX.match(line):
            boxes += 1
        elif head:
            messages.append(_Message(head["stamp"], head["name"].strip(), head["id"] or "", number + 1))
        elif messages and boxes <= 2:
            messages[-1].texts.append(line)
        elif title := _TITLE.match(line):
            chat.titles[""] = (title["channel"] or title["thread"]).strip()
        elif line.strip() and not boxes and not line.startswith("# "):
            tally.add("line before the first message", number)
        before = "" if _BOX.match(line) else line
    return messages


def _words(texts: Sequence[str]) -> list[str]:
    """The lines that the author typed."""
    indent = "    " if all(not line.strip() or line.startswith("    ") for line in texts) else ""
    words: list[str] = []
    for line in texts:
        bare = line.removeprefix(indent)
        if _EXTRA.match(bare):
            break
        words.append("" if indent and _NOTE.match(bare) else bare)
    while words and not words[-1].strip():
        words.pop()
    return words


def role_of(name: str) -> Role:
    """Whether a person or a program bears a name."""
    # Webhooks and applications have no number of their own; neither have people who left.
    if name.endswith("#0000") and not name.startswith("Deleted User"):
        return "tool"
    return "tool" if is_program(name.partition("#")[0]) else "human"
