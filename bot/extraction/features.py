"""What speaks for and against a loose end, as named numbers: how it was said, where, in what talk."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.extraction.candidates import Candidate
from bot.extraction.cues import pattern
from bot.extraction.grammar import identifiers, leading_verb, stems
from bot.extraction.probability import PRIOR
from bot.extraction.progress import is_agentic
from bot.extraction.replies import of_replies
from bot.extraction.scoring import weights
from bot.extraction.threads import Thread
from bot.extraction.transcript import Transcript

_FIRST = re.compile(r"(?:i|i'm|i've|i'd|i'll|me|my)\b", re.IGNORECASE)
_WE = re.compile(r"(?:we|we're|we've|we'd|we'll|our|us)\b", re.IGNORECASE)
_YOU = re.compile(r"\byou(?:'re|'ve|'d|'ll|r)?\b", re.IGNORECASE)
_IF = re.compile(r"\b(?:if|unless|would|could|might|may|suppose|whether)\b", re.IGNORECASE)
_HEDGE = re.compile(r"\b(?:i (?:think|guess|suppose)|maybe|perhaps|probably|seems?|not sure|afaik)\b", re.IGNORECASE)
_PAST = re.compile(r"\b(?:was|were|had|did|didn't|wasn't|weren't|used to|been|ago|yesterday|last)\b", re.IGNORECASE)
_POINTER = re.compile(r"^(?:it|this|that|they|these|those|he|she|you|there|which|who|what)\b", re.IGNORECASE)
_DEFINITE = re.compile(r"^(?:the|our|my|all|some|every|a|an)\b", re.IGNORECASE)
_LAUGH = re.compile(r"(?:[:;]-?[)DPp(/]|\b(?:lol|haha|heh|hehe|hm+|ugh|meh)\b|[\U0001f600-\U0001f64f])")
_AT_ONCE = re.compile(
    r"\b(?:right now|now|quickly|in a (?:sec|second|minute|moment|bit)|brb|real quick)\b", re.IGNORECASE
)
_TRIFLE = re.compile(r"\b(?:lint\w*|warnings?|formatting|whitespace|cosmetic|style)\b", re.IGNORECASE)
_CONDITION = re.compile(
    r"\b(?:when(?:ever)?|after|if|as soon as|once|on (?:my|the|a|our|every|any)"
    r"|in (?:chrome|firefox|safari|prod\w*|dev)"
    r"|with (?:the|a|my|more|only|v?\d)|for (?:me|us|any|all|every|some)|since|every time|under|during|while)\b",
    re.IGNORECASE,
)
_TURNS_TO = re.compile(
    r"(?:hi|hello|hey|morning|also|btw|by the way|another|one more|unrelated|question|next|fyi|ok so|so i|anyone"
    r"|has any|is it|does any|feature|bug|just noticed|i noticed|i just)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://|(?<!\w)#\d+")
_NO_NAMES = frozenset({"user", "human", "me", "you"})
_NOTES = 1500  # characters from which one person's words are a document
_STEPS = ((1, "1"), (2, "2"), (5, "5"), (12, "12"), (25, "25"), (10**9, "more"))


def features(
    thread: Thread, transcript: Transcript, score: float, doubts: Sequence[str], title: str
) -> dict[str, float]:
    """Names with weights' factors, 0 to 1; ``score`` is the weight table's verdict, ``doubts`` what lowered it."""
    first = _telling(thread)
    kind = talk_kind(transcript)
    named = [
        f"detector {first.detector}",
        f"strength {first.strength} {thread.kind}",
        f"cue {first.detector}: {first.cue}",
        f"talk {kind}",
        f"talk {kind} {first.detector}",
        *(f"doubt {doubt}" for doubt in doubts),
        *_of_thread(thread, transcript),
        *_of_sentence(first, kind),
        *of_replies(first, transcript),
        f"title {_step(len(stems(title)))}",
    ]
    known = {"bias": 1.0, "score": score} | dict.fromkeys(named, 1.0)
    return known | {PRIOR: sum(weights()["people"].get(name, 0.0) for name in known)} if kind == "people" else known


@lru_cache(maxsize=1)
def talk_kind(transcript: Transcript) -> str:
    """The sort of talk: a meeting's minutes, with an agent that works, with an adviser, among people, or long notes."""
    if transcript.conversation.format == "minutes":
        return "minutes"
    roles = {turn.role for turn in transcript.conversation.turns}
    if "assistant" in roles or "tool" in roles:
        return "agent" if is_agentic(transcript) else "advice"
    turns = transcript.conversation.turns
    speakers = {turn.speaker for turn in turns}
    if len(speakers) > 1 or any(name and name.lower() not in _NO_NAMES for name in speakers):
        return "people"
    return "notes" if sum(len(turn.text) for turn in turns) > _NOTES else "advice"


