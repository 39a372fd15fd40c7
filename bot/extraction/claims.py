"""Sentences that say some work is done, whether or not this talk tells which: "the crash on saving is fixed now"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.extraction.cues import pattern
from bot.extraction.nearby import evidence
from bot.extraction.transcript import Passage, Transcript, read
from bot.model import Conversation, Evidence

_MOST = 100  # of one conversation, the last ones
_LONGEST = 600  # characters of a sentence
_SEARCHED = 20_000  # characters from the end of a turn

# What anybody may have done, told in the first person or the passive; whether it is meant, its verb shows.
_PAST = re.compile(
    r"\b(?:i|we)(?:'ve| have)? (?:now |also |just |finally |already |then ){0,2}"
    r"(?P<own>\w{2,14}ed|made|wrote|rewrote|built)\b"
    r"|\b(?:is|are|was|were|has been|have been|got) (?:now |finally |all |already ){0,2}(?P<passive>\w{2,14}ed|done)\b",
    re.IGNORECASE,
)
_SURE = re.compile(
    r"(?:fixed|added|implemented|resolved|solved|completed|finished|shipped|merged|removed|repaired|corrected|done)",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"^\W{0,3}when\b|n't\b|\b(?:if|once|until|unless|whether|hope|hopefully|make sure|so that|should|would|will|wish"
    r"|want|need|might|could|may|not|never|nobody|no one|nearly|almost|assum\w{0,5})\b",
    re.IGNORECASE,
)
_RESERVE = re.compile(r"\b(?:but|except|only|partly|still|again|locally|not)\b|n't\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A sentence that says that something was done.

    ``verb`` is what was done to it where that alone does not say so: "rotated", which settles what was to be rotated.
    ``about`` is the sentence without a verb that does.
    """

    verb: str
    about: str
    evidence: Evidence


def claims(conversation: Conversation) -> tuple[Claim, ...]:
    """The claims of people and assistants in the order of the talk; questions, hopes and denials are none."""
    transcript = read(conversation)
    found: list[Claim] = []
    for number, turn in enumerate(conversation.turns):
        # Most turns report nothing, and cutting them into sentences takes longer than looking.
        if turn.role in ("human", "assistant") and _may_report(turn.text[-_SEARCHED:]):
            told = (_claim(passage, transcript) for passage in transcript.turns[number])
            found += [claim for claim in told if claim is not None]
    return tuple(found[-_MOST:])


def _may_report(text: str) -> bool:
    return bool(pattern("report_done").search(text) or _PAST.search(text))


def _claim(passage: Passage, transcript: Transcript) -> Claim | None:
    text = passage.text
    if passage.block.kind not in ("prose", "item") or len(text) > _LONGEST or text.endswith("?"):
        return None
    done = pattern("report_done").search(text) or _PAST.search(text)
    if done is None or _HELD.search(text[: done.start()]) or _RESERVE.search(text[done.end() :]):
        return None
    past = _PAST.search(text, done.start())
    verb = (past["own"] or past["passive"]) if past else ""
    said = evidence(passage, transcript)
    if past is None or not _SURE.fullmatch(verb):
        return Claim(verb=verb, about=text, evidence=said)
    return Claim(verb="", about=text[: past.start()] + text[past.end() :], evidence=said)
