"""The cue table: words and patterns of a language, read once from the data files beside this module.

Data rather than code, so that a language can be added and a user can extend the lists without touching
a detector. Patterns name their word lists, which keeps one list of people or verbs for all detectors.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from bot.extraction.inflection import forms


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One pattern with its name (shown in a finding's reasons) and what it says: a strength, or a kind for heads."""

    name: str
    pattern: re.Pattern[str]
    strength: str = ""
    kind: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """All cues of one language: ``words`` as listed, ``tables`` by section in file order."""

    words: dict[str, tuple[str, ...]]
    tables: dict[str, tuple[Cue, ...]]
    parts: dict[str, str]
    patterns: dict[str, re.Pattern[str]]

    def compile(self, pattern: str) -> re.Pattern[str]:
        """A pattern with its <names> replaced by their lists, case ignored."""
        return re.compile(self._expand(pattern), re.IGNORECASE)

    def _expand(self, pattern: str) -> str:
        def swap(match: re.Match[str]) -> str:
            name = match.group(1)
            if name in self.parts:
                return self._expand(self.parts[name])
            return alternatives(self.words[name]) if name in self.words else match.group()

        return re.sub(r"<([a-z_]+)>", swap, pattern)


def alternatives(words: tuple[str, ...]) -> str:
    """A group that matches any of the words, longest first."""
    return "(?:" + "|".join(sorted(dict.fromkeys(words), key=lambda w: (-len(w), w))) + ")"


def _inflected(words: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The forms of the verb lists that patterns ask for, e.g. <failing> for the -ing forms of "fail" and "lose"."""
    fail, lose, care = (tuple(forms(verb) for verb in words[name]) for name in ("fail", "lose", "care"))
    return {
        "fails": tuple(f[n] for f in fail for n in (0, 1)),
        "failing": tuple(f[4] for f in (*fail, *lose)),
        "failed": tuple(f[n] for f in fail for n in (2, 3)),
        "loses": tuple(f[n] for f in lose for n in (0, 1)),
        "care_base": tuple(f[0] for f in care),
        "care_ing": tuple(f[4] for f in care),
        "remedied": tuple(f[n] for f in (forms(verb) for verb in words["remedy"]) for n in (2, 3)),
    }


@lru_cache(maxsize=4)
def load(language: str = "en") -> Cues:
    """The cues of a language. Raises FileNotFoundError where there is no folder for it."""
    folder = files("bot.extraction") / "cues" / language
    texts = (file.read_text("utf-8") for file in sorted(folder.iterdir(), key=lambda file: file.name))
    data = [tomllib.loads(text) for text in texts]
    words = {name: tuple(values) for part in data for name, values in part.pop("words", {}).items()}
    words |= _inflected(words)
    parts = {name: text for part in data for name, text in part.pop("parts", {}).items()}
    bare = Cues(words=words, parts=parts, tables={}, patterns={})
    patterns = {name: bare.compile(text) for part in data for name, text in part.pop("patterns", {}).items()}
    tables = {section: tuple(_cue(bare, e) for e in entries) for part in data for section, entries in part.items()}
    return Cues(words=words, parts=parts, tables=tables, patterns=patterns)


def _cue(bare: Cues, entry: dict[str, str]) -> Cue:
    return Cue(
        name=entry["name"],
        pattern=bare.compile(entry["pattern"]),
        strength=entry.get("strength", ""),
        kind=entry.get("kind", ""),
        act=entry.get("act", ""),
    )


def pattern(name: str) -> re.Pattern[str]:
    """A single English pattern by its name in the data file."""
    return load().patterns[name]
