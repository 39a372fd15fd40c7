"""What a talk with an assistant leaves unsettled: put off, taken on by the person, or complained of to the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.extraction.candidates import Candidate
from bot.extraction.commitments import kind_of
from bot.extraction.cues import Cue, alive, pattern
from bot.extraction.grammar import identifiers, is_quoted, leading_verb, phrase, stems
from bot.extraction.progress import answer, has_edited, reported, shows_edits
from bot.extraction.transcript import Passage, Transcript
from bot.model import Kind

_LONGEST = 400  # characters of a sentence; longer ones are data, not speech
_REPLYING = 3  # sentences of a turn in which a person replies to the assistant
_TELLING = 2  # content words of a sentence that is about something
_STUBBORN = 2  # complaints after which a report of success proves nothing
_TYPED = 40  # sentences of a turn; longer ones are pasted
_LATEST = 20  # sentences of a matter that another detector may have heard
_POINTS = re.compile(r"^(?:it|that|this|they|those|these|he|she|then (?:it|that))\b", re.IGNORECASE)
_LEAD = re.compile(r"^(?:then|so|and|but|also|plus|still|the two) ", re.IGNORECASE)
_GOES = re.compile(
    r"^(?P<thing>\S.{2,60}?) (?:can|must|has to|have to|needs? to|should) (?:finally )?(?:go|disappear|be gone)$",
    re.IGNORECASE,
)
_WISHED = re.compile(
    r"\b(?:i'd (?:like|love)|want\w{0,2}|wish\w{0,3}|would (?:be|help|save)|could (?:we|it|you)|dream|nice"
    r"|ask(?:s|ed|ing)?)\b",
    re.IGNORECASE,
)


@dataclass(slots=True, kw_only=True)
class _Matter:
    """A thing that the person brought up, and what they said of it later."""

    opening: Passage
    complaints: list[Passage] = field(default_factory=list)
    kept: list[tuple[Passage, Cue]] = field(default_factory=list)
    told: list[Passage] = field(default_factory=list)  # the opening and the rest of its line
    wording: str = ""
    is_settled: bool = False


def propose(transcript: Transcript) -> Iterator[Candidate]:
    """The opening of each unsettled matter, then what shows that it is unsettled."""
    if any(turn.role == "assistant" for turn in transcript.conversation.turns):
        for matter in _matters(transcript):
            if matter.kept or _is_unmended(matter, transcript):
                yield from _candidates(matter)
            elif told := _is_only_talked_of(matter, transcript):
                yield from _candidates(matter, told)


def _matters(transcript: Transcript) -> list[_Matter]:
    matters: list[_Matter] = []
    for number in transcript.asked:
        before = transcript.spoken_before(number)
        answered = bool(before) and before[0].role == "assistant"
        said = [p for p in transcript.turns[number] if p.block.kind in ("prose", "item") and len(p.text) <= _LONGEST]
        for at, passage in enumerate(said if len(said) <= _TYPED else ()):
            current = matters[-1] if matters else None
            is_reply = answered and at < _REPLYING and current is not None and current.opening.turn < number
            if is_reply and current and _replies(passage, current):
                continue
            if kept := _kept(passage, current):
                matters += [kept] if kept is not current else []
            elif current is not None and _continues(passage, current):
                current.told.append(passage)
            elif _tells(passage.text):
                matters.append(_Matter(opening=passage, told=[passage]))
    return matters


def _replies(passage: Passage, matter: _Matter) -> bool:
    """Whether the sentence only says how the assistant's work on the matter came out."""
    if pattern("unsettled_failed").search(passage.text):
        matter.complaints.append(passage)
        matter.is_settled = False
        return True
    if pattern("unsettled_settled").search(passage.text) or pattern("unsettled_dropped").search(passage.text):
        matter.is_settled = True
        return len(stems(passage.text)) <= _TELLING
    return False


def _continues(passage: Passage, current: _Matter) -> bool:
    """Whether the sentence tells more of the matter: in the line that opened it, or of "it"."""
    text = pattern("unsettled_lead").sub("", passage.text)
    if _POINTS.match(text) or pattern("unsettled_of_oneself").match(text):
        return True
    return current.opening.turn == passage.turn and current.opening.first == passage.first


def _tells(text: str) -> bool:
    """Whether a sentence is about something, whatever leads into it."""
    return len(stems(phrase(pattern("unsettled_lead").sub("", text)))) >= _TELLING


