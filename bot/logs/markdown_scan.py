"""One look at every line of a Markdown log: fences, tagged regions, rules, and lines that can open a turn."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from bot.logs.markers import Marker, marker_in
from bot.logs.speakers import core, role_of
from bot.logs.styles import is_candidate

_FENCE = re.compile(r"[ \t]{0,12}(?:> ?){0,3}[ \t]{0,3}(?P<mark>`{3,200}|~{3,200})(?P<info>[^\n]*)")
_RULE = re.compile(r"[ \t]{0,8}(?:(?:-[ \t]{0,3}){3,200}|(?:\*[ \t]{0,3}){3,200}|(?:_[ \t]{0,3}){3,200})")
_TAGS = {"<tool-use": "</tool-use>", "<think>": "</think>"}
_CONVERSATION = ("human", "assistant", "tool")


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Lines ``start`` to before ``end`` inside one of the tags that exporters put round what is no talk."""

    start: int
    end: int
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A line that can open a turn; ``follows_break`` when no text stands directly above it."""

    index: int
    marker: Marker
    follows_break: bool


@dataclass(slots=True, kw_only=True)
class Scan:
    """What was found, by index of the line; ``open_mark`` is the fence or tag still open at the end."""

    candidates: list[Candidate] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    open_mark: str = ""
    open_at: int | None = None
    follows_break: bool = True  # the last line was blank, a rule or a candidate


def is_rule(line: str) -> bool:
    return bool(_RULE.fullmatch(line))


def scan(
    lines: Sequence[str],
    *,
    open_mark: str = "",
    follows_break: bool = True,
    ignored: Collection[int] = (),
    begin: int = 0,
) -> Scan:
    """Look at ``lines`` from ``begin``; ``open_mark`` is what an earlier part left open, ``ignored`` opens nothing."""
    found = Scan(open_mark=open_mark, open_at=-1 if open_mark else None, follows_break=follows_break)
    for index in range(begin, len(lines)):
        line = lines[index]
        text = line.lstrip(" \t>")
        if found.open_mark:
            _close(found, line, text, index)
        elif not text:
            found.follows_break = True
        else:
            first = text[0]
            if first in "`~<" and index not in ignored and _opens(found, lines, index, text):
                continue
            if first in "-*_" and is_rule(line):
                found.rules.append(index)
                found.follows_break = True
            else:
                _candidate(found, line, index, may_open=index not in ignored)
    if found.open_mark in _TAGS:
        found.regions.append(Region(start=max(found.open_at or 0, 0), end=len(lines), tag=found.open_mark))
    return found


def hidden_speakers(lines: Sequence[str], begin: int) -> bool:
    """Whether a known speaker stands after a blank line behind ``begin``: then the fence there was never closed."""
    blank = False
    for line in lines[begin:]:
        if blank and line[:1] in "#*_" and (marker := marker_in(line)) and role_of(core(marker.label)) in _CONVERSATION:
            return True
        blank = not line.strip(" \t>\r")
    return False


def _candidate(found: Scan, line: str, index: int, *, may_open: bool) -> None:
    marker = marker_in(line)
    if marker is None or not is_candidate(marker):
        found.follows_break = False
        return
    found.candidates.append(Candidate(index=index, marker=marker, follows_break=found.follows_break))
    found.follows_break = True
    fence = _FENCE.fullmatch(marker.rest) if marker.rest and may_open else None
    if fence and fence["mark"][0] not in fence["info"]:
        found.open_mark, found.open_at = fence["mark"], index


def _opens(found: Scan, lines: Sequence[str], index: int, text: str) -> bool:
    for tag, end in _TAGS.items():
        if text.startswith(tag):
            if end in text:
                found.regions.append(Region(start=index, end=index + 1, tag=tag))
            else:
                found.open_mark, found.open_at = tag, index
            found.follows_break = False
            return True
    fence = _FENCE.fullmatch(lines[index])
    if not fence or (fence["mark"][0] == "`" and "`" in fence["info"]):
        return False
    # Fences nested in tool output leave a closing one over: it stands right below text and before the next speaker.
    left_over = not found.follows_break and not fence["info"].strip() and _is_before_speaker(lines, index)
    found.follows_break = False
    if not left_over:
        found.open_mark, found.open_at = fence["mark"], index
    return True


def _is_before_speaker(lines: Sequence[str], index: int) -> bool:
    following = index + 1
    while following < len(lines) and not lines[following].strip(" \t>"):
        following += 1
    if following == index + 1 or following == len(lines):
        return False
    marker = marker_in(lines[following])
    return marker is not None and role_of(core(marker.label)) in _CONVERSATION


def _close(found: Scan, line: str, text: str, index: int) -> None:
    mark = found.open_mark
    if mark in _TAGS:
        if _TAGS[mark] in line:
            found.regions.append(Region(start=max(found.open_at or 0, 0), end=index + 1, tag=mark))
            found.open_mark, found.open_at = "", None
        return
    if text.startswith(mark) and not text.strip(f"{mark[0]} \t"):
        found.open_mark, found.open_at = "", None
        found.follows_break = False
