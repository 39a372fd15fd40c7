"""Ever shorter versions of a document, for trackers that limit the length of a body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from connectors.document import Block, BulletList, Document, Inline, Paragraph, Quote, TaskList
from connectors.visible_text import shorten, visible

SHORTEST = 200
"""No passage is cut below this many characters; after that whole blocks are left out."""


def shortened(document: Document, limit: int) -> Iterator[Document]:
    """Versions of ``document`` from long to short, the last of them empty.

    First every passage is cut to ``limit`` characters, then to half of that and so on; then blocks are dropped
    from the end.
    """
    size = limit
    while True:
        size = max(size, SHORTEST)
        document = tuple(_block(block, size) for block in document)
        yield document
        if size == SHORTEST:
            break
        size //= 2
    while document:
        document = document[:-1]
        yield document


def _block(block: Block, size: int) -> Block:
    match block:
        case Paragraph(parts):
            return Paragraph(_inlines(parts, size))
        case BulletList(items):
            return BulletList(tuple(_inlines(item, size) for item in items))
        case TaskList(tasks):
            return TaskList(tuple(replace(task, text=_inlines(task.text, size)) for task in tasks))
        case Quote(text, caption):
            return Quote(shorten(visible(text), size), _inlines(caption, size))
        case _:
            return replace(block, text=shorten(visible(block.text), size))


def _inlines(parts: tuple[Inline, ...], size: int) -> tuple[Inline, ...]:
    return tuple(replace(part, text=shorten(visible(part.text), size)) for part in parts)
