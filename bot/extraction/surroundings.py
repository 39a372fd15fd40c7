"""What stands around a loose end, looked up by the order of passages: built once for a talk, in one pass over it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.extraction.cues import gate, may, pattern
from bot.extraction.threads import Thread
from bot.extraction.transcript import Passage, Transcript

LONGEST = 600  # characters of a sentence; longer ones are data, not speech
_SIGNALS = ("priority_urgent", "priority_harm", "priority_not_urgent", "far", "priority_far", "priority_users")
_RETURNS = 200  # sentences on urgency after a first mention that may come back to it, which bounds one look-up


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Surroundings:
    """Look-ups for all loose ends of one talk, by the order of passages.

    ``founding`` are the orders of passages that name a loose end, ``spoken`` of all that speak of one. ``runs``
    has the orders of those that are markers and those that are items.
    """

    transcript: Transcript
    founding: frozenset[int]
    spoken: frozenset[int]
    runs: dict[str, frozenset[int]]

    @property
    def signals(self) -> tuple[Passage, ...]:
        """Human sentences that say how urgent something is and found nothing."""
        return _signals(self)

    def passage(self, order: int) -> Passage:
        """The passage of that order."""
        return self.transcript.at(order)

    def head(self, passage: Passage, strength: str) -> Passage | None:
        """The nearest passage above in the turn that is no marker, or no item, by ``strength``."""
        return _heads(self, passage.turn, strength)[passage.index]

    def below(self, passage: Passage) -> Passage | None:
        """The nearest passage below in the turn that is no item."""
        return _below(self, passage.turn)[passage.index]

    def rest(self, passage: Passage) -> range:
        """The rest of the turn, without the rest of the code that a marker stands in."""
        turn = self.transcript.turns[passage.turn]
        start = passage.order + 1
        if passage.block.kind == "code":
            start = turn[0].order + bisect_right(turn, passage.block.first, key=lambda p: p.block.first)
        return range(start, turn[-1].order + 1)

    def answer(self, passage: Passage) -> range:
        """The next human turn."""
        turn = self.transcript.turns[number] if (number := self.transcript.next_human_turn(passage.turn)) else ()
        return range(turn[0].order, turn[-1].order + 1) if turn else range(0)

    def same_topic(self, rest: range, own: Sequence[int]) -> range:
        """The part of ``rest`` up to another topic or loose end, or to a passage in ``own`` (orders, sorted)."""
        if not rest:
            return rest
        at = bisect_left(own, rest.start)
        first = self.passage(rest.start)
        return range(rest.start, min([_stops(self, first.turn)[first.index], *own[at : at + 1]]))

    def returning(self, passage: Passage) -> tuple[Passage, ...]:
        """Later human sentences that say how urgent something is and found nothing."""
        signals = self.signals
        at = bisect_right(signals, passage.order, key=lambda p: p.order)
        return signals[at : at + _RETURNS]


def surroundings(threads: Sequence[Thread], transcript: Transcript) -> Surroundings:
    """The look-ups for ``threads``, which are all those of the talk."""
    mentions = [c for t in threads for c in t.mentions]
    named = [c for c in mentions if not c.refers]
    founding = frozenset(c.passage.order for c in named)
    runs = {s: frozenset(c.passage.order for c in named if c.strength == s) for s in ("marker", "listed")}
    spoken = frozenset(c.passage.order for c in mentions)
    return Surroundings(transcript=transcript, founding=founding, spoken=spoken, runs=runs)


def goes_on(passage: Passage) -> bool:
    """Whether a passage is speech that opens no other topic."""
    is_speech = passage.block.kind == "prose" and len(passage.text) <= LONGEST
    return is_speech and not pattern("priority_new_topic").match(passage.text)


def _is_signal(passage: Passage) -> bool:
    is_speech = passage.block.kind == "prose" and len(passage.text) <= LONGEST
    return is_speech and any(may(name, passage.cues) and pattern(name).search(passage.text) for name in _SIGNALS)


@lru_cache(maxsize=1)
def _signals(around: Surroundings) -> tuple[Passage, ...]:
    bits = sum(gate().bits[name] for name in _SIGNALS)
    turns = (around.transcript.turns[turn] for turn in around.transcript.asked_with(bits))
    return tuple(p for turn in turns for p in turn if p.order not in around.founding and _is_signal(p))


@lru_cache(maxsize=16)
def _stops(around: Surroundings, turn: int) -> list[int]:
    """For each passage of the turn the order at which its topic ends."""
    passages = around.transcript.turns[turn]
    stops: list[int] = []
    stop = passages[-1].order + 1 if passages else 0
    for passage in reversed(passages):
        if passage.order in around.founding or not goes_on(passage):
            stop = passage.order
        stops.append(stop)
    return stops[::-1]


@lru_cache(maxsize=16)
def _heads(around: Surroundings, turn: int, strength: str) -> list[Passage | None]:
    heads: list[Passage | None] = []
    head: Passage | None = None
    for passage in around.transcript.turns[turn]:
        heads.append(head)
        head = head if passage.order in around.runs[strength] else passage
    return heads


@lru_cache(maxsize=16)
def _below(around: Surroundings, turn: int) -> list[Passage | None]:
    below: list[Passage | None] = []
    under: Passage | None = None
    for passage in reversed(around.transcript.turns[turn]):
        below.append(under)
        under = under if passage.block.kind == "item" else passage
    return below[::-1]
