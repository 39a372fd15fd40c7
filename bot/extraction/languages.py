"""Tells English from other languages, whose cues we do not have, and knows the marker words of some of those."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

from bot.model import Kind

LANGUAGES = ("de", "es", "fr", "ja", "pt", "zh")  # besides English
_LOOK = 2000  # characters that tell a text's language
_LEAST = 2  # words of another language that outweigh none of English
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_OTHER_SCRIPT = re.compile(r"[^\W\d_a-zA-Z\u00c0-\u024f\u2c60-\u2c7f\ua720-\ua7ff]")
_SCRIPT_SHARE = 0.3  # letters of other scripts among a text's letters from which it is not English


def is_english(text: str, *, otherwise: bool = True) -> bool:
    """Whether English cues may be read in the text; ``otherwise`` is said where too few words tell."""
    english, foreign = _tell(text[:_LOOK])
    return foreign <= english if max(foreign, english) >= _LEAST else otherwise


def is_all_english(text: str) -> bool:
    """Whether no part of the text can be in another language."""
    english, foreign = _tell(text[:_LOOK])
    return len(text) <= _LOOK and english >= _LEAST and foreign < _LEAST


def _tell(text: str) -> tuple[int, int]:
    """How many different words tell that the text is English, and how many that it is another language."""
    if not text.isascii():
        other = len(_OTHER_SCRIPT.findall(text))
        if other and other >= _SCRIPT_SHARE * sum(map(str.isalpha, text)):
            return 0, _LEAST
    words = frozenset(_WORD.findall(text.lower().replace("\u2019", "'")))
    english, *foreign = (len(words & common) for common in _common())
    return english, max(foreign)


@lru_cache(maxsize=1)
def _common() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(_data(language)["language"]["common"]) for language in ("en", *LANGUAGES))


@lru_cache(maxsize=1)
def _markers() -> dict[str, Kind]:
    tables = (_data(language)["markers"] for language in LANGUAGES)
    kinds: tuple[Kind, ...] = ("todo", "bug", "feature")
    return {word: kind for table in tables for kind in kinds for word in table[kind]}


def may_be_marked(text: str) -> bool:
    """Whether a text holds a marker word at all."""
    low = text.lower()
    return any(word in low for word in _markers())


def marked(text: str) -> tuple[str, Kind, str] | None:
    """The marker word at the start of a line, what it marks, and the text after its colon; None without one."""
    found = re.match(r"(?P<word>[^\W\d][\w ]{0,24}) ?[:\uff1a] ?(?P<text>\S.{0,400})$", text)
    kind = _markers().get(found.group("word").strip().lower()) if found else None
    return (found.group("word").strip(), kind, found.group("text")) if found and kind else None


def _data(language: str) -> dict[str, dict[str, list[str]]]:
    file = files("bot.extraction") / "cues" / language / "language.toml"
    return tomllib.loads(file.read_text("utf-8"))
