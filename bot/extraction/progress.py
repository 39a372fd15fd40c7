"""What the assistant did between two human turns: reported work as done, worked without a report, or only talked."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice

from bot.extraction.cues import may, pattern
from bot.extraction.transcript import Transcript

_OPENING = 3  # human turns in which the aim of a talk is told
_HEAD = 500  # characters at either end of what a tool prints that say what it did
_LONGEST_REPORT = 20_000  # characters from the end of an answer that are searched for a report


def answer(transcript: Transcript, turn: int) -> range:
    """Indexes of the turns between a human turn and the next one with words."""
    following = next(transcript.later_human_turns(turn), len(transcript.conversation.turns))
    return range(turn + 1, following)


@lru_cache(maxsize=64)
def reported(transcript: Transcript, turn: int) -> int | None:
    """The turn in which the assistant reports that what was asked in ``turn`` is done; None without such a report."""
    turns = transcript.conversation.turns
    for number in reversed(answer(transcript, turn)):
        if turns[number].role == "assistant" and _tells(transcript, number, "report_done"):
            return number
    return None


def _tells(transcript: Transcript, number: int, name: str) -> bool:
    """Whether the end of an answer matches a gated pattern."""
    text = transcript.conversation.turns[number].text
    may_tell = len(text) > _LONGEST_REPORT or may(name, transcript.turns.mask(number))
    return may_tell and bool(pattern(name).search(text[-_LONGEST_REPORT:]))


@lru_cache(maxsize=64)
def has_worked(transcript: Transcript, turn: int) -> bool:
    """Whether tools ran in answer to ``turn``."""
    return any(transcript.conversation.turns[n].role == "tool" for n in answer(transcript, turn))


@lru_cache(maxsize=64)
def has_edited(transcript: Transcript, turn: int) -> bool:
    """Whether a tool tells, in answer to ``turn``, that it changed a file."""
    turns = transcript.conversation.turns
    told = (turns[n].text for n in answer(transcript, turn) if turns[n].role == "tool")
    edited = pattern("unsettled_edited")
    return any(edited.search(text[:_HEAD]) or edited.search(text[-_HEAD:]) for text in told)


@lru_cache(maxsize=1)
def shows_edits(transcript: Transcript) -> bool:
    """Whether the log of the talk shows when a file is changed, so that an answer without that is only words."""
    return any(has_edited(transcript, turn) for turn in transcript.asked)


@lru_cache(maxsize=1)
def is_agentic(transcript: Transcript) -> bool:
    """Whether the assistant does the work itself: tools ran, or it says twice or more that it has done something.

    Only words in the first person count here: an adviser, too, says "make sure that it is installed".
    """
    turns = transcript.conversation.turns
    if any(t.role == "tool" for t in turns):
        return True
    told = (n for n, t in enumerate(turns) if t.role == "assistant" and _tells(transcript, n, "report_first_person"))
    return len(list(islice(told, 2))) == 2


@lru_cache(maxsize=1)
def is_planning(transcript: Transcript) -> bool:
    """Whether the talk only makes a plan: asked for at the start, and never told to carry it out."""
    turns = transcript.conversation.turns
    human = [t.text[:_LONGEST_REPORT] for t in turns if t.role == "human" and t.text.strip()]
    planned = next((n for n, text in enumerate(human[:_OPENING]) if pattern("plan_asked").search(text)), -1)
    return planned >= 0 and not any(pattern("plan_started").search(text) for text in human[planned + 1 :])
