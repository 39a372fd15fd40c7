"""Confidence of a thread: the strongest mention's row in the weight table, lowered by what its context says."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

from bot.extraction.candidates import Candidate
from bot.extraction.cues import alternatives, load
from bot.extraction.grammar import identifiers
from bot.extraction.threads import Thread
from bot.extraction.transcript import Transcript

_DOUBT = re.compile(
    r"\b(?:i think|i guess|maybe|might|may|perhaps|possibly|seems?|not sure|could be|i suspect|i believe|probably)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|had|did|didn't|couldn't|broke|failed|crashed|hung|died|froze|lost|took|stopped|got)\b",
    re.IGNORECASE,
)
_STILL = re.compile(
    r"\b(?:again|still|today|this morning|last night|yesterday|just|now|keeps?|every|always|sometimes|since|is|are|can't|doesn't|don't|has|have|'s|when|after)\b",
    re.IGNORECASE,
)
FAR = re.compile(
    r"\b(?:q[1-4](?: of)? ?(?:20)?\d\d|h[12] 20\d\d|next (?:year|quarter)|someday|some day|one day|eventually|at some point|down the (?:line|road)|long[- ]term|far future|in 20\d\d|v[2-9]\.?\d?\b|phase (?:two|three|[2-9]))",
    re.IGNORECASE,
)
_LONG_PASTE = 60  # lines of prose and items in a turn that nobody types


@lru_cache(maxsize=1)
def weights() -> dict[str, dict[str, float]]:
    """The tables of weights.toml."""
    return tomllib.loads((files("bot.extraction") / "weights.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def _software() -> re.Pattern[str]:
    return re.compile(rf"\b{alternatives(load().words['software'])}\b", re.IGNORECASE)


def confidence(thread: Thread, transcript: Transcript) -> tuple[float, list[str]]:
    """A number from 0 to 1 and the context that lowered it, in words."""
    scored = [(*_mention(c, transcript), -n) for n, c in enumerate(thread.mentions)]
    value, reasons, _ = max(scored, key=lambda s: (s[0], s[2]))
    said = [*thread.mentions, *thread.remarks, *(thread.parent.remarks if thread.parent else [])]
    if thread.kind == "feature" or all(c.strength in ("hedged", "vague", "wished") for c in thread.mentions):
        far = next((m.group() for c in said if (m := FAR.search(c.passage.text))), "")
        if far and value > weights()["cap"]["far"]:
            return weights()["cap"]["far"], [*reasons, f'far off: "{far}"']
    return value, reasons


def _mention(candidate: Candidate, transcript: Transcript) -> tuple[float, list[str]]:
    base, factor = weights()["base"], weights()["factor"]
    value = base.get(candidate.strength) or base[f"{candidate.strength}_{candidate.kind}"]
    lowered = [(name, reason) for name, applies, reason in _contexts(candidate, transcript) if applies]
    for name, _ in lowered:
        value *= factor[name]
    return round(value, 2), [reason for _, reason in lowered]


def _contexts(candidate: Candidate, transcript: Transcript) -> list[tuple[str, bool, str]]:
    text = candidate.passage.text
    marked = candidate.strength == "marker"
    symptom = candidate.detector == "symptom"
    return [
        ("doubted", symptom and bool(_DOUBT.search(text)), "said with doubt"),
        ("past", symptom and bool(_PAST.search(candidate.phrase)) and not _STILL.search(text), "told as past"),
        ("pasted", not marked and _is_paste(candidate, transcript), "in a long pasted text"),
        ("elsewhere", not marked and not _is_software(candidate, transcript), "no word of software near"),
    ]


def _is_paste(candidate: Candidate, transcript: Transcript) -> bool:
    passages = transcript.turns[candidate.passage.turn]
    return sum(p.block.kind in ("prose", "item", "heading") for p in passages) > _LONG_PASTE


def _is_software(candidate: Candidate, transcript: Transcript) -> bool:
    text = candidate.passage.text
    if identifiers(text):
        return True
    if _private().search(text):
        return False
    return bool(_software().search(text)) or _talks_software(transcript)


@lru_cache(maxsize=8)
def _talks_software(transcript: Transcript) -> bool:
    """Whether the people of the talk speak of software: code, identifiers or several of its words."""
    words: set[str] = set()
    for passage in transcript.human():
        if passage.block.kind == "code" or identifiers(passage.text):
            return True
        words |= {match.lower() for match in _software().findall(passage.text)}
    return len(words) >= 3


@lru_cache(maxsize=1)
def _private() -> re.Pattern[str]:
    return re.compile(rf"\b{alternatives(load().words['private'])}\b", re.IGNORECASE)
