"""The words of the product as plain, frozen data: everything the steps of a run hand to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Role = Literal["human", "assistant", "tool", "system"]
Kind = Literal["bug", "todo", "feature"]
Priority = Literal["high", "medium", "low"]
Status = Literal["open", "resolved", "deferred"]
Ruling = Literal["file", "hold", "drop"]

# The confidences from which on a finding is filed, or held for a person, where the config says nothing else.
FILE_FROM, HOLD_FROM = 0.75, 0.4

# Globs of the files that can be logs; what is in them decides. `!(*.*)` is a name without a dot.
LOG_FILES = (
    "**/*.md",
    "**/*.markdown",
    "**/*.jsonl",
    "**/*.ndjson",
    "**/*.json",
    "**/*.txt",
    "**/*.text",
    "**/*.log",
    "**/*.log.*",
    "**/*.weechatlog",
    "**/*.vtt",
    "**/*.srt",
    "**/*.transcript",
    "**/*.csv",
    "**/*.gz",
    "**/*.zst",
    "**/*.zip",
    "**/opencode*.db",
    "**/!(*.*)",
    "**/.aider.chat.history.md",
    "**/.specstory/history/*.md",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    r"""What one speaker said in one go.

    ``lines`` holds the 1-based line of the log for each line of ``text.split("\n")``: a ``range``
    for text logs, the record's line over and over for JSONL, so ``len(lines)`` is always the
    number of text lines.
    """

    role: Role
    text: str
    lines: Sequence[int]
    speaker: str = ""  # the name as the log gives it, "" where it gives none
    time: datetime | None = None  # always with a time zone
    id: str = ""  # the log's own id of the message, "" where it has none
    log: str = ""  # the log it stands in where that is not the conversation's own, as in a thread over days


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Turns in the order of the log. ``id`` is stable across runs, renames and copies of the log."""

    log: str  # the path as configured or given, with forward slashes
    format: str  # the reader's name
    id: str
    turns: tuple[Turn, ...]
    title: str = ""
    started: datetime | None = None
    in_pieces: bool = False  # its turns stand in files of their own, which are no logs: ``Turn.log`` names them


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A verbatim quote and where it stands. Lines are 1-based and inclusive.

    ``before`` and ``after`` are a few lines around it, shortened, for people who judge it; they are no part of it.
    """

    log: str
    conversation: str
    line_start: int
    line_end: int
    role: Role
    speaker: str
    quote: str
    time: datetime | None = None
    turn: str = ""  # the log's own id of the message: a copy of a session repeats it under another path
    before: str = field(default="", compare=False)
    after: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One loose end of one conversation. ``confidence`` is 0 to 1; the first evidence is the first mention."""

    kind: Kind
    title: str
    confidence: float
    priority: Priority
    status: Status
    evidence: tuple[Evidence, ...]
    detectors: tuple[str, ...]
    why: tuple[str, ...]
    fingerprint: str = ""  # "" until bot.matching.fingerprint has seen it


ActionKind = Literal[
    "create", "sighting", "reopen", "comment", "relabel", "resolved", "link", "close", "none", "held", "dropped"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One intended change in a target and the reason for it.

    ``id`` follows from what the action does, so the same plan made twice, or again after the state database was
    lost, names the same action: a ticket that already carries it is recognised.
    """

    id: str
    kind: ActionKind
    target: str  # "" where nothing goes anywhere (held, dropped)
    finding: str
    fingerprint: str
    finding_kind: Kind
    title: str
    confidence: float
    priority: Priority
    reason: str
    ticket: str = ""  # the tracker's id of the ticket, "" for a create
    ticket_key: str = ""  # what a person calls it
    generation: int = 1  # 2 and up where a loose end is filed anew after it was done or taken back
    # Of a create: tickets and findings that it points to, as bot.publishing.likeness names them.
    similar: tuple[str, ...] = ()
    # For programs: why it is held (threshold | cap | route | match | deferred), how it came to be filed (new |
    # approved), or that it waits for a later run (later).
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All actions of a run. ``base`` names the state and config it was made on; on others it is stale."""

    base: str
    actions: tuple[Action, ...]
