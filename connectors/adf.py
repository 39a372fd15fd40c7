"""Renders documents to the Atlassian Document Format of Jira Cloud, and reads the text of such documents.

A text node is inert: Jira makes no mention, link or macro of it. So only what a document says is a link is one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never
from urllib.parse import quote

from connectors.base import Marker
from connectors.document import (
    Block,
    BulletList,
    Code,
    CodeBlock,
    Document,
    Heading,
    Inline,
    Link,
    Paragraph,
    Quote,
    Strong,
    TaskList,
    Text,
)
from connectors.reference import listed_tasks, reference_line
from connectors.shortening import shortened
from connectors.visible_text import one_line, visible

Node = dict[str, object]

_WEB = re.compile(r"https?://[^\s/]")
_MAX_DEPTH = 60
_CUT_NOTE = "(Cut short: this tracker takes at most {limit} characters.)"


def to_adf(
    document: Document, *, marker: Marker | None = None, reference: str = "", limit: int | None = None
) -> dict[str, object]:
    """The document as an ADF object that JSON can hold.

    ``marker`` or ``reference`` is shown as its last line, which is never cut. One whose JSON is over ``limit``
    UTF-16 units, as Jira counts, is made to fit: long passages are cut, then blocks are left out from the end; a
    line before the last says so.
    """
    last = reference_line(marker) if marker else reference
    tail = [_paragraph((Text(last),))] if last else []
    whole = _doc([*_rendered(document), *tail])
    if limit is None or size(whole) <= limit:
        return whole
    note = _paragraph((Text(_CUT_NOTE.format(limit=limit)),))
    for candidate in shortened(document, limit):
        whole = _doc([*_rendered(candidate), note, *tail])
        if size(whole) <= limit:
            break
    return whole


def size(adf: Mapping[str, object]) -> int:
    """UTF-16 units of the JSON of a document, which are more than its text has."""
    return len(json.dumps(adf, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le")) // 2


def to_text(adf: object) -> str:
    """The text of an ADF document, also of one that people wrote: blocks parted by an empty line, list items marked.

    What is not ADF is no text; what is nested beyond reason is left out.
    """
    return "\n\n".join(block for block in _blocks(adf, 0) if block)


def text_document(text: str) -> dict[str, object]:
    """Plain text as ADF: an empty line begins a paragraph, for fields of the config."""
    return _doc([_paragraph((Text(part),)) for part in text.split("\n\n") if part.strip()])


def _doc(content: Iterable[Node]) -> Node:
    return {"type": "doc", "version": 1, "content": [node for node in content if node]}


def _rendered(document: Document) -> Iterator[Node]:
    for block in document:
        yield from _block(block)


def _block(block: Block) -> Iterator[Node]:
    match block:
        case Paragraph(parts):
            yield _paragraph(parts)
        case Heading(text):
            inner = _inlines((Text(text),))
            yield {"type": "heading", "attrs": {"level": 3}, "content": inner} if inner else {}
        case Quote(text, caption):
            yield _paragraph(caption)
            yield _verbatim(text)
        case CodeBlock(text):
            yield _verbatim(text)
        case BulletList(items):
            paragraphs = [paragraph for item in items if (paragraph := _paragraph(item))]
            rows = [{"type": "listItem", "content": [paragraph]} for paragraph in paragraphs]
            yield {"type": "bulletList", "content": rows} if rows else {}
        case TaskList(tasks):
            yield from _block(BulletList(listed_tasks(tasks)))
        case _:
            assert_never(block)


def _verbatim(text: str) -> Node:
    shown = "\n".join(line.rstrip() for line in visible(text).split("\n")).strip("\n")
    return {"type": "codeBlock", "content": [_text(shown)]} if shown else {}


def _paragraph(parts: tuple[Inline, ...]) -> Node:
    content = _inlines(parts)
    return {"type": "paragraph", "content": content} if content else {}


def _inlines(parts: tuple[Inline, ...]) -> list[Node]:
    nodes: list[Node] = []
    for part in parts:
        nodes += _inline(part)
    shows = any(str(node["text"]).strip() for node in nodes)
    return nodes if shows else []


def _inline(part: Inline) -> list[Node]:
    text = one_line(part.text)
    match part:
        case Text():
            return [_text(text)] if text else []
        case Strong():
            return [_text(text, {"type": "strong"})] if text else []
        case Code():
            return [_text(text, {"type": "code"})] if text else []
        case Link(url=url) if text.strip() and _WEB.match(url):
            target = quote(visible(url), safe="%/:=&?~#+!$,;'@*-._")
            return [_text(text, {"type": "link", "attrs": {"href": target}})]
        case Link(url=url):
            address = one_line(url)
            label = [_text(text + " ")] if text.strip() else []
            return [*label, _text(address, {"type": "code"})] if address else label
        case _:
            assert_never(part)


def _text(text: str, *marks: Node) -> Node:
    node: Node = {"type": "text", "text": text}
    return {**node, "marks": list(marks)} if marks else node


_CONTAINERS = frozenset(
    ("doc", "blockquote", "panel", "expand", "nestedExpand", "layoutSection", "layoutColumn", "table", "tableRow",
     "tableCell", "tableHeader", "bodiedExtension", "mediaGroup", "mediaSingle", "multiBodiedExtension", "decisionList")
)  # fmt: skip
_LISTS = frozenset(("bulletList", "orderedList", "taskList"))


def _blocks(node: object, depth: int) -> Iterator[str]:
    if not isinstance(node, dict) or depth > _MAX_DEPTH:
        return
    kind = node.get("type")
    if kind in _CONTAINERS:
        for child in _children(node):
            yield from _blocks(child, depth + 1)
    elif kind in _LISTS:
        items = ("\n".join(_blocks(child, depth + 1)) for child in _children(node))
        yield "\n".join("- " + item.replace("\n", "\n  ") for item in items if item)
    elif kind in ("listItem", "taskItem", "decisionItem") and _has_blocks(node):
        for child in _children(node):
            yield from _blocks(child, depth + 1)
    else:
        yield "".join(_words(node, depth))


def _has_blocks(node: Mapping[str, object]) -> bool:
    return any(isinstance(child, dict) and "content" in child for child in _children(node))


def _words(node: object, depth: int) -> Iterator[str]:
    if not isinstance(node, dict) or depth > _MAX_DEPTH:
        return
    attrs = node.get("attrs")
    told = attrs if isinstance(attrs, dict) else {}
    match node.get("type"):
        case "text":
            yield str(node.get("text", ""))
        case "hardBreak":
            yield "\n"
        case "mention" | "status":
            yield str(told.get("text", ""))
        case "emoji":
            yield str(told.get("text") or told.get("shortName") or "")
        case "inlineCard" | "blockCard" | "embedCard":
            yield str(told.get("url", ""))
        case _:
            for child in _children(node):
                yield from _words(child, depth + 1)


def _children(node: Mapping[str, object]) -> list[object]:
    content = node.get("content")
    return content if isinstance(content, list) else []
