"""What a text must contain for a pattern to match it, worked out from the parsed pattern.

A need is a set of short pieces, lower case, of which every match contains at least one within a single word; a pattern
has up to a few, and all must be met. Where nothing can be told there are none, so that no match is ever lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from itertools import product
from typing import Any

EDGE = "\x01"  # in a piece: a word begins or ends here
SIGN = "\x02"  # the piece of every text that has a character beyond ASCII
SHORT, LONG = 2, 8  # characters of a piece
_MOST_STRINGS = 96  # spellings of a part that are told apart; beyond, the part counts as unknown
_MOST_MEMBERS = 10
_MOST_KEYS = 400
_MOST_NEEDS = 6
_COMMON = " etaoinshrdlu"  # letters that tell little, commonest first
_FREQUENT = frozenset("ing for all her ver hav ill uld und the and ght ent ion ter".split())
_EVERYDAY = frozenset(
    "the and you that this for not but are was were have has had with can could will would should it is to in of on at"
    " be been being do does did don we they he she our my your their me us them so if as an all also any some more most"
    " now then there here what which who when where why how just only still even very really about after before over"
    " out up down off back again first last next one two get got go going make made use used see need want like know"
    " time way thing things work works new same other by or from into than too let re ll ve it's that's i'm i'll don't"
    " yet no yes ok because while way back right good well look looks set add added line file code".split()
)

_PART = re.compile(rf"[\w'{EDGE}]+", re.ASCII)
_LETTERS = re.compile(r"\w+", re.ASCII)

Exact = frozenset[str]
Keys = frozenset[str]
Parsed = Iterable[tuple[object, object]]  # what the interpreter's parser makes of a pattern
Meaning = tuple[Exact | None, tuple[Keys, ...]]
_EMPTY: Exact = frozenset({""})
_BEGUN: Exact = frozenset({EDGE})


def needs(pattern: str) -> tuple[Keys, ...]:
    """What each match of ``pattern`` (case ignored) contains; none where that is unknown."""
    try:
        parser = import_module("re._parser")
        tree = parser.parse(pattern, re.IGNORECASE)
    except (ImportError, AttributeError):  # an interpreter that hides its parser: search always
        return ()
    exact, found = _sequence(tree)
    return _best([*found, *_keys_of(exact)], _MOST_NEEDS)


def _sequence(items: Parsed, start: Exact = _EMPTY) -> Meaning:
    """All strings that the items can match, where those are few, and else what a match must contain.

    ``start`` is the edge of a word that is known to be before them.
    """
    run, whole = start, True
    found: list[Keys] = []
    for operator, argument in items:
        at_edge = all(text.endswith((EDGE, " ")) for text in run)
        exact, more = _item(str(operator), argument, _BEGUN if at_edge else _EMPTY)
        found += more
        if exact is not None and len(run) * len(exact) <= _MOST_STRINGS:
            run = frozenset(a + b for a, b in product(run, exact))
            continue
        whole = False
        found += _keys_of(run)
        run = exact if exact is not None else _EMPTY
    return (run, tuple(found)) if whole else (None, (*found, *_keys_of(run)))


def _item(operator: str, argument: Any, start: Exact) -> Meaning:  # noqa: ANN401 - the shape depends on the operator
    if operator == "LITERAL":
        return frozenset({chr(argument).lower()}), ()
    if operator == "IN":
        return _members(argument), ()
    if operator == "BRANCH":
        return _branches(argument[1], start)
    if operator in ("SUBPATTERN", "ATOMIC_GROUP"):
        return _sequence(argument[-1] if operator == "SUBPATTERN" else argument, start)
    if operator in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, body = argument
        return _repeated(least, most, body, start)
    if operator == "AT":
        return (frozenset({EDGE}) if str(argument) in _EDGES else _EMPTY), ()
    if operator == "ASSERT":
        exact, found = _sequence(argument[1])  # behind or ahead
        return _EMPTY, (*found, *_keys_of(exact))
    return (_EMPTY if operator == "ASSERT_NOT" else None), ()


_EDGES = frozenset({"AT_BOUNDARY", "AT_BEGINNING", "AT_BEGINNING_STRING", "AT_END", "AT_END_STRING"})


def _repeated(least: int, most: int, body: Parsed, start: Exact) -> Meaning:
    exact, found = _sequence(body, start if most == 1 else _EMPTY)
    if least == 0:
        return (exact | _EMPTY if exact is not None and most == 1 else None), ()
    return (exact, found) if most == 1 else (None, (*found, *_keys_of(exact)))


def _members(members: Sequence[tuple[object, Any]]) -> Exact | None:
    codes: set[int] = set()
    for operator, argument in members:
        if str(operator) == "LITERAL":
            codes.add(argument)
        elif str(operator) == "RANGE":
            codes.update(range(argument[0], min(argument[1], argument[0] + _MOST_MEMBERS) + 1))
        else:
            return None
    return frozenset(chr(code).lower() for code in codes) if len(codes) <= _MOST_MEMBERS else None


def _branches(branches: Sequence[Parsed], start: Exact) -> Meaning:
    meanings = [_sequence(branch, start) for branch in branches]
    strings = [exact for exact, _ in meanings if exact is not None]
    if len(strings) == len(meanings) and len(exact := frozenset[str]().union(*strings)) <= _MOST_STRINGS:
        return exact, ()
    best = [_best([*found, *_keys_of(exact)], 2) for exact, found in meanings]
    if not all(best):
        return None, ()
    return None, tuple({frozenset[str]().union(*(found[at] for found in best)): None for at in (0, -1)})


def _keys_of(strings: Exact | None) -> list[Keys]:
    """The rarest piece of each string as one need, and those of their first and of their last words as further ones."""
    parts = [list(_PART.finditer(text)) for text in strings or ""]
    rarest = [
        [min(_pieces_of(text, span), key=lambda piece: (_commonness(piece), piece), default="") for span in spans]
        for text, spans in zip(strings or "", [[None, *own[:1], *own[-1:]] for own in parts], strict=True)
    ]
    found = (frozenset(column) for column in zip(*rarest, strict=False))
    return [keys for keys in dict.fromkeys(found) if all(keys)]


def _pieces_of(text: str, only: re.Match[str] | None = None) -> Iterator[str]:
    """The pieces of a string, or of one part of it, of which each stands within one word wherever the string stands."""
    if not text.isascii() and only is None:
        yield SIGN
    for part in _PART.finditer(text) if only is None else (only,):
        # What is no letter beside a word ends it; at the ends of the string nothing is known.
        before = EDGE if part.start() else ""
        after = EDGE if part.end() < len(text) else ""
        if len(bare := part.group().replace(EDGE, "")) >= SHORT:
            yield from _windows(bare)
        whole = f"{before}{part.group()}{after}"
        for word in _LETTERS.finditer(whole):
            begin = EDGE if word.start() else ""
            end = EDGE if word.end() < len(whole) else ""
            if len(piece := f"{begin}{word.group()}{end}") >= SHORT:
                yield from _windows(piece)


def _windows(text: str) -> Iterator[str]:
    size = min(len(text), LONG)
    yield from (text[i : i + size] for i in range(len(text) - size + 1))


@cache
def _commonness(piece: str) -> int:
    bare = piece.strip(EDGE)
    letters = sum(len(_COMMON) - _COMMON.index(letter) for letter in bare if letter in _COMMON)
    frequent = 12 * (piece in _FREQUENT) + 20 * (bare in _EVERYDAY) + 25 * (len(bare) < 2)
    return letters + frequent - 10 * (len(bare) - 3) - (len(piece) - len(bare))


def _best(found: Iterable[Keys], most: int) -> tuple[Keys, ...]:
    """Those that the fewest texts meet."""
    few = {keys for keys in found if len(keys) <= _MOST_KEYS}
    return tuple(sorted(few, key=lambda keys: (sum(2.0 ** _commonness(piece) for piece in keys), sorted(keys)))[:most])
