"""Priority by what people say about urgency, each signal quoted in the finding's reasons."""

from __future__ import annotations

import re

from bot.extraction.candidates import Candidate
from bot.extraction.cues import pattern
from bot.extraction.threads import Thread
from bot.extraction.transcript import Transcript
from bot.model import Priority

_DENIED = re.compile(r"\b(?:not|isn't|n't|no|nothing|hardly|non-?|for|enough .{0,30})(?: \w{2,10})? ?$", re.IGNORECASE)


def priority(thread: Thread, threads: list[Thread], transcript: Transcript) -> tuple[Priority, list[str]]:
    """The priority and its signals; a task that mends a fault has the fault's priority unless it states its own."""
    own = _own(thread, transcript)
    if own:
        return own[0], [own[1]]
    if thread.parent is not None and (above := _own(thread.parent, transcript)) and above[0] == "low":
        return "low", [f"with {thread.parent.kind}: {above[1]}"]
    if thread.kind == "todo":
        for other in threads:
            shared = thread.stems & other.stems
            if (
                other.kind == "bug"
                and len(shared) >= 2
                and len(shared) / len(other.stems) >= 0.6
                and (mended := _own(other, transcript))
            ):
                return mended[0], [f"mends a bug: {mended[1]}"]
    return "medium", []


def _own(thread: Thread, transcript: Transcript) -> tuple[Priority, str] | None:
    said = [*thread.mentions, *thread.remarks]
    for candidate in said:
        if match := _undenied(pattern("priority_urgent"), candidate):
            return "high", f'high: "{match}"'
    for candidate in said:
        if match := _undenied(pattern("priority_not_urgent"), candidate) or _far(thread, candidate):
            return "low", f'low: "{match}"'
    after, points = _next(thread, transcript)
    for text in [*(c.passage.text for c in thread.mentions), after] if thread.kind == "bug" else []:
        if people := pattern("users_affected").search(text):
            return "high", f'high: users affected, "{people.group().strip()}"'
    if not points:
        return None
    if match2 := pattern("priority_not_urgent").search(after):
        return "low", f'low: "{match2.group()}"'
    if match2 := pattern("urgent_after").search(after):
        return "high", f'high: "{match2.group()}"'
    return None


def _far(thread: Thread, candidate: Candidate) -> str:
    if thread.kind == "bug" and candidate.act == "propose":
        return ""  # "crashes in Q3 reports" sets no date
    match = pattern("far").search(candidate.passage.text)
    return match.group() if match else ""


def _undenied(pattern: re.Pattern[str], candidate: Candidate) -> str:
    for match in pattern.finditer(candidate.passage.text):
        if not _DENIED.search(candidate.passage.text[: match.start()]):
            return match.group()
    return ""


def _next(thread: Thread, transcript: Transcript) -> tuple[str, bool]:
    """The sentence right after the first mention, and whether it points back at the same thing."""
    first = thread.mentions[0].passage
    following = [p for p in transcript.turns[first.turn] if p.order == first.order + 1 and p.block.kind == "prose"]
    if not following:
        return "", False
    return following[0].text, bool(pattern("points_at_it").match(following[0].text))