def _kept(passage: Passage, current: _Matter | None) -> _Matter | None:
    """The matter that the sentence keeps for later: one that it names itself, else the one spoken of before."""
    for cue in alive("unsettled", passage.cues):
        match = cue.pattern.search(passage.text)
        if match is None or is_quoted(passage.text, match.start()):
            continue
        if cue.strength == "own":
            thing = match.group("thing")
            if pattern("unsettled_held").search(thing) or passage.text.endswith("?"):
                continue
            if not _POINTS.match(_LEAD.sub("", thing)) and _tells(_LEAD.sub("", thing)):
                return _own(passage, cue, _LEAD.sub("", thing.strip()))
        elif cue.strength == "reply" and (current is None or current.opening.turn == passage.turn):
            continue
        else:
            clause = pattern("unsettled_clause").split(passage.text[: match.start()])[-1]
            own = pattern("unsettled_time").sub("", clause)
            if pattern("unsettled_held").search(own):
                continue
            if len(stems(own)) >= _TELLING:
                return _own(passage, cue, own.strip(" ,"))
        if current is not None:
            current.kept.append((passage, cue))
        return current
    return None


def _own(passage: Passage, cue: Cue, wording: str) -> _Matter:
    wording = _GOES.sub(r"remove \g<thing>", wording)
    return _Matter(opening=passage, kept=[(passage, cue)], told=[passage], wording=wording)


def _is_unmended(matter: _Matter, transcript: Transcript) -> bool:
    """Whether the last word on the matter is a complaint that the assistant did not answer with a cure."""
    if matter.is_settled or not matter.complaints:
        return False
    return len(matter.complaints) >= _STUBBORN or reported(transcript, matter.complaints[-1].turn) is None


def _is_only_talked_of(matter: _Matter, transcript: Transcript) -> str:
    """What the assistant only said of a fault or wish that the person told: why it is so, or what could be done."""
    turn, text = matter.opening.turn, matter.opening.text
    if matter.is_settled or text.endswith("?") or pattern("unsettled_idle").match(text) or len(stems(text)) <= _TELLING:
        return ""
    if leading_verb(phrase(_LEAD.sub("", text)), listed=True) or matter.opening.block.kind == "item":
        return ""
    turns = transcript.conversation.turns
    if not shows_edits(transcript) or pattern("unsettled_asked").match(text):
        return ""
    said = [turns[n].text for n in answer(transcript, turn) if turns[n].role == "assistant" and turns[n].text.strip()]
    if not said or reported(transcript, turn) is not None or has_edited(transcript, turn) or "```" in said[-1]:
        return ""
    if transcript.next_human_turn(turn) is None:
        return ""
    head = said[-1][:600]
    if pattern("unsettled_diagnosed").search(head):
        return "explained, not mended"
    return "weighed, not done" if _WISHED.search(text) and pattern("unsettled_proposed").search(head) else ""


def _candidates(matter: _Matter, told_of: str = "") -> Iterator[Candidate]:
    text = matter.wording or next((p.text for p in matter.told if _tells(p.text)), matter.opening.text)
    text = pattern("unsettled_lead").sub("", text)
    wording = phrase(text)
    found = leading_verb(wording, listed=True)
    kind = _kind(matter, text, found)
    told = [(matter.opening, "brought up")]
    told += [(p, "complained of again") for p in matter.complaints[-2:]] + [(p, c.name) for p, c in matter.kept[-2:]]
    told.sort(key=lambda t: t[0].order)
    scope = tuple(p.order for p in [*matter.told[:_LATEST], *(p for p, _ in told[1:])])
    name = told_of or (matter.kept[-1][1].name if matter.kept else "complained of again")
    for passage in {p.order: p for p, _ in told}.values():
        yield Candidate(
            kind=kind,
            detector="unsettled",
            cue=name,
            passage=passage,
            strength="talked" if told_of else "kept" if matter.kept else "unmended",
            phrase=wording,
            names=identifiers(wording),
            verb=found[0] if found else "",
            at=0,
            scope=scope,
        )


def _kind(matter: _Matter, text: str, found: tuple[str, str, str] | None) -> Kind:
    if matter.complaints:
        return "bug"
    if found and found[1] != "talk":
        return kind_of(found[1], found[2], "firm")
    if _WISHED.search(" ".join([text, *(p.text for p in matter.told)])):
        return "feature"
    return "todo" if matter.wording else "bug"
