"""What a text must contain for a pattern to match it: a cheap look that spares most searches.

From a parsed pattern follow short pieces of which every match contains at least one. A text without any
of them needs no search. Where nothing can be told the pattern is searched for always, so the gate never loses a match.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib import import_module
from itertools import product
from typing import Any

_SHORT, _LONG = 3, 5  # letters of a piece
_MOST_STRINGS = 96  # spellings of a part that are told apart; beyond, the part counts as unknown
_MOST_KEYS = 400
_COMMON = " etaoinshrdlu"  # letters that tell little, commonest first
_FREQUENT = frozenset("ing for all her ver hav ill uld und the and ght ent ion ter".split())

Exact = frozenset[str]
Keys = frozenset[str]
Parsed = Iterable[tuple[object, object]]  # what the interpreter's parser makes of a pattern
Meaning = tuple[Exact | None, Keys | None]
_EMPTY: Exact = frozenset({""})


def keys(pattern: str) -> Keys | None:
    """Lower-case pieces of which each match of ``pattern`` (case ignored) contains one; None where that is unknown."""
    try:
        parser = import_module("re._parser")
        tree = parser.parse(pattern, re.IGNORECASE)
    except (ImportError, AttributeError):  # an interpreter that hides its parser: search always
        return None
    exact, needed = _sequence(tree)
    return _better(needed, _keys_of(exact) if exact is not None else None)


def pieces(text: str) -> frozenset[str]:
    """The short pieces of a text, lower case."""
    low = text.lower()
    return frozenset(
        [low[i : i + _SHORT] for i in range(len(low) - _SHORT + 1)]
        + [low[i : i + _LONG] for i in range(len(low) - _LONG + 1)]
    )


class Gate:
    """Tells which of many named patterns may match a text, as a number with a bit for each.

    ``patterns`` are sources by name; ``known`` has the keys of sources worked out before, by ``digest``.
    """

    def __init__(self, patterns: Mapping[str, str], known: Mapping[str, Sequence[str] | None]) -> None:
        self.bits = {name: 1 << n for n, name in enumerate(patterns)}
        self._always = 0
        self._by_piece: dict[str, int] = {}
        self._known: dict[int, tuple[str, ...]] = {}
        for name, pattern in patterns.items():
            short = digest(pattern)
            needed = known[short] if short in known else keys(pattern)
            if needed is None:
                self._always |= self.bits[name]
            for piece in needed or ():
                self._by_piece[piece] = self._by_piece.get(piece, 0) | self.bits[name]
        self._pieces = frozenset(self._by_piece)

    def mask(self, text: str) -> int:
        """The bits of the patterns that may match."""
        found = self._always
        for piece in self._pieces & pieces(text):
            found |= self._by_piece[piece]
        return found

    def may_hold(self, text: str, bits: int) -> bool:
        """Whether any of the patterns of ``bits`` may match; for few patterns and long texts."""
        low = text.lower()
        return bool(self._always & bits) or any(piece in low for piece in self._of(bits))

    def _of(self, bits: int) -> tuple[str, ...]:
        if bits not in self._known:
            self._known[bits] = tuple(piece for piece, owners in self._by_piece.items() if owners & bits)
        return self._known[bits]


def digest(pattern: str) -> str:
    """A short name for a pattern's source."""
    return sha256(pattern.encode()).hexdigest()[:12]


def _sequence(items: Parsed) -> Meaning:
    """All strings that the items can match, where those are few, and else the pieces that a match must contain."""
    run, whole, best = _EMPTY, True, None
    for operator, argument in items:
        exact, needed = _item(str(operator), argument)
        best = _better(best, needed)
        if exact is not None and len(run) * len(exact) <= _MOST_STRINGS:
            run = frozenset(a + b for a, b in product(run, exact))
            continue
        whole = False
        best = _better(best, _keys_of(run))
        run = exact if exact is not None else _EMPTY
    if whole:
        return run, best
    return None, _better(best, _keys_of(run))


def _item(operator: str, argument: Any) -> Meaning:  # noqa: ANN401 - the shape depends on the operator
    if operator == "LITERAL":
        return frozenset({chr(argument).lower()}), None
    if operator == "IN":
        return _members(argument), None
    if operator == "BRANCH":
        return _branches(argument[1])
    if operator in ("SUBPATTERN", "ATOMIC_GROUP"):
        return _sequence(argument[-1] if operator == "SUBPATTERN" else argument)
    if operator in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _repeated(*argument)
    return (_EMPTY if operator in ("AT", "ASSERT", "ASSERT_NOT") else None), None


def _repeated(least: int, most: int, body: Parsed) -> Meaning:
    exact, needed = _sequence(body)
    if least == 0:
        return (exact | _EMPTY if exact is not None and most == 1 else None), None
    return (exact if most == 1 else None), _better(needed, _keys_of(exact) if exact else None)


def _members(members: Sequence[tuple[object, object]]) -> Exact | None:
    if len(members) > 4 or any(str(operator) != "LITERAL" for operator, _ in members):
        return None
    return frozenset(chr(code).lower() for _, code in members if isinstance(code, int))


def _branches(branches: Sequence[Parsed]) -> Meaning:
    exact: Exact | None = frozenset()
    needed: Keys | None = frozenset()
    for branch in branches:
        strings, pieces_ = _sequence(branch)
        own = _better(pieces_, _keys_of(strings) if strings is not None else None)
        needed = needed | own if needed is not None and own is not None else None
        exact = exact | strings if exact is not None and strings is not None else None
    if exact is not None and len(exact) > _MOST_STRINGS:
        exact = None
    return exact, needed


def _keys_of(strings: Exact) -> Keys | None:
    if any(len(text) < _SHORT for text in strings):
        return None
    return frozenset(min(_pieces_of(text), key=lambda piece: (_commonness(piece), piece)) for text in strings)


def _pieces_of(text: str) -> list[str]:
    size = _LONG if len(text) >= _LONG else _SHORT
    return [text[i : i + size] for i in range(len(text) - size + 1)]


@cache
def _commonness(piece: str) -> int:
    letters = sum(len(_COMMON) - _COMMON.index(letter) for letter in piece if letter in _COMMON)
    return letters + 12 * (piece in _FREQUENT) - 10 * (len(piece) - _SHORT)


def _better(first: Keys | None, second: Keys | None) -> Keys | None:
    """The keys that fewer texts pass."""
    if first is None or second is None:
        return second if first is None else first
    chosen = min(first, second, key=lambda keys_: sum(2.0 ** _commonness(piece) for piece in keys_))
    return chosen if len(chosen) <= _MOST_KEYS else None
