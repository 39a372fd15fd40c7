"""What people write for a ticket's state, understood freely."""

from __future__ import annotations

import re
from dataclasses import dataclass

from connectors.base import ClosedAs

OPEN = "open"
CLOSED = "closed"
CLOSED_AS_WORDS: dict[ClosedAs, str] = {"done": "done", "not_planned": "not planned", "duplicate": "duplicate"}
HINT = "or: done, wontfix, duplicate of 12"

_OPEN_WORDS = frozenset(
    ("", "open", "opened", "reopen", "reopened", "new", "todo", "to do", "active", "started", "doing", "in progress")
)
_DONE_WORDS = frozenset(
    ("done", "fixed", "fix", "resolved", "solved", "complete", "completed", "finished", "implemented", "shipped")
)
_NOT_PLANNED_WORDS = frozenset(
    (
        "not planned", "unplanned", "wontfix", "wont fix", "will not fix", "wontdo", "wont do", "will not do",
        "rejected", "reject", "declined", "invalid", "cancelled", "canceled", "obsolete", "by design", "as designed",
        "not a bug", "notabug", "out of scope", "abandoned", "dropped",
    )
)  # fmt: skip
_DUPLICATE = re.compile(r"(?:duplicate|duplicated|dup|dupe)(?: of)?:? ?#?([a-z0-9.-]{1,64})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether a ticket is closed and as what; ``strange`` says what was not understood (and counts as open)."""

    closed: bool
    closed_as: ClosedAs | None = None
    duplicate_of: str = ""  # as the person wrote it: a number or an id
    strange: str = ""


def standing(state: str, closed_as: str = "", duplicate_of: str = "") -> Standing:
    """Reads the fields of a ticket's head; a reason given as the state (``state: wontfix``) is enough."""
    word = _folded(state)
    if word in _OPEN_WORDS:
        left = f"it is open, yet has the reason {closed_as!r} for closing" if closed_as.strip() else ""
        return Standing(closed=False, strange=left)
    reason = _reason(state) or _reason(closed_as)
    if reason is None and word not in ("closed", "close"):
        return Standing(closed=False, strange=f"the state {state!r} is not known")
    original = duplicate_of.strip().lstrip("#") or _original(state) or _original(closed_as)
    if original and reason is None:
        reason = "duplicate"
    strange = f"the reason {closed_as!r} is not known" if closed_as.strip() and reason is None else ""
    return Standing(
        closed=True, closed_as=reason, duplicate_of=original if reason == "duplicate" else "", strange=strange
    )


def _reason(text: str) -> ClosedAs | None:
    word = _folded(text)
    if word in _DONE_WORDS:
        return "done"
    if word in _NOT_PLANNED_WORDS:
        return "not_planned"
    return "duplicate" if _DUPLICATE.fullmatch(text.strip().casefold()) else None


def _original(text: str) -> str:
    match = _DUPLICATE.fullmatch(text.strip().casefold())
    return (match[1] or "") if match else ""


def _folded(text: str) -> str:
    plain = text.casefold().replace("'", "").replace("’", "").replace("_", " ").replace("-", " ")
    return " ".join(plain.split()).removeprefix("closed as ")
