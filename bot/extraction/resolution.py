"""Is it still open when the conversation ends? A small state machine over what comes after the last mention."""

from __future__ import annotations

import re

from bot.extraction.candidates import Candidate
from bot.extraction.threads import Thread
from bot.extraction.transcript import Transcript
from bot.model import Status


def status(thread: Thread, transcript: Transcript) -> tuple[Status, list[str]]:
    """The state at the end and the transitions that led there, each with its line of the log."""
    state: Status = "open"
    reasons: list[str] = []
    events = sorted([*thread.mentions, *thread.remarks], key=lambda c: c.passage.order)
    parent = [r for r in (thread.parent.remarks if thread.parent else []) if r.act == "defer"]
    for event in [*events, *parent]:
        new = _next(state, event)
        if new != state:
            line = transcript.conversation.turns[event.passage.turn].lines[event.passage.first]
            reasons.append(f'{new}: "{event.cue}" (line {line})')
            state = new
    return state, reasons


def _next(state: Status, event: Candidate) -> Status:
    if event.act == "close":
        return "resolved"
    if event.act == "defer":
        return "deferred" if state != "resolved" else state
    if (
        event.act in ("propose", "mention", "reopen")
        and state == "resolved"
        and re.search(r"\b(?:still|again|but|back)\b", event.passage.text, re.IGNORECASE)
    ):
        return "open"
    if event.act == "propose" and state == "resolved":
        return "open"
    return state
