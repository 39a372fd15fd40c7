"""Reader of what Zoom saves of a meeting as text, a new file each time.

The chat has ``10:01:02 From Ann Lee to Everyone:`` with the words below or, in older versions, behind; captions have
``[Ann Lee] 10:01:02`` above them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

from bot.logs.base import LineSource, Mark, Parsed, Reread, Tally
from bot.logs.chat import digest
from bot.logs.session import trimmed
from bot.logs.stamps import date_in_name
from bot.model import Conversation, Role, Turn

_TIME = r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d):(?P<second>[0-5]\d)"
_CHAT = re.compile(
    rf"(?:\d{{4}}-\d\d-\d\d )?{_TIME}[ \t]{{1,4}}From[ \t]{{1,3}}(?P<name>[^:\n]{{1,100}}?)"
    r"(?:[ \t]{1,3}[Tt]o[ \t]{1,3}[^:\n]{1,100}?)?[ \t]{0,3}:[ \t]{0,3}(?P<text>[^\n]*)"
)
_CAPTION = re.compile(rf"\[(?P<name>[^\[\]\n]{{1,100}})\][ \t]{{1,3}}{_TIME}(?P<text>)[ \t]{{0,3}}")
_REPLY = re.compile(r'\s{0,4}Replying to "')
_REACTION = re.compile(r"\s{0,4}(?:Reacted to|Removed a) [^\n]{0,200}(?: with |reaction from )")
_LEAST = 2


class Zoom:
    """A meeting is one conversation."""

    name = "zoom"

    def detects(self, head: str, path: Path) -> bool:
        del path
        lines = [line for line in head.split("\n")[:400] if line.strip()]
        return bool(lines and _head(lines[0])) and sum(bool(_head(line)) for line in lines) >= _LEAST

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        if resume:
            raise Reread("the meeting was saved again")
        texts, _ = lines.read_all()
        if lines.mark.open_line and not settled:
            return Parsed(conversations=(), mark=Mark(), waiting=True)
        tally = Tally()
        turns = tuple(_turns(texts, date_in_name(lines.name), tally))
        talk = Conversation(
            log=lines.name,
            format=self.name,
            id=digest("\n".join(f"{turn.speaker}|{turn.text[:200]}" for turn in turns[:5])),
            turns=turns,
            started=turns[0].time if turns else None,
        )
        return Parsed(conversations=(talk,), mark=lines.mark, resume="whole", not_understood=tally.result())


def _head(line: str) -> re.Match[str] | None:
    return _CHAT.fullmatch(line) or _CAPTION.fullmatch(line)


def _turns(texts: Sequence[str], day: date | None, tally: Tally) -> Iterator[Turn]:
    heads = [(number, found) for number, text in enumerate(texts) if (found := _head(text))]
    if early := sum(bool(text.strip()) for text in texts[: heads[0][0] if heads else 0]):
        tally.add("line before the first words", 1, early)
    ends = [number for number, _ in heads[1:]] + [len(texts)]
    for (start, found), end in zip(heads, ends, strict=False):
        yield from _turn(found, texts, start, end, day)


def _turn(found: re.Match[str], texts: Sequence[str], start: int, end: int, day: date | None) -> Iterator[Turn]:
    said = [found["text"], *(text.removeprefix("\t") for text in texts[start + 1 : end])]
    begin, stop = trimmed(said, 0, len(said))
    if begin < stop and _REPLY.match(said[begin]):  # what somebody else said before
        begin, stop = trimmed(said, begin + 1, stop)
    if begin == stop:
        return
    role: Role = "system" if _REACTION.match(said[begin]) else "human"
    clock = time(int(found["hour"]), int(found["minute"]), int(found["second"]))
    yield Turn(
        role=role,
        text="\n".join(said[begin:stop]),
        lines=range(start + begin + 1, start + stop + 1),
        speaker=found["name"].strip(),
        time=datetime.combine(day, clock, UTC) if day else None,
    )
