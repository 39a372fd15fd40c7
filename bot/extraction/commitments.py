"""Stated commitments and obligations: work that the speaker promises, owes, means to do, or says has to be done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.extraction.candidates import Candidate
from bot.extraction.cues import Cue, alternatives, load
from bot.extraction.grammar import identifiers, leading_verb, phrase, stems, verbs
from bot.extraction.transcript import Passage, Transcript
from bot.model import Kind

_HYPOTHETICAL = re.compile(
    r"\b(?:if|unless|when|whenever|in case|suppose|wish|otherwise|would|do|did|what|how|where|which|who|why|whether|so that|so|not sure|before|until|because|that) (?:\w{1,12} )?$",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:don't|do not|doesn't|won't|no longer|not|never|shouldn't|needn't|without having) (?:\w{2,12} )?$",
    re.IGNORECASE,
)
_HABIT = re.compile(
    r"\b(?:every|each) (?:time|day|few|week|morning|single|other|\w{3,8}day)|\bmanually\b|\bby hand\b|\bconstantly\b|\ball the time\b|\bover and over\b",
    re.IGNORECASE,
)
_PRONOUN_OBJECT = re.compile(
    r"^(?:that|this|it|them|those|these|one|so|both|all of (?:them|that|this|it|those)|the same)(?: (?:one|too|as well|first|today|tomorrow|now|asap|soon|later|properly|next|up|in|to (?:the|my) list|a \w.{0,60}|into \w.{0,60}))?(?:[ ,.!?]|$)",
    re.IGNORECASE,
)
_POINTING = re.compile(r"^(?:this|that|these|those|the same)\b", re.IGNORECASE)
_TIME = re.compile(
    r"\b(?:today|tomorrow|tonight|asap|soon|later|first|now|next|this week|next week|eventually|right away|immediately|too|also|as well|anyway|though|at some point|someday|before the (?:release|launch|demo)|for now|again|yet|quickly|sometime)\b",
    re.IGNORECASE,
)
_CUE_IN_LIST = "[ ]"


def propose(transcript: Transcript) -> Iterator[Candidate]:
    """One candidate for each promise or obligation with a concrete object."""
    for passage in transcript.human():
        if (
            passage.block.kind in ("prose", "item")
            and len(passage.text) <= 1500
            and not passage.text.rstrip(' )*"').endswith("?")
        ):
            yield from _promised(passage)
            yield from _owed(passage)


def _promised(passage: Passage) -> Iterator[Candidate]:
    for cue in load().tables["commitment"]:
        for match in cue.pattern.finditer(passage.text):
            before = passage.text[: match.start()]
            if _NEGATED.search(before) or _HYPOTHETICAL.search(before):
                continue
            if found := work(passage, cue, passage.text[match.end() :], "commitment"):
                yield found
                return


def work(passage: Passage, cue: Cue, text: str, detector: str) -> Candidate | None:
    """The work named after a cue: a verb that changes something, and its object; None where there is none."""
    text = re.sub(
        r"^(?:to|also|really|just|then|probably|still|finally|definitely|actually|go ahead and|try to|start to|make sure (?:to|we|that we)|get around to|go back and|sit down and|come back and|remember to|eventually|maybe|first|at least|quickly|properly|start|find time to|spend some time|work on|focus on|look at|try and|take the time to|be able to) ",
        "",
        text,
        count=2,
        flags=re.IGNORECASE,
    )
    text = (
        re.sub(r"^(?:start|work on|focus on|be|begin|keep|stop) ", "", text, flags=re.IGNORECASE)
        if re.match(r"^(?:start|work on|focus on|begin) ", text, re.IGNORECASE)
        else text
    )
    wording = phrase(text)
    found = leading_verb(wording)
    if found is None or found[1] == "talk" or _HABIT.search(wording.split(",")[0]):
        return None
    verb, kind, rest = found
    refers = bool(_PRONOUN_OBJECT.match(rest))
    if not refers and (not stems(rest) or _TIME.sub("", rest).strip(" .,!") == ""):
        return None
    return Candidate(
        kind=_kind(kind, rest, cue.strength), detector=detector, cue=cue.name, passage=passage, strength=cue.strength, phrase=f"{verb} {rest}",
        refers=refers or bool(_POINTING.match(rest) and len(rest.split()) <= 3), names=identifiers(rest), verb=verb,
    )  # fmt: skip


@lru_cache(maxsize=1)
def _chore() -> re.Pattern[str]:
    return re.compile(rf"\b{alternatives(load().words['chores'])}\b", re.IGNORECASE)


def _kind(verb_class: str, rest: str, strength: str) -> Kind:
    """Making a capability is a feature, upkeep a task; an unlisted verb is a wish where it is hedged."""
    head = re.split(
        r" (?:to|for|in|on|of|with|so|when|from|at|by|into|that|as|before|after|using|via|around|between) ",
        rest,
        maxsplit=1,
    )[0]
    if verb_class == "create":
        return "todo" if _chore().search(head) else "feature"
    if verb_class == "maintain" or strength == "firm":
        return "todo"
    return "feature"


def _owed(passage: Passage) -> Iterator[Candidate]:
    for cue in load().tables["owed"]:
        for match in cue.pattern.finditer(passage.text):
            before, after = passage.text[: match.start()], passage.text[match.end() :]
            subject = re.split(
                r"[,;:.!?(]|\s-\s|\b(?:but|because|since|so|that|where|when|which|while|though|also|and then|think|guess|if)\b",
                before,
            )[-1].strip()
            word = re.match(r"[a-z-]{3,20}(?: up)?\b", after, re.IGNORECASE)
            if (
                not word
                or not stems(subject)
                or _NEGATED.search(before + " ")
                or _HYPOTHETICAL.search(before + " ")
                or re.search(r"\bif\b", before, re.IGNORECASE)
            ):
                continue
            known = verbs().get(word.group().lower())
            if known is None or known[1] == "talk":
                continue
            subject = re.sub(r"^(?:and|then|also|plus|oh|well|yeah|still|all) ", "", subject, flags=re.IGNORECASE)
            rest = f"{subject} {phrase(after[word.end() :])}".strip()
            yield Candidate(
                kind="todo", detector="commitment", cue=cue.name, passage=passage, strength=cue.strength, phrase=f"{known[0]} {rest}",
                refers=bool(_PRONOUN_OBJECT.match(subject)) or bool(_POINTING.match(subject)), names=identifiers(rest), verb=known[0],
            )  # fmt: skip
            return
