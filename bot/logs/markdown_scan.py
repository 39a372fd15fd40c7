"""One look at every line of a Markdown log: fences, tagged regions, rules, and lines that can open a turn."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

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
    text = "\n".join(("", *lines))
    at, counted, index = 0, 0, -1  # behind what was looked at; where lines were counted last; the line there
    while at < len(text) and (stop := _next(found, text, at)) >= 0:
        last = index
        index += text.count("\n", counted, stop + 1)
        counted = at = stop + 1
        if found.open_mark:
            _close(found, index)
            # A tag closes anywhere in its line, and with the line.
            at = max(text.find("\n", at), 0) or len(text)
            continue
        found.follows_break = _follows_break(found, lines, index, last)
        _look_at(found, lines, index, may_open=index not in ignored)
    if found.open_mark in _TAGS:
        found.regions.append(Region(start=max(found.open_at or 0, 0), end=len(lines), tag=found.open_mark))
    if not found.open_mark:
        found.follows_break = _follows_break(found, lines, len(lines), index)
    return found


def _next(found: Scan, text: str, at: int) -> int:
    """Where the newline stands before the next line that can be more than text; -1 where there is none.

    One pattern looks for it over all the lines, since most are text. Inside a fence or tag only its end counts.
    """
    mark = found.open_mark
    if mark in _TAGS:
        end = text.find(_TAGS[mark], at)
        return text.rfind("\n", 0, end) if end >= 0 else -1
    match = (_closing(mark) if mark else _NOTABLE).search(text, at)
    return match.start() if match else -1


@lru_cache(maxsize=64)
def _closing(mark: str) -> re.Pattern[str]:
    """The line that closes a fence: as long a one, and nothing else."""
    return re.compile(rf"\n[ \t>]{{0,400}}+{re.escape(mark)}[{mark[0]} \t]{{0,400}}+(?=\n|\Z)")


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


def _close(found: Scan, index: int) -> None:
    if found.open_mark in _TAGS:
        found.regions.append(Region(start=max(found.open_at or 0, 0), end=index + 1, tag=found.open_mark))
    else:
        found.follows_break = False
    found.open_mark, found.open_at = "", None
