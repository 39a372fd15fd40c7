"""HTML of chat messages as Markdown: quotes, code, lists and line breaks as people would type them."""

from __future__ import annotations

import re
from html import unescape

_TOKEN = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})((?:\s[^<>]{0,4000})?)/?>|([^<]+|<)")
_SPACES = re.compile(r"\s+")
_ATTRIBUTE = re.compile(r'\b(alt|class|href)="([^"]{0,2000})"')
_BLOCKS = frozenset({"p", "div", "ul", "ol", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"})
_BLANK_LINES = re.compile(r"\n{3,}")


def text_of_html(html: str) -> str:
    """The text of a message. What is quoted begins with ``> ``, code stands between fences; formulas appear once."""
    if "<" not in html:
        return unescape(html)
    writer = _Writer()
    for token in _TOKEN.finditer(html):
        closing, tag, attributes, text = token.groups()
        if text is not None:
            writer.text(unescape(text))
        elif closing:
            writer.close(tag.lower())
        else:
            writer.open(tag.lower(), dict(_ATTRIBUTE.findall(attributes)))
    return writer.result()


class _Writer:
    def __init__(self) -> None:
        self._parts: list[str] = []
        self._has_words = False  # whether the line holds more than its signs of quoting
        self._quotes = 0
        self._in_code = False
        self._hidden = ""  # the tag whose content is not shown, with the depth of tags of its name
        self._depth = 0

    def text(self, text: str) -> None:
        if self._hidden:
            return
        if self._in_code:
            for number, line in enumerate(text.split("\n")):
                if number:
                    self._break()
                self._put(line)
            return
        text = _SPACES.sub(" ", text)
        self._put(text if self._has_words else text.lstrip())

    def open(self, tag: str, attributes: dict[str, str]) -> None:
        if self._hidden:
            self._depth += tag == self._hidden
        # A formula stands there twice: as source, and as it is drawn.
        elif tag == "span" and "katex-html" in attributes.get("class", ""):
            self._hidden, self._depth = tag, 1
        elif tag == "br":
            self._break()
        elif tag == "img":
            self._put(attributes.get("alt", ""))
        elif tag == "code" and not self._in_code:
            self._put("`")
        elif tag in _BLOCKS or tag == "li":
            self._fresh()
            self._begin(tag)

    def close(self, tag: str) -> None:
        if self._hidden:
            self._depth -= tag == self._hidden
            self._hidden = self._hidden if self._depth else ""
        elif tag == "code" and not self._in_code:
            self._put("`")
        elif tag in _BLOCKS or tag == "li":
            self._fresh()
            self._end(tag)

    def result(self) -> str:
        lines = "".join(self._parts).split("\n")
        return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")

    def _begin(self, tag: str) -> None:
        if tag == "li":
            self._put("- ")
        elif tag == "blockquote":
            self._quotes += 1
            self._parts.append("> ")
        elif tag == "pre" and not self._in_code:
            self._put("```")
            self._break()
            self._in_code = True

    def _end(self, tag: str) -> None:
        if tag == "blockquote" and self._quotes:
            while self._parts and self._parts[-1] == "\n" + self._sign():
                self._parts.pop()
            self._quotes -= 1
            self._break()
            self._break()
        elif tag == "pre" and self._in_code:
            self._in_code = False
            self._put("```")
            self._break()
        elif tag == "p":
            self._break()

    def _put(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._has_words = True

    def _break(self) -> None:
        self._parts.append("\n" + self._sign())
        self._has_words = False

    def _sign(self) -> str:
        return "> " * min(self._quotes, 9)

    def _fresh(self) -> None:
        """Begin a line unless one has just begun."""
        if self._has_words:
            self._break()
