"""Reader of IRC logs in records of three lines: seconds since 1970, nick, text, then a blank line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from bot.logs.base import LineSource, Mark, Parsed, Tally
from bot.logs.chat import Chat, channels_of, is_program
from bot.logs.decoding import text_of
from bot.logs.irc_lines import plain
from bot.logs.stamps import epoch_of
from bot.model import Turn

_SECONDS = re.compile(r"[1-9]\d{8,9}")
_NICK = re.compile(r"[^\s<>:,][^\s<>]{0,62}")
_RECORD = re.compile(r"[1-9]\d{8,9}\r?\n[^\s<>:,][^\s<>]{0,62}\r?\n[^\n]*\n\r?\n")


class IrcRecords:
    name = "irc-records"
    appended = True

    def detects(self, head: str, path: Path) -> bool:
        del path
        first = _RECORD.match(head)
        return bool(first and (first.end() == len(head) or _SECONDS.match(head, first.end())))

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        chat = Chat(log=lines.name, format=self.name, channels=channels_of(resume) if resume else {})
        records = _Records(lines, settled=settled)
        for seconds, nick, text, number in records:
            turn = Turn(
                role="tool" if is_program(nick) else "human",
                text=plain(text),
                lines=(number,),
                speaker=nick,
                time=epoch_of(seconds),
            )
            chat.add(turn)
        return Parsed(
            conversations=chat.conversations(),
            mark=records.mark,
            resume=msgspec.json.encode(chat.channels).decode(),
            waiting=records.waiting,
            not_understood=records.tally.result(),
        )


class _Records:
    """Walks the whole records; after the walk ``mark`` is behind the last one."""

    def __init__(self, lines: LineSource, *, settled: bool) -> None:
        self.tally = Tally()
        self.mark: Mark = lines.mark
        self.waiting = False
        self._lines = lines
        self._settled = settled

    def __iter__(self) -> Iterator[tuple[str, str, str, int]]:
        lines = self._lines
        held: list[str] = []
        for raw in lines:
            if lines.open_line and not self._settled:
                self.waiting = True
                return
            text = text_of(raw)
            if not held and not text.strip():
                self.mark = lines.mark
            # Texts are anything, also digits: only what stands in the first two places shows a record.
            elif (not held and not _SECONDS.fullmatch(text)) or (len(held) == 1 and not _NICK.fullmatch(text)):
                self.tally.add("line in no known form", lines.line - len(held), len(held) + 1)
                held.clear()
                self.mark = lines.mark
            else:
                held.append(text)
            if len(held) == 3:
                yield held[0], held[1], held[2], lines.line
                held.clear()
                self.mark = lines.mark
        if held and self._settled:
            self.tally.add("record cut short", lines.line)
            self.mark = lines.mark
