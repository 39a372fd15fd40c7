"""Reader of WhatsApp's "Export chat": ``1/31/26, 10:00 - Name: text`` and ``[31.01.26, 10:00:00] Name: text``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from bot.logs.base import LineSource, Mark, Parsed, Reread, Tally
from bot.logs.chat import Chat, digest
from bot.logs.stamps import Order, hour_of, order_of, ordered
from bot.model import Role, Turn

_MARKS = "\u200e\u200f\u202a\u202b\u202c\ufeff"  # of writing direction
_SPACE = " \u202f\xa0"
_HALF = r"[ap]\.?[ \u202f\xa0]?m\.?|上午|下午|오전|오후|午前|午後|[صم]|[πμ]\.?μ\.?"
_HEAD = re.compile(
    rf"[{_MARKS}]?(?P<open>\[)?[{_MARKS}]?"
    r"(?P<a>\d{1,4})(?:[./-]|\. )(?P<b>\d{1,2})(?:[./-]|\. )(?P<c>\d{1,4})\.?(?: г\.)?"
    rf"[,،]? (?:(?P<first>(?:{_HALF})[{_SPACE}]?)|[^\W\d_]{{1,5}}\.? (?:[^\W\d_]{{1,3}} )?)?"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?"
    rf"(?:[{_SPACE}]?(?P<half>{_HALF})| ?ч\.)?(?(open)\] |[{_SPACE}][-–][{_SPACE}])",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"[{_MARKS}]?(?P<name>[^:\n\"“„«]{{1,80}}): ?(?P<text>.*)", re.DOTALL)
# "<This message was edited>" in any language.
_EDITED = re.compile(r"[ \n]?\u200e<[^<>\n]{1,80}>$")
_EVIDENT = 2  # messages by people that a chat of several has at its beginning


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    date: tuple[str, str, str]
    clock: time
    rest: str


class WhatsApp:
    """An export is a file of its own each time, so it is read whole."""

    name = "whatsapp"

    def detects(self, head: str, path: Path) -> bool:
        del path
        lines = [line for line in head.split("\n")[:200] if line.strip()]
        heads = [found for line in lines if (found := _head(line))]
        spoken = sum(bool(_NAMED.match(found.rest)) for found in heads)
        return bool(lines and _head(lines[0])) and spoken >= min(_EVIDENT, len(lines))

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        if resume:
            raise Reread("the chat was exported again")
        texts, _ = lines.read_all()
        if lines.mark.open_line and not settled:
            return Parsed(conversations=(), mark=Mark(), waiting=True)
        tally = Tally()
        chat = Chat(log=lines.name, format=self.name)
        messages = _messages(texts, tally)
        order = order_of(head.date for head, _, _ in messages)
        seen: dict[str, int] = {}
        for head, text, first in messages:
            chat.add(_turn(head, text, first, order=order, seen=seen))
        if messages and not order and any(_is_ambiguous(head.date) for head, _, _ in messages):
            tally.add("date that can be read in two ways", messages[0][2])
        return Parsed(
            conversations=chat.conversations(), mark=lines.mark, resume="whole", not_understood=tally.result()
        )


def _messages(texts: Sequence[str], tally: Tally) -> list[tuple[_Head, str, int]]:
    """Each message with its text and the number of its first line."""
    found: list[tuple[_Head, list[str], int]] = []
    for number, line in enumerate(texts, 1):
        head = _head(line)
        if head:
            found.append((head, [head.rest], number))
        elif found:
            found[-1][1].append(line)
        elif line.strip():
            tally.add("line before the first message", number)
    return [(head, "\n".join(parts).rstrip(), first) for head, parts, first in found]


def _head(line: str) -> _Head | None:
    found = _HEAD.match(line)
    if not found:
        return None
    hour = hour_of(int(found["hour"]), found["half"] or (found["first"] or "").rstrip(_SPACE))
    minute, second = int(found["minute"]), int(found["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return _Head(date=(found["a"], found["b"], found["c"]), clock=time(hour, minute, second), rest=line[found.end() :])


def _turn(head: _Head, text: str, first: int, *, order: Order, seen: dict[str, int]) -> Turn:
    role: Role = "human"
    name = ""
    named = _NAMED.match(text)
    if named:
        name, text = named["name"].strip(), named["text"]
        bare = _EDITED.sub("", text) if "\u200e" in text else text
        text = bare if bare.strip() else text
    else:
        role = "system"
    text = text.strip(_MARKS)
    # Exports repeat each other and number nothing: a message is known by its words.
    key = digest(f"{head.date}|{head.clock}|{name}|{text}")
    seen[key] = seen.get(key, 0) + 1
    return Turn(
        role=role,
        text=text,
        lines=range(first, first + text.count("\n") + 1),
        speaker=name,
        time=_time(head, order),
        id=key if seen[key] == 1 else f"{key}-{seen[key]}",
    )


def _time(head: _Head, order: Order) -> datetime | None:
    numbers = [int(part) for part in head.date]
    day = ordered(numbers, order or "dmy") if order or numbers[0] == numbers[1] else None
    return datetime.combine(day, head.clock, UTC) if day else None


def _is_ambiguous(date: Sequence[str]) -> bool:
    """Whether a date is another one with day and month exchanged."""
    return int(date[0]) != int(date[1])
