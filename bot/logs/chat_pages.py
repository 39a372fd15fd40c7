"""Reader of chats copied or exported as text and Markdown: the name with the time on a line, the words below it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html import unescape
from itertools import pairwise
from pathlib import Path

from bot.logs.base import LineSource, Mark, Parsed, Reread, Tally
from bot.logs.chat import Chat, digest, is_program
from bot.logs.speakers import core, is_name, role_of
from bot.logs.stamps import date_in_name, date_in_text, hour_of, zone_of
from bot.model import Turn

# **Ana** 10:05, Ana Silva  10:05 AM, ana — Today at 10:05 AM, **ana** <span ..>10:05:00 UTC</span>
_HEAD = re.compile(
    r"(?:↳ ?|> ?|#{2,6} )?(?P<bold>\*\*|__)?(?P<name>[^\s*_<>|\[\]`#-][^*<>|\[\]`\n]{0,60}?)(?P=bold)?"
    r"(?: (?P<app>APP|BOT|\[bot\]))?:? {0,4}(?P<dash>[—–·|]|at\b)? {0,4}(?:<span\b[^<>]{0,200}>)? ?"
    r"[\[(]?(?P<day>(?:Today|Yesterday|[A-Z][a-z]{2,8} \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{4}-\d{2}-\d{2}"
    r"|\d{1,2}/\d{1,2}/\d{2,4})"
    r",? (?:at )?)?(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?"
    r"(?:[ \u202f]?(?P<half>[AaPp][Mm]))?(?: ?(?P<zone>UTC|GMT|Z|[+-]\d{2}:?\d{2}))?[\])]?(?:</span>)?:?[ \t]{0,4}$"
)
_CLOCK = re.compile(r"\d:[0-5]\d")
# A line between messages that tells the day.
_DAY = re.compile(r"(?:#{1,6} |-{3,} ?|\*\*)[^\n]{0,60}\d{4}[^\n]{0,20}$")
_TAG = re.compile(r"</?span\b[^<>]{0,200}>")
_LEAST = 3


@dataclass(slots=True)
class _Message:
    head: str
    name: str
    app: bool
    time: datetime | None
    line: int
    texts: list[str] = field(default_factory=list)


class ChatPages:
    """A page is read whole: who copies a chat writes the page anew."""

    name = "chat-page"

    def detects(self, head: str, path: Path) -> bool:
        del path
        lines = [line.rstrip("\r") for line in head.split("\n")[:400]]
        heads = [found for line in lines if (found := _head(line))]
        names = Counter(found["name"] for found in heads)
        if len(heads) < _LEAST or len(names) < 2 or max(names.values()) < 2:
            return False
        if any(role_of(core(found["name"])) for found in heads if not found["app"]):
            return False  # a person and an assistant: a transcript
        filled = [line for line in lines if line.strip()]
        first = next(number for number, line in enumerate(filled) if _head(line))
        worded = sum(bool(_head(a)) and not _head(b) for a, b in pairwise(filled))
        return first < 12 and worded * 3 >= len(heads) * 2

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        if resume:
            raise Reread("the page was written anew")
        texts, _ = lines.read_all()
        if lines.mark.open_line and not settled:
            return Parsed(conversations=(), mark=Mark(), waiting=True)
        tally = Tally()
        chat = Chat(log=lines.name, format=self.name)
        seen: set[str] = set()
        for message in _messages(texts, date_in_name(lines.name), tally):
            turn = _turn(message)
            if turn.id not in seen:  # pages of threads bring messages again
                seen.add(turn.id)
                chat.add(turn)
        return Parsed(
            conversations=chat.conversations(), mark=lines.mark, resume="whole", not_understood=tally.result()
        )


def _head(line: str) -> re.Match[str] | None:
    """A line that is a name and a time; without bold letters it takes a half of the day or a dash to be one."""
    if len(line) > 300 or not _CLOCK.search(line, max(0, len(line) - 40)):
        return None
    found = _HEAD.match(line)
    if not found or found["bold"]:
        return found
    is_marked = found["half"] or found["dash"] not in (None, "at")
    return found if is_marked and is_name(found["name"]) else None


def _messages(texts: Sequence[str], day: date | None, tally: Tally) -> list[_Message]:
    messages: list[_Message] = []
    for number, line in enumerate(texts, 1):
        head = _head(line)
        if head:
            told = date_in_text(head["day"] or "")
            day = told or day
            messages.append(_Message(line, head["name"].strip(), bool(head["app"]), _time(head, day), number + 1))
        elif _DAY.match(line) and (found := date_in_text(line)):
            day = found
        elif messages:
            messages[-1].texts.append(line)
        elif line.strip():
            tally.add("line before the first message", number)
    return messages


def _time(head: re.Match[str], day: date | None) -> datetime | None:
    if day is None or (head["day"] or "").startswith(("Today", "Yesterday")):
        return None
    hour = hour_of(int(head["hour"]), head["half"] or "")
    zone = zone_of(head["zone"]) or UTC
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return midnight + timedelta(hours=hour, minutes=int(head["minute"]), seconds=int(head["second"] or 0))


def _turn(message: _Message) -> Turn:
    words = [unescape(_TAG.sub("", line)) if "<" in line or "&" in line else line for line in message.texts]
    first = next((number for number, line in enumerate(words) if line.strip()), 0)
    while words and not words[-1].strip():
        words.pop()
    text = "\n".join(words[first:])
    begin = message.line + first if text else message.line - 1
    return Turn(
        role="tool" if message.app or is_program(message.name) else "human",
        text=text,
        lines=range(begin, begin + text.count("\n") + 1),
        speaker=message.name,
        time=message.time,
        id=digest(f"{message.head.removeprefix('↳ ')}|{message.time}|{text}"),
    )
