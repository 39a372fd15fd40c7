"""Putting the turns of a session together: what readers of record formats share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from bot.logs.decoding import repaired
from bot.logs.injected import typed_and_injected
from bot.model import Conversation, Role, Turn

TEXT_LIMIT = 20_000  # characters kept of tool output and injected text; neither founds a finding
_MILLISECONDS = 10_000_000_000  # a larger number counts milliseconds, not seconds
_LATEST = 253_402_300_799  # seconds; datetime knows no later year than 9999


class Session:
    """The turns of one conversation, in the order in which they are told."""

    def __init__(self, *, log: str, format: str) -> None:  # noqa: A002 - the field's name
        self.turns: list[Turn] = []
        self._log = log
        self._format = format

    def say(
        self,
        role: Role,
        text: str,
        *,
        line: int | Sequence[int],
        time: datetime | None = None,
        id: str = "",  # noqa: A002
        speaker: str = "",
    ) -> None:
        """Add a turn; blank text is no turn.

        ``line`` is the one of the record or string that holds the text, or one for each line of the text.
        """
        if not text.strip():
            return
        text = repaired(text if role in ("human", "assistant") else text[:TEXT_LIMIT])
        count = text.count("\n") + 1
        lines = (line,) * count if isinstance(line, int) else tuple(line[:count])
        self.turns.append(Turn(role=role, text=text, lines=lines, speaker=repaired(speaker), time=time, id=id))

    def typed(
        self,
        text: str,
        *,
        line: int | Sequence[int],
        time: datetime | None = None,
        id: str = "",  # noqa: A002
        speaker: str = "",
    ) -> None:
        """Add what a person typed and, as system turns, what a program put round it; ``line`` as for ``say``."""
        for position, part in enumerate(typed_and_injected(text)):
            own = f"{id}/{position}" if id and position else id
            name = speaker if part.role == "human" else ""
            lines = line if isinstance(line, int) else line[part.line :]
            self.say(part.role, part.text, line=lines, time=time, id=own, speaker=name)

    def conversation(self, id: str, *, title: str = "", started: datetime | None = None) -> Conversation:  # noqa: A002
        """The conversation so far; it started with its first turn that has a time, if nothing else is known."""
        start = started or next((turn.time for turn in self.turns if turn.time), None)
        return Conversation(
            log=self._log, format=self._format, id=id, turns=tuple(self.turns), title=repaired(title), started=start
        )


def time_of(value: object) -> datetime | None:
    """The moment that an ISO text, or a number of seconds or milliseconds since 1970, names; None for anything else.

    UTC where no zone is given.
    """
    if isinstance(value, str):
        try:
            time = datetime.fromisoformat(value)
        except ValueError:
            return None
        return time if time.tzinfo else time.replace(tzinfo=UTC)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < _LATEST * 1000:
        return None
    seconds = value / 1000 if value > _MILLISECONDS else value
    return datetime.fromtimestamp(min(seconds, _LATEST), UTC)


def joined(texts: Iterable[str]) -> str:
    """The blocks of one message as one text."""
    return "\n".join(text for text in texts if text.strip())


def pieced(pieces: Iterable[str], line_of: Callable[[str], int]) -> tuple[str, list[int]]:
    """Pieces that follow each other directly as one text, and the line of the log for each line of it."""
    kept = [piece for piece in pieces if piece]
    lines: list[int] = []
    goes_on = False  # the last line so far is not empty: the next piece stands behind it
    for piece in kept:
        if lines and not goes_on:
            lines.pop()
        lines.extend([line_of(piece)] * (piece.count("\n") + (not goes_on)))
        goes_on = not piece.endswith("\n")
    return "".join(kept), lines


def digest_of(text: str) -> str:
    """A short, stable name for a text."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def trimmed(texts: Sequence[str], begin: int, end: int) -> tuple[int, int]:
    """The same stretch of lines without blank ones at its ends."""
    while begin < end and not texts[begin].strip():
        begin += 1
    while begin < end and not texts[end - 1].strip():
        end -= 1
    return begin, end
