"""Summaries of issues: one line of plain text, which no part of Jira reads as markup."""

from __future__ import annotations

from connectors.visible_text import one_line, shorten
from connectors.wiki import units


def to_summary(text: str, limit: int) -> str:
    """The text as a summary of at most ``limit`` UTF-16 units, never empty."""
    line = one_line(text).strip() or "Untitled"
    size = limit
    while units(shortened := shorten(line, size)) > limit:
        size -= max(1, (units(shortened) - limit) // 2)
    return shortened
