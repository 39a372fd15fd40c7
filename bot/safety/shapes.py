"""Finds tokens by the shapes their providers give them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from bot.safety.clues import Clues, any_of, least_run, places_of, word_of
from bot.safety.placeholders import is_masked
from bot.safety.providers import APART, DISTINCT, INFIX, Shape
from bot.safety.spans import Span

# A run begins after anything but a letter or digit, and after what looks like one and is not:
# an escaped line break, a percent escape, a terminal colour.
_ESCAPED = r"(?<=\\[nrt])|(?<=%[0-9A-Fa-f][0-9A-Fa-f])|(?<=\x1b\[[0-9]m)|(?<=\x1b\[[0-9][0-9]m)"
_BEGIN = rf"(?:(?<![A-Za-z0-9])|{_ESCAPED})"
_JWT_BEGIN = rf"(?:(?<![\w-])|{_ESCAPED})"  # runs that cannot overlap keep the search linear

_Rule = tuple[str, str, str]  # what it begins with or holds, its kind, its pattern


def _rules(shapes: tuple[Shape, ...], begin: str) -> Iterator[_Rule]:
    for shape in shapes:
        for prefix in shape.prefixes.split():
            start = _JWT_BEGIN if prefix == "eyJ" else begin
            yield prefix, shape.kind, start + re.escape(prefix) + shape.rest


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """A rule's pattern; most texts need none of the hundreds."""
    return re.compile(pattern, re.ASCII)


_RULES: tuple[_Rule, ...] = (*_rules(DISTINCT, ""), *_rules(APART, _BEGIN))
_PREFIX = re.compile(any_of([prefix for prefix, _, _ in _RULES]))
# A longer prefix is tried before the shorter one it begins with.
_BY_PREFIX: dict[str, tuple[_Rule, ...]] = {
    found: tuple(sorted((rule for rule in _RULES if found.startswith(rule[0])), key=lambda rule: -len(rule[0])))
    for found, _, _ in _RULES
}
_INFIX: tuple[_Rule, ...] = tuple((literal, kind, rule) for kind, literal, rule in INFIX)
_LEAST_PIECED = 4  # the length of the prefixes whose token may be in pieces


class _Gate(NamedTuple):
    """What a text must have for a literal to matter: one of the clues' words ("" if any will do) and a run."""

    literal: str
    word: str
    run: int


def _gate(literal: str, run: int) -> _Gate:
    word = word_of(literal)
    # Nearly every text has words that hold one or two given letters.
    return _Gate(literal, word if len(word) > 2 or (len(word) == 2 and not run) else "", run)


_PREFIX_GATES = tuple(
    _gate(prefix, 0 if len(prefix) >= _LEAST_PIECED else least_run(shape.rest))
    for shape in (*DISTINCT, *APART)
    for prefix in shape.prefixes.split()
)
_INFIX_GATES = tuple(_gate(literal, least_run(rule)) for _, literal, rule in INFIX)
WORDS = tuple({gate.word: None for gate in (*_PREFIX_GATES, *_INFIX_GATES) if gate.word})


def _by_word() -> dict[str, list[_Gate]]:
    gates: dict[str, list[_Gate]] = {}
    for gate in _PREFIX_GATES:
        gates.setdefault(gate.word, []).append(gate)
    return gates


_PREFIXES_OF = _by_word()


# A token that goes on in the next piece: strings glued together, or a line that was wrapped.
_GLUE = re.compile(
    r"\\?[\"'`][ \t]{0,4}[+.&\\]?[ \t]{0,4}(?:\n[ \t]{0,40})?[+.&]?[ \t]{0,4}\\?[\"'`]([\w.+/=-]{6,4096})"
)
_FIRST_PIECE = re.compile(r"[\w-]{0,64}", re.ASCII)
_WRAP = re.compile(
    r"\r?\n[ \t>|+]{0,8}((?=[A-Za-z_-]{0,60}[0-9])[\w.+/=-]{6,4096})(?=[ \t]*[\"'`,;)]{0,3}[ \t\r]*(?:\n|$))"
)


def find_shapes(text: str, clues: Clues) -> Iterator[Span]:
    """Every token of a known provider; masked and sample tokens (``ghp_xxxx``) are left."""
    done = 0
    for at in places_of(_prefixes(clues), text):
        hit = _PREFIX.match(text, at) if at >= done else None
        if hit:
            done = at + 1
            for span in _token_at(text, at, hit[0]):
                done = span.end
                yield span
    for gate, (literal, kind, pattern) in zip(_INFIX_GATES, _INFIX, strict=True):
        if gate.run <= clues.longest and (not gate.word or gate.word in clues.words) and literal in text:
            for match in _compiled(pattern).finditer(text):
                yield Span(start=match.start(), end=match.end(), kind=kind)


def _prefixes(clues: Clues) -> Iterator[str]:
    """The prefixes that the text may have; their order is of no consequence."""
    for word in (clues.words & _PREFIXES_OF.keys()) | {""}:
        yield from (gate.literal for gate in _PREFIXES_OF[word] if gate.run <= clues.longest)


def _token_at(text: str, at: int, found: str) -> Iterator[Span]:
    for prefix, kind, pattern in _BY_PREFIX[found]:
        match = _compiled(pattern).match(text, at)
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
    rest = (
        (_GLUE.match(text, first.end()) or _WRAP.match(text, first.end()))
        if first and len(prefix) >= _LEAST_PIECED
        else None
    )
    if not first or not rest:
        return
    whole = first[0] + rest[1]
    if len(whole) >= 16 and re.search("[0-9]", whole) and not is_masked(whole):
        kind = _BY_PREFIX[prefix][0][1]
        yield Span(start=at, end=first.end(), kind=kind)
        yield Span(start=rest.start(1), end=rest.end(1), kind=kind)