def _telling(thread: Thread) -> Candidate:
    """The first mention that names the thing itself."""
    return next((c for c in thread.mentions if not c.refers), thread.mentions[0])


def _of_thread(thread: Thread, transcript: Transcript) -> Iterator[str]:
    turns = {c.passage.turn for c in thread.mentions}
    if len(thread.mentions) > 1:
        yield "said again"
    if len(turns) > 1:
        yield "in several turns"
    if len({c.detector for c in thread.mentions}) > 1:
        yield "by several detectors"
    if thread.remarks:
        yield "remarked on"
    last = thread.mentions[-1].passage
    if last.role == "assistant" and transcript.next_human_turn(last.turn) is None:
        yield "in the last answer"
    if any(c.scope for c in thread.mentions) and not all(c.scope for c in thread.mentions):
        yield "borne out as unsettled"
    if transcript.asked and thread.mentions[0].passage.turn <= transcript.asked[0]:
        yield "in the first turn"


def _of_sentence(first: Candidate, kind: str) -> Iterator[str]:
    passage, text = first.passage, first.passage.text
    yield f"block {passage.block.kind}"
    yield f"role {passage.role}"
    yield f"words {_step(len(text.split()))}"
    yield f"phrase {_step(len(stems(first.phrase)))}"
    verb = leading_verb(first.phrase)
    yield f"verb {(verb[1] or 'other') if verb else 'none'} {first.detector}"
    before, is_human = text[: first.at], passage.role == "human"
    tests = {
        "refers": first.refers,
        "identifier": bool(identifiers(text)),
        "software": bool(pattern("software_word").search(text)),
        # "I did not test it" is what a report of the assistant's sounds like, and tells nothing of its worth.
        "first person": is_human and bool(_FIRST.match(text) or _FIRST.match(first.phrase)),
        "we": bool(_WE.match(text) or _WE.match(first.phrase)),
        "you": bool(_YOU.search(text)),
        "asked": text.rstrip(" )*\"'").endswith("?"),
        "supposed": bool(_IF.search(before)),
        "supposed after": bool(_IF.search(text[first.at :])),
        "hedged": bool(_HEDGE.search(text)),
        "past": is_human and bool(_PAST.search(text)),
        "pointer": bool(_POINTER.match(first.phrase)),
        "definite": bool(_DEFINITE.match(first.phrase)),
        "laughed": bool(_LAUGH.search(text)),
        "link": bool(_LINK.search(text)),
        "late in sentence": first.at > 60,
        "at once": bool(_AT_ONCE.search(text)),
        "conditioned": bool(_CONDITION.search(text)),
        "turns to it": bool(_TURNS_TO.match(text)),
        "trifle": bool(_TRIFLE.search(text)),
    }
    for name, holds in tests.items():
        if holds:
            yield name
            yield f"{name} {first.detector}"
            yield f"{name} talk {kind}"


def _step(count: int) -> str:
    return next(name for limit, name in _STEPS if count <= limit)
