"""From the stretch of lines between two speakers to turns, and from the preamble to title and identity."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from bot.logs.injected import is_plain, typed_and_injected
from bot.logs.markdown_scan import Region, is_rule
from bot.logs.markers import Marker, time_in
from bot.logs.speakers import shown
from bot.model import Role, Turn

_QUOTE = re.compile(r"[ \t]{0,8}> ?")
_SESSION = re.compile(
    r"\bsession(?: id)?\W{1,6}([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{16,64})\b", re.IGNORECASE
)
_DATED = re.compile(r"\W{0,4}(?:date|created|started|start)\b", re.IGNORECASE)
_TAG_ROLES: dict[str, Role] = {"<tool-use": "tool", "<think>": "system"}


class Segment(Struct, frozen=True, kw_only=True, gc=False):
    """Lines ``start`` to before ``end`` under one marker; ``goes_on`` when the marker stands in an earlier read."""

    start: int
    end: int
    role: Role
    marker: Marker
    goes_on: bool
    is_last: bool


class _Piece(Struct, frozen=True, kw_only=True):
    role: Role
    start: int  # index of the line of the first text line
    texts: list[str]


def turns_of(segment: Segment, lines: Sequence[str], regions: Sequence[Region], first: int) -> Iterator[Turn]:
    """The turns of a segment: its text without the marker, tool calls and injected text apart.

    ``first`` is the number of line 0.
    """
    for piece in _pieces(segment, lines, regions):
        number = first + piece.start
        if piece.role != "human" or is_plain(text := "\n".join(piece.texts)):
            yield from _turn(piece.role, piece.texts, number, segment)
            continue
        for part in typed_and_injected(text):
            yield from _turn(part.role, part.text.split("\n"), number + part.line, segment)


def title_line(preamble: Sequence[str]) -> int | None:
    """The index of the first top heading before the first turn."""
    return next((index for index, line in enumerate(preamble) if line.startswith("# ") and line[2:].strip()), None)


def conversation_id(preamble: Sequence[str], title: str, turns: Sequence[Turn]) -> str:
    """The session id that the preamble names, else a digest of title and first words, which a copy shares.

    "" as long as nobody has said anything.
    """
    for line in preamble:
        named = _SESSION.search(line[:500])
        if named:
            return named[1].lower()
    if not turns:
        return ""
    words = [title, turns[0].text, *(turn.text.split("\n", 1)[0] for turn in turns[1:2])]
    return hashlib.blake2b("\0".join(words).encode("utf-8", "replace"), digest_size=16).hexdigest()


def time_of_preamble(preamble: Sequence[str]) -> datetime | None:
    """When the talk began, where a heading or a dated line of the preamble says so."""
    dated = (time_in(line) for line in preamble if line.startswith("#") or _DATED.match(line))
    return next((time for time in dated if time), None)


def started_in(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _pieces(segment: Segment, lines: Sequence[str], regions: Sequence[Region]) -> Iterator[_Piece]:
    start, texts = segment.start, list(lines[segment.start : segment.end])
    if not segment.goes_on:
        texts[0] = segment.marker.rest
    if segment.marker.prefix:
        body = 0 if segment.goes_on else 1
        texts[body:] = [_without_prefix(text, segment.marker.prefix) for text in texts[body:]]
    elif any(texts) and all(_QUOTE.match(text) for text in texts if text.strip()):
        texts = [_QUOTE.sub("", text, count=1) for text in texts]
    if not segment.is_last:
        _drop_closing_rule(texts)
    at = start
    inside = bisect_right(regions, start, key=_end_of) if segment.role == "assistant" else len(regions)
    for number in range(inside, len(regions)):
        region = regions[number]
        if region.start >= start + len(texts):
            break
        begin, end = max(region.start, start), min(region.end, start + len(texts))
        yield _Piece(role=segment.role, start=at, texts=texts[at - start : begin - start])
        yield _Piece(role=_TAG_ROLES[region.tag], start=begin, texts=texts[begin - start : end - start])
        at = end
    yield _Piece(role=segment.role, start=at, texts=texts[at - start :])


def _end_of(region: Region) -> int:
    return region.end


def _turn(role: Role, texts: list[str], number: int, segment: Segment) -> Iterator[Turn]:
    begin, end = 0, len(texts)
    while begin < end and not texts[begin].strip():
        begin += 1
    while end > begin and not texts[end - 1].strip():
        end -= 1
    if begin < end:
        yield Turn(
            role=role,
            text="\n".join(texts[begin:end]),
            lines=range(number + begin, number + end),
            speaker=shown(segment.marker.label),
            time=segment.marker.time,
        )


def _without_prefix(text: str, prefix: str) -> str:
    if ">" in prefix:
        return _QUOTE.sub("", text, count=1)
    indent = len(prefix)
    return text[indent:] if not text[:indent].strip() else text.lstrip()


def _drop_closing_rule(texts: list[str]) -> None:
    while texts and not texts[-1].strip():
        texts.pop()
    if texts and is_rule(texts[-1]):
        texts.pop()
