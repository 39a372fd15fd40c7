"""What the assistant did between two human turns: reported work as done, worked without a report, or only talked."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.extraction.transcript import Transcript

# Reports of finished work in the first person or the passive; plans and offers ("I'll", "you could") are none.
_DONE = re.compile(
    r"\b(?:i've|i have|we've) (?:now |also |just |successfully |already |fully ){0,2}(?:\w{2,12}ed|made|rewritten|written|built|set|put|split|run|redone)\b"
    r"|(?:^|[.!\n] ?)(?:now |also )?i (?:also |then |just )?(?:added|fixed|updated|changed|removed|replaced|moved|renamed|implemented|created|refactored|wrote|corrected|adjusted|switched|reverted|committed|pushed|restored|wired|rebuilt|set|made)\b"
    r"|\b(?:is|are|has been|have been|was|were) (?:now |all |successfully |already )?(?:fixed|updated|added|removed|implemented|resolved|corrected|replaced|committed|pushed|restored|in place|working|complete(?:d)?|done|created|installed|merged|passing)\b"
    r"|\b(?:now works?|works? now|should (?:now )?work|tests? (?:all )?pass(?:es|ed)?|all \d{0,5} ?tests pass|build succeeds?)\b|(?:^|\n) {0,3}(?:#{1,4} )?(?:\*\*)?(?:done|fixed|completed|summary of changes|changes made|what (?:i )?(?:changed|was changed|was fixed)|applied|implemented|committed|pushed)\b"
    r"|✅|\bsuccessfully\b",
    re.IGNORECASE,
)
_LONGEST_REPORT = 20_000  # characters from the end of an answer that are searched for a report


def answer(transcript: Transcript, turn: int) -> range:
    """Indexes of the turns between a human turn and the next one with words."""
    following = next(transcript.later_human_turns(turn), len(transcript.conversation.turns))
    return range(turn + 1, following)


def reported(transcript: Transcript, turn: int) -> int | None:
    """The turn in which the assistant reports that what was asked in ``turn`` is done; None without such a report."""
    turns = transcript.conversation.turns
    for number in reversed(answer(transcript, turn)):
        if turns[number].role == "assistant" and _DONE.search(turns[number].text[-_LONGEST_REPORT:]):
            return number
    return None


def has_worked(transcript: Transcript, turn: int) -> bool:
    """Whether tools ran in answer to ``turn``."""
    return any(transcript.conversation.turns[n].role == "tool" for n in answer(transcript, turn))


@lru_cache(maxsize=8)
def is_agentic(transcript: Transcript) -> bool:
    """Whether the assistant does the work itself: tools ran, or it reports finished work more than once."""
    turns = transcript.conversation.turns
    if any(t.role == "tool" for t in turns):
        return True
    return sum(t.role == "assistant" and bool(_DONE.search(t.text[-_LONGEST_REPORT:])) for t in turns) >= 2
