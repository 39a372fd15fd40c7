"""Priority by what people say about urgency, each signal quoted in the finding's reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from bot.extraction.cues import pattern
from bot.extraction.grammar import stems
from bot.extraction.threads import Thread
from bot.extraction.transcript import Passage, Transcript
from bot.model import Priority

_DENIED = re.compile(
    r"\b(?:nobody|no one|nobody's|no one's|not|isn't|n't|no|nothing|hardly|non-?|for|enough .{0,30})(?: \w{2,10})? ?$",
    re.IGNORECASE,
)
_FOLLOWING = 2  # sentences after a mention that still speak of it
_ANSWERING = 3  # sentences of the next turn that still speak of the last thing said
_LONGEST = 600  # characters of a sentence; longer ones are data, not speech

Signal = tuple[Priority, str]


def priority(thread: Thread, threads: list[Thread], transcript: Transcript) -> tuple[Priority, list[str]]:
    """The priority and its signals; a task that mends a fault has the fault's priority unless it states its own."""
    own = _own(thread, threads, transcript)
    if own:
        return own[0], [own[1]]
    if thread.parent is not None and (above := _own(thread.parent, threads, transcript)) and above[0] == "low":
        return "low", [f"with {thread.parent.kind}: {above[1]}"]
    if thread.kind == "todo":
        for other in threads:
            if _mends(thread, other) and (mended := _own(other, threads, transcript)):
                return mended[0], [f"mends a bug: {mended[1]}"]
    return "medium", []


def _mends(task: Thread, fault: Thread) -> bool:
    shared = task.stems & fault.stems
    return fault.kind == "bug" and len(shared) >= 2 and len(shared) / len(fault.stems) >= 0.6


def _own(thread: Thread, threads: list[Thread], transcript: Transcript) -> Signal | None:
    """What is said with the thing itself, then in remarks on it, then right after it; urgency outweighs delay."""
    said = [c.passage for c in thread.mentions]
    after = [c.passage for c in thread.remarks]
    nearby = list(_nearby(thread, threads, transcript))
    return (
        _urgent(thread, said, ("priority_urgent", "priority_unsafe", "priority_harm"))
        or _urgent(thread, _above_list(thread, threads, transcript), ("priority_urgent", "priority_harm"))
        or _idle(thread, [*said, *_announcing(thread, transcript)])
        or _users(thread, said)
        or _urgent(thread, [*after, *nearby], ("priority_urgent", "priority_harm"))
        or _idle(thread, [*after, *nearby, *_below_list(thread, transcript)])
        or _users(thread, [*nearby, *_following(thread, threads, transcript)])
    )


def _urgent(thread: Thread, passages: list[Passage], names: tuple[str, ...]) -> Signal | None:
    for passage in passages:
        for name in names if thread.kind == "bug" else names[:-1]:  # what does harm is a fault
            if match := _undenied(name, passage.text):
                return "high", f'high: "{match}"'
    return None


def _idle(thread: Thread, passages: list[Passage]) -> Signal | None:
    first = thread.mentions[0].passage
    for passage in passages:
        if match := _undenied("priority_not_urgent", passage.text):
            return "low", f'low: "{match}"'
        # "Crashes in Q3 reports" sets no date.
        if thread.kind == "bug" and passage.order == first.order:
            continue
        if match := _found("far", passage.text) or _found("priority_far", passage.text):
            return "low", f'low: "{match}"'
    return None


def _users(thread: Thread, passages: list[Passage]) -> Signal | None:
    if thread.kind != "bug":
        return None
    for passage in passages:
        if people := _found("priority_users", passage.text):
            return "high", f'high: users affected, "{people}"'
    return None


def _found(name: str, text: str) -> str:
    match = pattern(name).search(text)
    return match.group().strip() if match else ""


def _undenied(name: str, text: str) -> str:
    for match in pattern(name).finditer(text):
        if not _DENIED.search(text[: match.start()]):
            return match.group()
    return ""


