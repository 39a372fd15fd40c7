"""A passage as evidence: the quote, and the lines around it for whoever has to judge it without the log at hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from bot.extraction.transcript import Passage, Transcript
from bot.model import Evidence, Turn

GAP = "..."
_LINES = 2  # of the quote's own turn on either side, and of the turn before and the one after it
_LONGEST = 200  # characters of a line
_LOOKED_AT = 40  # lines, for those that are not blank
_READ = 4_000  # characters of another turn
_SEARCHED = 20_000  # characters of the quote's own lines: many quotes may stand in one


def evidence(passage: Passage, transcript: Transcript) -> Evidence:
    """The passage as a quote, with what stands around it."""
    talk, turn = transcript.conversation, transcript.conversation.turns[passage.turn]
    before, after = nearby(passage, transcript)
    return Evidence(
        log=turn.log or talk.log,
        conversation=talk.id,
        line_start=turn.lines[passage.first],
        line_end=turn.lines[passage.last],
        role=turn.role,
        speaker=turn.speaker,
        quote=passage.quote,
        time=turn.time,
        turn=turn.id,
        before=before,
        after=after,
    )


def nearby(passage: Passage, transcript: Transcript) -> tuple[str, str]:
    """What stands before a passage and what after it: a few lines of its own turn and of the ones beside it.

    A turn beside it begins with its speaker's name. Tool output and blank lines are left out; ``GAP`` stands for
    what was cut.
    """
    lines, spoken = transcript.turns.lines(passage.turn), transcript.conversation.turns
    lead, tail = _beside(passage.quote, "\n".join(lines[passage.first : passage.last + 1]))
    above = lines[max(0, passage.first - _LOOKED_AT) : passage.first]
    below = lines[passage.last + 1 : passage.last + 1 + _LOOKED_AT]
    before = [*map(_end, reversed(_some(reversed(above), more=passage.first > _LOOKED_AT))), _end(lead)]
    after = [_start(tail), *map(_start, _some(below, more=len(lines) > passage.last + 1 + _LOOKED_AT))]
    earlier, later = transcript.neighbours(passage.turn)
    before = [*(line for at in earlier for line in _last_words(spoken[at])), *before]
    after = [*after, *(line for at in later for line in _first_words(spoken[at]))]
    return "\n".join(filter(None, before)), "\n".join(filter(None, after))


def _beside(quote: str, text: str) -> tuple[str, str]:
    """What shares the quote's lines with it, as far as that is words."""
    at = text.find(quote) if len(text) <= _SEARCHED else -1
    if at < 0:
        return "", ""
    lead, tail = text[:at].rpartition("\n")[2].strip(), text[at + len(quote) :].partition("\n")[0].strip()
    return lead if _has_words(lead) else "", tail if _has_words(tail) else ""


def _some(lines: Iterable[str], *, more: bool) -> list[str]:
    """The first lines that hold something, and ``GAP`` where there are further ones."""
    found = list(islice((line.rstrip() for line in lines if line.strip()), _LINES + 1))
    return [*found[:_LINES], *([GAP] if more or len(found) > _LINES else [])]


def _last_words(turn: Turn) -> list[str]:
    found = _some(reversed(turn.text[-_READ:].split("\n")), more=len(turn.text) > _READ)
    return _named(turn, list(map(_end, reversed(found))))


def _first_words(turn: Turn) -> list[str]:
    found = _some(turn.text[:_READ].split("\n"), more=len(turn.text) > _READ)
    return _named(turn, list(map(_start, found)))


def _named(turn: Turn, lines: Sequence[str]) -> list[str]:
    lead, *rest = lines or [""]
    if lead == GAP and rest:
        lead, *rest = f"{GAP} {rest[0].removeprefix(GAP).strip()}", *rest[1:]
    return [f"{turn.speaker or turn.role}: {lead}", *rest]


def _start(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST].rpartition(' ')[0] or line[:_LONGEST]} {GAP}"


def _end(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{GAP} {line[-_LONGEST:].partition(' ')[2] or line[-_LONGEST:]}"


def _has_words(text: str) -> bool:
    return any(char.isalnum() for char in text)
