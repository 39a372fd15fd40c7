"""One look at every line of a Markdown log: fences, tagged regions, rules, and lines that can open a turn."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from bot.logs.markers import Marker, marker_in
from bot.logs.speakers import core, role_of
from bot.logs.styles import is_candidate

_FENCE = re.compile(r"[ \t]{0,12}(?:> ?){0,3}[ \t]{0,3}(?P<mark>`{3,200}|~{3,200})(?P<info>[^\n]*)")
_RULE = re.compile(r"[ \t]{0,8}(?:(?:-[ \t]{0,3}){3,200}|(?:\*[ \t]{0,3}){3,200}|(?:_[ \t]{0,3}){3,200})")
# Of a line: a fence, tag, rule or heading begins it, a bold label does, or a label of a few words with its colon.
_NOTABLE = re.compile(
    r"\n[ \t>]{0,400}+(?:`{3}|~{3}|<t|#|[*_][ \t]{0,3}[*_]|-[ \t]{0,3}-|[\[(0-9][^\n*]{0,60}\*"
    r"|[\[(]?\d[^\n]{0,120}?(?:：|:(?=\s|$))"
    r"|[^\s:*#>|`\[\](){}<\-_=+/\\][^:：\n*`|<>{}\[\]()]{0,39}+(?:\([^\n()]{1,300}\))?(?:：|:(?=\s|$)))"
)
_TAGS = {"<tool-use": "</tool-use>", "<think>": "</think>"}
_CONVERSATION = ("human", "assistant", "tool")


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Lines ``start`` to before ``end`` inside one of the tags that exporters put round what is no talk."""

    start: int
    end: int
    tag: str


class Candidate(Struct, frozen=True, kw_only=True, gc=False):
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
    return not line.strip("-*_ \t") and bool(_RULE.fullmatch(line))


def scan(
    lines: Sequence[str],
    *,
    open_mark: str = "",
    follows_break: bool = True,
    ignored: Collection[int] = (),
) -> Scan:
    """Look at ``lines``; ``open_mark`` is what an earlier part left open, ``ignored`` opens nothing."""
    found = Scan(open_mark=open_mark, open_at=-1 if open_mark else None, follows_break=follows_break)
    last = -1  # the last line looked at, after which found.follows_break is true of the next
    if open_mark in _TAGS:
        last = _close_tag(found, lines, 0)
    for index in _of_note(lines):
        if index <= last:
            continue
        if found.open_mark:
            _close_fence(found, lines[index])
        else:
            found.follows_break = _follows_break(found, lines, index, last)
            _look_at(found, lines, index, may_open=index not in ignored)
            if found.open_mark in _TAGS:
                last = _close_tag(found, lines, index + 1)
                continue
        last = index
    if not found.open_mark:
        found.follows_break = _follows_break(found, lines, len(lines), last)
    return found


def _of_note(lines: Sequence[str]) -> list[int]:
    """The lines that can be more than text, by one pattern over all of them: most lines are text."""
    text = "\n".join(("", *lines))
    index, at = -1, 0
    found: list[int] = []
    for match in _NOTABLE.finditer(text):
        begin = match.start() + 1
        index += text.count("\n", at, begin)
        at = begin
        found.append(index)
    return found


def _follows_break(found: Scan, lines: Sequence[str], index: int, last: int) -> bool:
    return found.follows_break if index - 1 == last else not lines[index - 1].strip(" \t>")


def _look_at(found: Scan, lines: Sequence[str], index: int, *, may_open: bool) -> None:
    line = lines[index]
    text = line.lstrip(" \t>")
    if text[0] in "`~<" and may_open and _opens(found, lines, index, text):
        return
    if text[0] in "-*_" and is_rule(line):
        found.rules.append(index)
        found.follows_break = True
    else:
        _candidate(found, line, index, may_open=may_open)


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


def _close_tag(found: Scan, lines: Sequence[str], begin: int) -> int:
    """Skip to the line that closes the open tag; returns it, or the last line where none does."""
    end = _TAGS[found.open_mark]
    at = next((index for index in range(begin, len(lines)) if end in lines[index]), None)
    stop = len(lines) if at is None else at + 1
    found.regions.append(Region(start=max(found.open_at or 0, 0), end=stop, tag=found.open_mark))
    if at is not None:
        found.open_mark, found.open_at = "", None
    return stop - 1


def _close_fence(found: Scan, line: str) -> None:
    mark, text = found.open_mark, line.lstrip(" \t>")
    if text.startswith(mark) and not text.strip(f"{mark[0]} \t"):
        found.open_mark, found.open_at = "", None
        found.follows_break = False
