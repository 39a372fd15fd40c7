"""Described faults: a thing that cannot, does not, keeps failing, is broken, or shows what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.extraction.candidates import Candidate
from bot.extraction.cues import load
from bot.extraction.grammar import identifiers, phrase
from bot.extraction.inflection import forms
from bot.extraction.transcript import Passage, Transcript

# A clause begins after these; the subject of a fault is looked for between here and the cue.
_BOUNDARY = re.compile(
    r"(?:^|[,;:(!?]|\.(?=\s)|\s-{1,2}(?=\s)|\.\.\.|\b(?:but|because|since|and|so|that|where|when|which|while|though|although|however|except|whenever|whether|like|as|or|if|unless|after|before|than)\b)",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"^(?:it|they|this|that|he|she|these|those|everything|which|the thing|that thing|there)?$", re.IGNORECASE
)
_HELD = re.compile(
    r"\b(?:if|unless|whether|in case|suppose|assuming|otherwise|would|could|might|may|should|in theory|so (?:that )?(?:it|they|we|the|users)|make sure|ensure|prevent\w*|avoid\w*|without|instead of|rather than|worried|afraid)\b[^,;]{0,80}$",
    re.IGNORECASE,
)
_FIRST = re.compile(r"^(?:and |but |so |also )?(?:i|i'm|i've|you|you're|let's)\b", re.IGNORECASE)
_POINTING = re.compile(
    r"\b(?:this|that|the same|these|those) (?:\w{2,20} )?(?:endpoint|page|screen|function|method|query|route|component|file|test|job|script|view|call|service|button|form|one|happens|thing|table|module|class|api|code|command|request|line|part|step|build|deploy|worker|task|process)\b",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"\b(?:used to|no longer (?:crash|fail|happen)\w*|not anymore|we had|there was|had (?:an?|some|this) (?:\w{2,12} )?(?:bug|issue|problem|glitch)|(?:last|back) (?:year|month|when)|(?:was|were) (?:fixed|solved)|(?:is|are|it's|been|got|was|were|now) (?:fixed|solved|resolved|gone)|(?:ago)\b|yesterday i fixed|not (?:a|an) (?:bug|issue|problem)|no (?:bugs?|issues?|errors?|problems?|longer))\b",
    re.IGNORECASE,
)


_CONDITION = re.compile(
    r"^(?:(?:so|and|but|also|oh|well)[, ]{1,2}){0,2}(?P<when>(?:when|whenever|if|after|once|every time|each time|as soon as) (?P<rest>[^,]{3,60})),",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"\bwhy (?:does|do|did|is|are|am|was|isn't|aren't|doesn't|don't|won't|can't|would|the|our|my|this|it|some|that|i|we)\b",
    re.IGNORECASE,
)
_WHY_INVERTED = re.compile(
    r"\bwhy (?P<aux>does|do|did|is|are|am|isn't|aren't|doesn't|don't|won't|can't) (?P<subject>(?:(?:the|our|my|this|that|these|some|all) )?(?:[\w/`.-]{1,40} ){1,4}?)(?P<predicate>(?:keeps?|so \w{3,15}|not \w{3,20}|take|taking|fail|always|sometimes|randomly|still|suddenly|get|getting|throw|throwing|return|returning|show|showing|crash|crashing|die|dying|break|breaking|hang|hanging|work|working|load|loading|update|updating|render|rendering|never|stop|stopping|lose|losing|drop|dropping|freeze|freezing|time|timing|leak|leaking|refus\w{1,4}|eat\w{0,3}|using|use|broken|slow|empty|missing|null|undefined|blank|red|wrong|down|being)\b.{0,160})",
    re.IGNORECASE,
)


def propose(transcript: Transcript) -> Iterator[Candidate]:
    """One candidate for each sentence of a human that reports a fault, with the words that describe it."""
    for passage in transcript.human():
        if passage.block.kind in ("prose", "item") and (found := _report(passage)):
            yield found


def _report(passage: Passage) -> Candidate | None:
    text = passage.text
    if len(text) > 1500 or _OVER.search(text):
        return None
    if question := _WHY_INVERTED.search(text):
        return _candidate(passage, "why", _uninverted(question))
    asks = text.rstrip(" )*\"'").endswith("?") and not _WHY.search(text)
    for cue in load().tables["report"]:
        if (frame := cue.pattern.search(text)) and not asks and not _HELD.search(text[: frame.start()]):
            rest = phrase(text[frame.end() :])
            if len(rest.split()) >= 2 or identifiers(rest):
                return _candidate(passage, cue.name, rest)
    if neglected := _neglect(text):
        return _candidate(passage, "not taken care of", neglected)
    for cue in load().tables["symptom"]:
        for match in cue.pattern.finditer(text):
            if found := _clause(passage, match, asks):
                return _candidate(passage, cue.name, found)
    return None


def _clause(passage: Passage, match: re.Match[str], asks: bool) -> str:
    """Subject, predicate and complement of the reported fault; "" where the clause reports none."""
    text = passage.text
    before = text[: match.start()]
    starts = [b.end() for b in _BOUNDARY.finditer(before)]
    start = starts[-1] if starts else 0
    subject = before[start:].strip()
    if (
        asks
        or _HELD.search(before[max(0, start - 30) :])
        or (_FIRST.match(subject) and not _suffers(subject, match.group()))
    ):
        return ""
    wording = f"{subject} {phrase(text[match.start() :])}".strip()
    condition = _CONDITION.match(text)
    if condition and condition.end() <= match.start() and len(wording) < 60:
        return f"{wording} {condition.group('when')}"
    return wording


def _neglect(text: str) -> str:
    """A duty that the speaker's own software leaves out, in the passive: "we're not closing files" is about the files."""
    match = next((m for cue in load().tables["neglect"] if (m := cue.pattern.search(text))), None)
    if match is None or text.endswith("?") or _HELD.search(text[: match.start()]):
        return ""
    verb, thing, rest = (
        match.group("verb").lower(),
        match.group("thing"),
        phrase(match.group("rest")),
    )
    participle = next(forms(base)[3] for base in load().words["care"] if verb in forms(base))
    thing = re.sub(r"^(?:the|our|any|any of the|all|all the|those|these) ", "", thing.strip())
    be = "are" if re.search(r"[^s]s$", thing.split(" ")[-1]) else "is"
    return f"{thing} {be} not {participle} {rest}".strip()


