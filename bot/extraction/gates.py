"""Tells cheaply which patterns a text can match at all, so that only those are searched for.

What a word can contribute is worked out once and kept: talk repeats its words, so a text costs little more than being
cut into words. The gate never loses a match.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256

from bot.extraction.needs import EDGE, LONG, SHORT, SIGN, needs
from bot.extraction.spelling import APOSTROPHES, mended

_WORD = re.compile(r"\w+", re.ASCII)
_WORD_BYTES = bytes(
    code if chr(code) in f"_'{SIGN}" or (code < 128 and chr(code).isalnum()) else 32 for code in range(256)
)
_MOST_WORDS = 100_000  # about 15 MB; then the words are learnt anew
_LONGEST_KEPT = 40  # a longer word is hardly met again


class Gate:
    """Tells which of many named patterns may match a text, as a number with a bit for each.

    ``patterns`` are sources by name; ``known`` has the needs of sources worked out before, by ``digest``.
    """

    def __init__(self, patterns: Mapping[str, str], known: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self.bits = {name: 1 << n for n, name in enumerate(patterns)}
        self._always = 0
        self._by_piece: dict[str, int] = {}
        self._by_need: dict[int, list[tuple[int, int]]] = {}
        numbers: dict[tuple[str, ...], int] = {}
        for name, pattern in patterns.items():
            short = digest(pattern)
            wanted = [tuple(sorted(keys)) for keys in (known[short] if short in known else needs(pattern))]
            own = [1 << numbers.setdefault(keys, len(numbers)) for keys in wanted]
            if own:
                self._by_need.setdefault(own[0], []).append((sum(set(own)), self.bits[name]))
            else:
                self._always |= self.bits[name]
        self._rarest = sum(self._by_need)
        for keys, number in numbers.items():
            for piece in keys:
                self._by_piece[piece] = self._by_piece.get(piece, 0) | 1 << number
        self._pieces = frozenset(self._by_piece)
        self._empty: set[bytes] = set()
        self._telling: dict[bytes, int] = {}
        self._passing = lru_cache(maxsize=20_000)(self._alive)

    def mask(self, text: str) -> int:
        """The bits of the patterns that may match ``text``, or a part of it, as it stands or in plain spelling."""
        met = 0
        telling = self._telling
        for word in words(text) - self._empty:
            told = telling.get(word)
            met |= self._learn(word) if told is None else told
        return self._passing(met) if met else self._always

    def _learn(self, word: bytes) -> int:
        """The needs that a word meets."""
        found = 0
        for piece in self._pieces & pieces(word.decode()):
            found |= self._by_piece[piece]
        if len(self._empty) + len(self._telling) > _MOST_WORDS:
            self._empty.clear()
            self._telling.clear()
        if len(word) <= _LONGEST_KEPT:
            if found:
                self._telling[word] = found
            else:
                self._empty.add(word)
        return found

    def _alive(self, met: int) -> int:
        found, rest = self._always, met & self._rarest
        while rest:
            need = rest & -rest
            rest ^= need
            for wanted, bit in self._by_need[need]:
                if wanted & met == wanted:
                    found |= bit
        return found


def words(text: str) -> set[bytes]:
    """The words of a text in lower case: ASCII letters, digits, ``_`` and apostrophes; more where marks part them."""
    low = text.lower()
    if not low.isascii():
        for mark in APOSTROPHES:
            low = low.replace(mark, "'")
        low = f"{low} {SIGN}"
    found = set(low.encode("ascii", "replace").translate(_WORD_BYTES).split())
    if "*" in low or "~" in low:
        found.update(low.replace("*", "").replace("~", "").encode("ascii", "replace").translate(_WORD_BYTES).split())
    return found


def pieces(word: str) -> set[str]:
    """The short pieces of a lower-case word, also as chats spell it, and with the edges of the words within it."""
    spellings = {word, mended(word), word.strip("_")}
    texts = {f"{EDGE}{found}{EDGE}" for spelling in spellings for found in _WORD.findall(spelling)}
    if "'" in word or len(spellings) > 1:
        texts |= spellings
    if SIGN in word:
        return {SIGN}
    return {
        text[i : i + size] for text in texts for size in range(SHORT, LONG + 1) for i in range(len(text) - size + 1)
    }


def digest(pattern: str) -> str:
    """A short name for a pattern's source."""
    return sha256(pattern.encode()).hexdigest()[:12]
