"""Described faults: a thing that cannot, does not, keeps failing, is broken, or shows what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.extraction.candidates import Candidate
from bot.extraction.cues import load, pattern
from bot.extraction.grammar import identifiers, is_quoted, leading_verb, phrase
from bot.extraction.inflection import forms
from bot.extraction.transcript import Passage, Transcript, clauses

_PRONOUN = re.compile(
    r"^(?:it|they|this|that|he|she|these|those|everything|which|the thing|that thing|there)?$", re.IGNORECASE
)
_FIRST = re.compile(r"^(?:and |but |so |also )?(?:i|i'm|i've|we|we're|you|you're|let's)\b", re.IGNORECASE)
# First person reports a fault only as the one who meets it: "I keep getting a 403", "we can't log in".
_SUFFERS = re.compile(
    r"\b(?:getting|gets?|seeing|sees?|hitting|hits?|keep|running into|can't|cannot|unable)\b", re.IGNORECASE
)
_BE = re.compile(r"^(?:is|are|looks?|seems?) ", re.IGNORECASE)
_FORBIDS = re.compile(r"(?:don't|do not|never)\b", re.IGNORECASE)
_DENIED = re.compile(r"(?:n't|\bnot|\bnever|\bwithout|\bno)$", re.IGNORECASE)
_ANNOUNCED = frozenset({"bugs", "issues", "problems", "glitches"})
_BARE = frozenset({"nothing happens", "no response", "does nothing", "no effect"})
_LONGEST = 1500  # characters of a sentence; longer ones are data, not speech


def propose(transcript: Transcript) -> Iterator[Candidate]:
    """One candidate for each clause of a human that reports a fault, with the words that describe it."""
    for passage in transcript.human():
        if passage.block.kind not in ("prose", "item"):
            continue
        for clause, at in clauses(passage):
            if found := _report(clause):
                yield replace(found, passage=passage, at=found.at + at)


def _report(passage: Passage) -> Candidate | None:
    text = passage.text
    if len(text) > _LONGEST or pattern("symptom_over").search(text):
        return None
    if question := pattern("symptom_why_inverted").search(text):
        return _candidate(passage, "why", _uninverted(question), question.start())
    asks = text.rstrip(" )*\"'").endswith("?") and not pattern("symptom_why").search(text)
    return _framed(passage, asks=asks) or _neglected(passage) or _told(passage, asks=asks)


def _framed(passage: Passage, *, asks: bool) -> Candidate | None:
    """Faults that a frame introduces: "there's a bug where", "users report that"."""
    text = passage.text
    for cue in load().tables["report"]:
        frame = cue.pattern.search(text)
        if frame is None or asks or _is_held(text[: frame.start()]) or is_quoted(text, frame.start()):
            continue
        rest = _named(frame.group(), phrase(text[frame.end() :]))
        if len(rest.split()) >= 2 or identifiers(rest):
            return _candidate(passage, cue.name, rest, frame.start())
    return None


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
    """Faults told by their predicate."""
    for cue in load().tables["symptom"]:
        for match in cue.pattern.finditer(passage.text):
            if not asks and (found := _clause(passage.text, match)):
                return _candidate(passage, cue.name, found, match.start())
    return None


def _clause(text: str, match: re.Match[str]) -> str:
    """Subject, predicate and complement of the reported fault; "" where the clause reports none."""
    before = text[: match.start()]
    starts = [b.end() for b in pattern("symptom_boundary").finditer(before)]
    start = starts[-1] if starts else 0
    subject = before[start:].strip()
    if is_quoted(text, match.start()) or _is_held(before[max(0, start - 30) :]) or not _reports(subject, match):
        return ""
    predicate = phrase(text[match.start() :])
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


def _reports(subject: str, match: re.Match[str]) -> bool:
    """Whether this subject with this predicate tells a fault, not an order or the speaker's own doing."""
    if not subject:
        return not _FORBIDS.match(match.group())
    if _DENIED.search(subject):
        return False
    if not _FIRST.match(subject):
        return True
    verb = leading_verb(match.group().split(" ")[-1])
    is_talk = verb is not None and verb[1] == "talk"
    return bool(_SUFFERS.search(match.group())) and not is_talk and not subject.lower().startswith(("you", "let"))


def _is_held(before: str) -> bool:
    """Whether the words before make it a supposition, a wish or a purpose."""
    return bool(pattern("symptom_held").search(before))


def _neglected(passage: Passage) -> Candidate | None:
    """Care that the speaker's own software leaves out, in the passive: "we're not closing files" is about the files."""
    text = passage.text
    match = next((m for cue in load().tables["neglect"] if (m := cue.pattern.search(text))), None)
    if match is None or text.endswith("?") or _is_held(text[: match.start()]):
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
    return f"{subject} {predicate}" if aux in ("does", "do") else f"{subject} {aux} {predicate}"


def _candidate(passage: Passage, cue: str, wording: str, at: int) -> Candidate:
    subject = re.split(r" (?:is|are|can't|doesn't|don't|keeps?|won't|isn't)\b", wording, maxsplit=1)[0].strip()
    is_document = bool(pattern("documentation").search(subject)) and not pattern("not_seen").search(wording)
    predicate = wording[len(subject) :].strip()
    if is_document:  # wrong documentation is a task
        subject = re.sub(r"^(?:also|and|but|so|btw)\b[, ]*", "", subject, flags=re.IGNORECASE) or subject
        wording = f"update {subject[0].lower()}{subject[1:]}: {_BE.sub('', predicate)}"
    points_back = _PRONOUN.match(subject) or pattern("symptom_pointing").search(passage.text)
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