_ORDER = re.compile(r"(?:don't|do not|never)\b", re.IGNORECASE)  # without a subject these forbid
_SUFFERS = re.compile(
    r"\b(?:getting|get|seeing|see|hitting|running into|keep(?:s)? getting|can't|cannot|unable)\b", re.IGNORECASE
)


def _suffers(subject: str, predicate: str) -> bool:
    """First person reports a fault only as the one who meets it ("I keep getting a 403", "we can't log in")."""
    return bool(_SUFFERS.search(predicate)) and not subject.lower().startswith(("you", "let"))


def _uninverted(question: re.Match[str]) -> str:
    aux, subject, predicate = (
        question.group("aux").lower(),
        question.group("subject").strip(),
        question.group("predicate"),
    )
    predicate = phrase(predicate.split("?")[0])
    if aux in ("does", "do"):
        return f"{subject} {predicate}"
    return f"{subject} {aux} {predicate}"


def _candidate(passage: Passage, cue: str, wording: str) -> Candidate:
    first = re.split(r" (?:is|are|can't|doesn't|don't|keeps?|won't|isn't|spikes?)\b", wording, maxsplit=1)[0]
    bare = cue == "nothing happens" and wording.lower() in (
        "nothing happens",
        "no response",
        "does nothing",
        "no effect",
    )
    refers = bare or bool(_PRONOUN.match(first.strip())) or bool(_POINTING.search(passage.text))
    return Candidate(
        kind="bug",
        detector="symptom",
        cue=cue,
        passage=passage,
        strength="plain",
        phrase=wording,
        refers=refers,
        names=identifiers(passage.text),
    )
