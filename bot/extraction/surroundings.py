"""What stands around a loose end, looked up by the order of passages: built once for a talk, in one pass over it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from bot.extraction.cues import pattern
from bot.extraction.threads import Thread
from bot.extraction.transcript import Passage, Transcript

LONGEST = 600  # characters of a sentence; longer ones are data, not speech
_SIGNALS = ("priority_urgent", "priority_harm", "priority_not_urgent", "far", "priority_far", "priority_users")
_RETURNS = 200  # sentences on urgency after a first mention that may come back to it, which bounds one look-up


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Look-ups for all loose ends of one talk; ``passages`` and ``stops`` are indexed by order.

    ``founding`` are the orders of passages that name a loose end, ``spoken`` of all that speak of one. ``stops``
    tells the order at which the topic ends from there on. ``heads`` has, for markers and for items, the
    nearest passage above that is none of them.
    """

    transcript: Transcript
    passages: tuple[Passage, ...]
    founding: frozenset[int]
    spoken: frozenset[int]
    stops: tuple[int, ...]
    heads: dict[str, tuple[Passage | None, ...]]
    below: tuple[Passage | None, ...]
    signals: tuple[Passage, ...]

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
        return range(rest.start, min([self.stops[rest.start], *own[at : at + 1]]))

    def returning(self, passage: Passage) -> tuple[Passage, ...]:
        """Later human sentences that say how urgent something is and found nothing."""
        at = bisect_right(self.signals, passage.order, key=lambda p: p.order)
        return self.signals[at : at + _RETURNS]


def surroundings(threads: Sequence[Thread], transcript: Transcript) -> Surroundings:
    """The look-ups for ``threads``, which are all those of the talk."""
    mentions = [c for t in threads for c in t.mentions]
    named = [c for c in mentions if not c.refers]
    founding = frozenset(c.passage.order for c in named)
    runs = {s: {c.passage.order for c in named if c.strength == s} for s in ("marker", "listed")}
    return Surroundings(
        transcript=transcript,
        passages=tuple(chain.from_iterable(transcript.turns)),
        founding=founding,
        spoken=frozenset(c.passage.order for c in mentions),
        stops=tuple(chain.from_iterable(_stops(turn, founding) for turn in transcript.turns)),
        heads={
            s: tuple(chain.from_iterable(_heads(turn, run) for turn in transcript.turns)) for s, run in runs.items()
        },
        below=tuple(chain.from_iterable(_below(turn) for turn in transcript.turns)),
        signals=tuple(p for p in transcript.human() if p.order not in founding and _is_signal(p)),
    )


def goes_on(passage: Passage) -> bool:
    """Whether a passage is speech that opens no other topic."""
    is_speech = passage.block.kind == "prose" and len(passage.text) <= LONGEST
    return is_speech and not pattern("priority_new_topic").match(passage.text)


def _is_signal(passage: Passage) -> bool:
    is_speech = passage.block.kind == "prose" and len(passage.text) <= LONGEST
    return is_speech and any(pattern(name).search(passage.text) for name in _SIGNALS)


def _stops(turn: Sequence[Passage], founding: frozenset[int]) -> list[int]:
    stops: list[int] = []
    stop = turn[-1].order + 1 if turn else 0
    for passage in reversed(turn):
        if passage.order in founding or not goes_on(passage):
            stop = passage.order
        stops.append(stop)
    return stops[::-1]


def _heads(turn: Sequence[Passage], run: set[int]) -> list[Passage | None]:
    heads: list[Passage | None] = []
    head: Passage | None = None
    for passage in turn:
        heads.append(head)
        head = head if passage.order in run else passage
    return heads


def _below(turn: Sequence[Passage]) -> list[Passage | None]:
    below: list[Passage | None] = []
    under: Passage | None = None
    for passage in reversed(turn):
        below.append(under)
        under = under if passage.block.kind == "item" else passage
    return below[::-1]
