"""Large JSON exports, one element of their long array at a time: memory holds the elements that are kept, not the file.

``Elements`` walks an array at the top of a document, or under a key of the object at its top; what stands around
the array is in ``frame`` after the walk. A value is looked into with the functions of ``json_document``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.logs.base import LineSource, LogError, Mark, Parsed, Reread, Tally
from bot.logs.decoding import utf8_of
from bot.logs.json_document import WAIT, line_of, parse
from bot.model import Conversation

_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*("?)|[\[\]{}]', re.DOTALL)
_REST = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*("?)', re.DOTALL)  # of a string that goes on from the line before
_BLANK = re.compile(rb"[, \t\r\n\0]*")
_OPENING = b"[{"
_LONGEST_KEY = 200
_PARTS = ("", "elements", "elements under a key")  # what is kept between two parts, by the depth of the array


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the array; ``line`` is the 1-based line on which it begins."""

    value: object
    line: int

    def line_of(self, text: str) -> int:
        """The line of the log on which a string of the element stands."""
        return self.line + line_of(text) - 1


class Elements:
    """``keys`` are the keys under which the array may stand; it may also be the document itself.

    ``is_cut`` is true after the walk when the document breaks off, ``frame`` is what stands around
    the array, with an empty one in its place, and ``broken`` the line of each element that is no JSON. After each
    element ``place`` is where it ended, and ``depth`` how deep the array lies: with both a walk goes on from there.
    """

    def __init__(self, lines: LineSource, *, keys: Sequence[str] = (), depth: int = 0) -> None:
        self.frame: object = None
        self.is_cut = True
        self.broken: list[int] = []
        self._lines = lines
        self._keys = {b'"%b"' % key.encode() for key in keys}
        self._around = bytearray()
        self._element = bytearray()
        self.place = lines.mark
        self.found = depth > 0
        self._inner = depth  # depth of the elements, 0 while the array has not begun
        self._first = 0 if depth else 1  # line on which the element begins, 0 before it has
        self._line = lines.line + 1  # line at the place in the block up to which newlines are counted
        self._counted = 0
        self._opened = 1  # line on which the array begins
        self._depth = depth
        self._key = b""
        self._begun = b""  # the first part of a key that goes on in the next block
        self._in_string = False
        self._over = False

    def __iter__(self) -> Iterator[Element]:
        for block in self._lines.blocks():
            yield from self._walk(block)
        self.is_cut = self._depth != 0 or self._in_string
        if self._element.strip(b", \t\r\n\0"):
            yield from self._flush()
        self.frame = parse(bytes(self._around)).value

    def _walk(self, block: bytes) -> Iterator[Element]:
        at = begin = self._counted = 0
        if self._in_string:
            rest = _REST.match(block)
            at = rest.end() if rest else len(block)
            self._in_string = not (rest and rest[1])
            if self._depth == 1 and not self._inner:
                self._key = self._begun = self._begun + block[: min(at, _LONGEST_KEY)]
        for token in _TOKEN.finditer(block, at):
            sign = token[0]
            if len(sign) > 1 or sign == b'"':
                if not token[1]:
                    self._in_string, self._begun = True, sign[:_LONGEST_KEY]
                elif self._depth == 1 and not self._inner:
                    self._key = sign
            elif sign in _OPENING:
                self._depth += 1
                if not self._inner and self._is_array(sign):
                    self._keep(block, begin, token.end())
                    begin = token.end()
                    self._inner, self.found, self._first = self._depth, True, 0
                    self._opened = self._line_at(block, begin)
            else:
                self._depth -= 1
                if self._inner and self._depth == self._inner - 1:
                    self._keep(block, begin, token.start())
                    begin = token.start()
                    yield from self._flush()
                    # What stands behind the array keeps its lines.
                    self._around += b"\n" * (self._line_at(block, begin) - self._opened)
                    self._inner, self._over = 0, True
                elif self._inner and self._depth == self._inner:
                    self._keep(block, begin, token.end())
                    begin = token.end()
                    offset, line = self._lines.start + begin, self._line_at(block, begin) - 1
                    self.place = Mark(offset=offset, line=line)
                    yield from self._flush()
        self._keep(block, begin, len(block))
        self._line += block.count(b"\n", self._counted)

    @property
    def depth(self) -> int:
        """How deep the elements lie, 0 outside of the array."""
        return self._inner

    def _line_at(self, block: bytes, at: int) -> int:
        return self._line + block.count(b"\n", self._counted, at)

    def _is_array(self, sign: bytes) -> bool:
        if sign != b"[" or self._over:
            return False
        return self._depth == 1 or (self._depth == 2 and self._key in self._keys)

    def _keep(self, block: bytes, begin: int, end: int) -> None:
        if not self._inner:
            self._around += block[begin:end]
            return
        if not self._first:
            blank = _BLANK.match(block, begin, end)
            begin = blank.end() if blank else begin
            if begin == end:
                return
            self._line += block.count(b"\n", self._counted, begin)
            self._counted, self._first = begin, self._line
        self._element += block[begin:end]

    def _flush(self) -> Iterator[Element]:
        data, self._element = bytes(self._element), bytearray()
        first, self._first = self._first, 0
        if not data.strip():
            return
        document = parse(utf8_of(data, self._lines.encoding))
        if document.cut:
            self.broken.append(first)
        if document.value is not None:
            yield Element(document.value, first)


def read_elements(
    lines: LineSource,
    *,
    keys: Sequence[str] = (),
    resume: str,
    settled: bool,
    tally: Tally,
    take: Callable[[Element], None],
    end: Callable[[object], Sequence[Conversation]],
) -> Parsed:
    """Read a document: ``take`` gets each element, ``end`` the frame, and gives the conversations.

    It is read as far as ``lines`` ask for, if these are limited. A document that changed is read anew as a whole
    (Reread); one that is still being written is left alone.
    """
    if resume and resume not in _PARTS:
        raise Reread("the document has changed")
    begin = lines.mark
    elements = Elements(lines, keys=keys, depth=_PARTS.index(resume) if resume else 0)
    for element in elements:
        take(element)
        if lines.limit and elements.place.offset - begin.offset >= lines.limit:
            place, known = elements.place, tally.result()
            part = _PARTS[elements.depth]
            return Parsed(conversations=tuple(end({})), mark=place, resume=part, not_understood=known, more=True)
    if elements.is_cut:
        if not settled:
            return replace(WAIT, mark=begin, resume=resume) if resume else WAIT
        tally.add("JSON that breaks off", max(1, lines.mark.line))
    if not elements.found and not isinstance(elements.frame, dict):
        raise LogError(f"{lines.name}: no JSON document: exclude it, or set the source's format")
    for line in elements.broken:
        tally.add("broken JSON", line)
    return Parsed(
        conversations=tuple(end(elements.frame)), mark=lines.mark, resume="whole", not_understood=tally.result()
    )
