"""Minutes of a meeting: what somebody takes on, what was decided, what is pending, topics with an issue left open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice, pairwise

from bot.extraction import commitments, wishes
from bot.extraction.candidates import Candidate
from bot.extraction.commitments import kind_of
from bot.extraction.cues import Cue, alive, load, pattern
from bot.extraction.grammar import base_form, identifiers, is_quoted, leading_verb, phrase, stems
from bot.extraction.inflection import forms
from bot.extraction.minute_tables import rows
from bot.extraction.transcript import Passage, Transcript
from bot.extraction.wishes import imperative
from bot.model import Kind

FORMAT = "minutes"  # of the reader of minutes

_LONGEST = 600  # characters of a note
_LEAST_NOTES = 2  # notes that show that a topic was talked of
_MENTIONED = 2  # notes that show a topic
_SURE = frozenset({"firm", "asked", "lack"})  # what is said so strongly in its notes stands for the topic
_LAST_NOTES = 3  # which tell how the talk on a topic ended
_LINK = re.compile(r"\s*\(?\[?#?\[[^\]]{0,80}\](?:\([^()\s]{0,300}\)|\[[^\]]{0,40}\])\]?\)?|\s*\(?#\d{1,6}\)?")
_OWNER = re.compile(
    r"@?\[?[A-Z][\w.-]{1,20}\]?(?:(?:,| and| &|/) ?@?[A-Z][\w.-]{1,20}){0,2}\s?(?::|-|to\b|will\b)\s?(?=\w)"
)
_DONE = re.compile(
    r"~~|✅|✔|\[x\]|\b(?:done|fixed|completed)\b"
    r"|\b(?:exists|there|possible|available) already\b|\balready (?:there|exists)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.;!?] (?=[A-Z])")
_OWNED = frozenset({"owner has to", "owner does", "somebody would like", "somebody asks for"})
_OWED = re.compile(r"\b(?:will|should|must|needs?|has to|have to|make sure|to be)\b", re.IGNORECASE)
_LEAD = re.compile(r"^(?:only|but|and|also|still) ", re.IGNORECASE)
_MADE = re.compile(
    r"[\w-]{1,20} (?:has |have |already )?"
    r"(?:made|wrote|written|opened|created|prepared|sent|submitted|put up|has|have) (?=an? |the )",
    re.IGNORECASE,
)
_POINTS = re.compile(r"(?:this|that|it|these|those|they)", re.IGNORECASE)
_SORTS = (("review", "review"), ("test", "test"), ("rebas", "rebase"), ("doc", "document"), ("clean", "clean up"))
_NAME = re.compile(r"[A-Z][\w-]{1,20}")
_COMMA = re.compile(r"[,;.(]| and ")
_ROLL = re.compile(r"(?:here|present|attending|attendees|participants|on call)\s?:\s?", re.IGNORECASE)
_NO_NAMES = frozenset("We It This That They There He She I The All Nobody Everyone Work Access Support".split())
_FAULT = re.compile(
    r"\b(?:full|fail\w{0,4}|broken|errors?|crash\w{0,3}|slow|bugs?|flaky|leak\w{0,3}|hang\w{0,3})\b", re.IGNORECASE
)
_INTEREST = re.compile(
    r"(?:interest in|proposal (?:to|for)|request (?:to|for)|discuss(?:ion(?: of| on| about)?)?) ", re.IGNORECASE
)


@dataclass(slots=True, kw_only=True)
class _Topic:
    """A passage that names a topic and its issue, with the notes below it. ``level`` is the depth of its mark."""

    passage: Passage
    level: int
    notes: list[Passage] = field(default_factory=list)


def propose(transcript: Transcript) -> Iterator[Candidate]:
    """Candidates of minutes; none of other talks."""
    if transcript.conversation.format != FORMAT:
        return
    found = [c for passage, section in _notes(transcript) for c in _note(passage, section, transcript)]
    yield from found
    known = {c.passage.order for c in found}
    known |= {c.passage.order for d in (commitments, wishes) for c in d.propose(transcript) if c.strength in _SURE}
    for row in rows(transcript):
        row_cue, strength = ("task in a table", "firm") if row.is_task else ("issue in a table", "hedged")
        yield from filter(None, [_candidate(row.passage, row_cue, strength, _ordered(phrase(row.work)), 0)])
    for topic in _topics(transcript):
        if not known & {topic.passage.order, *(p.order for p in topic.notes)} and (left := _left(topic)):
            yield left
            yield from _told(topic)


def _notes(transcript: Transcript) -> Iterator[tuple[Passage, str]]:
    """Each sentence and item with the heading that it stands under."""
    section = ""
    for passage in transcript.human():
        if passage.block.kind == "heading":
            section = passage.text.strip("# *:")
        elif passage.block.kind in ("prose", "item") and len(passage.text) <= _LONGEST:
            yield passage, section


def _note(passage: Passage, section: str, transcript: Transcript) -> Iterator[Candidate]:
    """What each sentence of a note leaves to do, unless it or the next one says that it is done."""
    if passage.block.checked or pattern("minutes_roll").match(section):
        return
    if passage.block.kind == "item" and pattern("minutes_actions").match(section):
        action = None if _DONE.search(passage.text) or passage.text.endswith("?") else _action(passage)
        if action:
            yield action
            return
    ends = [0, *(m.end() for m in _SENTENCE.finditer(passage.text)), len(passage.text)]
    for start, end in pairwise(ends):
        sentence = replace(passage, text=passage.text[start:end].strip())
        is_done = _DONE.search(passage.text[start : ends[min(ends.index(end) + 1, len(ends) - 1)]])
        is_said = sentence.text and not is_done and not sentence.text.endswith("?")
        if is_said and (found := _sentence(sentence, transcript)):
            yield replace(found, passage=passage, at=found.at + start)


def _sentence(passage: Passage, transcript: Transcript) -> Candidate | None:
    for cue in alive("minuted", passage.cues):
        match = cue.pattern.search(passage.text)
        if match is None or is_quoted(passage.text, match.start()):
            continue
        if cue.name in _OWNED and match["who"].split(" ")[0] not in _people(transcript):
            continue
        if found := _minuted(passage, cue, match):
            return found
    return None


def _minuted(passage: Passage, cue: Cue, match: re.Match[str]) -> Candidate | None:
    said = match.groupdict()
    if "thing" in said:
        wording = _pending(passage, said["thing"], (said.get("sort") or "").lower(), match.start("thing"))
        return _candidate(passage, cue.name, cue.strength, wording, match.start())
    work = _ordered(phrase(pattern("minutes_said").sub("", said.get("work") or said.get("work2") or "", count=1)))
    if pattern("minutes_no_work").search(work):
        return None
    is_order = leading_verb(work, listed=True) is not None
    if cue.name == "was decided":
        is_owed = bool(_OWED.search(match.group()))
        is_thing = pattern("title_statement").search(work) is None
        if not (is_order or is_owed or is_thing):
            return None
        work = work if is_order or not is_thing else imperative(work)
    if cue.name in _OWNED and cue.strength == "firm" and not is_order:
        return None
    is_verbal = passage.text[: match.start("work")].endswith(" to ")
    if cue.strength in ("asked", "wished") and not is_order and not is_verbal:
        work = imperative(work)
    found = _candidate(passage, cue.name, cue.strength, work, match.start())
    return replace(found, kind=_wanted(found)) if found and cue.strength in ("asked", "wished") else found


def _wanted(candidate: Candidate) -> Kind:
    """What is asked for is a capability, unless it is upkeep."""
    verb = leading_verb(candidate.phrase, listed=True)
    return kind_of(verb[1], verb[2], "firm") if verb and pattern("chore").search(verb[2]) else "feature"


def _pending(passage: Passage, thing: str, sort: str, at: int) -> str:
    """The work that is left on a thing: to review it, to finish it; "" where the thing is not named."""
    thing = _LEAD.sub("", phrase(thing))
    if _POINTS.fullmatch(thing):
        named = pattern("commitment_thing").findall(passage.text[:at])
        thing = f"the {named[-1]}" if named else ""
    if not stems(thing) or pattern("minutes_thing_unfit").search(thing):
        return ""
    thing = thing[0].lower() + thing[1:] if thing.startswith(("The ", "A ", "An ", "Our ")) else thing
    verb = next((verb for start, verb in _SORTS if sort.startswith(start)), "")
    if not sort:
        made = _MADE.match(thing)
        return f"{'land' if made else 'finish'} {thing[made.end() :] if made else thing}"
    return f"{verb} {thing}" if verb else f"do more {sort} on {thing}"


def _ordered(work: str) -> str:
    """The work as an order: "checks the quota" and "checking the quota" are to check it."""
    first, _, rest = work.partition(" ")
    base = _third_person().get(first.lower())
    if base:
        return f"{base} {rest}"
    return f"{base_form(first)} {rest}" if first.lower().endswith("ing") and rest else work


def _action(passage: Passage) -> Candidate | None:
    text = _OWNER.sub("", passage.text, count=1)
    work = phrase(text)
    is_owned = text != passage.text
    if not is_owned and leading_verb(work, listed=True) is None:
        return None
    is_order = leading_verb(_ordered(work), listed=True) is not None
    return _candidate(passage, "action", "firm", _ordered(work) if is_order else imperative(work), 0)


def _topics(transcript: Transcript) -> Iterator[_Topic]:
    """Topics with an issue, each with its notes: below its heading, or as deeper items of its item."""
    open_topics: list[_Topic] = []
    for passage in transcript.human():
        level = _level(passage)
        while open_topics and level <= open_topics[-1].level:
            yield open_topics.pop()
        for topic in open_topics:
            topic.notes.append(passage)
        is_topic = passage.block.kind in ("heading", "item") and len(passage.text) <= _LONGEST
        if is_topic and pattern("minutes_link").search(passage.text):
            open_topics.append(_Topic(passage=passage, level=level))
    yield from reversed(open_topics)


def _level(passage: Passage) -> int:
    """The depth of a heading, then that of an item by its indent, then all other text."""
    line = passage.block.lines[0]
    if passage.block.kind == "heading":
        return len(line) - len(line.lstrip("#")) or 5
    return 10 + len(line) - len(line.lstrip()) if passage.block.kind == "item" else 1000


def _left(topic: _Topic) -> Candidate | None:
    """The topic itself as work, where its notes leave it open."""
    said = [note.text for note in topic.notes if note.block.kind != "heading"]
    is_open = any(pattern("minutes_open").search(text) for text in said)
    is_settled = any(pattern("minutes_settled").search(text) for text in said[-_LAST_NOTES:])
    if len(said) < _LEAST_NOTES or not is_open or is_settled:
        return None
    text = _LINK.sub("", topic.passage.text.strip("# ")).strip(" :-")
    work = _ordered(_INTEREST.sub("", phrase(text), count=1))
    if not leading_verb(work, listed=True):
        work = f"decide on {work}"
    kind: Kind = "bug" if _FAULT.search(text) else "todo"
    return _candidate(topic.passage, "topic left open", "hedged", text if kind == "bug" else work, 0)


def _told(topic: _Topic) -> Iterator[Candidate]:
    """The first notes that say what there is to do, as further mentions of the topic."""
    notes = (note for note in topic.notes if note.block.kind != "heading" and not note.text.endswith("?"))
    for note in islice((n for n in notes if pattern("minutes_open").search(n.text)), _MENTIONED):
        if found := _candidate(note, "topic left open", "hedged", note.text, 0):
            yield replace(found, refers=True)


def _candidate(passage: Passage, cue: str, strength: str, wording: str, at: int) -> Candidate | None:
    if not stems(wording):
        return None
    found = leading_verb(wording, listed=True)
    return Candidate(
        kind=kind_of(found[1], found[2], "firm") if found else "todo",
        detector="minutes",
        cue=cue,
        passage=passage,
        strength=strength,
        phrase=wording,
        names=identifiers(wording),
        verb=found[0] if found else "",
        at=at,
    )


@lru_cache(maxsize=1)
def _people(transcript: Transcript) -> frozenset[str]:
    """First names and names of those that came, speak, or promise something."""
    names = {turn.speaker.lstrip("@").split(" ")[0] for turn in transcript.conversation.turns if turn.speaker}
    names |= {m["name"] for p, _ in _notes(transcript) for m in pattern("minutes_person").finditer(p.text)} - _NO_NAMES
    for passage, section in _notes(transcript):
        if passage.block.kind == "item" and pattern("minutes_roll").match(section):
            names |= set(_NAME.findall(passage.text)[:3])
        elif called := _ROLL.match(passage.text):
            names |= {name for one in _COMMA.split(passage.text[called.end() :]) for name in _NAME.findall(one)[:1]}
    return frozenset(names)


@lru_cache(maxsize=1)
def _third_person() -> dict[str, str]:
    return {forms(verb)[1]: verb for verb in load().words["takes_on"]}