def _nearby(thread: Thread, threads: list[Thread], transcript: Transcript) -> Iterator[Passage]:
    """What speaks of it after each mention, up to the next loose end or topic, on into the next human turn."""
    # "I'll fix that tonight" may be counted to another thread, and still speaks of what was said last.
    taken = {c.passage.order for t in threads for c in t.mentions if not c.refers}
    taken |= {c.passage.order for c in [*thread.mentions, *thread.remarks]}
    for candidate in thread.mentions:
        rest = _after(candidate.passage, transcript)
        followers = _same_topic(rest, taken)
        yield from (p for p in followers[:_FOLLOWING] if _points(p, thread))
        if len(followers) == len(rest) and (answer := next(transcript.later_human_turns(candidate.passage.turn), None)):
            answers = _same_topic(transcript.turns[answer], taken)[:_ANSWERING]
            yield from (p for p in answers if _points(p, thread))
    for passage in transcript.human():
        if passage.order > thread.mentions[0].passage.order and passage.order not in taken and _names(passage, thread):
            yield passage


def _after(passage: Passage, transcript: Transcript) -> list[Passage]:
    """The rest of the turn, without the rest of the code that a marker stands in."""
    later = [p for p in transcript.turns[passage.turn] if p.order > passage.order]
    is_code = passage.block.kind == "code"
    return [p for p in later if not (is_code and p.block.first == passage.block.first)]


def _announcing(thread: Thread, transcript: Transcript) -> list[Passage]:
    """The sentence right before that says what sort of things follow: "two small things"."""
    first = thread.mentions[0].passage
    return [
        p
        for p in transcript.turns[first.turn]
        if p.order == first.order - 1 and pattern("priority_small").search(p.text)
    ]


def _above_list(thread: Thread, threads: list[Thread], transcript: Transcript) -> list[Passage]:
    """The sentence above a run of markers or items that says how urgent they are: "those are the top priority"."""
    first = thread.mentions[0]
    if first.strength not in ("marker", "listed") or first.passage.block.kind == "code":
        return []
    said = [c for t in threads for c in t.mentions if not c.refers]
    listed = {c.passage.order for c in said if c.strength == first.strength}
    above = [p for p in transcript.turns[first.passage.turn] if p.order < first.passage.order]
    heads = [p for p in reversed(above) if p.order not in listed][:1]
    founding = {c.passage.order for c in said}
    return [p for p in heads if p.order not in founding and pattern("priority_points").search(p.text)]


def _same_topic(passages: Sequence[Passage], taken: set[int]) -> list[Passage]:
    def goes_on(passage: Passage) -> bool:
        is_speech = passage.block.kind == "prose" and len(passage.text) <= _LONGEST
        return passage.order not in taken and is_speech and not pattern("priority_new_topic").match(passage.text)

    return list(takewhile(goes_on, passages))


def _points(passage: Passage, thread: Thread) -> bool:
    """Whether a sentence nearby speaks of the thing: by a pronoun, by its words, or as a mere ellipsis."""
    thing = pattern("priority_thing").search(passage.text)
    if thing and (named := stems(thing.group("name"))):
        return named <= thread.stems
    is_short = len(passage.text.split()) <= 4
    return is_short or bool(pattern("priority_points").search(passage.text) or stems(passage.text) & thread.stems)


def _following(thread: Thread, threads: list[Thread], transcript: Transcript) -> list[Passage]:
    """The sentences right after the fault, whatever they speak of: who met it is told there."""
    taken = {c.passage.order for t in threads for c in t.mentions}
    return _same_topic(_after(thread.mentions[0].passage, transcript), taken)[:_FOLLOWING]


def _names(passage: Passage, thread: Thread) -> bool:
    """Whether a sentence comes back to the thing by its name."""
    if passage.block.kind != "prose" or len(passage.text) > _LONGEST:
        return False
    thing = pattern("priority_thing").search(passage.text)
    shared = stems(passage.text) & thread.stems
    if thing and (named := stems(thing.group("name"))):
        return named <= shared
    return len(shared) >= 2 or (bool(shared) and shared == thread.stems)


def _below_list(thread: Thread, transcript: Transcript) -> list[Passage]:
    """The sentence right under the list that the thing was an item of, which speaks of all of them."""
    first = thread.mentions[0].passage
    if first.block.kind != "item":
        return []
    below = [p for p in transcript.turns[first.turn] if p.order > first.order and p.block.kind != "item"]
    return [p for p in below[:1] if pattern("points_at_it").match(p.text)]
