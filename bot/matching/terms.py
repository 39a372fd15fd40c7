"""What a text is compared by: stems of its words, the names in code it uses, and the errors it tells of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.matching.markup import plain
from bot.matching.vocabulary import stem

# Words of grammar only. What is common in one tracker is learned from that tracker.
_STOP = frozenset(
    """a an the this that these those there here it its my our your their his her some any all each every
    i we you he she they us them me am is are was were be been being do does did done has have had having
    will would shall should could can may might must to of for in on at by with as and or so also too then than just
    if when while where which who whom whose what how why because since but though although however
    get gets got gotten getting let lets please really actually basically simply maybe perhaps probably very quite
    s t d ll re ve m ca wo sha
    into from about up out off over under again via etc eg ie""".split()
)
_WORD = re.compile(r"[^\W_]{1,64}(?:[._\-/:@$]{1,2}[^\W_]{1,64}){0,12}|[^\W_]{1,64}")
_CONTRACTED_NOT = re.compile(
    r"\b(ca|wo|sha|do|does|did|is|are|was|were|has|have|had|could|would|should|must|need)n['’]t\b", re.IGNORECASE
)
_SEGMENT = re.compile(r"[^\W_]{1,64}")
# "iOS" and "eBook" are one word; otherwise a capital begins a new one.
_PIECE = re.compile(
    r"(?<![A-Za-z])[a-z](?:[A-Z]{2,5}(?![a-z])|[A-Z][a-z]{2,20})|[A-Z]{2,64}(?![a-z])|[A-Z]?[^\W\dA-Z_]{1,64}|[A-Z]|\d{1,64}"
)
_CAMEL = re.compile(r"[a-z\d][A-Z]|[A-Z]{2}[a-z]")
_CODE_JOINT = re.compile(r"[._:$@]")
_ERROR = re.compile(r"(?:[A-Z][A-Za-z0-9]{2,60})?(?:Error|Exception|Fault|Panic|Failure)|E[A-Z]{4,12}|SIG[A-Z]{3,6}")
_NOT_AN_ERROR = frozenset(("Error", "Exception", "Fault", "Panic", "Failure"))
_CODE = re.compile(
    r"\b(?:http|status|error|errors|code|exit|errno|rc)[ :=#]{1,2}(?:code[ :=]{1,2})?(-?\d{2,10})\b", re.IGNORECASE
)
_FRAME = re.compile(
    r"\bat\s{1,3}([\w$.<>]{3,160})\([^()\n]{0,160}\)|\bFile \"[^\"\n]{1,300}\", line \d{1,7}, in (\w{1,80})"
)
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,64}")
_MOST = 600  # distinct terms kept of one text


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one text: in order, counted, and by what they are. ``words`` are its words as they stand.

    ``names`` are whole names in code, from lower case to as written; ``errors`` error types and codes; ``frames``
    functions of traces.
    """

    words: tuple[str, ...]
    order: tuple[str, ...]
    counts: dict[str, int]
    names: dict[str, str]
    errors: frozenset[str]
    frames: frozenset[str]


def terms_of(text: str) -> Terms:
    """The terms of a text in any markup."""
    clean = _CONTRACTED_NOT.sub(r"\1 not", unicodedata.normalize("NFKC", plain(text)))
    words: list[str] = []
    order: list[str] = []
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    errors: set[str] = set(_codes(clean))
    for token in _WORD.findall(clean):
        parts = _taken_apart(token)
        words += parts.words
        order += parts.order
        errors |= parts.errors
        for whole, written in parts.names.items():
            names.setdefault(whole, written)
    for term in order:
        if term in counts:
            counts[term] += 1
        elif len(counts) < _MOST:
            counts[term] = 1
    return Terms(tuple(words), tuple(order), counts, names, frozenset(errors), frozenset(_frames(clean)))


@dataclass(frozen=True, slots=True)
class _Parts:
    """What one token gives; the fields are those of ``Terms``."""

    words: tuple[str, ...]
    order: tuple[str, ...]
    names: dict[str, str]
    errors: frozenset[str]


@lru_cache(maxsize=16_384)
def _taken_apart(token: str) -> _Parts:
    names: dict[str, str] = {}
    order = tuple(_terms(token, names))
    return _Parts(tuple(_SEGMENT.findall(token)), order, names, frozenset(_errors(token)))


def _terms(token: str, names: dict[str, str]) -> Iterator[str]:
    if _WIDE.search(token):
        yield from _wide(token)
        return
    segments = _SEGMENT.findall(token)
    is_joined = len(segments) > 1
    if is_joined and _CODE_JOINT.search(token) is not None:
        whole = token.lower()
        if not whole.replace(".", "").isdigit():
            names.setdefault(whole, token)
        yield whole
    for segment in segments:
        yield from _segment_terms(segment, names)


def _segment_terms(segment: str, names: dict[str, str]) -> Iterator[str]:
    pieces = _PIECE.findall(segment)
    if len(pieces) > 1:
        whole = segment.lower()
        if _CAMEL.search(segment) is not None:
            names.setdefault(whole, segment)
        yield whole
    for piece in pieces:
        word = piece.lower()
        if word not in _STOP and (len(word) > 1 or len(pieces) == 1 or not word.isascii() or word.isdigit()):
            yield stem(word)


def _wide(token: str) -> Iterator[str]:
    """Pairs of characters, for scripts that put no space between words."""
    folded = token.lower()
    if len(folded) == 1:
        yield folded
    for index in range(len(folded) - 1):
        yield folded[index : index + 2]


def _errors(token: str) -> Iterator[str]:
    for found in _ERROR.finditer(token):
        if found[0] not in _NOT_AN_ERROR:
            yield found[0].lower()


def _codes(text: str) -> Iterator[str]:
    for found in _CODE.finditer(text):
        yield f"code {found[1]}"


def _frames(text: str) -> Iterator[str]:
    for found in _FRAME.finditer(text):
        yield (found[1] or found[2]).lower()
