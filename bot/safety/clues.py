"""Tells cheaply which rules a text can interest at all, so that only those look at it.

Every rule asks for some literal. The words of a text are compared with those literals once for the whole process: talk
repeats its words, so nearly all are known already, and a text costs little more than being cut into words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_WORD_BYTES = bytes(code if chr(code) in "_-" or (code < 128 and chr(code).isalnum()) else 32 for code in range(256))
_RUN = re.compile(r"[a-z0-9_-]+")
_MOST_WORDS = 100_000  # about 10 MB; then the words are learnt anew
_LONGEST_KEPT = 40  # a longer word is hardly met again

# The least length of the runs that a pattern asks for: "[A-Za-z0-9]{20,}" asks for 20.
_OPTIONAL = re.compile(r"\((?:\?:)?[^()]*\)(?:\?|\{0,[0-9]+\})")
_REPEATED = re.compile(r"(\\w|\\d|\[(?:\\w|\\d|[A-Za-z0-9_-])+\])\{([0-9]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """What is known of a text before any rule looks at it.

    ``words``: the registered literals that some word of the text holds; ``longest``: the length of its longest run of
    ASCII letters, digits, ``_`` and ``-``.
    """

    words: frozenset[str]
    longest: int


class Vocabulary:
    """Finds which of some literals the words of a text hold. What it learns of a word is kept, the texts are not."""

    def __init__(self, literals: Iterable[str]) -> None:
        self.literals = tuple(sorted({word_of(literal) for literal in literals}))
        self._any = re.compile(any_of(self.literals))
        self._empty: set[bytes] = set()
        self._telling: dict[bytes, tuple[str, ...]] = {}

    def clues(self, lowered: str) -> Clues:
        """What ``lowered``, a text in lower case, may hold. Literals count whatever their case."""
        words = set(lowered.encode("ascii", "replace").translate(_WORD_BYTES).split())
        longest = max(map(len, words), default=0)
        found: set[str] = set()
        for word in words - self._empty:
            told = self._telling.get(word)
            found.update(self._learn(word) if told is None else told)
        return Clues(words=frozenset(found), longest=longest)

    def _learn(self, word: bytes) -> tuple[str, ...]:
        run = word.decode()
        held = tuple(literal for literal in self.literals if literal in run) if self._any.search(run) else ()
        if len(self._empty) + len(self._telling) > _MOST_WORDS:
            self._empty.clear()
            self._telling.clear()
        if len(word) <= _LONGEST_KEPT:
            if held:
                self._telling[word] = held
            else:
                self._empty.add(word)
        return held


def word_of(literal: str) -> str:
    """The longest part of a literal that stands inside one word of any text with the literal; in lower case."""
    return max(_RUN.findall(literal.lower()), key=len, default="")


def least_run(pattern: str) -> int:
    """How many letters, digits, ``_`` and ``-`` in a row every match of a pattern has at least, as far as can be told.

    Reads only repeats of one character class; what is optional does not count. The pattern has no alternatives outside
    of groups.
    """
    needed = _OPTIONAL.sub("", pattern)
    return max((int(repeat[2]) for repeat in _REPEATED.finditer(needed)), default=0)


def any_of(words: Iterable[str]) -> str:
    """A pattern that matches the longest of the words, written as a tree so that one look at a letter decides."""
    branches: dict[str, list[str]] = {}
    for word in words:
        if word:
            branches.setdefault(word[0], []).append(word[1:])
    if not branches:
        return ""
    parts = [re.escape(first) + (any_of(rests) if any(rests) else "") for first, rests in sorted(branches.items())]
    tree = "|".join(parts)
    return f"(?:{tree})?" if "" in words else f"(?:{tree})"


def places_of(literals: Iterable[str], text: str) -> list[int]:
    """Where any of the literals stands in the text, in order, each place once."""
    places: set[int] = set()
    for literal in literals:
        at = text.find(literal)
        while at >= 0:
            places.add(at)
            at = text.find(literal, at + 1)
    return sorted(places)
