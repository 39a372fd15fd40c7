"""Described faults: a thing that cannot, does not, keeps failing, is broken, or shows what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from bot.extraction.asserting import asserts, is_held, subject_start
from bot.extraction.candidates import Candidate
from bot.extraction.cues import alive, gate, load, may, pattern, table_bits
from bot.extraction.grammar import identifiers, is_quoted, leading_verb, phrase
from bot.extraction.inflection import forms
from bot.extraction.transcript import Passage, Transcript, clauses
from bot.extraction.voices import is_voice

_PRONOUN = re.compile(
    r"^(?:it|they|this|that|he|she|these|those|everything|which|the thing|that thing|there)?$", re.IGNORECASE
)
_POINTS = re.compile(r"(?:it|they|which)(?:'s|'re)? ", re.IGNORECASE)
_BE = re.compile(r"^(?:is|are|looks?|seems?) ", re.IGNORECASE)
_ANNOUNCED = frozenset({"bugs", "issues", "problems", "glitches"})
_BARE = frozenset({"nothing happens", "no response", "does nothing", "no effect"})
_LONGEST = 1500  # characters of a sentence; longer ones are data, not speech


def propose(transcript: Transcript) -> Iterator[Candidate]:
    """One candidate for each clause of a human that reports a fault, with the words that describe it."""
    telling = _telling()
    for turn in transcript.asked_with(telling):
        yield from _told_in(transcript, turn, telling)


def _told_in(transcript: Transcript, turn: int, telling: int) -> Iterator[Candidate]:
    last: Passage | None = None  # the sentence before, where it reported nothing by itself
    for passage in transcript.turns[turn]:
        if passage.block.kind not in ("prose", "item") and not is_voice(passage, transcript):
            continue
        told = clauses(passage) if passage.cues & telling else ()
        reports = [(found, at) for clause, at in told if (found := _report(clause))]
        if not reports and (judged := _judged(passage, last)):
            yield judged
        yield from (replace(found, passage=passage, at=found.at + at) for found, at in reports)
        last = None if reports else passage


@cache
def _telling() -> int:
    """The bits of what a fault can be told by."""
    names = ("symptom_why_inverted", "symptom_verdict_aside", "symptom_verdict")
    return sum(table_bits(table) for table in ("report", "neglect", "symptom")) | sum(gate().bits[n] for n in names)


def _judged(passage: Passage, before: Passage | None) -> Candidate | None:
    """A statement that is called wrong right after: "The feed shows drafts! That shouldn't happen."."""
    if not (may("symptom_verdict_aside", passage.cues) or may("symptom_verdict", passage.cues)):
        return None
    aside = pattern("symptom_verdict_aside").search(passage.text)
    if aside:
        before, end = passage, aside.start()
    elif before is None or before.turn != passage.turn or not pattern("symptom_verdict").search(passage.text):
        return None
    else:
        end = len(before.text)
    said = before.text[:end]
    start = max((m.end() for m in pattern("symptom_boundary").finditer(said[:-1])), default=0)
    wording = phrase(said[start:])
    return _candidate(before, "should not be", wording, start) if len(wording.split()) >= 3 else None


def _report(passage: Passage) -> Candidate | None:
    text = passage.text
    is_why = may("symptom_why_inverted", passage.cues)
    if len(text) > _LONGEST or not (is_why or alive("report", passage.cues) or _tells(passage)):
        return None
    found = _wondered(passage) if is_why else None
    if found is None and not (is_why and pattern("symptom_why_inverted").search(text)):
        asks = _asks(text)
        found = _framed(passage, asks=asks) or _neglected(passage) or _told(passage, asks=asks)
    return found if found and not pattern("symptom_over").search(text) else None


def _wondered(passage: Passage) -> Candidate | None:
    """A fault that a question takes for granted: "why does it crash"."""
    question = pattern("symptom_why_inverted").search(passage.text)
    if question is None or pattern("symptom_foreign").match(question.group("subject").strip()):
        return None
    return _candidate(passage, "why", _uninverted(question), question.start())


def _tells(passage: Passage) -> bool:
    return bool(alive("neglect", passage.cues) or alive("symptom", passage.cues))


def _asks(text: str) -> bool:
    """Whether the sentence leaves open if it is so; "why does it crash?" takes that for granted."""
    is_question = text.rstrip(" )*\"'").endswith("?")
    return is_question and not pattern("symptom_why").search(text) and not pattern("symptom_presumed").search(text)


def _framed(passage: Passage, *, asks: bool) -> Candidate | None:
    """Faults that a frame introduces: "there's a bug where", "users report that"."""
    text = passage.text
    for cue in alive("report", passage.cues):
        frame = cue.pattern.search(text)
        if frame is None or asks or _untold(text[: frame.start()]) or is_quoted(text, frame.start()):
            continue
        rest = _named(frame.group(), phrase(text[frame.end() :]))
        if len(rest.split()) >= 2 or identifiers(rest):
            return _candidate(passage, cue.name, rest, frame.start())
    return None


def _untold(before: str) -> bool:
    """Whether a frame is supposed only, or explains what was: "the problem was a typo in my config"."""
    return is_held(before) or bool(re.search(r"\bwas (?:just |only )?$", before))


def _named(frame: str, rest: str) -> str:
    """What a frame says itself, kept where the rest is only a place: "a race condition in" the lobby code."""
    placed = pattern("report_noun").search(frame)
    if placed is None or not rest:
        return rest
    # "Some bugs in the dashboard" only announces what is told next.
    return (
        "" if placed.group("noun").lower() in _ANNOUNCED else f"{placed.group('noun')} {placed.group('where')} {rest}"
    )


def _told(passage: Passage, *, asks: bool) -> Candidate | None:
    """The first fault that a clause tells by its predicate."""
    text = passage.text
    matches = ((m, cue.name) for cue in alive("symptom", passage.cues) for m in cue.pattern.finditer(text) if not asks)
    for match, cue in sorted(matches, key=lambda found: found[0].start()):
        if wording := _clause(text, match):
            return _candidate(passage, cue, wording, match.start())
    return None


def _clause(text: str, match: re.Match[str]) -> str:
    """Subject, predicate and complement of the reported fault; "" where the clause reports none."""
    start = subject_start(text, match.start())
    if not asserts(text, match, start):
        return ""
    subject = text[start : match.start()].strip()
    predicate, rest = phrase(text[match.start() :]), text[match.end() :]
    if len(predicate) < len(match.group().strip()):  # "works in one but not in the other" is one thought
        predicate = f"{match.group()}{' ' if rest[:1] == ' ' else ''}{phrase(rest)}".strip()
    joint = "" if predicate.startswith("'") else " "
    wording = _impersonal(f"{subject}{joint}{predicate}".strip())
    condition = pattern("symptom_condition").match(text)
    if condition and condition.end() <= match.start() and len(wording) < 60:
        when = condition.group("when")
        return f"{wording} {when[0].lower()}{when[1:]}"
    return wording


def _impersonal(wording: str) -> str:
    """Without the speaker: "I keep getting a 403 on save" is a 403 on save, "it takes 9 s to load" is the loading."""
    slow = pattern("symptom_takes").match(wording)
    if slow and (verb := leading_verb(slow.group("work"))):
        return f"{forms(verb[0])[4]} {verb[2]} takes {slow.group('time')}"
    return pattern("symptom_meets").sub("", wording, count=1)


def _neglected(passage: Passage) -> Candidate | None:
    """Care that the speaker's own software leaves out, in the passive: "we're not closing files" is about the files."""
    text = passage.text
    match = next((m for cue in alive("neglect", passage.cues) if (m := cue.pattern.search(text))), None)
    kept_safe = re.search(r"\b(?:plain|clear) ?-?text\b", text, re.IGNORECASE)  # "we never store them in plain text"
    if match is None or kept_safe or text.endswith("?") or is_held(text[: match.start()]):
        return None
    verb, rest = match.group("verb").lower(), phrase(match.group("rest") or "")
    participle = next(forms(base)[3] for base in load().words["care"] if verb in forms(base))
    thing = re.sub(r"^(?:the|our|any|any of the|all|all the|those|these) ", "", match.group("thing").strip(" .,;!"))
    be = "are" if re.search(r"[^s]s$", thing.split(" ")[-1]) else "is"
    return _candidate(passage, "not taken care of", f"{thing} {be} not {participle} {rest}".strip(), match.start())


