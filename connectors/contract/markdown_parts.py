"""Tells what a Markdown body does on the page, with a parser of its own: the judge of renderers to Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

_OWN_HTML = re.compile(r"<!-- -->|<!-- loose-ends: [A-Za-z0-9 ._:=-]+ -->")
_OWN_TASK = re.compile(r"<!-- loose-ends: task [A-Za-z0-9-]+ -->")
_ACTIVE = {"link_open": "link", "image": "image", "html_inline": "HTML", "table_open": "table", "fence": "fence"}
_LIVE_TEXT = {
    "mention": re.compile(r"(?<![A-Za-z0-9_])@[A-Za-z0-9_]"),
    "reference": re.compile(r"(?<![A-Za-z0-9_])(?:(?:[\w./-]{0,200}#|GH-|GL-|[!&$])\d|[%~][^\W_])", re.IGNORECASE),
    "address": re.compile(r"[a-z][a-z0-9+.-]{0,40}://|www\.\w|mailto:|[\w.+-]{1,80}@[\w-]{1,80}\.\w", re.IGNORECASE),
    "emoji name": re.compile(r":[\w+-]*[a-z][\w+-]*:", re.IGNORECASE),
    "unseen character": re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"),
}


def live_parts(markdown: str) -> list[str]:
    """What trackers would act on in a Markdown text; empty when it only shows words.

    Plain links to http and https are the bot's own business and not told; a ``link`` is told when its address
    has another scheme or its text is the address, as those that a tracker makes of bare text.
    """
    found = [f"line that begins a quick action: {line!r}" for line in _lines(markdown) if line.startswith("/")]
    for token in _parsed(markdown):
        for part in (token, *(token.children or ())):
            found += _acts(part)
    return found


def visible_words(markdown: str) -> str:
    """The text that a reader sees, without blanks and characters of no width."""
    parts: list[str] = []
    for token in _parsed(markdown):
        parts += [part.content for part in (token.children or [token]) if part.type in _SHOWN]
    return re.sub(r"[\s\u200b]+", "", "".join(parts))


_SHOWN = frozenset(("text", "code_inline", "code_block", "fence"))


def _parsed(markdown: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)


def _lines(markdown: str) -> list[str]:
    return re.sub("[\r\0\ufeff\u200b]", "", markdown).split("\n")


def _acts(token: Token) -> Iterator[str]:
    if token.type == "html_block":
        strange = _OWN_HTML.sub("", token.content).strip()
        if strange:
            yield f"HTML: {strange!r}"
    elif _is_own_link(token) or (token.type == "html_inline" and _OWN_TASK.fullmatch(token.content)):
        return
    elif kind := _ACTIVE.get(token.type):
        yield f"{kind}: {token.content or token.attrs}"
    elif token.type == "text":
        for name, pattern in _LIVE_TEXT.items():
            if match := pattern.search(token.content):
                yield f"{name}: {match[0]!r} in {token.content[:80]!r}"


def _is_own_link(token: Token) -> bool:
    return token.type == "link_open" and str(token.attrs.get("href", "")).startswith(("https://", "http://"))
