"""Titles as a maintainer would write them: symptom and component for a bug, an order for everything else."""

from __future__ import annotations

import re

from bot.extraction.antecedents import pointed_at, subject, without_pronoun
from bot.extraction.candidates import Candidate
from bot.extraction.cues import pattern
from bot.extraction.grammar import identifiers, leading_verb, stems
from bot.extraction.headlines import LIMIT, order, owner_dropped, short, stripped
from bot.extraction.threads import Thread
from bot.extraction.transcript import Passage, Transcript

_DETERMINER = re.compile(r"^(?:the|our|my|a|an|some|all of our|your|their|his|her)\s+(?=\S)", re.IGNORECASE)
_NAMES_WORK = re.compile(r"^(?:TODO|\[ \]|AI|action)", re.IGNORECASE)
_PARTICIPLE = re.compile(r"[A-Za-z]{3,}ed ")  # "scheduled exports", which wishes leave as they are
_RANK = {"marker": 0, "plain": 1, "firm": 2, "asked": 3, "hedged": 3, "listed": 2, "imagined": 3}


def title(thread: Thread, transcript: Transcript) -> str:
    """Under 80 characters, never empty, of this loose end's own words and what its pointers stand for."""
    best = _best(thread)
    text = _resolved(best.phrase, best.passage, transcript)
    if thread.kind == "bug":
        text = _fault(thread, best, text, transcript)
    else:
        is_minuted = best.detector == "list" and transcript.conversation.format == "minutes"
        is_item = is_minuted or bool(re.match(r"AI|action", best.cue, re.IGNORECASE))
        names_work = (
            best.detector == "list"
            or bool(_NAMES_WORK.match(best.cue))
            or (best.detector == "wish" and bool(_PARTICIPLE.match(text)))
        )
        text = owner_dropped(text) if is_item else text if best.strength == "marker" else stripped(text)
        text = order(_with_object(best, text), names_work=names_work)
    return short(text) or short(best.passage.text) or "Untitled"


def _best(thread: Thread) -> Candidate:
    named = [c for c in thread.mentions if not c.refers] or thread.mentions
    if thread.kind == "bug":
        described = [c for c in named if c.detector != "marker"] or named
        return next((c for c in described if not pattern("subject_missing").match(c.phrase)), described[0])
    return min(named, key=_dullness)


def _dullness(candidate: Candidate) -> tuple[bool, bool, int, int]:
    """Orders before bare nouns, markers before promises, the first said before the last."""
    is_thin = len(stems(candidate.phrase)) < 2
    is_order = leading_verb(candidate.phrase, listed=True) is not None
    return is_thin, not is_order, _RANK.get(candidate.strength, 4), candidate.passage.order


def _fault(thread: Thread, best: Candidate, text: str, transcript: Transcript) -> str:
    text = stripped(text, trail="title_fault_trail")
    thing = subject(best, transcript) if best.detector == "symptom" else ""
    text = _DETERMINER.sub("", text)
    predicate = without_pronoun(text)
    text = f"{_DETERMINER.sub('', thing)} {predicate}" if thing else predicate
    text = pattern("title_verdict").sub("", pattern("title_adverb").sub("", text))
    if _is_place(thread.component) and not stems(thread.component) <= stems(text):
        where = "on" if re.match(r"/|\w+ ?page|\w+ ?screen", thread.component) else "in"
        text = f"{text} {where} {thread.component}"
    more = _detail(thread, text)
    return f"{text}: {more}" if more and len(text) + len(more) + 2 < LIMIT else text


def _with_object(best: Candidate, text: str) -> str:
    """A lone verb with what stands before it: "the other models I'll port next week" is porting them."""
    if best.detector != "commitment" or len(text.split()) > 1:
        return text
    before = re.split(r"[,;:.!?] ", best.passage.text[: best.at])[-1].strip(" ,")
    return f"{text} {before[0].lower()}{before[1:]}" if 1 <= len(before.split()) <= 6 else text


def _is_place(component: str) -> bool:
    """Whether a remark's place names a part of the software: an identifier, or "the settings page"."""
    return bool(identifiers(component) or pattern("title_place").search(component))


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
    words = without_pronoun(_DETERMINER.sub("", stripped(second.phrase)))
    return words if stems(words) - stems(text) else ""


def _resolved(text: str, passage: Passage, transcript: Transcript) -> str:
    """Puts the named thing for "this endpoint" where one stands before it, "the endpoint" where none does."""

    def name(match: re.Match[str]) -> str:
        noun = match.group("noun").lower()
        is_same = match.group().lower().startswith("the same")  # "the same table" says that it is one table
        return pointed_at(noun, passage, transcript) or (match.group() if is_same else f"the {noun}")

    return pattern("title_pointer").sub(name, text)
