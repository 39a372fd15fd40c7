"""Finds tokens by the shapes their providers give them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.safety.placeholders import is_masked
from bot.safety.providers import APART, DISTINCT, INFIX, Shape
from bot.safety.spans import Span

# A run begins after anything but a letter or digit, and after what looks like one and is not:
# an escaped line break, a percent escape, a terminal colour.
_BEGIN = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f][0-9A-Fa-f])|(?<=\x1b\[[0-9]m)|(?<=\x1b\[[0-9][0-9]m))"
_OWN_BEGIN = {"eyJ": r"(?:(?<![\w-])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f][0-9A-Fa-f])|(?<=m))"}

_Compiled = tuple[str, str, re.Pattern[str]]


def _compiled(shapes: tuple[Shape, ...], begin: str) -> Iterator[_Compiled]:
    for shape in shapes:
        for prefix in shape.prefixes.split():
            pattern = _OWN_BEGIN.get(prefix, begin) + re.escape(prefix) + shape.rest
            yield shape.kind, prefix, re.compile(pattern, re.ASCII)


_PREFIXED: tuple[_Compiled, ...] = (*_compiled(DISTINCT, ""), *_compiled(APART, _BEGIN))
_INFIX: tuple[_Compiled, ...] = tuple((kind, gate, re.compile(rule, re.ASCII)) for kind, gate, rule in INFIX)


def find_shapes(text: str) -> Iterator[Span]:
    """Every token of a known provider; masked and sample tokens (``ghp_xxxx``) are left."""
    for kind, prefix, pattern in _PREFIXED:
        at = text.find(prefix)
        while at >= 0:
            match = pattern.match(text, at)
            if match and not is_masked(match[0][len(prefix) :]):
                yield Span(start=at, end=match.end(), kind=kind)
            at = text.find(prefix, match.end() if match else at + len(prefix))
    for kind, gate, pattern in _INFIX:
        if gate in text:
            for match in pattern.finditer(text):
                yield Span(start=match.start(), end=match.end(), kind=kind)
