"""Priority by what people say about urgency, each signal quoted in the finding's reasons."""

from __future__ import annotations

import re

from bot.extraction.candidates import Candidate
from bot.extraction.cues import Cues, load
from bot.extraction.scoring import FAR
from bot.extraction.threads import Thread
from bot.extraction.transcript import Transcript
from bot.model import Priority

_URGENT = re.compile(
    r"\b(?:asap|urgent(?:ly)?|critical|today|tonight|right away|immediately|emergency|blocker|blocking (?:us|me|the|our|release|everyone)|blocked|production|in prod|prod|outage|security|vulnerab\w{2,6}|injection|plain ?-?text"
    r"|data loss|los(?:es?|ing) (?:\w{2,12} ){0,2}(?:data|orders|money|messages|events|work|progress|changes)|p0|p1|high priority|top priority|first thing|losing customers|can't (?:ship|release|deploy)|as soon as possible|before (?:the )?(?:launch|release|demo) (?:today|tomorrow)|paying customers|corrupts?|corrupted|leaked|exposed)\b",
    re.IGNORECASE,
)
_NOT_URGENT = re.compile(
    r"\b(?:someday|some day|one day|nice[- ]to[- ]have|not (?:super |really |that |very )?urgent|low[- ]pri(?:o|ority)?|no rush|no hurry|when(?:ever)? (?:i|we) (?:have|get|find) (?:the |some |a )?(?:time|chance|moment|minute)|if (?:i|we) (?:have|get|find) time|eventually|at some point|minor|cosmetic|nitpick|not a big deal|"
    r"(?:just|suddenly) (?:remembered|noticed in passing)|before i forget|nobody (?:is asking|asked|uses|cares|complained)|no one (?:is asking|asked|uses|has complained)|not a priority|down the (?:line|road)|stretch goal|polish|long[- ]term|not important|can wait|in the future|rainy day)\b",
    re.IGNORECASE,
)
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
        if match := _undenied(_URGENT, candidate):
            return "high", f'high: "{match}"'
    for candidate in said:
        if match := (_undenied(_NOT_URGENT, candidate) or _far(candidate)):
            return "low", f'low: "{match}"'
    for candidate in thread.mentions:
        if thread.kind == "bug" and (people := _affected(load()).search(candidate.passage.text)):
            return "high", f'high: users affected, "{people.group()}"'
    after = _next(thread, transcript)
    if match2 := _NOT_URGENT.search(after):
        return "low", f'low: "{match2.group()}"'
    if match2 := re.search(r"\b(?:asap|urgent|critical|blocker|production)\b", after, re.IGNORECASE):
        return "high", f'high: "{match2.group()}"'
    return None


def _far(candidate: Candidate) -> str:
    match = FAR.search(candidate.passage.text)
    return match.group() if match else ""


def _undenied(pattern: re.Pattern[str], candidate: Candidate) -> str:
    for match in pattern.finditer(candidate.passage.text):
        if not _DENIED.search(candidate.passage.text[: match.start()]):
            return match.group()
    return ""


def _affected(cues: Cues) -> re.Pattern[str]:
    return cues.compile(
        r"\b(?:users?|customers?|clients?|players|people|visitors|everyone|everybody|subscribers|merchants|students)\b (?:(?:are|is|have|keep|were|can't|cannot|get|gets|see|sees|report|reports|lose|say|complain|don't|aren't|couldn't|who|being|been|still|randomly|sometimes) ?){1,3}|(?:reports?|complaints|tickets|emails) from (?:our )?(?:users|customers|clients|players)"
    )


def _next(thread: Thread, transcript: Transcript) -> str:
    """The sentence right after the first mention, where it speaks of urgency about the same thing."""
    first = thread.mentions[0].passage
    following = [p for p in transcript.turns[first.turn] if p.order == first.order + 1 and p.block.kind == "prose"]
    pointed = following and re.match(
        r"(?:it|that|this|not|no|nobody|low|they|these)(?:'s|\b)", following[0].text, re.IGNORECASE
    )
    return following[0].text if pointed else ""
