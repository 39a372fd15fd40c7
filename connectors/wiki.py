r"""Renders documents to the wiki markup of Jira Data Center.

Log text is either in a ``{noformat}`` block, where Jira looks for nothing but the end of the block, or every
character that begins markup has a backslash before it. What a backslash does not stop (addresses, entities, smileys,
line starts, backslashes themselves) is parted by a zero-width space: the eye sees the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
from connectors.visible_text import ZERO_WIDTH_SPACE, one_line, visible

_WEB = re.compile(r"https?://[^\s/]")
_SPECIAL = re.compile(r"[-#*_+?^~|%{}\[\]()!@]")
# Where a zero-width space goes in: after each backslash, in addresses, entities, smileys, hearts, arrows.
_PARTED = re.compile(
    r"\\|&(?=[#a-z])|:(?=//|[dp](?![a-z])|[()])|;(?=[()])|(?<=mailto):|(?<=www)\.|<(?=/?3)|/(?=/)", re.IGNORECASE
)
_LABEL = re.compile(r"(?!(?:h[1-6]|bq)\.)[^\[\]|{}!^~:;\\&<]+", re.IGNORECASE)
_LINE_START = re.compile(r"^(h[1-6]|bq)(?=\.)", re.IGNORECASE)
_END_OF_BLOCK = re.compile(r"\{(?=noformat)", re.IGNORECASE)
_URL_SAFE = "%/:=&?~#+$,;'@-._"
_ESCAPE = re.compile(r"\\([-#*_+?^~|%{}\[\]()!@])")


def to_wiki(document: Document, *, marker: Marker | None = None, reference: str = "", limit: int | None = None) -> str:
    """The document as wiki markup, ``marker`` or ``reference`` as its last line, for people to see.

    A text over ``limit`` UTF-16 units, as Jira counts, is made to fit: its long passages are cut, then blocks are
    left out from the end; a line says so. The last line is never cut.
    """
    last = reference_line(marker) if marker else reference
    tail = [_inline((Text(last),))] if last else []
    text = _joined([*_rendered(document), *tail])
    if limit is None or units(text) <= limit:
        return text
    note = _inline((Text(f"(Cut short: this tracker takes at most {limit} characters.)"),))
    for candidate in shortened(document, limit):
        text = _joined([*_rendered(candidate), note, *tail])
        if units(text) <= limit:
            break
    return text


def units(text: str) -> int:
    """Length as Java counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def unescaped(wiki: str) -> str:
    """Wiki markup without the backslashes and zero-width spaces of this renderer, to read a last line back."""
    return _ESCAPE.sub(r"\1", wiki.replace(ZERO_WIDTH_SPACE, ""))


def _rendered(document: Document) -> Iterator[str]:
    for block in document:
        yield from _block(block)


def _joined(blocks: Iterable[str]) -> str:
    return "\n\n".join(block for block in blocks if block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(parts):
            yield _inline(parts)
        case Heading(text):
            line = _inline((Text(text),))
            yield f"h3. {line}" if line else ""
        case Quote(text, caption):
            yield _inline(caption)
            yield _verbatim(text)
        case CodeBlock(text):
            yield _verbatim(text)
        case BulletList(items):
            # Two lists in a row would be one, which shows the same.
            yield "\n".join("* " + line for item in items if (line := _inline(item)))
        case TaskList(tasks):
            yield from _block(BulletList(listed_tasks(tasks)))
        case _:
            assert_never(block)


def _verbatim(text: str) -> str:
    lines = (line.rstrip() for line in visible(text).split("\n"))
    shown = _END_OF_BLOCK.sub("{" + ZERO_WIDTH_SPACE, "\n".join(lines).strip("\n"))
    return f"{{noformat}}\n{shown}\n{{noformat}}" if shown else ""


def _inline(parts: tuple[Inline, ...]) -> str:
    cleaned = [piece for part in parts for piece in _cleaned(part)]
    out = plain = ""
    for part, following in zip(cleaned, [*cleaned[1:], None], strict=False):
        before = plain[-1:] or out[-1:]
        if isinstance(part, Text) or not _stands(part, before, following):
            # Neighbours are escaped as one, so that no address or smiley is made where they meet.
            plain += part.text
        else:
            out += _escaped(plain) + _marked(part)
            plain = ""
    return _LINE_START.sub(r"\1" + ZERO_WIDTH_SPACE, (out + _escaped(plain)).strip(" "), count=1)


def _cleaned(part: Inline) -> list[Inline]:
    text = one_line(part.text)
    label = text.strip(" ")
    match part:
        case Text():
            return [Text(text)] if text else []
        case Strong():
            return [Strong(text)] if label else [Text(text)] if text else []
        case Code():
            return [Code(label)] if label else []
        case Link(url=url) if label and _WEB.match(url):
            return [Link(label, url)]
        case Link(url=url):
            address = one_line(url).strip(" ")
            return [*([Text(label + " ")] if label else []), *([Code(address)] if address else [])]


def _stands(part: Inline, before: str, following: Inline | None) -> bool:
    """Whether Jira sees the markup and only that: bold and code must begin and end at the edge of a word."""
    if isinstance(part, Link):
        return True
    if isinstance(part, Strong) and not (_LABEL.fullmatch(part.text) and part.text == _escaped(part.text).strip(" ")):
        return False  # some renderers of Atlassian's read the text of bold again, after its backslashes are gone
    after = following.text[:1] if isinstance(following, Text) else "" if following is None else "x"
    return (not before or before in " (") and (not after or after in " .,:;)")


def _marked(part: Inline) -> str:
    text = _escaped(part.text)
    match part:
        case Strong():
            return f"*{text}*"
        case Link(url=url):
            target = quote(visible(url), safe=_URL_SAFE)
            # A label with brackets and the like of its own is not always read as one.
            return f"[{text}|{target}]" if _LABEL.fullmatch(part.text) else f"{text} [{target}]"
        case _:
            return f"{{{{{text}}}}}"


def _escaped(text: str) -> str:
    parted = _PARTED.sub(lambda match: match[0] + ZERO_WIDTH_SPACE, text)
    return _SPECIAL.sub(r"\\\g<0>", parted)
