"""Wishes for a capability that is not there: what users ask for, what would be nice, what cannot be done yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.extraction.candidates import Candidate
from bot.extraction.commitments import kind_of
from bot.extraction.cues import Cue, alive, pattern, table_bits
from bot.extraction.grammar import identifiers, is_quoted, leading_verb, phrase, stems, verbs
from bot.extraction.transcript import Passage, Transcript, clauses
from bot.extraction.voices import is_voice

_PRONOUN = re.compile(r"^(?:(?:it|them)\b|(?:that|this|those|these|more|one|so)\b(?! \w{3,}))", re.IGNORECASE)
_STRANGE = re.compile(
    r"^(?:know|understand|help|see if|hear|ask|talk|chat|discuss|meet|find out|learn|explain|think|alone"
    r"|i|he|she|why|what|how|be|your|you|me|do|some help|advice|a hand|to know"
    r"|an? (?:second|fresh|extra) (?:pair|opinion|look))\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:.!?]|\bthat\b|\bthink\b|\bthough\b", re.IGNORECASE)
_ABLE = re.compile(r"(?P<who>(?!it |this |that )[\w ]{2,30}?) (?:could|can|were able to) (?P<what>\w.+)", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:An?|The|Some|More)\b")
_OWED = re.compile(r"\bneeds?\b", re.IGNORECASE)
_LEAD = re.compile(r"^(?:and|but|so|also|maybe|or|i think|plus)[ ,]{1,2}", re.IGNORECASE)
_VERBAL = re.compile(r"(?:\bto|\bcould(?: just| also)?|\bcan) ?$", re.IGNORECASE)  # what follows is a verb


# What may follow "would be nice" when the wanted thing stands before it.
_AFTERWORD = re.compile(
    r"\W|$|(?:too|as well|also|for|in|on|at|someday|one day|eventually|later|so that|when|here|there|now)\b",
    re.IGNORECASE,
)
_FOR_WHOM = re.compile(r"for (?:us|(?:the |our )?(?:system|app|tool|site|program|page|bot|server)) to ", re.IGNORECASE)

_MOVES = re.compile(r"(?:\w+ )(?:over|away|back|in|out|on|off)$|\w+$", re.IGNORECASE)  # of their own: "to move over"

# Cues that stand after the wanted thing, and what ends it there.
_NAMED_FIRST = frozenset({"it would help", "is what they want", "nice to have"})
_BEFORE = re.compile(r"(?: would | is what |,| - |: | is | would)", re.IGNORECASE)


def propose(transcript: Transcript) -> Iterator[Candidate]:
    """One candidate for each wished capability."""
    tables = table_bits("wish")
    for passage in transcript.human(quoting=True):
        if not (passage.cues & tables or passage.block.kind == "quote"):
            continue
        said = passage.block.kind in ("prose", "item") or is_voice(passage, transcript)
        if said and len(passage.text) <= 1500:
            found = [
                replace(w, passage=passage, at=w.at + at) for clause, at in clauses(passage) if (w := _wish(clause))
            ]
            voiced = _voiced(passage) if not found and is_voice(passage, transcript) else None
            yield from [voiced] if voiced else found


def _voiced(passage: Passage) -> Candidate | None:
    """What somebody quoted asks for as of a maker: "#12: could the chart be printed?"."""
    asked = pattern("wish_voiced").match(passage.text)
    if asked is None:
        return None
    thing, rest = asked.group("thing") or "", phrase(asked.group("rest"))
    found = leading_verb(rest)
    if found is None or _STRANGE.match(rest) or len(stems(f"{thing} {rest}")) < 2:
        return None
    return Candidate(
        kind="feature",
        detector="wish",
        cue="asked in a quote",
        passage=passage,
        strength="asked",
        phrase=f"let {thing} {rest}" if thing else rest,
        names=identifiers(rest),
        at=asked.start("rest"),
    )


def _wish(passage: Passage) -> Candidate | None:
    text = passage.text
    asks = text.rstrip(' )*"').endswith("?")
    for cue in alive("wish", passage.cues):
        match = cue.pattern.search(text)
        if (
            match is None
            or is_quoted(text, match.start())
            or pattern("wish_held").search(text[: match.start()])
            or (asks and cue.strength not in ("asked", "vague"))
        ):
            continue
        rest = match.groupdict().get("thing") or phrase(
            _BEFORE.split(text[match.end() :])[0] if cue.name in _NAMED_FIRST else text[match.end() :]
        )
        if _STRANGE.match(rest):
            continue
        if found := _wanted(passage, cue, rest, match):
            return found
    return None


def _wanted(passage: Passage, cue: Cue, rest: str, match: re.Match[str]) -> Candidate | None:
    if cue.name == "would be nice" and _AFTERWORD.match(passage.text[match.end() :]):
        rest = phrase(_CLAUSE.split(passage.text[: match.start()].rstrip(" ?!,:-"))[-1])
    rest, owed = _FOR_WHOM.subn("", _LEAD.sub("", rest), count=1)
    points = bool(_PRONOUN.match(rest))
    if not rest or (not points and not stems(rest)):
        return None
    is_verbal = bool(owed or _VERBAL.search(match.group()))
    if is_verbal and cue.name == "people want" and _MOVES.match(rest):
        return None
    lacking = cue.strength == "lack" and not is_verbal
    is_upkeep = lacking or cue.name == "support for"
    kind = kind_of("create", rest, "wished") if is_upkeep else "feature"
    return Candidate(
        kind=kind,
        detector="wish",
        cue=cue.name,
        passage=passage,
        strength="firm" if is_upkeep and _OWED.search(match.group()) and kind == "todo" else cue.strength,
        phrase=f"add {rest}" if lacking else rest if is_verbal else imperative(rest),
        refers=points,
        names=identifiers(rest),
        at=match.start(),
    )


def imperative(wanted: str) -> str:
    """The wanted thing as an order: "exporting to PDF" and "a map" become "export to PDF" and "add a map"."""
    wanted = _ARTICLE.sub(lambda m: m.group().lower(), wanted)
    first, _, rest = wanted.partition(" ")
    gerund = verbs().get(first.lower()) if first.lower().endswith("ing") else None
    if gerund and rest:
        return f"{gerund[0]} {rest}"
    found = leading_verb(wanted)
    if found and found[1]:
        return wanted
    if re.match(r"(?:us|we) to ", wanted, re.IGNORECASE):
        return wanted.split(" to ", 1)[1]
    asked = re.match(r"(?:whether|if) (?P<who>\w{1,20}) (?:can|could|might) (?P<what>.+)", wanted, re.IGNORECASE)
    if asked:
        ours = asked.group("who").lower() in ("we", "you", "it", "i")
        who = "users" if asked.group("who").lower() in ("they", "people") else asked.group("who")
        return asked.group("what") if ours else f"let {who} {asked.group('what')}"
    who = _ABLE.match(wanted)
    if who:
        return f"let {who.group('who')} {who.group('what')}"
    if re.match(r"(?:to|if) ", wanted):
        return wanted.split(" ", 1)[1]
    return f"add {wanted}"
