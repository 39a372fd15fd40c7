"""The cue table: words and patterns of a language, read once from the data files beside this module.

Data rather than code, so that a language can be added and a user can extend the lists without touching
a detector. Patterns name their word lists, which keeps one list of people or verbs for all detectors.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from bot.extraction.gates import Gate
from bot.extraction.inflection import forms

# The single patterns that are gated: the others are asked of few texts.
GATED = (
    *("symptom_why_inverted", "symptom_verdict_aside", "symptom_verdict"),
    *("priority_urgent", "priority_harm", "priority_not_urgent", "far", "priority_far", "priority_users"),
    *("report_done", "report_first_person", "found_by_the_way"),
)
KEYS_FILE = "keys.json"  # made by bot.evaluation.keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One pattern with its name (shown in a finding's reasons) and what it says: a strength, or a kind for heads."""

    name: str
    source: str
    strength: str = ""
    kind: str = ""
    act: str = ""

    @property
    def pattern(self) -> re.Pattern[str]:
        """The compiled pattern; most talks need few of them."""
        return _compiled(self.source)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cues:
    """All cues of one language: ``words`` as listed, ``tables`` by section in file order, ``sources`` by name."""

    words: dict[str, tuple[str, ...]]
    parts: dict[str, str]
    tables: dict[str, tuple[Cue, ...]]
    sources: dict[str, str]

    def expanded(self, pattern: str) -> str:
        """A pattern's source with its <names> replaced by their lists."""

        def swap(match: re.Match[str]) -> str:
            name = match.group(1)
            if name in self.parts:
                return self.expanded(self.parts[name])
            return alternatives(self.words[name]) if name in self.words else match.group()

        return re.sub(r"<([a-z_]+)>", swap, pattern)


@lru_cache(maxsize=1000)
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


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
        "takes_on_s": tuple(forms(verb)[1] for verb in words["takes_on"]),
        "remedied": tuple(f[n] for f in (forms(verb) for verb in words["remedy"]) for n in (2, 3)),
    }


@lru_cache(maxsize=4)
def load(language: str = "en") -> Cues:
    """The cues of a language. Raises FileNotFoundError where there is no folder for it."""
    folder = files("bot.extraction") / "cues" / language
    texts = (file.read_text("utf-8") for file in sorted(folder.iterdir(), key=lambda file: file.name))
    data = [tomllib.loads(text) for text in texts]
    data = [part for part in data if "language" not in part]
    words = {name: tuple(values) for part in data for name, values in part.pop("words", {}).items()}
    words |= _inflected(words)
    parts = {name: text for part in data for name, text in part.pop("parts", {}).items()}
    bare = Cues(words=words, parts=parts, tables={}, sources={})
    sources = {name: text for part in data for name, text in part.pop("patterns", {}).items()}
    tables = {section: tuple(_cue(bare, e) for e in entries) for part in data for section, entries in part.items()}
    return Cues(words=words, parts=parts, tables=tables, sources=sources)


def _cue(bare: Cues, entry: dict[str, str]) -> Cue:
    return Cue(
        name=entry["name"],
        source=bare.expanded(entry["pattern"]),
        strength=entry.get("strength", ""),
        kind=entry.get("kind", ""),
        act=entry.get("act", ""),
    )


@cache
def pattern(name: str) -> re.Pattern[str]:
    """A single English pattern by its name in the data file, case ignored."""
    cues = load()
    return re.compile(cues.expanded(cues.sources[name]), re.IGNORECASE)


@lru_cache(maxsize=1)
def gate() -> Gate:
    """The gate of all English cues, by the names of ``gate_sources``."""
    file = files("bot.extraction") / "cues" / KEYS_FILE
    known = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return Gate(gate_sources(), known)


def gate_sources() -> dict[str, str]:
    """The sources of all cues, named by table and place ("symptom/12"), and of the gated patterns by name."""
    cues = load()
    named = {f"{table}/{n}": cue.source for table, entries in cues.tables.items() for n, cue in enumerate(entries)}
    return named | {name: cues.expanded(cues.sources[name]) for name in GATED}


def may(name: str, mask: int) -> bool:
    """Whether a single pattern may match a text with this mask."""
    return bool(gate().bits[name] & mask)


def alive(table: str, mask: int) -> tuple[Cue, ...]:
    """The cues of a table that may match a text with this mask, in file order."""
    return _alive(table, mask & table_bits(table))


@cache
def table_bits(table: str) -> int:
    """The bits of all cues of a table."""
    return sum(gate().bits[f"{table}/{n}"] for n in range(len(load().tables[table])))


@lru_cache(maxsize=10_000)
def _alive(table: str, mask: int) -> tuple[Cue, ...]:
    bits = gate().bits
    return tuple(cue for n, cue in enumerate(load().tables[table]) if bits[f"{table}/{n}"] & mask)
