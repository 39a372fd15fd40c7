"""A conversation as the detectors see it: passages (sentences, items, code lines) with role, zone and true lines."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import overload

from bot.extraction.blocks import Block, blocks
from bot.extraction.cues import gate, pattern, table_bits
from bot.extraction.languages import is_all_english, is_english
from bot.extraction.spelling import plain
from bot.model import Conversation, Role, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A sentence, a list item or a line of code.

    ``quote`` is verbatim; ``text`` is the same for matching: one line, straight quotes, no emphasis
    marks, no bullet. ``first`` and ``last`` are line indexes within the turn. ``order`` rises through the
    conversation, by one from passage to passage of a turn; ``index`` counts within the turn. ``cues`` has a
    bit for each cue that may stand in the text (bot.extraction.gates).
    """

    order: int
    turn: int
    role: Role
    block: Block
    quote: str
    text: str
    first: int
    last: int
    cues: int = -1

    @property
    def index(self) -> int:
        return self.order % _STRIDE


_STRIDE = 1 << 32  # more than a turn has passages


class Turns(Sequence[tuple[Passage, ...]]):
    """The passages of each turn of a conversation, cut when they are first asked for."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._cut: dict[int, tuple[Passage, ...]] = {}
        self._lines: dict[int, list[str]] = {}
        self._masks: dict[int, int] = {}
        speakers = {turn.speaker for turn in conversation.turns if turn.role == "human"}
        # To whom a sentence is said is no part of it, where people talk to each other.
        self._names = frozenset(name.lower() for name in speakers if name) if len(speakers) > 1 else frozenset()

    def lines(self, at: int) -> Sequence[str]:
        """The lines of a turn, cut once: many quotes may stand in it."""
        if at not in self._lines:
            self._lines[at] = self._conversation.turns[at].text.split("\n")
        return self._lines[at]

    def __len__(self) -> int:
        return len(self._conversation.turns)

    @overload
    def __getitem__(self, at: int) -> tuple[Passage, ...]: ...
    @overload
    def __getitem__(self, at: slice) -> list[tuple[Passage, ...]]: ...
    def __getitem__(self, at: int | slice) -> tuple[Passage, ...] | list[tuple[Passage, ...]]:
        if isinstance(at, slice):
            return [self[n] for n in range(*at.indices(len(self)))]
        if at not in self._cut:
            self._cut[at] = tuple(_passages(self._conversation.turns[at], at, self._names))
        return self._cut[at]

    def mask(self, at: int) -> int:
        """The bits of the cues that may stand in a turn, told without cutting it."""
        if at not in self._masks:
            self._masks[at] = gate().mask(self._conversation.turns[at].text)
        return self._masks[at]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Transcript:
    """The passages of every turn: ``turns[i]`` belongs to ``conversation.turns[i]``.

    ``asked`` are the indexes of human turns with text, ``spoken`` of turns with text by role, "" for people and
    assistants. Compared by identity, so that what was found out about a whole talk can be remembered cheaply.
    """

    conversation: Conversation
    turns: Turns
    asked: tuple[int, ...]
    spoken: dict[str, tuple[int, ...]]

    def human(self, *tables: str, quoting: bool = False) -> Iterator[Passage]:
        """The passages of human turns in order, with what they quote where ``quoting`` is set.

        With ``tables`` only those that may hold one of their cues.
        """
        bits = sum(table_bits(table) for table in tables) if tables else -1
        for turn in self.asked_with(bits) if tables else self.asked:
            for passage in self.turns[turn]:
                if (passage.cues & bits or not tables) and (quoting or passage.block.kind != "quote"):
                    yield passage

    def asked_with(self, bits: int) -> Iterator[int]:
        """Indexes of human turns that may hold one of the cues."""
        return (turn for turn in self.asked if self.turns.mask(turn) & bits)

    def later_human_turns(self, turn: int) -> Iterator[int]:
        """Indexes of human turns after ``turn``."""
        return (self.asked[at] for at in range(bisect_right(self.asked, turn), len(self.asked)))

    def next_human_turn(self, turn: int) -> int | None:
        """Index of the first human turn after ``turn``, never 0."""
        return next(self.later_human_turns(turn), None)

    def spoken_before(self, turn: int, role: str = "") -> tuple[Passage, ...]:
        """The passages of the last turn before ``turn`` that has any, said in ``role``; () where there is none."""
        numbers = self.spoken[role]
        earlier = (self.turns[numbers[at]] for at in range(bisect_left(numbers, turn) - 1, -1, -1))
        return next((passages for passages in earlier if passages), ())

    def neighbours(self, turn: int) -> tuple[Sequence[int], Sequence[int]]:
        """The last turn with text before ``turn``, and the first one after it, of a person or an assistant; or none."""
        numbers = self.spoken[""]
        at, end = bisect_left(numbers, turn), bisect_right(numbers, turn)
        return numbers[max(0, at - 1) : at], numbers[end : end + 1]

    def at(self, order: int) -> Passage:
        """The passage of that order."""
        return self.turns[order // _STRIDE][order % _STRIDE]

    def before(self, passage: Passage) -> int:
        """The order of the passage right before, -1 where there is none."""
        if passage.index:
            return passage.order - 1
        earlier = self.spoken_before(passage.turn)
        return earlier[-1].order if earlier else -1


_MARKED = re.compile(r"^\s{0,8}(?:[A-Z]{3,8}|Action item|To-?do)\b[^:\n]{0,30}:")
_SPOKEN_TO = re.compile(r"@?(?P<name>[^\s:,]{1,30})[:,] (?=\S)")
_STOP = re.compile(r"[.!?]")  # without one ASCII text is one sentence
_NAME = 60  # characters that a name may have
_SPEAKING = frozenset({"human", "assistant"})


def read(conversation: Conversation) -> Transcript:
    """A conversation to be cut into passages; tool and system turns and zones without own words yield none."""
    said = [n for n, turn in enumerate(conversation.turns) if turn.role in _SPEAKING and not turn.text.isspace()]
    said = [n for n in said if conversation.turns[n].text]
    asked = tuple(n for n in said if conversation.turns[n].role == "human")
    return Transcript(
        conversation=conversation,
        turns=Turns(conversation),
        asked=asked,
        spoken={"": tuple(said), "human": asked},
    )


def _passages(turn: Turn, number: int, names: frozenset[str]) -> Iterator[Passage]:
    if turn.role not in _SPEAKING or not turn.text:
        return
    order = number * _STRIDE
    is_human = turn.role == "human"
    is_plain = is_human and is_all_english(turn.text)
    is_read = is_human and (is_plain or is_english(turn.text))
    for block in blocks(turn.text):
        is_open = is_human and (is_plain or _is_read(block, otherwise=is_read))
        mask = gate().mask if is_open or not is_human else _english_mask
        for quote, first in _pieces(block, turn.role):
            text = plain(quote)
            if names:
                text = _without_name(text, names)
            yield Passage(
                order=order,
                turn=number,
                role=turn.role,
                block=block,
                quote=quote.strip(),
                text=text,
                first=first,
                last=first + quote.count("\n"),
                cues=mask(text),
            )
            order += 1


def _without_name(text: str, names: frozenset[str]) -> str:
    """The text without the name of somebody in the talk that it is said to: "ana: yes", "@Ana Silva yes"."""
    if (to := _SPOKEN_TO.match(text)) and to["name"].lower() in names:
        return text[to.end() :]
    if text.startswith("@"):
        low = text[1:_NAME].lower()
        known = max((name for name in names if low.startswith(f"{name} ")), key=len, default="")
        return text[len(known) + 2 :] if known else text
    return text


def _english_mask(text: str) -> int:
    """The cues of a sentence that stands among others of another language."""
    return gate().mask(text) if is_english(text, otherwise=False) else 0


def _is_read(block: Block, *, otherwise: bool) -> bool:
    """Whether English cues are looked for; code is in no language."""
    return block.kind == "code" or is_english("\n".join(block.lines), otherwise=otherwise)


def clauses(passage: Passage) -> Iterator[tuple[Passage, int]]:
    """The clauses that could stand as sentences of their own, each as a passage with its offset in the text."""
    at = 0
    for part in pattern("clause_next").split(passage.text):
        yield (passage if part == passage.text else replace(passage, text=part)), at
        at += len(part)


def _pieces(block: Block, role: Role) -> Iterator[tuple[str, int]]:
    """Verbatim pieces of a block with the line index they start on."""
    if block.kind in ("log", "injected") or (block.kind in ("quote", "table") and role != "human"):
        return
    if block.kind == "item":
        yield "\n".join(block.lines), block.first
    elif block.kind == "heading":
        yield block.lines[0], block.first
    elif block.kind == "quote":
        for offset, line in enumerate(block.lines):
            yield from _sentences(line.lstrip("> "), block.first + offset)
    elif block.kind == "table":  # only minutes have work in tables
        yield from ((line, block.first + offset) for offset, line in enumerate(block.lines))
    elif block.kind == "code":
        if role == "human":
            yield from ((line, block.first + offset) for offset, line in enumerate(block.lines))
    else:
        for start, lines in _paragraphs(block.lines):
            yield from _sentences("\n".join(lines), block.first + start)


def _paragraphs(lines: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    """Joins hard-wrapped lines; a line break in chat that ends a thought stays a break."""
    start, held = 0, [lines[0]]
    for number, line in enumerate(lines[1:], 1):
        previous = held[-1].rstrip()
        wrapped = line.lstrip()[:1].islower() or (len(previous) >= 50 and previous[-1:] not in ".!?:;")
        if wrapped and not _MARKED.match(line) and not _MARKED.match(held[0]):
            held.append(line)
        else:
            yield start, held
            start, held = number, [line]
    yield start, held


def _sentences(text: str, first: int) -> Iterator[tuple[str, int]]:
    if _MARKED.match(text):
        yield text, first
        return
    at, line = 0, first
    for piece in _segments(text):
        quote = text[at : at + len(piece)]
        at += len(piece)
        if quote.strip():
            lead = quote[: len(quote) - len(quote.lstrip())].count("\n")
            yield quote.strip(), line + lead
        line += quote.count("\n")


def _segments(text: str) -> Iterable[str]:
    if text.isascii() and _STOP.search(text) is None:
        return (text,)
    import sentencex

    segments: Iterable[str] = sentencex.segment("en", text.replace("\n", " "))
    return segments
