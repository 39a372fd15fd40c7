"""Advice of the assistant that a person takes up: the proposal that "I should add that" points at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.extraction.candidates import Candidate
from bot.extraction.commitments import kind_of, subject_of
from bot.extraction.cues import pattern
from bot.extraction.grammar import base_form, identifiers, leading_verb, phrase, stems
from bot.extraction.transcript import Passage, Transcript

_ORDER = re.compile(r"^[A-Z][a-z]{2,12} (?:an?|the|your|all|each|every|any|both|this|these|them|it) ")
_PREDICATE = re.compile(r" (?:would|will|is|are|can|could|should|takes?|makes?|gives?|helps?) .*$")
_LABEL = re.compile(r"^[\w `/'-]{2,40}: (?=[A-Z])")
_INSTEAD = re.compile(r"\b(?:instead of|rather than|in place of)\b", re.IGNORECASE)
_NAMED = re.compile(r"\b(?:an?|the) (?P<thing>[\w-]{2,20}(?: [\w-]{2,20}){0,3})", re.IGNORECASE)
_INDEFINITE = re.compile(r"(?:an?|some|more) ", re.IGNORECASE)
_ANSWER = 300  # passages at the end of an answer whose proposals a person takes up
_ADDING = frozenset("add do implement include build write set put set up introduce".split())


def taken_up(candidate: Candidate, transcript: Transcript) -> Candidate | None:
    """The last proposal in the assistant's turn right before, as strong as the words that take it up."""
    for passage in reversed(_before(candidate, transcript)):
        if candidate.cue == "let's" and pattern("takeup_offer").search(passage.text):
            return None  # the assistant offers to do it itself
        if wording := _advice(passage):
            return _proposal(candidate, passage, wording)
    return None


def named_proposal(candidate: Candidate, transcript: Transcript, known: int) -> Candidate | None:
    """The proposal right before that the person names while pointing at it: "multipart, yes. I'll do that".

    ``known`` is the number of content words shared with a loose end spoken of before, which wins a draw.
    """
    told = named(candidate, transcript) - stems(candidate.verb)
    best: tuple[int, Passage, str] | None = None
    for passage in _before(candidate, transcript):
        shared = len(told & stems(passage.text))
        if shared <= (best[0] if best else known):
            continue
        if wording := _advice(passage) or _thing(candidate, passage) or _item(passage):
            best = (shared, passage, wording)
    return _proposal(candidate, best[1], best[2]) if best else None


def named(candidate: Candidate, transcript: Transcript) -> frozenset[str]:
    """Stems of the words by which the person names what is meant: of this sentence and the one before it."""
    turn = transcript.turns[candidate.passage.turn]
    at = candidate.passage.order - turn[0].order
    near = [p.text for p in turn[max(0, at - 1) : at + 1] if p.block.kind in ("prose", "item")]
    return stems(" ".join(near))


def of_sentence_before(candidate: Candidate, transcript: Transcript) -> Candidate | None:
    """The work on what the sentence before speaks of: "The strings are hard-coded. We ought to move them out"."""
    known = leading_verb(candidate.phrase, listed=True)
    if candidate.detector != "commitment" or not known or candidate.verb in _ADDING or not is_pronoun(candidate):
        return None
    turn = transcript.turns[candidate.passage.turn]
    at = candidate.passage.order - turn[0].order
    passage = turn[at - 1] if at else None
    thing = subject_of(passage.text) if passage and passage.block.kind == "prose" else ""
    if not stems(thing):
        return None
    rest = candidate.phrase.partition(" ")[2].partition(" ")[2]
    return replace(candidate, phrase=f"{candidate.verb} {thing} {rest}".strip(), refers=False, names=identifiers(thing))


def is_pronoun(candidate: Candidate) -> bool:
    """Whether the object is only pointed at: "let's do that"."""
    return bool(pattern("commitment_pronoun_object").match(candidate.phrase.partition(" ")[2]))


def _before(candidate: Candidate, transcript: Transcript) -> list[Passage]:
    if not candidate.passage.turn:
        return []
    turn = transcript.turns[candidate.passage.turn - 1]
    return [p for p in turn[-_ANSWER:] if p.role == "assistant" and p.block.kind in ("prose", "item")]


def _proposal(candidate: Candidate, passage: Passage, wording: str) -> Candidate:
    found = leading_verb(wording)
    return replace(
        candidate,
        kind=kind_of(found[1], found[2], candidate.strength) if found else candidate.kind,
        detector="take-up",
        passage=passage,
        phrase=wording,
        refers=False,
        names=identifiers(wording),
    )


def _advice(passage: Passage) -> str:
    return next(_wordings(passage.text), "")


def _wordings(text: str) -> Iterator[str]:
    """What the sentence proposes: after "you could", or itself where it is an order or an -ing form in a list."""
    match = pattern("advice_advice").search(text) or pattern("takeup_advice").search(text)
    if match:
        wording = phrase(match.group("text"))
        first, _, rest = wording.partition(" ")
        if first.lower().endswith("ing") and rest:
            yield f"{base_form(first)} {rest}"
        found = leading_verb(wording)
        if found and found[1] != "talk" and stems(found[2]):
            yield wording if found[1] or "you" in match.group().lower() else f"add {wording}"
        elif re.match(r"(?:an?|the) ", wording):
            yield f"add {wording}"
    wording = phrase(_LABEL.sub("", text))
    first, _, rest = wording.partition(" ")
    found = leading_verb(wording, listed=not _ORDER.match(wording))
    if not found or not stems(found[2]) or text.endswith("?"):
        return
    if first.lower().endswith("ing"):
        yield f"{base_form(first)} {_PREDICATE.sub('', rest)}"
    elif first.lower() == found[0].split(" ")[0] and (found[1] != "talk" or _INSTEAD.search(text)):
        yield wording


def _item(passage: Passage) -> str:
    """An idea that is only named in a list: "a weekly digest"."""
    wording = phrase(passage.text)
    words = 8 if _INDEFINITE.match(wording) else 4
    if passage.block.kind != "item" or ":" in passage.text or len(wording.split()) > words:
        return ""
    if wording.lower().startswith("the ") or leading_verb(wording, listed=True):
        return ""
    return f"add {wording[0].lower()}{wording[1:]}"


def _thing(candidate: Candidate, passage: Passage) -> str:
    """The thing itself, where the person points at it by its noun: "a rate limiter helps" - "I'll add that limiter"."""
    pointed = pattern("takeup_pointed").search(candidate.passage.text[candidate.at :])
    if candidate.verb not in _ADDING or not pointed:
        return ""
    noun = stems(pointed.group("noun"))
    for found in _NAMED.finditer(passage.text):
        words = found.group("thing").split(" ")
        end = next((n for n, word in enumerate(words, 1) if noun and stems(word) == noun), 0)
        if end:
            return f"{candidate.verb} {' '.join(words[:end])}"
    return ""