def _uninverted(question: re.Match[str]) -> str:
    """The statement that a why-question takes for granted."""
    aux, subject = question.group("aux").lower(), question.group("subject").strip()
    predicate = phrase(question.group("predicate").split("?")[0])
    return f"{subject} {predicate}" if aux in ("does", "do", "would") else f"{subject} {aux} {predicate}"


def _candidate(passage: Passage, cue: str, wording: str, at: int) -> Candidate:
    subject = re.split(r" (?:is|are|can't|doesn't|don't|keeps?|won't|isn't)\b", wording, maxsplit=1)[0].strip()
    is_document = bool(pattern("documentation").search(subject)) and not pattern("not_seen").search(wording)
    predicate = wording[len(subject) :].strip()
    if is_document:  # wrong documentation is a task
        subject = re.sub(r"^(?:also|and|but|so|btw)\b[, ]*", "", subject, flags=re.IGNORECASE) or subject
        wording = f"update {subject[0].lower()}{subject[1:]}: {_BE.sub('', predicate)}"
    points_back = (
        _PRONOUN.match(subject)
        or _POINTS.match(passage.text)
        or pattern("symptom_pointing").search(passage.text)
        or pattern("symptom_cause").search(passage.text)
    )
    return Candidate(
        kind="todo" if is_document else "bug",
        detector="symptom",
        cue=cue,
        passage=passage,
        strength="plain",
        phrase=wording,
        refers=wording.lower() in _BARE or bool(points_back),
        names=identifiers(passage.text),
        at=at,
    )
