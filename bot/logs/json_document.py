"""Logs that are one JSON document: plain values, and for every string the line on which it stands.

For any reader of such a log: ``read_document`` takes all the lines, waits while the document is still being
written and saves what stands before a break; ``string``, ``fields``, ``items`` and ``at`` look into the values
without ever failing; ``line_of`` says where a string stands; ``parsed`` is what the reader returns. A document
that changed is read anew as a whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from bot.logs.base import LineSource, LogError, Mark, Parsed, Reread, Tally
from bot.logs.versions import Versions
from bot.model import Conversation

_WHOLE = "whole"
_DEEPEST = 500  # levels of nesting; no log comes near
_BLANK = re.compile(r"[ \t\r\n]*+")
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
# A value, a bracket or a stray comma, with the key before it and the comma behind it.
_ITEM = re.compile(
    rf"[ \t\r\n]*+(?:({_STRING})[ \t\r\n]*+:[ \t\r\n]*+)?"
    rf"(?:({_STRING})(?![ \t\r\n]*+:)|([\[{{])|([\]}}])|(-?[0-9][0-9.eE+-]*+|true|false|null|NaN|-?Infinity)|(,))"
    r"[ \t\r\n]*+,?",
    re.DOTALL,
)
_STRING_VALUE, _OPENING, _CLOSING, _COMMA = 2, 3, 4, 6  # groups of an item
_json = json.JSONDecoder(strict=False)
WAIT = Parsed(conversations=(), mark=Mark(), waiting=True)


class Placed(str):
    """A string of a document, with its 1-based line in the file."""

    __slots__ = ("line",)
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """``cut`` is the line at which the JSON breaks off or something else follows, 0 where it is whole."""

    value: object
    cut: int = 0


def read_document(lines: LineSource, *, resume: str, settled: bool) -> Document | None:
    """The document in all the lines; None (return ``WAIT`` then) while it is still being written.

    Raises Reread when an earlier read took the document as whole, and LogError when there is no JSON at all.
    """
    if resume:
        raise Reread("the document has changed")
    return document_in(b"\n".join(lines), name=lines.name, settled=settled)


def document_in(data: bytes, *, name: str, settled: bool) -> Document | None:
    """As ``read_document``, for the bytes of the whole log called ``name``."""
    document = parse(data)
    if document.cut and not settled:
        return None
    if not isinstance(document.value, dict | list):
        raise LogError(f"{name}: no JSON document: exclude it, or set the source's format")
    return document


def parsed(
    conversations: Iterable[Conversation],
    *,
    lines: LineSource,
    document: Document,
    tally: Tally,
    version: object = None,
) -> Parsed:
    """The outcome of reading a whole document; where it is cut short, that is counted."""
    versions = Versions()
    versions.add(version)
    if document.cut:
        tally.add("JSON that breaks off", document.cut)
    return Parsed(
        conversations=tuple(conversations),
        mark=lines.mark,
        resume=_WHOLE,
        not_understood=tally.result(),
        versions=versions.result(),
    )


def parse(data: bytes, *, line: int = 1) -> Document:
    """The value of JSON bytes that begin on ``line``, or as much of it as stands before the first error."""
    if line == 1 and b"\n" not in data.strip():
        try:
            return Document(value=msgspec.json.decode(data))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass
    return _scan(data.decode("utf-8", "replace"), line)


def line_of(text: str) -> int:
    """The 1-based line of a string of a document; a document on one line has all its strings there."""
    return text.line if isinstance(text, Placed) else 1


def string(value: object) -> str:
    """``value`` where it is a string, else ""."""
    return value if isinstance(value, str) else ""


def fields(value: object) -> dict[str, object]:
    """``value`` where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """``value`` where it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def at(value: object, *path: str) -> object:
    """What stands under a path of keys, None where the path ends early."""
    for key in path:
        value = fields(value).get(key)
    return value


def _scan(text: str, line: int) -> Document:
    """Builds the value item by item, so that an error leaves what stands before it."""
    root: list[object] = []
    top: list[object] | dict[str, object] = root
    around: list[list[object] | dict[str, object]] = []
    at = 0
    count, item_at = text.count, _ITEM.match
    try:
        while around or not root:
            item = item_at(text, at)
            if item is None or len(around) > _DEEPEST:
                cut = line + count("\n", at, _end_of_blank(text, at))
                return Document(value=root[0] if root else None, cut=cut)
            kind = item.lastindex or 0
            begin = item.start(kind)
            line += count("\n", at, begin)
            at = item.end()
            if kind == _CLOSING:
                top = _left(top, around, text[begin])
            elif kind != _COMMA:
                value = _value(kind, item[kind], line)
                _put(top, item[1], value)
                if isinstance(value, list | dict):
                    around.append(top)
                    top = value
            # Raw newlines inside a string are against the rules, yet some programs write them.
            line += count("\n", begin, at)
    except ValueError:
        return Document(value=root[0] if root else None, cut=line)
    end = _end_of_blank(text, at)
    is_more = end < len(text.rstrip("\0"))
    return Document(value=root[0], cut=line + count("\n", at, end) if is_more else 0)


def _left(
    top: list[object] | dict[str, object], around: list[list[object] | dict[str, object]], bracket: str
) -> list[object] | dict[str, object]:
    if not around or isinstance(top, dict) != (bracket == "}"):
        raise ValueError("a bracket that closes nothing")
    return around.pop()


def _put(top: list[object] | dict[str, object], key: str | None, value: object) -> None:
    if isinstance(top, dict):
        if key is None:
            raise ValueError("a value without its key")
        top[_plain(key)] = value
    elif key is None:
        top.append(value)
    else:
        raise ValueError("a key in an array")


def _value(kind: int, literal: str, line: int) -> object:
    if kind == _STRING_VALUE:
        text = Placed(_plain(literal))
        text.line = line
        return text
    if kind == _OPENING:
        return {} if literal == "{" else []
    return _scalar(literal)


def _end_of_blank(text: str, begin: int) -> int:
    blank = _BLANK.match(text, begin)
    return blank.end() if blank else begin


def _plain(literal: str) -> str:
    """The string that a literal stands for."""
    if "\\" not in literal:
        return literal[1:-1]
    value: str = _json.decode(literal)
    return value


def _scalar(literal: str) -> object:
    try:
        value: object = _json.decode(literal)
    except json.JSONDecodeError:
        raise
    except ValueError:  # an integer of thousands of digits
        return None
    return value
