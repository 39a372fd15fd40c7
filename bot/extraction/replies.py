"""What others answer to a loose end, and what its speaker says to that: named, as features of it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice

from bot.extraction.candidates import Candidate
from bot.extraction.cues import pattern
from bot.extraction.exchanges import acknowledgement, is_among_people
from bot.extraction.transcript import Transcript

_LINK = re.compile(r"https?://|(?<!\w)#\d+")
_AGREES = re.compile(
    r"(?:\S{1,20}[:,] )?(?:yes|yep|yeah|yup|sure|agreed?|right|indeed|true|exactly"
    r"|good (?:catch|idea|point)|makes sense|sounds good|\+1|ack|will do|thanks for"
    r"|i'll|same here|me too|confirmed|please (?:file|open|do))\b",
    re.IGNORECASE,
)
_TAKES_BACK = re.compile(
    r"(?:\S{1,20}[:,] )?(?:never ?mind|nvm|oh(?:,| wait| right| i see)|ah(?:,| right| ok| i see)"
    r"|ok(?:ay)?,? (?:it|that|got)|wait|found it|my (?:bad|mistake)|sorry|it works|works now|got it)\b",
    re.IGNORECASE,
)
_REPLIES = 4  # human turns after a sentence that may answer it
_EXCHANGE = 12  # human turns in which people come to an end with it
_REPLY = 300  # characters of a reply that tell
_SILENCE = 20  # human turns after which one who speaks brings up something new


def of_replies(first: Candidate, transcript: Transcript) -> Iterator[str]:
    """What people say right after: that it is so, that it was nothing, or where it is written down."""
    turns = transcript.conversation.turns
    speaker = turns[first.passage.turn].speaker
    for number in islice(transcript.later_human_turns(first.passage.turn), _REPLIES):
        text = turns[number].text[:_REPLY]
        if turns[number].speaker != speaker and _AGREES.match(text):
            yield "agreed with"
        if turns[number].speaker == speaker and _TAKES_BACK.match(text):
            yield "taken back"
        if _LINK.search(text):
            yield "link near"
        if turns[number].speaker != speaker and text.rstrip().endswith("?"):
            yield "asked about"
    if is_among_people(transcript):
        yield from _of_exchange(first, transcript)
        yield from _of_opening(first, transcript)


def _of_exchange(first: Candidate, transcript: Transcript) -> Iterator[str]:
    """How people come to an end with it, each answer named with its sort."""
    turns = transcript.conversation.turns
    speaker = turns[first.passage.turn].speaker
    for at, number in enumerate(islice(transcript.later_human_turns(first.passage.turn), _EXCHANGE)):
        said = transcript.turns[number]
        text = said[0].text[:_REPLY] if said else ""
        if turns[number].speaker == speaker:
            yield from ["thanked"] if pattern("reply_thanks").search(text) else []
            continue
        if cue := acknowledgement(transcript, number):
            yield from ("acknowledged", f"acknowledged: {cue.name}")
        if at < _REPLIES:
            names = ("advises", "refuses", "meant")
            yield from (f"reply {name}" for name in names if pattern(f"reply_{name}").search(text))
        if pattern("reply_done").search(text):
            yield "reply done"


def _of_opening(first: Candidate, transcript: Transcript) -> Iterator[str]:
    """Whether the speaker opens a topic or answers somebody."""
    turns = transcript.conversation.turns
    speaker = turns[first.passage.turn].speaker
    at = bisect_left(transcript.asked, first.passage.turn)
    before = transcript.asked[max(0, at - _SILENCE) : at]
    if all(turns[n].speaker != speaker for n in before):
        yield "opens"
    if before and turns[before[-1]].speaker != speaker and turns[before[-1]].text.rstrip().endswith("?"):
        yield "answers a question"
    if before and turns[before[-1]].speaker == speaker:
        yield "goes on"
