"""Finds secrets in Markdown tables by the heading of their column."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.safety.labels import Label, label_of, parts
from bot.safety.spans import Span
from bot.safety.values import is_secret

_RULE = re.compile(r"\n[ \t>]{0,8}\|?[ \t]{0,8}:?-{2,60}:?[ \t]{0,8}\|[-:| \t]{0,400}(?=\n)")


def find_table_secrets(text: str) -> Iterator[Span]:
    """The cells under ``Password``, ``API key`` and the like. The rule under the heading tells that it is a table."""
    if "|" not in text or "--" not in text:
        return
    rules = list(_RULE.finditer(text))
    for index, rule in enumerate(rules):
        limit = rules[index + 1].start() if index + 1 < len(rules) else len(text)
        heading = text[text.rfind("\n", 0, rule.start()) + 1 : rule.start()]
        if len(heading) > 2000 or "|" not in heading:
            continue
        labels = {column: label_of(parts(cell[0])) for column, cell in enumerate(_cells(heading))}
        wanted = {column: label for column, label in labels.items() if label}
        if wanted:
            yield from _rows(text, rule.end() + 1, limit, wanted)


def _cells(row: str) -> list[tuple[str, int]]:
    """The cells of a row with their offsets in it; the outer bars are optional."""
    cells = [(match[0], match.start()) for match in re.finditer(r"[^|]+", row)]
    return cells[1:] if row.lstrip(" \t>").startswith("|") and not cells[0][0].strip(" \t>") else cells


def _rows(text: str, at: int, limit: int, wanted: dict[int, Label]) -> Iterator[Span]:
    while at <= limit:
        line_end = text.find("\n", at)
        row = text[at : line_end if line_end >= 0 else len(text)]
        if "|" not in row or len(row) > 4000:
            return
        for column, (cell, offset) in enumerate(_cells(row)):
            value = cell.strip(" \t\r`*")
            if column in wanted and is_secret(wanted[column], value, quoted=False, assigned=False):
                start = at + offset + cell.index(value)
                yield Span(
                    start=start, end=start + len(value), kind="password" if wanted[column] == "password" else "token"
                )
        if line_end < 0:
            return
        at = line_end + 1
