"""Tables of minutes: rows that name a task or an issue, and do not say that it is done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.extraction.cues import pattern
from bot.extraction.grammar import leading_verb, stems
from bot.extraction.transcript import Passage, Transcript

_RULE = re.compile(r"[\s|:-]+")
_CELL = re.compile(r"(?<!\\)\|")
_MARKUP = re.compile(r"\[(?P<text>[^\]]{1,200})\](?:\([^()\s]{0,300}\)|\[[^\]]{0,40}\])")
_NUMBER = re.compile(r"(?:\b(?:PR|issue|MR|GH)[- ]?)?[#!]\d{1,7}:?", re.IGNORECASE)
_URL = re.compile(r"https?://\S+")
_WHAT = re.compile(
    r"(?:what|tasks?|actions?(?: items?)?|to-?dos?|items?|promises?|topics?|subjects?|titles?)\b", re.IGNORECASE
)
_OPEN_WORK = re.compile(r"(?:what|tasks?|actions?(?: items?)?|to-?dos?|promises?)\b", re.IGNORECASE)
_LEAST = 2  # content words of what is to be done


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a table: the passage, what is to be done in its words, and whether the table is one of tasks."""

    passage: Passage
    work: str
    is_task: bool


def rows(transcript: Transcript) -> Iterator[Row]:
    """The rows that name work which is not said to be done."""
    for turn in transcript.asked:
        tables = groupby(transcript.turns[turn], key=lambda p: (p.block.kind == "table", p.block.first))
        for (is_table, _), lines in tables:
            if is_table:
                yield from _rows(list(lines))


def _rows(lines: Sequence[Passage]) -> Iterator[Row]:
    if len(lines) < 3 or not _RULE.fullmatch(lines[1].quote):  # a head, a rule, a row
        return
    heads = _cells(lines[0].quote)
    what = next((n for n, head in enumerate(heads) if _WHAT.match(head)), None)
    is_task = what is not None and bool(_OPEN_WORK.match(heads[what]))
    for line in lines[2:]:
        cells = _cells(line.quote)
        link = next((n for n, cell in enumerate(cells) if pattern("minutes_link").search(cell)), None)
        at = what if what is not None and what < len(cells) else link
        if at is None or (link is None and not is_task):
            continue
        others = [cell for n, cell in enumerate(cells) if n != at]
        work = next((text for cell in (cells[at], *others) if len(stems(text := _said(cell))) >= _LEAST), "")
        settled = any(pattern("minutes_settled").search(_said(cell)) for cell in others)
        if work and not settled:
            yield Row(passage=line, work=work, is_task=is_task and leading_verb(work) is not None)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in _CELL.split(line.strip().strip("|"))]


def _said(cell: str) -> str:
    """A cell without links and numbers."""
    text = _MARKUP.sub(lambda m: m["text"], cell)
    return _NUMBER.sub("", _URL.sub("", text)).strip(" *_:-`")
