"""Reader of meeting transcripts as text: a line with the speaker and the time since the beginning, the words below."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from bot.logs.base import LineSource, Mark, Parsed, Reread, Tally
from bot.logs.chat import digest
from bot.logs.speakers import core, is_name, role_of
from bot.logs.stamps import date_in_name, date_in_text
from bot.model import Conversation, Turn

_TIME = r"[\[(]?(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)[\])]?"
_NAME = r"([^\W\d_][^:\[\]()<>*#|\n]{0,60}?)"
_HEADS = (
    re.compile(rf"{_NAME}[ \t]{{1,9}}{_TIME}[ \t]{{0,9}}$"),
    re.compile(rf"{_TIME}[ \t]{{1,9}}{_NAME}:?[ \t]{{0,9}}$"),
)
_LEAST = 4
_SOON = 600  # seconds within which somebody speaks
_TITLE = 12  # lines of title, date and people before the first words


class Spoken:
    """A transcript is one conversation."""

    name = "transcript"

    def detects(self, head: str, path: Path) -> bool:
        del path
        lines = [line.strip() for line in head.split("\n")[:600] if line.strip()]
        heads = [_head(line) for line in lines]
        found = [item for item in heads if item]
        if len(found) < _LEAST or all(heads[:_TITLE]) or not any(heads[:_TITLE]):
            return False
        names = Counter(name for name, _ in found)
        if any(map(role_of, map(core, names))):
            return False  # a person and an assistant
        times = [seconds for _, seconds in found]
        forward = all(a <= b for a, b in pairwise(times)) and times[0] < _SOON and times[0] < times[-1]
        worded = sum(bool(a) and not b for a, b in pairwise(heads))
        return len(names) > 1 and max(names.values()) > 1 and forward and worded * 5 >= (len(found) - 1) * 4

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        if resume:
            raise Reread("the transcript has changed")
        texts, _ = lines.read_all()
        if lines.mark.open_line and not settled:
            return Parsed(conversations=(), mark=Mark(), waiting=True)
        tally = Tally()
        first = [line for line in texts[:_TITLE] if line.strip() and not _head(line.strip())]
        day = date_in_name(lines.name) or next((d for line in first if (d := date_in_text(line))), None)
        began = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
        turns = tuple(_turns(texts, began, tally))
        talk = Conversation(
            log=lines.name,
            format=self.name,
            id=digest("\n".join(f"{turn.speaker}|{turn.text[:200]}" for turn in turns[:5])),
            turns=turns,
            title=first[0].strip("# \t") if first and first[0] in texts[:1] else "",
            started=began,
        )
        return Parsed(conversations=(talk,), mark=lines.mark, resume="whole", not_understood=tally.result())


def _head(line: str) -> tuple[str, int] | None:
    """The speaker and the seconds since the beginning, None for a line of words."""
    if len(line) > 100 or ":" not in line:
        return None
    before, behind = (pattern.match(line) for pattern in _HEADS)
    if before:
        name, hours, minutes, seconds = before.groups()
    elif behind:
        hours, minutes, seconds, name = behind.groups()
    else:
        return None
    if not is_name(name):
        return None
    return name.strip(), int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)


def _turns(texts: Sequence[str], began: datetime | None, tally: Tally) -> Iterator[Turn]:
    speaker: tuple[str, int] | None = None
    start = 0
    for number, line in enumerate((*texts, None)):
        head = _head(line.strip()) if line is not None else None
        if line is not None and not head:
            if speaker is None and line.strip():
                tally.add("line before the first words", number + 1)
            continue
        if speaker:
            yield from _turn(texts, start, number, speaker, began)
        speaker, start = head, number + 1


def _turn(
    texts: Sequence[str], start: int, end: int, speaker: tuple[str, int], began: datetime | None
) -> Iterator[Turn]:
    while start < end and not texts[start].strip():
        start += 1
    while end > start and not texts[end - 1].strip():
        end -= 1
    if start < end:
        yield Turn(
            role="human",
            text="\n".join(texts[start:end]),
            lines=range(start + 1, end + 1),
            speaker=speaker[0],
            time=began + timedelta(seconds=speaker[1]) if began else None,
        )
