"""Finds tokens by the shapes their providers give them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.safety.placeholders import is_masked
from bot.safety.providers import APART, DISTINCT, INFIX, Shape
from bot.safety.spans import Span

# A run begins after anything but a letter or digit, and after what looks like one and is not:
# an escaped line break, a percent escape, a terminal colour.
_ESCAPED = r"(?<=\\[nrt])|(?<=%[0-9A-Fa-f][0-9A-Fa-f])|(?<=\x1b\[[0-9]m)|(?<=\x1b\[[0-9][0-9]m)"
_BEGIN = rf"(?:(?<![A-Za-z0-9])|{_ESCAPED})"
_JWT_BEGIN = rf"(?:(?<![\w-])|{_ESCAPED})"  # runs that cannot overlap keep the search linear

_Rule = tuple[str, str, re.Pattern[str]]


def _compiled(shapes: tuple[Shape, ...], begin: str) -> Iterator[_Rule]:
    for shape in shapes:
        for prefix in shape.prefixes.split():
            start = _JWT_BEGIN if prefix == "eyJ" else begin
            yield prefix, shape.kind, re.compile(start + re.escape(prefix) + shape.rest, re.ASCII)


def _any_of(words: Iterable[str]) -> str:
    """A pattern that matches the longest of the words, written as a tree so that one look at a letter decides."""
    branches: dict[str, list[str]] = {}
    for word in words:
        if word:
            branches.setdefault(word[0], []).append(word[1:])
    if not branches:
        return ""
    parts = [re.escape(first) + (_any_of(rests) if any(rests) else "") for first, rests in sorted(branches.items())]
    tree = "|".join(parts)
    return f"(?:{tree})?" if "" in words else f"(?:{tree})"


_RULES: tuple[_Rule, ...] = (*_compiled(DISTINCT, ""), *_compiled(APART, _BEGIN))
_PREFIX = re.compile(_any_of([prefix for prefix, _, _ in _RULES]))
# A longer prefix is tried before the shorter one it begins with.
_BY_PREFIX: dict[str, tuple[_Rule, ...]] = {
    found: tuple(sorted((rule for rule in _RULES if found.startswith(rule[0])), key=lambda rule: -len(rule[0])))
    for found, _, _ in _RULES
}
_INFIX: tuple[_Rule, ...] = tuple((literal, kind, re.compile(rule, re.ASCII)) for kind, literal, rule in INFIX)


# A token that goes on in the next piece: strings glued together, or a line that was wrapped.
_GLUE = re.compile(
    r"\\?[\"'`][ \t]{0,4}[+.&\\]?[ \t]{0,4}(?:\n[ \t]{0,40})?[+.&]?[ \t]{0,4}\\?[\"'`]([\w.+/=-]{6,4096})"
)
_FIRST_PIECE = re.compile(r"[\w-]{0,64}", re.ASCII)
_WRAP = re.compile(
    r"\r?\n[ \t>|+]{0,8}((?=[A-Za-z_-]{0,60}[0-9])[\w.+/=-]{6,4096})(?=[ \t]*[\"'`,;)]{0,3}[ \t\r]*(?:\n|$))"
)


def find_shapes(text: str) -> Iterator[Span]:
    """Every token of a known provider; masked and sample tokens (``ghp_xxxx``) are left."""
    hit = _PREFIX.search(text)
    while hit:
        done = hit.start() + 1
        for span in _token_at(text, hit.start(), hit[0]):
            done = span.end
            yield span
        hit = _PREFIX.search(text, done)
    for literal, kind, pattern in _INFIX:
        if literal in text:
            for match in pattern.finditer(text):
                yield Span(start=match.start(), end=match.end(), kind=kind)


def _token_at(text: str, at: int, found: str) -> Iterator[Span]:
    for prefix, kind, pattern in _BY_PREFIX[found]:
        match = pattern.match(text, at)
        if match:
            if not is_masked(match[0][len(prefix) :]):
                yield Span(start=at, end=match.end(), kind=kind)
                rest = _GLUE.match(text, match.end()) or _WRAP.match(text, match.end())
                if rest:
                    yield Span(start=rest.start(1), end=rest.end(1), kind=kind)
            return
    yield from _in_pieces(text, at, found)


def _in_pieces(text: str, at: int, prefix: str) -> Iterator[Span]:
    """A token whose first piece is too short to tell: the prefix must be an odd one, and the whole long enough."""
    first = _FIRST_PIECE.match(text, at + len(prefix))
    rest = (_GLUE.match(text, first.end()) or _WRAP.match(text, first.end())) if first and len(prefix) > 3 else None
    if not first or not rest:
        return
    whole = first[0] + rest[1]
    if len(whole) >= 16 and re.search("[0-9]", whole) and not is_masked(whole):
        kind = _BY_PREFIX[prefix][0][1]
        yield Span(start=at, end=first.end(), kind=kind)
        yield Span(start=rest.start(1), end=rest.end(1), kind=kind)
