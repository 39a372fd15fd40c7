"""Confidence of a thread: the strongest mention's row in the weight table, lowered by what its context says."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

from bot.extraction.antecedents import subject
from bot.extraction.candidates import Candidate
from bot.extraction.cues import pattern
from bot.extraction.grammar import identifiers, leading_verb, stems
from bot.extraction.threads import Thread
from bot.extraction.transcript import Transcript

_WHOLE = frozenset({"nothing happens", "gets error"})  # cues that need no thing before them
_LONG_PASTE = 60  # lines of prose and items in a turn that nobody types


@lru_cache(maxsize=1)
def weights() -> dict[str, dict[str, float]]:
    """The tables of weights.toml."""
    return tomllib.loads((files("bot.extraction") / "weights.toml").read_text("utf-8"))


def confidence(thread: Thread, transcript: Transcript) -> tuple[float, list[str]]:
    """The weight table's verdict, 0 to 1, and the context that lowered it, in words."""
    # "I'll fix that" makes work surer, but tells no more clearly what the fault is.
    named = [c for c in thread.mentions if thread.kind != "bug" or not c.refers] or thread.mentions
    scored = [(*_mention(c, transcript), -n) for n, c in enumerate(named)]
    value, reasons, _ = max(scored, key=lambda s: (s[0], s[2]))
    said = [*thread.mentions, *thread.remarks, *thread.inherited]
    if thread.kind == "feature" or all(c.strength in ("hedged", "vague", "wished") for c in thread.mentions):
        far = next((m.group() for c in said if (m := pattern("far").search(c.passage.text))), "")
        if far and value > weights()["cap"]["far"]:
            return weights()["cap"]["far"], [*reasons, f'far off: "{far}"']
    return value, reasons


def _mention(candidate: Candidate, transcript: Transcript) -> tuple[float, list[str]]:
    base, factor = weights()["base"], weights()["factor"]
    value = base.get(candidate.strength) or base.get(f"{candidate.strength}_{candidate.kind}", base["unknown"])
    lowered = [(name, reason) for name, applies, reason in _contexts(candidate, transcript) if applies]
    for name, _ in lowered:
        value *= factor[name]
    return round(value, 2), [reason for _, reason in lowered]


def _contexts(candidate: Candidate, transcript: Transcript) -> list[tuple[str, bool, str]]:
    text = candidate.passage.text
    marked = candidate.strength == "marker"
    symptom = candidate.detector == "symptom"
    wish = candidate.detector == "wish"
    work = candidate.detector == "commitment"
    return [
        ("doubted", symptom and bool(pattern("scoring_doubt").search(text)), "said with doubt"),
        (
            "past",
            symptom
            and bool(pattern("scoring_past").search(candidate.phrase))
            and not pattern("scoring_still").search(text),
            "told as past",
        ),
        ("pasted", not marked and _is_paste(candidate, transcript), "in a long pasted text"),
        ("unnamed", symptom and _is_unnamed(candidate, transcript), "does not say of what"),
        ("person", symptom and bool(pattern("scoring_person").match(candidate.phrase)), "about a person"),
        ("personal", work and bool(pattern("scoring_personal").search(candidate.phrase)), "promised to a person"),
        ("unfinished", symptom and bool(pattern("scoring_unfinished").search(candidate.phrase)), "says not what"),
        ("pointed", wish and bool(pattern("scoring_pointed").match(candidate.phrase)), "does not name the wish"),
        ("wanted", work and candidate.cue == "want to", "wanted, not promised"),
        ("elsewhere", not marked and not _is_software(candidate, transcript), "no word of software near"),
    ]


def _is_unnamed(candidate: Candidate, transcript: Transcript) -> bool:
    """A fault of "it" alone, or of nothing, where no sentence before names what "it" may stand for."""
    bare = candidate.refers and len(stems(candidate.phrase)) < 2
    return bare or (candidate.cue not in _WHOLE and subject(candidate, transcript) is None)


def _is_paste(candidate: Candidate, transcript: Transcript) -> bool:
    return _is_long(transcript, candidate.passage.turn)


@lru_cache(maxsize=64)
def _is_long(transcript: Transcript, turn: int) -> bool:
    return sum(p.block.kind in ("prose", "item", "heading") for p in transcript.turns[turn]) > _LONG_PASTE


def _is_software(candidate: Candidate, transcript: Transcript) -> bool:
    text = candidate.passage.text
    if identifiers(text) or candidate.detector in ("take-up", "leftover", "minutes", "own"):
        return True
    if pattern("private_word").search(text):
        return False
    known_work = candidate.detector != "commitment" or leading_verb(candidate.phrase, listed=True) is not None
    return bool(pattern("software_word").search(text)) or (known_work and _talks_software(transcript))


@lru_cache(maxsize=1)
def _talks_software(transcript: Transcript) -> bool:
    """Whether the people of the talk speak of software: code, identifiers or several of its words."""
    words: set[str] = set()
    for passage in transcript.human():
        if passage.block.kind == "code" or identifiers(passage.text):
            return True
        words |= {match.lower() for match in pattern("software_word").findall(passage.text)}
    return len(words) >= 3
