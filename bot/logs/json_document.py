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
from bot.model import Conversation

_WHOLE = "whole"
_DEEPEST = 500  # levels of nesting; no log comes near
_BLANK = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?[0-9.eE+-]+")
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


def parsed(conversations: Iterable[Conversation], *, lines: LineSource, document: Document, tally: Tally) -> Parsed:
    """The outcome of reading a whole document; where it is cut short, that is counted."""
    if document.cut:
        tally.add("JSON that breaks off", document.cut)
    return Parsed(conversations=tuple(conversations), mark=lines.mark, resume=_WHOLE, not_understood=tally.result())


def parse(data: bytes, *, line: int = 1) -> Document:
    """The value of JSON bytes that begin on ``line``, or as much of it as stands before the first error."""
    if line == 1 and b"\n" not in data.strip():
        try:
            return Document(value=msgspec.json.decode(data))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass
    return _Scanner(data.decode("utf-8", "replace"), line).run()


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


class _Scanner:
    """Builds values token by token, so that an error leaves what stands before it."""

    def __init__(self, text: str, line: int) -> None:
        self._text = text
        self._at = 0
        self._line = line
        self._root: list[object] = []
        self._open: list[list[object] | dict[str, object]] = [self._root]
        self._keys: list[str | None] = [None]

    def run(self) -> Document:
        try:
            while not self._root or len(self._open) > 1:
                self._step()
        except (IndexError, ValueError):
            return Document(value=self._root[0] if self._root else None, cut=self._line)
        self._skip_blank()
        trailing = self._at < len(self._text.rstrip("\0"))
        return Document(value=self._root[0], cut=self._line if trailing else 0)

    def _step(self) -> None:
        self._skip_blank()
        sign = self._text[self._at]
        if sign == '"':
            self._string()
        elif sign in ",:":
            self._at += 1
        elif sign in "{[":
            self._at += 1
            self._enter({} if sign == "{" else [])
        elif sign in "}]":
            if isinstance(self._open[-1], dict) != (sign == "}") or len(self._open) == 1:
                raise ValueError("a bracket that closes nothing")
            self._at += 1
            self._open.pop()
            self._keys.pop()
        else:
            self._scalar()

    def _skip_blank(self) -> None:
        found = _BLANK.match(self._text, self._at)
        if found and (end := found.end()) > self._at:
            self._line += self._text.count("\n", self._at, end)
            self._at = end

    def _string(self) -> None:
        raw, end = _json.raw_decode(self._text, self._at)
        if isinstance(self._open[-1], dict) and self._keys[-1] is None:
            self._keys[-1] = raw
        else:
            text = Placed(raw)
            text.line = self._line
            self._put(text)
        # Raw newlines inside a string are against the rules, yet some programs write them.
        self._line += self._text.count("\n", self._at, end)
        self._at = end

    def _scalar(self) -> None:
        try:
            value, self._at = _json.raw_decode(self._text, self._at)
        except json.JSONDecodeError:
            raise
        except ValueError:  # an integer of thousands of digits
            found = _NUMBER.match(self._text, self._at)
            value, self._at = None, found.end() if found else len(self._text)
        self._put(value)

    def _enter(self, container: list[object] | dict[str, object]) -> None:
        if len(self._open) > _DEEPEST:
            raise ValueError("nested too deeply")
        self._put(container)
        self._open.append(container)
        self._keys.append(None)

    def _put(self, value: object) -> None:
        top = self._open[-1]
        if isinstance(top, list):
            top.append(value)
            return
        key = self._keys[-1]
        if key is None:
            raise ValueError("a value without its key")
        top[key] = value
        self._keys[-1] = None
