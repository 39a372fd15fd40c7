"""A conversation as the detectors see it: passages (sentences, items, code lines) with role, zone and true lines."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.extraction.blocks import Block, blocks
from bot.extraction.cues import pattern
from bot.model import Conversation, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A sentence, a list item or a line of code.

    ``quote`` is verbatim; ``text`` is the same for matching: one line, straight quotes, no emphasis
    marks, no bullet. ``first`` and ``last`` are line indexes within the turn. ``order`` counts all
    passages of the conversation.
    """

    order: int
    turn: int
    role: Role
    block: Block
    quote: str
    text: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Transcript:
    """The passages of every turn: ``turns[i]`` belongs to ``conversation.turns[i]``.

    ``asked`` are the indexes of human turns with text, ``spoken`` of turns with passages by role, "" for
    any. Compared by identity, so that what was found out
    about a whole talk can be remembered cheaply.
    """

    conversation: Conversation
    turns: tuple[tuple[Passage, ...], ...]
    asked: tuple[int, ...]
    spoken: dict[str, tuple[int, ...]]

    def human(self, *, quoting: bool = False) -> Iterator[Passage]:
        """The passages of human turns in order, with what they quote where ``quoting`` is set."""
        for passages in self.turns:
            yield from (p for p in passages if p.role == "human" and (quoting or p.block.kind != "quote"))

    def later_human_turns(self, turn: int) -> Iterator[int]:
        """Indexes of human turns after ``turn``."""
        return (self.asked[at] for at in range(bisect_right(self.asked, turn), len(self.asked)))

    def next_human_turn(self, turn: int) -> int | None:
        """Index of the first human turn after ``turn``, never 0."""
        return next(self.later_human_turns(turn), None)

    def spoken_before(self, turn: int, role: str = "") -> tuple[Passage, ...]:
        """The passages of the last turn before ``turn`` that has any, said in ``role``; () where there is none."""
        numbers = self.spoken[role]
        at = bisect_left(numbers, turn)
        return self.turns[numbers[at - 1]] if at else ()


# Turns longer than this many characters are cut into passages only where a line could matter at all.
_QUOTES = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u02bc": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u00a0": " ",
        "\u2013": "-",
        "\u2014": "-",
    }
)
_EMPHASIS = re.compile(r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|(?<!\w)_{1,2}(?=\w)|(?<=\w)_{1,2}(?!\w)|~~")
_BULLET = re.compile(r"^\s{0,12}(?:[-*+•–]|\d{1,3}[.)])\s{1,8}(?:\[[ xX]\]\s{0,4})?")
_CODE_SPAN = re.compile(r"`[^`\n]{1,200}`")
_MARKED = re.compile(r"^\s{0,8}(?:[A-Z]{3,8}|Action item|To-?do)\b[^:\n]{0,30}:")
_BARE_NOT = re.compile(r"\b(do|does|did|is|are|was|were|have|has|had|ca|wo|could|would|should)nt\b", re.IGNORECASE)
_BARE_VERB = re.compile(r"\b(i)(m|ve)\b|\b(that|what|there)(s)\b", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


def read(conversation: Conversation) -> Transcript:
    """Cuts a conversation into passages; tool and system turns and zones without own words yield none."""
    turns: list[tuple[Passage, ...]] = []
    order = 0
    for number, turn in enumerate(conversation.turns):
        passages: list[Passage] = []
        if turn.role in ("human", "assistant") and turn.text.strip():
            for block in blocks(turn.text):
                for quote, first in _pieces(block, turn.role):
                    last = first + quote.count("\n")
                    passage = Passage(
                        order=order,
                        turn=number,
                        role=turn.role,
                        block=block,
                        quote=quote.strip(),
                        text=plain(quote),
                        first=first,
                        last=last,
                    )
                    passages.append(passage)
                    order += 1
        turns.append(tuple(passages))
    asked = tuple(n for n, turn in enumerate(conversation.turns) if turn.role == "human" and turn.text.strip())
    spoken = {"": tuple(n for n, passages in enumerate(turns) if passages)}
    spoken["human"] = tuple(n for n in spoken[""] if conversation.turns[n].role == "human")
    return Transcript(conversation=conversation, turns=tuple(turns), asked=asked, spoken=spoken)


def plain(quote: str) -> str:
    """The text for matching: bullets and emphasis gone (code spans kept), spaces single, chat spelling mended."""
    text = _BULLET.sub("", quote.translate(_QUOTES), count=1)
    out, at = [], 0
    for span in _CODE_SPAN.finditer(text):
        out += [_EMPHASIS.sub("", text[at : span.start()]), span.group()]
        at = span.end()
    out.append(_EMPHASIS.sub("", text[at:]))
    mended = _BARE_NOT.sub(r"\1n't", _SPACES.sub(" ", "".join(out)).strip())
    return _BARE_VERB.sub(lambda m: f"{m.group(1) or m.group(3)}'{m.group(2) or m.group(4)}", mended)


def clauses(passage: Passage) -> Iterator[tuple[Passage, int]]:
    """The clauses that could stand as sentences of their own, each as a passage with its offset in the text."""
    at = 0
    for part in pattern("clause_next").split(passage.text):
        yield replace(passage, text=part), at
        at += len(part)


def _pieces(block: Block, role: Role) -> Iterator[tuple[str, int]]:
    """Verbatim pieces of a block with the line index they start on."""
    if block.kind in ("table", "log", "injected") or (block.kind == "quote" and role != "human"):
        return
    if block.kind == "item":
        yield "\n".join(block.lines), block.first
    elif block.kind == "heading":
        yield block.lines[0], block.first
    elif block.kind == "quote":
        for offset, line in enumerate(block.lines):
            yield from _sentences(line.lstrip("> "), block.first + offset)
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
    import sentencex

    at, line = 0, first
    for piece in sentencex.segment("en", text.replace("\n", " ")):
        quote = text[at : at + len(piece)]
        at += len(piece)
        if quote.strip():
            lead = quote[: len(quote) - len(quote.lstrip())].count("\n")
            yield quote.strip(), line + lead
        line += quote.count("\n")
