"""Reader of DiscordChatExporter's CSV: ``AuthorID,Author,Date,Content,Attachments,Reactions``."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.logs.base import LineSource, LogError, Mark, Parsed, Reread, Tally
from bot.logs.chat import Chat, digest
from bot.logs.discord_text import role_of
from bot.logs.stamps import times_of
from bot.model import Turn

_HEAD = re.compile(r'"?AuthorID"?([,;\t])"?Author"?\1"?Date"?\1"?Content"?(?:\1|\r?\n|$)')


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    name: str
    stamp: str
    text: str
    line: int  # of the first line of the text


class DiscordCsv:
    """An export is a file of its own each time, so it is read whole."""

    name = "discord-csv"

    def detects(self, head: str, path: Path) -> bool:
        del path
        return bool(_HEAD.match(head))

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        if resume:
            raise Reread("the channel was exported again")
        texts, _ = lines.read_all()
        if lines.mark.open_line and not settled:
            return Parsed(conversations=(), mark=Mark(), waiting=True)
        head = _HEAD.match(texts[0]) if texts else None
        if not head:
            raise LogError(f"{lines.name}: the first line is not AuthorID,Author,Date,Content: set another format")
        tally = Tally()
        chat = Chat(log=lines.name, format=self.name)
        rows = list(_rows(texts, head[1], tally))
        seen: dict[str, int] = {}
        for row, time in zip(rows, times_of([row.stamp for row in rows]), strict=True):
            name = digest(f"{row.stamp}|{row.name}|{row.text}")  # as in the export as text
            seen[name] = seen.get(name, 0) + 1
            chat.add(
                Turn(
                    role=role_of(row.name),
                    text=row.text,
                    lines=range(row.line, row.line + row.text.count("\n") + 1),
                    speaker=row.name,
                    time=time,
                    id=name if seen[name] == 1 else f"{name}-{seen[name]}",
                )
            )
        return Parsed(
            conversations=chat.conversations(), mark=lines.mark, resume="whole", not_understood=tally.result()
        )


def _rows(texts: Sequence[str], delimiter: str, tally: Tally) -> Iterator[_Row]:
    # A cell may hold newlines, so rows are counted by the lines that the reader has taken.
    reader = csv.reader((line + "\n" for line in texts), delimiter=delimiter)
    before = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            tally.add("row that is no CSV", before + 1)
            before = reader.line_num
            continue
        if cells is None:
            return
        if before and len(cells) >= 4:
            start = before + 1 + sum(cell.count("\n") for cell in cells[:3])
            text = cells[3].rstrip("\n")
            yield _Row(name=cells[1], stamp=cells[2], text=text, line=start)
        elif before and any(cells):
            tally.add("row of fewer than four cells", before + 1)
        before = reader.line_num
