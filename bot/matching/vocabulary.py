"""Words that mean the same, the opposite, or work about a thing; read from the data file beside this module."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from importlib import resources

_BRITISH = (
    (re.compile(r"(?<=[a-z]{3})is(?=(?:e[srd]?|ing|ations?)$)"), "iz"),
    (re.compile(r"(?<=[a-z]{2})our(?=(?:s|ed|ing|al|ful|able|ites?)?$)"), "or"),
    (re.compile(r"yse(?=[srd]?$)"), "yze"),
    (re.compile(r"(?<=[ntb])re(?=s?$)"), "er"),
)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of a lower-case English word, one for all spellings and synonyms; other scripts stay as they are."""
    plain = _plain_stem(word)
    return _synonyms().get(plain, plain)


@cache
def opposites() -> Mapping[str, frozenset[str]]:
    """From a stem to the stems that mean the opposite."""
    result: dict[str, set[str]] = {}
    for line in _data()["opposite"]:
        one, other = (stem(word) for word in line.split())
        result.setdefault(one, set()).add(other)
        result.setdefault(other, set()).add(one)
    return {word: frozenset(found) for word, found in result.items()}


@cache
def faults() -> frozenset[str]:
    """Stems of words by which a title tells of a fault."""
    return frozenset(map(stem, _data()["fault"]))


@cache
def wishes() -> frozenset[str]:
    """Verbs with which a title asks for something new."""
    return frozenset(_data()["wish"])


@cache
def about() -> frozenset[str]:
    """Stems of words for work about a thing that is not the thing."""
    return frozenset(map(stem, _data()["about"]))


@cache
def common() -> frozenset[str]:
    """Stems of words that tell little in any tracker."""
    return frozenset(map(stem, _data()["common"]))


@cache
def _data() -> dict[str, list[str]]:
    return tomllib.loads(resources.files(__package__).joinpath("synonyms.toml").read_text(encoding="utf-8"))


@cache
def _synonyms() -> Mapping[str, str]:
    result: dict[str, str] = {}
    for line in _data()["same"]:
        stems = [_plain_stem(word) for word in line.split()]
        for one in stems:
            result.setdefault(one, stems[0])
    return result


@cache
def _stemmer() -> Callable[[str], str]:
    import Stemmer

    found: Callable[[str], str] = Stemmer.Stemmer("english").stemWord
    return found


def _plain_stem(word: str) -> str:
    if len(word) <= 3:
        return word
    for british, american in _BRITISH:
        word = british.sub(american, word)
    return _stemmer()(word)
