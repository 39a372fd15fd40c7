"""Cuts a turn into blocks: what is prose, a list item, code, a quotation, a table or a pasted log."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["prose", "item", "heading", "code", "quote", "table", "log", "injected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Consecutive lines of one kind. ``first`` is the index of the first line within the turn.

    ``head`` is the line that announces a list ("Features we'd need:"), for items only. ``checked``
    tells the state of a task box, None where there is no box.
    """

    kind: BlockKind
    first: int
    lines: tuple[str, ...]
    head: str = ""
    language: str = ""
    checked: bool | None = None


_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,}) {0,3}([\w+#.-]{0,20})")
_ITEM = re.compile(r"^ {0,12}(?:[-*+•–]|\d{1,3}[.)])[ \t]{1,8}(?:\[([ xX])\][ \t]{0,4})?(?=\S)")
_HEADING = re.compile(r"^ {0,3}#{1,6} +\S|^\*\*[^*]{1,80}\*\*:?\s*$")
_TABLE = re.compile(r"^\s{0,8}\|.*\|\s*$")
_TAG = re.compile(r"^\s{0,8}</?[a-zA-Z][\w-]{2,40}(?: [^<>]{0,200})?>")
# Lines that a program wrote: time stamps, stack traces, package managers, levels, test marks, diffs, prompts.
_LOG = re.compile(
    r"^\s{0,8}(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\[?\d\d:\d\d:\d\d[\].,]"
    r"|Traceback \(most recent|File \"[^\"]{1,200}\", line \d|at [\w$.<>\[\] ]{1,80}\("
    r"|\w{1,40}(?:Error|Exception|Warning): |npm (?:ERR|error|warn)|\$ \S|> \S{1,80}@\d"
    r"|(?:ERROR|WARN(?:ING)?|INFO|DEBUG|FATAL)[ :\]\[]"
    r"|(?:FAIL|PASS) \S|[✓✗✘✖×●❯] |\s{0,6}\d{1,5} ?\| "
    r"|\[[^\]]{1,80}\]: \S"  # where a link of the text leads
    r"|[+-]{3} [ab]/|@@ -|diff --git|commit [0-9a-f]{7,40}|\w[\w.-]{0,30}@[\w.-]{1,30}[:~ ])"
)

# An indented line right below prose goes on with it, as in Markdown, unless it looks like code.
_WRAPPED = re.compile(r"^ {4,12}[a-z][\w',-]{0,30}(?:[.!?] | [\w'\"`(-])[^{}=;\[\]]{0,200}$")


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a turn's text in order, every non-blank line in exactly one of them. Linear in the text."""
    lines = text.split("\n")
    index, head = 0, ""
    while index < len(lines):
        line = lines[index]
        if not line.strip():
            index += 1
            continue
        block = _next(lines, index, head)
        yield block
        index += len(block.lines)
        if block.kind in ("prose", "heading"):
            head = block.lines[-1].strip()
        elif block.kind != "item":
            head = ""


def _next(lines: Sequence[str], index: int, head: str) -> Block:
    line = lines[index]
    if opened := _FENCE.match(line):
        return _fenced(lines, index, opened.group(1), opened.group(2))
    if item := _ITEM.match(line):
        end = _continuation(lines, index + 1)
        checked = None if item.group(1) is None else item.group(1) != " "
        return Block(kind="item", first=index, lines=tuple(lines[index:end]), head=head, checked=checked)
    kind = _kind(line)
    if kind == "heading":
        return Block(kind=kind, first=index, lines=(line,))
    end = index + 1
    while end < len(lines) and lines[end].strip() and not _FENCE.match(lines[end]) and not _ITEM.match(lines[end]):
        if _kind(lines[end]) != kind and not (kind == "prose" and _WRAPPED.match(lines[end])):
            break
        end += 1
    return Block(kind=kind, first=index, lines=tuple(lines[index:end]))


def _kind(line: str) -> BlockKind:
    stripped = line.lstrip()
    if stripped.startswith(">"):
        return "quote"
    if _HEADING.match(line):
        return "heading"
    if _TABLE.match(line):
        return "table"
    if _TAG.match(line):
        return "injected"
    if _LOG.match(line):
        return "log"
    return "code" if line.startswith(("    ", "\t")) else "prose"


def _fenced(lines: Sequence[str], index: int, mark: str, language: str) -> Block:
    end = index + 1
    while end < len(lines):
        end += 1
        if lines[end - 1].strip().startswith(mark) and not lines[end - 1].strip().strip(mark[0]):
            break
    return Block(kind="code", first=index, lines=tuple(lines[index:end]), language=language.lower())


def _continuation(lines: Sequence[str], index: int) -> int:
    """The end of a list item: indented lines right below belong to it."""
    while index < len(lines) and lines[index].startswith("  ") and lines[index].strip():
        if _ITEM.match(lines[index]) or _FENCE.match(lines[index]):
            break
        index += 1
    return index
