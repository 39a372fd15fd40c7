"""Priority by what people say about urgency, each signal quoted in the finding's reasons."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from operator import itemgetter

from bot.extraction.cues import pattern
from bot.extraction.grammar import stems
from bot.extraction.surroundings import LONGEST, Surroundings, goes_on, surroundings
from bot.extraction.threads import Thread
from bot.extraction.transcript import Passage, Transcript
from bot.model import Priority

_DENIED = re.compile(
    r"\b(?:nobody|no one|nobody's|no one's|not|isn't|n't|no|nothing|hardly|non-?|for|enough .{0,30})(?: \w{2,10})? ?$",
    re.IGNORECASE,
)
_FOLLOWING = 2  # sentences after a mention that still speak of it
_ANSWERING = 3  # sentences of the next turn that still speak of the last thing said
_REACH = 200  # faults to either side that a task may mend, of those with a priority of their own

Signal = tuple[Priority, str]
Fault = tuple[int, Thread, Signal]  # with its place among all threads


def priorities(threads: Sequence[Thread], transcript: Transcript) -> list[tuple[Priority, list[str]]]:
    """The priority of each thread with its signals.

    A task that mends a fault has the fault's priority unless it states its own.
    """
    around = surroundings(threads, transcript)
    own = {thread: _own(thread, around) for thread in threads}
    faults = [(at, t, signal) for at, t in enumerate(threads) if t.kind == "bug" and (signal := own[t])]
    return [_priority(thread, own, _near(at, faults)) for at, thread in enumerate(threads)]


def _near(at: int, faults: Sequence[Fault]) -> Sequence[Fault]:
    middle = bisect_left(faults, at, key=itemgetter(0))
    return faults[max(0, middle - _REACH) : middle + _REACH]


def _priority(
    thread: Thread, own: Mapping[Thread, Signal | None], faults: Sequence[Fault]
) -> tuple[Priority, list[str]]:
    if said := own[thread]:
        return said[0], [said[1]]
    if thread.parent is not None and (above := own[thread.parent]) and above[0] == "low":
        return "low", [f"with {thread.parent.kind}: {above[1]}"]
    if thread.kind == "todo":
        for _, fault, mended in faults:
            if _mends(thread, fault):
                return mended[0], [f"mends a bug: {mended[1]}"]
    return "medium", []


def _mends(task: Thread, fault: Thread) -> bool:
    shared = len(task.stems & fault.stems)
    return shared >= 2 and shared / len(fault.stems) >= 0.6


def _own(thread: Thread, around: Surroundings) -> Signal | None:
    """What is said with the thing itself, then in remarks on it, then right after it; urgency outweighs delay."""
    said = [c.passage for c in thread.mentions]
    after = [c.passage for c in thread.remarks]
    nearby = list(_nearby(thread, around))
    return (
        _urgent(thread, said, ("priority_urgent", "priority_unsafe", "priority_harm"))
        or _urgent(thread, _above_list(thread, around), ("priority_urgent", "priority_harm"))
        or _idle(thread, [*said, *_announcing(thread, around)])
        or _users(thread, said)
        or _urgent(thread, [*after, *nearby], ("priority_urgent", "priority_harm"))
        or _idle(thread, [*after, *nearby, *_below_list(thread, around)])
        or _users(thread, [*nearby, *_following(thread, around)])
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


def _nearby(thread: Thread, around: Surroundings) -> Iterator[Passage]:
    """What speaks of it after each mention, up to the next loose end or topic, on into the next human turn."""
    # "I'll fix that tonight" may be counted to another thread, and still speaks of what was said last.
    own = sorted({c.passage.order for c in [*thread.mentions, *thread.remarks]})
    for candidate in thread.mentions:
        rest = around.rest(candidate.passage)
        followers = around.same_topic(rest, own)
        near = [*followers[:_FOLLOWING]]
        if len(followers) == len(rest):
            near += around.same_topic(around.answer(candidate.passage), own)[:_ANSWERING]
        yield from (p for order in near if _points(p := around.passage(order), thread))
    mine = frozenset(own)
    for passage in around.returning(thread.mentions[0].passage):
        if passage.order not in mine and _names(passage, thread):
            yield passage


def _announcing(thread: Thread, around: Surroundings) -> list[Passage]:
    """The sentence right before that says what sort of things follow: "two small things"."""
    first = thread.mentions[0].passage
    before = around.passage(first.order - 1) if first.index else None
    return [before] if before and pattern("priority_small").search(before.text) else []


def _above_list(thread: Thread, around: Surroundings) -> list[Passage]:
    """The sentence above a run of markers or items that says how urgent they are: "those are the top priority"."""
    first = thread.mentions[0]
    if first.strength not in around.runs or first.passage.block.kind == "code":
        return []
    head = around.head(first.passage, first.strength)
    if head is None or head.order in around.founding or len(head.text) > LONGEST:
        return []
    return [head] if pattern("priority_points").search(head.text) else []


def _points(passage: Passage, thread: Thread) -> bool:
    """Whether a sentence nearby speaks of the thing: by a pronoun, by its words, or as a mere ellipsis."""
    thing = pattern("priority_thing").search(passage.text)
    if thing and (named := stems(thing.group("name"))):
        return named <= thread.stems
    is_short = len(passage.text.split()) <= 4
    return is_short or bool(pattern("priority_points").search(passage.text) or stems(passage.text) & thread.stems)


def _following(thread: Thread, around: Surroundings) -> list[Passage]:
    """The sentences right after the fault, whatever they speak of: who met it is told there."""
    near = [around.passage(order) for order in around.rest(thread.mentions[0].passage)[:_FOLLOWING]]
    return list(takewhile(lambda p: p.order not in around.spoken and goes_on(p), near))


def _names(passage: Passage, thread: Thread) -> bool:
    """Whether a sentence comes back to the thing by its name."""
    thing = pattern("priority_thing").search(passage.text)
    shared = stems(passage.text) & thread.stems
    if thing and (named := stems(thing.group("name"))):
        return named <= shared
    return len(shared) >= 2 or (bool(shared) and shared == thread.stems)


def _below_list(thread: Thread, around: Surroundings) -> list[Passage]:
    """The sentence right under the list that the thing was an item of, which speaks of all of them."""
    first = thread.mentions[0].passage
    below = around.below(first) if first.block.kind == "item" else None
    return [below] if below and len(below.text) <= LONGEST and pattern("points_at_it").match(below.text) else []
