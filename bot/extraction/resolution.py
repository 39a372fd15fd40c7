"""Is it still open when the conversation ends? A small state machine over what comes after the last mention."""

from __future__ import annotations

import re
from itertools import islice

from bot.extraction.candidates import Candidate
from bot.extraction.grammar import stems
from bot.extraction.progress import has_edited, has_worked, is_agentic, is_planning, reported, shows_edits
from bot.extraction.threads import Thread
from bot.extraction.transcript import Transcript
from bot.model import Status

_STILL = re.compile(r"\b(?:still|again|but|back)\b", re.IGNORECASE)
_OWN = frozenset({"will", "going to", "meaning to", "remember to", "plan to"})
# What a person does between two turns: promised and not spoken of again, it is done.
_STEPS = frozenset(
    "test commit push run merge review check verify restart deploy open close save rename send apply".split()
)
_REPORT = 4000  # characters at the end of a report that tell what it is on
_PATIENCE = 3  # answers within which an agent gets round to what it was told
_FEW = 3  # words with content in a turn that only bids go on
_STUBBORN = 3  # complaints of one fault, each answered by a repair, after which a report of success proves nothing


def status(thread: Thread, transcript: Transcript) -> tuple[Status, list[str]]:
    """The state at the end and the transitions that led there, each with its line of the log."""
    state: Status = "open"
    reasons: list[str] = []
    events = sorted([*thread.mentions, *thread.remarks], key=lambda c: c.passage.order)
    parent = [r for r in thread.inherited if r.act == "defer"]
    for event in [*events, *parent]:
        new = _next(state, event)
        if new != state:
            line = transcript.conversation.turns[event.passage.turn].lines[event.passage.first]
            reasons.append(f'{new}: "{event.cue}" (line {line})')
            state = new
    if state == "open" and (done := _done(thread, events, transcript)):
        return "resolved", [*reasons, done]
    return state, reasons


def _next(state: Status, event: Candidate) -> Status:
    if event.detector == "deferral" and state == "open":
        return "deferred"
    if event.act == "close":
        return "resolved"
    if event.act in ("defer", "schedule"):
        return "deferred" if state != "resolved" else state
    if event.act == "reopen":
        return "open" if state == "resolved" else state
    if event.act in ("propose", "mention") and state == "resolved":
        told_anew = event.act == "propose" or bool(_STILL.search(event.passage.text))
        return "open" if told_anew else state
    return state


def _caught_up(thread: Thread, last: int, transcript: Transcript) -> str:
    """Why something that the assistant had left was done after all: a later report that speaks of it."""
    for number in transcript.later_human_turns(last):
        report = reported(transcript, number)
        if report is not None and len(thread.stems & stems(transcript.conversation.turns[report].text[-_REPORT:])) >= 2:
            return f"resolved: done after all (line {transcript.conversation.turns[report].lines[-1]})"
    return ""


def _worked(transcript: Transcript, turn: int) -> bool:
    """Whether something was changed in answer to ``turn``, as far as the log shows changes."""
    return has_edited(transcript, turn) if shows_edits(transcript) else has_worked(transcript, turn)


def _goes_on(thread: Thread, text: str) -> bool:
    """Whether a turn says little ("yes, go ahead") or speaks of the matter, so that its answer's work may be on it."""
    said = stems(text)
    return len(said) <= _FEW or bool(said & thread.stems)


def _done(thread: Thread, events: list[Candidate], transcript: Transcript) -> str:
    """Why the work counts as done by an assistant that works itself; "" where it does not."""
    last = max(c.passage.turn for c in events)
    later = next(transcript.later_human_turns(last), None)
    turns = transcript.conversation.turns
    if any(c.detector == "unsettled" for c in events):  # that detector has heard the talk to its end
        return ""
    if not is_agentic(transcript) or (thread.kind != "bug" and is_planning(transcript)):
        return ""
    if any(c.cue in _OWN and c.passage.text[c.at :].lower().startswith(("i", "remind")) for c in thread.mentions):
        is_step = later is not None and all(c.verb in _STEPS for c in thread.mentions if c.act == "propose")
        return f"resolved: a step of the session (line {turns[later].lines[0]})" if is_step and later else ""
    if any(c.detector == "leftover" for c in thread.mentions):
        return _caught_up(thread, last, transcript)
    told = {c.passage.turn for c in events if c.act != "close" and c.passage.role == "human"}
    if thread.kind == "bug" and len([t for t in told if reported(transcript, t) is not None]) >= _STUBBORN:
        return ""
    if (report := reported(transcript, last)) is not None:
        return f"resolved: the assistant reports it done (line {turns[report].lines[-1]})"
    following = list(islice(transcript.later_human_turns(last), _PATIENCE))
    is_worked = any(
        _worked(transcript, n) for n in (last, *following[:1]) if n == last or _goes_on(thread, turns[n].text)
    )
    if later is not None and (is_worked or any(reported(transcript, n) for n in following)):
        return f"resolved: worked on, and the talk moves on (line {turns[later].lines[0]})"
    return ""
