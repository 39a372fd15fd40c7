"""Explicit markers: TODO, FIXME, BUG, HACK, XXX, action items and open task boxes, in prose and in pasted code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from bot.extraction.candidates import Candidate
from bot.extraction.grammar import identifiers, leading_verb
from bot.extraction.languages import is_english, marked, may_be_marked
from bot.extraction.transcript import Passage, Transcript

_NAMES = r"TODO|FIXME|BUG|HACK|XXX|OPTIMI[ZS]E"
_WISHED = r"FEATURE(?: REQUEST)?|WISH|ENHANCEMENT"
# Of the markers above and below, and of an open task box.
_LETTERS = (
    *"TODO FIXME BUG HACK XXX OPTIMI FEATURE WISH ENHANCEMENT TO-DO FIX-ME odo ixme Action ACTION AI".split(),
    "[ ]",
)
_PROSE = re.compile(
    rf"^(?:(?:#|//|--|;|/\*) ?)?(?:(?:{_NAMES}|{_WISHED}|TO-?DO|FIX-?ME|Todo|Fixme|todo|fixme)"
    r"(?: ?[\(\[][^()\[\]]{1,40}[\)\]])?(?: ?: ?| - )|(?:Action item|ACTION ITEM|AI)s?: ?)(?P<text>\S.{0,400})$"
)
_INLINE = re.compile(rf"(?<![\w`\"'/])(?:{_NAMES})(?: ?\([^()]{{1,40}}\))?: (?P<text>\S.{{0,300}})$")
_CODE = re.compile(
    rf"(?:#|//|/\*+|--|;|<!--|\*|%|\"\"\"|')\s{{0,4}}@?(?P<name>{_NAMES}|todo|fixme|Todo)\b(?:\s?\([^()]{{0,40}}\))?\s{{0,3}}[:\-]?\s{{0,3}}(?P<text>.{{0,300}})$"
)
_BUG = re.compile(r"^\W{0,6}BUG\b")
_FEATURE = re.compile(rf"^\W{{0,6}}(?:{_WISHED})\b")
_CLOSER = re.compile(r"\s*(?:\*/|-->|\"\"\"|#\})\s*$")
_DEFINES = re.compile(
    r"^\s{0,40}(?:(?:export|default|public|private|protected|static|async|final|override|inline|virtual|pub|internal|suspend)\s+){0,4}"
    r"(?:(?:def|function|func|fn|fun|class|sub|proc|struct|interface|impl|method)\s+(?:\([^()]{0,60}\)\s*)?(?P<a>[\w$]{2,60})|(?:const|let|var)\s+(?P<b>[\w$]{2,60})\s*=\s*(?:async\s*)?(?:\(|function|\w{1,30}\s*=>)"
    r"|(?:[\w<>\[\],:*&]{1,40}\s+){1,2}(?P<c>\w{2,60})\s*\([^;]{0,200}\)\s*(?:const\s*)?\{)"
)
_CALL = re.compile(r"([A-Za-z_][\w.]{1,60})\(")
_ROUTE = re.compile(r"[\"'](/[\w/<>{}:.-]{1,80})[\"']")
_POINTS = re.compile(r"\b(?:this|it|that|here|these)\b", re.IGNORECASE)
_POINTED = re.compile(
    r"\b(?:(?:this|that|these) (?:function|method|class|query|loop|call|line|file|code|block|module|handler)"
    r"|this|it|that|here|these)\b",
    re.IGNORECASE,
)
_THIRD_PERSON = re.compile(r"(?!this|has\b|is\b|was\b|does\b)[A-Za-z]{2,15}[^sS\W]s (?=\w)")  # "loads the whole table"
_KEYWORDS = frozenset(
    "if for while switch return catch with print range len str int list dict super function def elif not "
    "and or ".split()
)
_COMMENT = re.compile(r"^\s{0,40}(?:#|//|--|\*|/\*)(?!!|include)")
_DONE = re.compile(r"~~|\(done\)|✅|✔|\bdone\b[.!]?$", re.IGNORECASE)


def propose(transcript: Transcript) -> Iterator[Candidate]:
    """Markers with a text of their own, or one that their code line or function can supply."""
    turns = transcript.conversation.turns
    marked_turns = (transcript.turns[turn] for turn in transcript.asked if _may_mark(turns[turn].text))
    for passage in chain.from_iterable(marked_turns):
        if passage.block.kind == "quote":
            continue
        if passage.block.kind == "code" and (passage.block.first != passage.first or not passage.block.language):
            yield from _in_code(passage)
        if passage.block.kind != "code" or not _fenced(passage):
            yield from _in_prose(passage)


def _may_mark(text: str) -> bool:
    """Whether a turn holds the letters of a marker at all."""
    return any(letters in text for letters in _LETTERS) or ((":" in text or "\uff1a" in text) and may_be_marked(text))


def _fenced(passage: Passage) -> bool:
    return passage.block.lines[0].lstrip().startswith(("```", "~~~"))


def _in_prose(passage: Passage) -> Iterator[Candidate]:
    text = passage.text
    if passage.block.checked is False and not _DONE.search(text):
        yield _candidate(passage, "[ ]", re.sub(rf"^(?:{_NAMES}):? ?", "", text))
        return
    if passage.block.checked or (text.endswith("?") and not text.startswith(("TODO", "FIXME", "BUG"))):
        return
    if (told := marked(text)) and not is_english(text, otherwise=False):
        yield replace(_candidate(passage, told[0], told[2]), kind=told[1])
        return
    is_speech = passage.block.kind in ("prose", "item") and ": " in text
    match = _PROSE.match(text) or (_INLINE.search(text) if is_speech else None)
    if match and not _DONE.search(text):
        yield _candidate(passage, match.group().split(" ")[0].strip("#/ "), match.group("text"))


def _candidate(passage: Passage, cue: str, text: str) -> Candidate:
    return Candidate(
        kind="bug" if _BUG.match(cue) else "feature" if _FEATURE.match(cue) else "todo",
        detector="marker",
        cue=cue,
        passage=passage,
        strength="marker",
        phrase=text.strip(" .;"),
        names=identifiers(text),
    )


def _in_code(passage: Passage) -> Iterator[Candidate]:
    match = _CODE.search(passage.quote)
    if match is None:
        return
    text = _CLOSER.sub("", match.group("text")).strip(" .;")
    function, routes = _around(passage)
    statement = passage.quote[: match.start()]
    name = _called(statement) or function
    bug = match.group("name") == "BUG"
    wording = _worded(text, name)
    if bug and name and _THIRD_PERSON.match(text):
        wording = f"{name} {text[0].lower()}{text[1:]}"
    if not wording:
        return
    yield Candidate(
        kind="bug" if bug else "todo",
        detector="marker",
        cue=match.group("name"),
        passage=_with_comment(passage),
        strength="marker",
        phrase=wording,
        names=tuple(
            dict.fromkeys([*identifiers(text), *([function] if function else []), *routes, *identifiers(statement)])
        ),
    )


def _with_comment(passage: Passage) -> Passage:
    """The passage with the comment right above it, which tells what the marked statement is for."""
    lines, at = passage.block.lines, passage.first - passage.block.first
    start = at
    while start > max(0, at - 3) and _COMMENT.match(lines[start - 1]) and not _CODE.search(lines[start - 1]):
        start -= 1
    if start == at or _COMMENT.match(lines[at]):
        return passage
    return replace(passage, first=passage.block.first + start, quote="\n".join(lines[start : at + 1]).strip())


def _worded(text: str, name: str) -> str:
    """The marker's own text, with the thing it stands on where it only points at it or says too little."""
    if not name:
        return text if len(text.split()) >= 2 and not _POINTS.fullmatch(text) else ""
    if not text:
        return f"Finish {name}"
    if _POINTS.search(text):
        return _POINTED.sub(lambda m: f"in {name}" if m.group().lower() == "here" else name, text, count=1)
    if len(text.split()) > 2 or name.lower() in text.lower():
        return text
    verb = leading_verb(text)
    return f"{text} {name}" if verb and verb[1] and not verb[2] else f"{text} in {name}"


def _called(statement: str) -> str:
    calls = [c for c in _CALL.findall(statement) if c.lower() not in _KEYWORDS and not _DEFINES.match(statement)]
    return calls[0] if calls else ""


def _around(passage: Passage) -> tuple[str, list[str]]:
    """The function that the line stands in (or right above), and the routes registered for it."""
    lines = passage.block.lines
    at = passage.first - passage.block.first
    order = [*range(at, max(-1, at - 60), -1), *range(at + 1, min(len(lines), at + 3))]
    for number in order:
        match = _DEFINES.match(lines[number])
        if (
            match
            and (name := match.group("a") or match.group("b") or match.group("c"))
            and name.lower() not in _KEYWORDS
        ):
            above = lines[max(0, number - 3) : number + 1]
            return name, [route for line in above for route in _ROUTE.findall(line)]
    return "", []
