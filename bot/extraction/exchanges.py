"""What one person brings up and another one takes up: a fault confirmed, an idea agreed to, a wish put on the list."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from bot.extraction.candidates import Candidate
from bot.extraction.commitments import kind_of
from bot.extraction.cues import Cue, alive, pattern, table_bits
from bot.extraction.grammar import identifiers, is_quoted, leading_verb, phrase, stems, verbs
from bot.extraction.inflection import forms
from bot.extraction.transcript import Passage, Transcript
from bot.extraction.wishes import imperative
from bot.model import Kind

_REACH = 6  # turns back that an answer may speak of
_NEAR = 2  # turns back for "agreed" and the like, which answer what was said last
_OPENING = 2  # sentences of a turn in which it answers another
_LONGEST = 400  # characters of a sentence that reports or proposes
_LEAST = 4  # words of a report
_TELLING = 2  # content words of a proposal
_NEAR_ONLY = frozenset({"agreed", "can be done", "will do", "not yet"})
_ONLY_TELL = frozenset({"not meant", "thanks for the report"})  # they bear out what is known, and found nothing
_QUESTIONS = ("proposal_question",)
_PROPOSALS = ("proposal_help", "proposal_better", "proposal_nicer", "proposal_could", "proposal_question")
_PRONOUN = re.compile(r"(?:that|this|it'd|its?|we|you|one|they|someone|somebody|i)\b", re.IGNORECASE)
_REQUEST = re.compile(r"^(?:can|could|would|will) (?:you|some|any)", re.IGNORECASE)
_SUBJECT = 6  # words of a clause in which its verb is looked for
_LEAD = re.compile(r"^(?:(?:and|but|so|also|or|maybe|i think) )+", re.IGNORECASE)
_CHAT = re.compile(
    r"^(?:ok|okay|yes|yeah|no|thanks|thx|ty|hi|hello|hey|lol|haha|ah|oh|sure|right|hm+"
    r"|(?:i'm )?not sure|i don't (?:know|think)|no idea)\b",
    re.IGNORECASE,
)


def propose(transcript: Transcript) -> Iterator[Candidate]:
    """One candidate for each thing that another person takes up; none in talks with an assistant."""
    if not is_among_people(transcript):
        return
    found: set[int] = set()
    for number in transcript.asked_with(table_bits("ack")):
        cue = acknowledgement(transcript, number)
        if cue and cue.name not in _ONLY_TELL:
            opened = _opened(transcript, number, cue)
            if opened and opened.passage.order not in found:
                found.add(opened.passage.order)
                yield opened


@lru_cache(maxsize=4)
def is_among_people(transcript: Transcript) -> bool:
    """Whether two people talk, and no assistant."""
    turns = transcript.conversation.turns
    is_human = all(turn.role in ("human", "system") for turn in turns)
    return is_human and len({turns[n].speaker for n in transcript.asked}) > 1


def acknowledgement(transcript: Transcript, turn: int) -> Cue | None:
    """By which words a turn answers that what another one said is so, or will be done; None where it does not."""
    for passage in transcript.turns[turn][:_OPENING]:
        if passage.block.kind not in ("prose", "item") or len(passage.text) > _LONGEST:
            continue
        for cue in alive("ack", passage.cues):
            match = cue.pattern.search(passage.text)
            if match and not is_quoted(passage.text, match.start()):
                return cue
    return None


def _opened(transcript: Transcript, number: int, cue: Cue) -> Candidate | None:
    """What the others said shortly before that the answer can mean, the last one first."""
    turns = transcript.conversation.turns
    spoken = transcript.asked
    at = bisect_left(spoken, number)
    for earlier in reversed(spoken[max(0, at - (_NEAR if cue.name in _NEAR_ONLY else _REACH)) : at]):
        if (turns[earlier].speaker == turns[number].speaker) != (cue.name == "filed"):
            continue
        said = [p for p in transcript.turns[earlier] if p.block.kind in ("prose", "item") and len(p.text) <= _LONGEST]
        proposed = (_proposed(p, cue) for p in reversed(said) if cue.kind != "bug")
        reported = (_reported(p, cue) for p in said if cue.kind in ("bug", "any") and cue.name != "will do")
        if found := next(filter(None, chain(proposed, reported)), None):
            return found
    return None


def _proposed(passage: Passage, cue: Cue) -> Candidate | None:
    text = passage.text
    for name in _QUESTIONS if cue.kind == "asked" else _PROPOSALS:
        match = pattern(name).search(text)
        if match is None or is_quoted(text, match.start()):
            continue
        wording = _worded(match.groupdict())
        if wording and len(stems(wording)) >= _TELLING:
            kind: Kind = "todo" if _REQUEST.search(match.group()) else _kind(name, wording)
            return _candidate(passage, cue, kind, wording, match.start())
    return None


def _kind(name: str, wording: str) -> Kind:
    """A capability of the software is a feature; what "we could" do may be upkeep."""
    found = leading_verb(wording, listed=True)
    if found is None or name in ("proposal_question", "proposal_nicer", "proposal_help") or found[0] == "let":
        return "feature"
    return kind_of(found[1], found[2], "hedged")


def _worded(said: dict[str, str | None]) -> str:
    """The proposal as an order: "the log could say why" is letting the log say why."""
    if thing := said.get("thing"):
        return imperative(phrase(thing))
    work, who = phrase(said.get("work") or ""), _LEAD.sub("", (said.get("who") or "").strip())
    if work.startswith("be "):
        return ""
    if who and not _PRONOUN.match(who):
        return f"let {who} {work}"
    return _supposed(work) or imperative(work)


def _supposed(clause: str) -> str:
    """What a supposition wants: "the log said why" and "the log could say why" are letting the log say why."""
    words = clause.split(" ")
    for at, word in enumerate(words[1:_SUBJECT], 1):
        thing, rest = " ".join(words[:at]), words[at + 1 :]
        if word in ("could", "would", "might", "can") and rest:
            return " ".join(rest) if _PRONOUN.fullmatch(thing) else f"let {thing} {' '.join(rest)}"
        known = verbs().get(word)
        if known and word == forms(known[0])[2] and word != known[0] and not _PRONOUN.fullmatch(thing):
            return f"let {thing} {known[0]} {' '.join(rest)}".strip()
    return ""


def _reported(passage: Passage, cue: Cue) -> Candidate | None:
    text = passage.text
    wording = phrase(text)
    is_report = (
        not text.rstrip(" )").endswith("?")
        and len(wording.split()) >= _LEAST
        and not _CHAT.match(text)
        and pattern("sign_of_fault").search(text)
    )
    return _candidate(passage, cue, "bug", wording, 0) if is_report else None


def _candidate(passage: Passage, cue: Cue, kind: Kind, wording: str, at: int) -> Candidate:
    return Candidate(
        kind=kind,
        detector="exchange",
        cue=cue.name,
        passage=passage,
        strength="acknowledged",
        phrase=wording,
        names=identifiers(passage.text),
        at=at,
    )
