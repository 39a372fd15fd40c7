"""Stated commitments and obligations: work that the speaker promises, owes, means to do, or says has to be done."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.extraction.candidates import Candidate
from bot.extraction.cues import Cue, alive, pattern
from bot.extraction.grammar import identifiers, is_quoted, leading_verb, phrase, stems, verbs
from bot.extraction.transcript import Passage, Transcript
from bot.model import Kind

_POINTING = re.compile(r"^(?:this|that|these|those|the same)\b", re.IGNORECASE)
_PREPOSITION = re.compile(
    r" (?:to|for|in|on|of|with|so|when|from|at|by|into|that|as|before|after|using|via|around|between) "
)
_PARTICIPLE = re.compile(r"[a-z-]{3,20}(?: up)?\b", re.IGNORECASE)
_DETERMINER = re.compile(r"(?:The|Our|My|All|These|Those|Some|Both)\b")
_LEAD = re.compile(r"^(?:and|then|also|plus|oh|well|yeah|still|all) ", re.IGNORECASE)


def propose(transcript: Transcript) -> Iterator[Candidate]:
    """One candidate for each promise or obligation with a concrete object."""
    for passage in transcript.human("commitment", "owed"):
        is_question = passage.text.rstrip(' )*"').endswith("?")
        if passage.block.kind in ("prose", "item") and len(passage.text) <= 1500 and not is_question:
            found = list(_promised(passage))
            yield from found or _owed(passage)


def _promised(passage: Passage) -> Iterator[Candidate]:
    for cue in alive("commitment", passage.cues):
        for match in cue.pattern.finditer(passage.text):
            before = passage.text[: match.start()]
            if not _is_unsaid(before) and not is_quoted(passage.text, match.start()):
                lead = "add " if cue.name == "need those" else ""
                found = work(passage, cue, f"{lead}{passage.text[match.end() :]}", at=match.start())
                yield from [found, *_then(passage, cue, match.end())] if found else []


def _is_unsaid(before: str) -> bool:
    """Whether the words before deny the promise or make it a supposition or a question."""
    return bool(pattern("commitment_negated").search(before) or pattern("commitment_hypothetical").search(before))


def _then(passage: Passage, cue: Cue, start: int) -> Iterator[Candidate]:
    """The second piece of work in one breath: "I'll write the script, then run the migration"."""
    following = pattern("commitment_next").search(passage.text, start)
    if following is None or cue.name == "let's":
        return
    text = passage.text[following.end() :]
    listed = leading_verb(text, listed=True)
    found = work(passage, cue, text, at=following.end()) if listed and listed[1] != "talk" else None
    yield from [found] if found and not found.refers else []


def work(passage: Passage, cue: Cue, text: str, *, at: int) -> Candidate | None:
    """The work named after a cue: a verb that changes something, and its object; None where there is none."""
    wording = phrase(pattern("commitment_softener").sub("", text, count=1))
    found = leading_verb(wording)
    if (
        found is None
        or pattern("commitment_other").match(wording)
        or pattern("commitment_habit").search(wording.split(",")[0])
    ):
        return None
    if found[1] == "talk" and cue.name != "somebody will" and not _delegates(wording):
        return None
    verb, verb_class, rest = found
    points = bool(pattern("commitment_pronoun_object").match(rest))
    if points and (thing := subject_of(passage.text[:at])):
        rest, points = re.sub(r"^\S+", lambda _: thing, rest, count=1), False
    if not points and (not stems(rest) or pattern("commitment_time").sub("", rest).strip(" .,!") == ""):
        return None
    return Candidate(
        kind=kind_of(verb_class, rest, cue.strength),
        detector="commitment",
        cue=cue.name,
        passage=passage,
        strength=cue.strength,
        phrase=f"{verb} {rest}",
        refers=points or cue.name == "let's" or bool(_POINTING.match(rest) and len(rest.split()) <= 3),
        names=identifiers(rest),
        verb=verb,
        at=at,
    )


def _delegates(wording: str) -> bool:
    """Whether the work is to get somebody else to do work: "ask the ops team to raise the quota"."""
    asked = pattern("commitment_delegates").match(wording)
    found = leading_verb(wording[asked.end() :], listed=True) if asked else None
    return found is not None and found[1] != "talk"


def subject_of(text: str) -> str:
    """The thing that a clause is about, which "it" in a later one stands for; "" where it is not named."""
    found = pattern("commitment_subject").search(text)
    thing = found.group("thing") if found else ""
    return thing[0].lower() + thing[1:] if _DETERMINER.match(thing) else thing


def kind_of(verb_class: str, rest: str, strength: str) -> Kind:
    """Making a capability is a feature, upkeep a task; an unlisted verb is a wish where it is hedged."""
    head = _PREPOSITION.split(rest, maxsplit=1)[0]
    if verb_class == "create":
        return "todo" if pattern("chore").search(head) else "feature"
    return "todo" if verb_class == "maintain" or strength == "firm" else "feature"


def _owed(passage: Passage) -> Iterator[Candidate]:
    """The thing itself has to be worked on: "the docs need to be updated"."""
    for cue in alive("owed", passage.cues):
        for match in cue.pattern.finditer(passage.text):
            if found := _owed_work(passage, cue, match):
                yield found
                return


def _owed_work(passage: Passage, cue: Cue, match: re.Match[str]) -> Candidate | None:
    before, after = passage.text[: match.start()], passage.text[match.end() :]
    subject = _LEAD.sub("", pattern("commitment_clause").split(before)[-1].strip().removesuffix("'ll"))
    word = _PARTICIPLE.match(after)
    said = word.group().lower() if word else ""
    known = verbs().get(said) or verbs().get(said.removesuffix(" up"))
    if (
        word is None
        or known is None
        or known[1] == "talk"
        or _is_unsaid(f"{before.rstrip()} ")
        or " if " in f" {before.lower()}"
    ):
        return None
    points = not subject or bool(pattern("commitment_pronoun_object").match(subject) or _POINTING.match(subject))
    if points and (named := pattern("commitment_thing").findall(before)):
        subject, points = f"the {named[-1]}", False
    if not points and not stems(subject):
        return None
    subject = subject[0].lower() + subject[1:] if _DETERMINER.match(subject) else subject
    rest = f"{subject} {phrase(after[word.end() :])}".strip()
    return Candidate(
        kind="todo",
        detector="commitment",
        cue=cue.name,
        passage=passage,
        strength=cue.strength,
        phrase=f"{known[0]} {rest}",
        refers=points,
        names=identifiers(rest),
        verb=known[0],
        at=match.start(),
    )
