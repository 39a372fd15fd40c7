"""Where things stand in a SpecStory history: turns, and stretches that are tools' or thoughts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

_HEADING = re.compile(
    r"_\*\*(?P<who>User|Agent|Assistant|Tool|)(?P<side> - sidechain)?(?: \((?P<aside>[^()\n]{0,200})\))?\*\*_\s{0,3}"
)
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ?$")
_OPENING = re.compile(r"<(tool-use|think|details)\b")
_FENCE = re.compile(r" {0,3}(`{3,200}|~{3,200})([^`\n]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Lines ``start`` to before ``end`` inside a tag, or in a fence where ``tag`` is ``fence``."""

    start: int
    end: int
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A line that opens a turn; ``who`` is "" for a step of the agent that says nothing."""

    index: int
    who: str
    is_sidechain: bool
    model: str
    time: str


def spans(texts: Sequence[str]) -> list[Span]:
    """The stretches in tags; one that nobody closes is none. Tags inside fences and tags are text."""
    closing = {
        tag: [index for index, text in enumerate(texts) if f"</{tag}>" in text]
        for tag in ("tool-use", "think", "details")
    }
    found: list[Span] = []
    at = 0
    for index, text in enumerate(texts):
        opening = _OPENING.match(text) if index >= at else None
        if opening is None:
            continue
        ends = closing[opening[1]]
        position = bisect_right(ends, index - 1)
        if position < len(ends):
            at = ends[position] + 1
            found.append(Span(start=index, end=at, tag=opening[1]))
    return found


def headings(texts: Sequence[str], regions: Sequence[Span]) -> list[Heading]:
    """The lines that open turns, outside tags and fences."""
    found: list[Heading] = []
    hidden = _fenced(texts, regions)
    for index, text in enumerate(texts):
        match = _HEADING.fullmatch(text) if text.startswith("_**") else None
        if match is None or index in hidden:
            continue
        aside = match["aside"] or ""
        time = _TIME.search(aside)
        found.append(
            Heading(
                index=index,
                who=match["who"],
                is_sidechain=bool(match["side"]),
                model=aside[: time.start()].strip() if time else aside,
                time=time[0] if time else "",
            )
        )
    return found


def _fenced(texts: Sequence[str], regions: Sequence[Span]) -> set[int]:
    """The lines inside tags and inside fences; a fence that nobody closes is none."""
    hidden = {index for region in regions for index in range(region.start, region.end)}
    fenced: set[int] = set()
    mark, opened = "", 0
    for index, text in enumerate(texts):
        fence = _FENCE.match(text) if index not in hidden else None
        if fence is None:
            continue
        if not mark:
            mark, opened = fence[1], index
        elif fence[1].startswith(mark) and not fence[2].strip():
            fenced.update(range(opened, index + 1))
            mark = ""
    return hidden | fenced
