"""Renders documents to the Markdown of GitHub, GitLab and the local tracker.

Safe by construction: log text is either an indented block, where no tracker looks for markup, or it is cut into
words, and a word that some tracker might act on (a mention, a reference, an address, an emoji name) is shown as
code; all other words have their markup escaped. Text is made one line first, so that nothing but the renderer
begins a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal, assert_never
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
    Task,
    TaskList,
    Text,
)
from connectors.marker import marker_line
from connectors.shortening import shortened
from connectors.visible_text import ZERO_WIDTH_SPACE, one_line, shorten, visible

Flavor = Literal["github", "gitlab", "local"]

WRAP_AT = 110
"""Quoted lines longer than this are broken at spaces: trackers do not wrap verbatim blocks."""

_SEPARATOR = "<!-- -->"
_MARKUP = re.compile(r"[\\`*_\[\]<~|$]|&(?=[#A-Za-z])")
_LIVE = re.compile(
    r"[@#]\w|[!%~&$^][\w\"{]|\*iteration:"  # mentions and references, and the sigils that only GitLab knows
    r"|://|www\.|mailto:|xmpp:|[^\W_]\.[^\W\d_]{2}"  # addresses, and file names, which look like hosts
    r"|(?<![0-9a-z_])G[HL]-\d|(?<![0-9a-z_])(?=[a-f]{0,39}\d)[0-9a-f]{7,40}(?![0-9a-z_])"  # issues, commits
    r"|:[\w+-]{1,60}:|\[[a-z_]{1,40}:|[{\[][+-]|\[[x~]\]|[^\W_]_[^\W_]",  # emoji, GitLab's brackets, identifiers
    re.IGNORECASE,
)
_OPENING = "([{\"'<*_~`“‘«"
_CLOSING = ")]}>\"'*_~`”’».,;:?!…"
_PAIRS = {")": "(", "]": "[", "}": "{"}
_MENTION = re.compile(r"(?<![A-Za-z0-9_])@(?=[A-Za-z0-9_])")
_BLOCK_START = re.compile(r"[#+\-=>:/]")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?= |$)")
_TITLE_SIGILS = re.compile(r"[@#!%~&$^](?=[\w\"{])|:(?=//)")


def to_markdown(document: Document, *, flavor: Flavor, marker: Marker | None = None, limit: int | None = None) -> str:
    """The document as Markdown without a final newline, ``marker`` as its last line.

    A text over ``limit`` characters is made to fit: its long passages are cut, then blocks are left out from the
    end; a last line says so. The marker is never cut.
    """
    tail = [marker_line(marker)] if marker else []
    text = _joined([*_rendered(document, flavor), *tail])
    if limit is None or len(text) <= limit:
        return text
    note = f"(Cut short: this tracker takes at most {limit} characters.)"
    for candidate in shortened(document, limit):
        text = _joined([*_rendered(candidate, flavor), note, *tail])
        if len(text) <= limit:
            break
    return text


def to_title(text: str, *, flavor: Flavor, limit: int) -> str:
    """A one-line title of at most ``limit`` characters; it is plain text everywhere, yet trackers link inside it."""
    line = one_line(text).strip() or "Untitled"
    if flavor != "local":
        line = _TITLE_SIGILS.sub(lambda match: match[0] + ZERO_WIDTH_SPACE, line)
    return shorten(line, limit)


def _rendered(document: Document, flavor: Flavor) -> Iterator[str]:
    for block in document:
        yield from _block(block, flavor)


def _joined(blocks: Iterable[str]) -> str:
    # Without the comment an indented block would join the list or block before it, or, as the very first
    # thing, lose its indentation to a tracker that trims bodies.
    out: list[str] = []
    previous = "    "
    for block in blocks:
        if not block:
            continue
        indented = block.startswith("    ")
        if (indented and previous.startswith(("    ", "- "))) or (block.startswith("- ") and previous.startswith("- ")):
            out.append(_SEPARATOR)
        out.append(block)
        previous = block
    return "\n\n".join(out)


def _block(block: Block, flavor: Flavor) -> Iterator[str]:
    match block:
        case Paragraph(parts):
            yield _line(parts, flavor)
        case Heading(text):
            line = _inline((Text(text),), flavor)
            yield "### " + (line[:-1] + "\\#" if line.endswith("#") else line) if line else ""
        case Quote(text, caption):
            yield _line(caption, flavor)
            yield _verbatim(text, flavor, wrap_at=WRAP_AT)
        case CodeBlock(text):
            yield _verbatim(text, flavor, wrap_at=None)
        case BulletList(items):
            yield "\n".join("- " + line for item in items if (line := _item(item, flavor)))
        case TaskList(tasks):
            yield "\n".join(_task(task, flavor) for task in tasks)
        case _:
            assert_never(block)


def _task(task: Task, flavor: Flavor) -> str:
    box = "- [x] " if task.checked else "- [ ] "
    return f"{box}{_item(task.text, flavor) or task.marker} <!-- loose-ends: task {task.marker} -->"


def _verbatim(text: str, flavor: Flavor, *, wrap_at: int | None) -> str:
    lines = visible(text).split("\n")
    if wrap_at is not None:
        lines = [piece for line in lines for piece in _wrapped(line, wrap_at)]
    block = "\n".join("    " + line.rstrip() if line.strip(" \t") else "" for line in lines).strip("\n")
    return _without_mentions(block, flavor)


def _wrapped(line: str, width: int) -> Iterator[str]:
    start = 0
    while len(line) - start > width:
        at = line.rfind(" ", start + 1, start + width)
        if at < 0 or line[start:at].isspace():
            at = line.find(" ", start + width)
        if at < 0:
            break
        yield line[start:at]
        start = at + 1
    yield line[start:]


def _line(parts: tuple[Inline, ...], flavor: Flavor) -> str:
    line = _inline(parts, flavor)
    if _BLOCK_START.match(line):
        return "\\" + line
    # A link with "]:" in its label would define a reference, even where the label is code, and show nothing.
    if line.startswith("[") and "]:" in line:
        return ZERO_WIDTH_SPACE + line
    return _NUMBERED.sub(r"\1\\\2", line, count=1) if _NUMBERED.match(line) else line


def _item(parts: tuple[Inline, ...], flavor: Flavor) -> str:
    line = _line(parts, flavor)
    # "[ ]" makes a check box, on trackers that look for it in the finished HTML even when it is escaped.
    return "`[`" + line[2:] if line.startswith("\\[ ") else line


def _inline(parts: tuple[Inline, ...], flavor: Flavor) -> str:
    out = ""
    for part in _runs(parts):
        match part:
            case Text(text):
                piece = _text(text, flavor)
            case Strong(text):
                inner = text.strip(" ")
                piece = text.replace(inner, f"**{_text(inner, flavor)}**", 1)
            case Code(text):
                piece = _code(_without_mentions(text, flavor))
            case Link(text, url):
                piece = f"[{_text(text, flavor)}]({_target(url)})"
            case _:
                assert_never(part)
        out = _appended(out, piece)
    return out.strip(" ")


def _runs(parts: tuple[Inline, ...]) -> list[Inline]:
    """The parts cleaned, with plain neighbours made one: a word that two of them share is judged whole.

    Strong text that cannot stand as such, and the label of a link that leads nowhere, are plain.
    """
    cleaned = [piece for part in parts for piece in _cleaned(part) if piece.text]
    runs: list[Inline] = []
    for part, following in zip(cleaned, [*cleaned[1:], None], strict=False):
        before = runs[-1] if runs else None
        plain = isinstance(part, Text) or (isinstance(part, Strong) and not _stands(part.text, before, following))
        if plain and isinstance(before, Text):
            runs[-1] = Text(one_line(before.text + part.text))
        else:
            runs.append(Text(part.text) if plain else part)
    return runs


def _cleaned(part: Inline) -> tuple[Inline, ...]:
    text = one_line(part.text)
    label = text.strip(" ")
    match part:
        case Text() | Strong():
            return (replace(part, text=text),)
        case Code():
            return (Code(label),)
        case Link(url=url) if label and re.match(r"https?://[^\s/]", url):
            return (Link(label, url),)
        case Link(url=url):
            return (Text(label and label + " "), Code(one_line(url).strip(" ")))


def _stands(text: str, before: Inline | None, following: Inline | None) -> bool:
    # Asterisks only work beside a space or punctuation; elsewhere the text is shown plain rather than wrong.
    at_start = before is None or (isinstance(before, Text | Strong) and before.text[-1] in " (")
    at_end = following is None or (isinstance(following, Text) and following.text[0] in " .,:;)")
    return text != " " and (at_start or text[0] == " ") and (at_end or text[-1] == " ")


def _appended(out: str, piece: str) -> str:
    if piece.startswith("[") and out.endswith("!"):
        return out[:-1] + "\\!" + piece
    if piece.startswith("`") and out.endswith("`"):
        return out + ZERO_WIDTH_SPACE + piece
    return out + piece


def _text(text: str, flavor: Flavor) -> str:
    return " ".join(_word(word, flavor) for word in one_line(text).split(" "))


def _word(word: str, flavor: Flavor) -> str:
    if not _LIVE.search(word):
        return _escaped(word)
    rest = word.lstrip(_OPENING)
    core = rest.rstrip(_CLOSING)
    if not core:
        return _code(word)
    closing = rest[len(core) :]
    while closing and closing[0] in _PAIRS and core.count(_PAIRS[closing[0]]) > core.count(closing[0]):
        core, closing = core + closing[0], closing[1:]
    opening = word[: len(word) - len(rest)]
    return _escaped(opening) + _code(_without_mentions(core, flavor)) + _escaped(closing)


def _escaped(word: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", word)


def _code(text: str) -> str:
    if not text:
        return ""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _target(url: str) -> str:
    return quote(visible(url), safe="%/:=&?~#+!$,;'@*-._").replace("&", "&amp;")


def _without_mentions(text: str, flavor: Flavor) -> str:
    # Code is safe on the page, but a reply by e-mail quotes it as plain text and would mention people.
    return text if flavor == "local" else _MENTION.sub("@" + ZERO_WIDTH_SPACE, text)
