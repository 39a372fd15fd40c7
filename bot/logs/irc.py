"""Reader of IRC logs, one message a line, appended to: irssi, WeeChat, ZNC, HexChat, Limnoria, eggdrop and kin."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct

from bot.logs.base import LineSource, Mark, Parsed, Reread, Tally
from bot.logs.chat import Chat, Open
from bot.logs.decoding import text_of
from bot.logs.irc_lines import IrcLine, Stamp, irc_line, is_coming_or_going
from bot.logs.stamps import date_in_name, date_in_text, month_number, zone_of
from bot.model import Role, Turn

_LOOK = 400  # lines
_LEAST = 3
_CHANNEL = re.compile(r"(?<![\w#])#{1,2}[A-Za-z][\w.+-]{0,60}?(?=[._-]?\d{4}|\.log|\.txt|\.weechatlog|/|$)")
_BYTES = re.compile(r"""b(["'])(?=[\[(]?\d)""")  # a log written as Python shows bytes
_MARKUP = re.compile(r"</[a-z]|^<[a-z]+>$", re.MULTILINE)
_BACKWARDS = 43_200  # seconds: a clock that falls back by more than half a day has passed midnight


class State(Struct):
    channels: dict[str, Open]
    style: str  # "stamped" or "bare"
    day: str = ""
    clock: int = -1
    quote: str = ""  # the quote sign of a log written as Python shows bytes


class Irc:
    name = "irc"
    appended = True

    def detects(self, head: str, path: Path) -> bool:
        del path
        return bool(_style(head))

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        try:
            state = msgspec.json.decode(resume, type=State) if resume else None
        except msgspec.DecodeError as error:
            raise Reread("the kept state is of another version") from error
        return _Pass(lines, state=state, settled=settled).run()


def _style(head: str) -> str:
    """How the lines of a log look: ``stamped``, ``bare`` (no times at all), "" where it is no IRC log.

    All kinds of text quote a chat somewhere: from its first message on, most lines have to be of a chat.
    """
    lines = [line for line in head.split("\n")[:-1] or [head] if line.strip() and line not in ("'", '"')]
    for style in ("stamped", "bare"):
        found = [irc_line(_unwrapped(line), stamped=style == "stamped") for line in lines]
        first = next((number for number, line in enumerate(found) if line and line.what == "said"), None)
        if first is None:
            if style == "stamped" and lines and all(line and is_coming_or_going(line) for line in found):
                return style
            continue
        rest = found[first : first + _LOOK]
        nicks = Counter(line.nick for line in rest if line and line.what == "said")
        share = sum(line is not None for line in rest) / len(rest)
        if style == "stamped" and share >= 0.7 and (nicks.total() >= _LEAST or None not in found):
            return style
        recurring = sum(count > 1 for count in nicks.values())
        if style == "bare" and first < 5 and share >= 0.9 and recurring >= 2 and not _MARKUP.search(head):
            return style
    return ""


def _unwrapped(line: str) -> str:
    found = _BYTES.match(line)
    return line[found.end() :] if found else line.removesuffix("\r")


class _Pass:
    """One pass over the new lines of a log."""

    def __init__(self, lines: LineSource, *, state: State | None, settled: bool) -> None:
        self.lines = lines
        self.settled = settled
        self.tally = Tally()
        self.waiting = False
        self.state = state or State(channels={}, style="")
        self.fresh = state is None
        named = date_in_name(lines.name) if self.fresh else None
        self.day = _day(self.state.day) or named
        self.chat = Chat(
            log=lines.name, format=Irc.name, seed=named.isoformat() if named else "", channels=self.state.channels
        )
        found = _CHANNEL.search(lines.name)
        self.chat.titles[""] = found[0] if found else ""

    def run(self) -> Parsed:
        mark = self._walk()
        self.state.day = self.day.isoformat() if self.day else ""
        return Parsed(
            conversations=self.chat.conversations(),
            mark=mark,
            resume=msgspec.json.encode(self.state).decode(),
            waiting=self.waiting,
            not_understood=self.tally.result(),
        )

    def _walk(self) -> Mark:
        held: list[tuple[int, str]] = []
        for raw in self.lines:
            if self.lines.open_line and not self.settled:
                self.waiting = True
                self._begin(held)
                return Mark(offset=self.lines.start, line=self.lines.line - 1)
            text = text_of(raw).strip("\r\0")
            if self.state.style:
                self._take(text, self.lines.line)
                continue
            held.append((self.lines.line, text))
            if len(held) >= _LOOK:
                self._begin(held)
        self._begin(held)
        return self.lines.mark

    def _begin(self, held: list[tuple[int, str]]) -> None:
        """Settle the style by the first lines, then take them."""
        if not held:
            return
        self.state.style = _style("".join(text + "\n" for _, text in held)) or "stamped"
        for number, text in held:
            self._take(text, number)
        held.clear()

    def _take(self, text: str, number: int) -> None:
        opening = _BYTES.match(text) if text.startswith("b") else None
        if opening:
            self.state.quote = opening[1]
            text = text[opening.end() :]
        if self.state.quote:
            if text == self.state.quote:
                return
            text = text.replace("\\" + self.state.quote, self.state.quote)
        if not text.strip():
            return
        line = irc_line(text, stamped=self.state.style == "stamped")
        if line is None:
            self.tally.add("line in no known form", number)
        elif line.what == "day":
            self.day = date_in_text(line.text) or self.day
            self.state.clock = -1
        else:
            self._add(line, number)

    def _add(self, line: IrcLine, number: int) -> None:
        role: Role = "human"
        if line.what != "said":
            role = "system"
        elif line.program:
            role = "tool"
        time = self._time(line.stamp) if line.stamp else None
        self.chat.add(Turn(role=role, text=line.text, lines=(number,), speaker=line.nick, time=time))

    def _time(self, stamp: Stamp) -> datetime | None:
        if stamp.date:
            self.day = date_in_text(stamp.date) or self.day
        elif stamp.month:
            month = month_number(stamp.month)
            self.day = _moved(self.day, month, stamp.day) if month else self.day
        # Clocks are set back by seconds and lines come late: only a fall by half a day is a new day.
        elif self.day and self.state.clock - stamp.seconds > _BACKWARDS:
            self.day += timedelta(days=1)
        self.state.clock = stamp.seconds
        if self.day is None:
            return None
        return _midnight(self.day, stamp.zone) + timedelta(seconds=stamp.seconds)


@lru_cache(maxsize=64)
def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone_of(zone) or UTC)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _moved(day: date | None, month: int, number: int) -> date | None:
    """The day of a month in the year that is known, the next one when the year has turned."""
    if day is None:
        return None
    year = day.year + 1 if month < day.month - 6 else day.year
    try:
        return date(year, month, number)
    except ValueError:
        return day
