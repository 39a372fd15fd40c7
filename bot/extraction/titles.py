"""Titles as a maintainer would write them: symptom and component for a bug, an order for everything else."""

from __future__ import annotations

import re

from bot.extraction.candidates import Candidate
from bot.extraction.cues import pattern
from bot.extraction.grammar import identifiers, stems
from bot.extraction.threads import Thread
from bot.extraction.transcript import Passage, Transcript

LIMIT = 80  # titles are shorter than this many characters
_DETERMINER = re.compile(r"^(?:the|our|my|a|an|some|all of our|your)\s+(?=\S)", re.IGNORECASE)
_KEPT = "`"


def title(thread: Thread, transcript: Transcript) -> str:
    """Under 80 characters, never empty, of this loose end's own words and what its pointers stand for."""
    best = _best(thread)
    text = _resolved(best.phrase, best.passage, transcript)
    if thread.kind == "bug":
        text = _bug(thread, text)
    elif best.strength != "marker":
        text = _strip(text)
    return short(text) or short(best.passage.text) or "Untitled"


def _best(thread: Thread) -> Candidate:
    rank = {"marker": 0, "plain": 1, "firm": 2, "asked": 3, "hedged": 3, "listed": 2, "imagined": 3}
    named = [c for c in thread.mentions if not c.refers] or thread.mentions
    if thread.kind == "bug":
        described = [c for c in named if c.detector != "marker"] or named
        return described[0]
    return min(named, key=lambda c: (rank.get(c.strength, 4), len(stems(c.phrase)) < 2, c.passage.order))


def _bug(thread: Thread, text: str) -> str:
    text = _strip(text)
    text = _DETERMINER.sub("", text)
    text = re.sub(
        r"^(?:it|they|this|that|there) (?:just |also |still |always |sometimes )?(?=\w)", "", text, flags=re.IGNORECASE
    )
    if text.lower().startswith(("intermittent ", "random ", "occasional ", "sporadic ")):
        text = text[:1].upper() + text[1:]
    if thread.component and not stems(thread.component) <= stems(text):
        text = (
            f"{text} on {thread.component}"
            if re.match(r"/|\w+ ?page|\w+ ?screen", thread.component)
            else f"{text} in {thread.component}"
        )
    more = _detail(thread, text)
    return f"{text}: {more}" if more and len(text) + len(more) + 2 < LIMIT else text


def _detail(thread: Thread, text: str) -> str:
    """A second symptom told right after the first, where it fits: "Users can't log in: button does nothing"."""
    if len(thread.mentions) < 2 or len(thread.mentions[0].phrase.split()) > 7:
        return ""
    second, first = thread.mentions[1], thread.mentions[0]
    if second.passage.order != first.passage.order + 1 or second.detector != "symptom":
        return ""
    inert = re.match(
        r"(?:the |our )?(?P<what>[\w ]{2,30}?) (?:is|'s|are) (?:there|visible|enabled)\b.*\bnothing happens",
        second.passage.text,
        re.IGNORECASE,
    )
    if inert:
        return f"{inert.group('what')} does nothing"
    words = _DETERMINER.sub("", _strip(second.phrase))
    return (
        re.sub(r"^(?:it|they|this|that) (?:just )?", "", words, flags=re.IGNORECASE)
        if stems(words) - stems(text)
        else ""
    )


def _strip(text: str) -> str:
    text = pattern("title_filler").sub("", text.strip())
    previous = ""
    while previous != text:
        previous = text
        text = pattern("title_trail").sub("", text).rstrip(" .,;:-!")
    return text


def _resolved(text: str, passage: Passage, transcript: Transcript) -> str:
    """Puts the named thing for "this endpoint" where one stands before it, "the endpoint" where none does."""

    def name(match: re.Match[str]) -> str:
        noun = match.group("noun").lower()
        return _antecedent(noun, passage, transcript) or f"the {noun}"

    return pattern("title_pointer").sub(name, text)


def _antecedent(noun: str, passage: Passage, transcript: Transcript) -> str:
    earlier = [
        p
        for turn in transcript.turns[max(0, passage.turn - 6) : passage.turn + 1]
        for p in turn
        if p.order < passage.order and p.role == "human"
    ]
    for before in reversed(earlier):
        if re.search(rf"\b{re.escape(noun)}\b", before.text, re.IGNORECASE) and before.block.kind != "code":
            near = re.search(
                rf"(`[^`]{{2,80}}`|/[\w/.-]{{2,60}}|\b[\w.]{{2,40}}) {re.escape(noun)}\b", before.text, re.IGNORECASE
            )
            if near and not re.match(
                r"(?:the|this|that|my|our|a|an|each|every|same|api|new|old|which|any|some|these|those|no|one|in|on|of|to)$",
                near.group(1),
                re.IGNORECASE,
            ):
                return near.group(1).strip("`") if identifiers(near.group(1)) else f"the {near.group()}"
    return ""


def short(text: str) -> str:
    """Capitalised, without code ticks, cut at a word below the limit."""
    text = re.sub(r"\s+", " ", text.replace("`", "")).strip(" .,;:-!\"'")
    if len(text) >= LIMIT:
        cut = text[: LIMIT - 1]
        text = (cut.rsplit(" ", 1)[0] if " " in cut[20:] else cut).rstrip(" ,;:-(")
        text = re.sub(r" (?:and|or|the|a|an|to|of|in|on|for|with|when|so|that|from|by|at|is)$", "", text)
        text = text if text.count("(") == text.count(")") else text[: text.rindex("(")].rstrip()
    head = text.split(" ", 1)[0]
    plain = head.islower() and head.replace("-", "").replace("'", "").isalpha()
    return text[:1].upper() + text[1:] if plain else text
