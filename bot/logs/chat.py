"""Chats among people as conversations: a thread is one, and the rest of a channel is cut where it fell quiet.

A chat of years is one log. Loose ends are mended hours or days later, in the same words, and only within a
conversation is a mending seen: so a cut is made late, after two quiet days. A channel that never falls quiet
is cut at shorter pauses the longer its conversation has become, so that work and memory stay bounded.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

import msgspec
from msgspec import Struct

from bot.logs.base import Reread
from bot.model import Conversation, Turn

# Turns that a conversation has reached, and the pause in seconds that ends it from then on.
_PAUSES = ((4000, 1800.0), (1000, 14_400.0), (0, 172_800.0))
_SHORTEST = min(pause for _, pause in _PAUSES)
_PROGRAM = re.compile(
    r"(?:(?<!ab)(?<!ca)(?<!ro)(?<!tal)(?<!tur)bot|(?:nick|chan|memo|oper|host|bot|stat|group)serv|bridge|relay|logger)"
    r"[\d_|^`-]{0,6}$|^bot[\d_|-]|\bbot\[[^\]]{0,20}\]$",
    re.IGNORECASE,
)


class Open(Struct):
    """A conversation that may go on: its id, its turns so far, the time of the last one in seconds since 1970."""

    id: str
    turns: int = 0
    last: float | None = None


class Chat:
    """Collects turns and gives them back as conversations, in the order in which these began.

    ``channels`` is what an earlier read of the log left open, channel by channel; ``seed`` tells
    logs from each other whose messages have no ids of their own.
    """

    def __init__(self, *, log: str, format: str, seed: str = "", channels: dict[str, Open] | None = None) -> None:  # noqa: A002
        self.channels = channels if channels is not None else {}
        self.titles: dict[str, str] = {}  # by channel
        self._log = log
        self._format = format
        self._seed = seed
        self._turns: dict[str, list[Turn]] = {}
        self._of: dict[str, str] = {}  # the channel of a conversation
        self._begun: set[str] = set()  # conversations whose first turn is here

    def add(self, turn: Turn, *, channel: str = "", thread: str = "") -> None:
        """Add the next turn of a channel; ``thread`` is the id of the turn that began the thread it belongs to."""
        name = thread or self._ongoing(turn, channel)
        turns = self._turns.get(name)
        if turns is None:
            turns = self._turns[name] = []
            self._of[name] = channel
            if thread == turn.id:
                self._begun.add(name)
        turns.append(turn)

    def conversations(self) -> tuple[Conversation, ...]:
        return tuple(
            Conversation(
                log=self._log,
                format=self._format,
                id=name,
                turns=tuple(turns),
                title=self.titles.get(self._of[name], ""),
                started=turns[0].time if name in self._begun else None,
            )
            for name, turns in self._turns.items()
        )

    def _ongoing(self, turn: Turn, channel: str) -> str:
        """The id of the channel's conversation that ``turn`` belongs to, a new one after a pause."""
        time = turn.time.timestamp() if turn.time else None
        current = self.channels.get(channel)
        if current is None or (turn.role != "system" and _is_over(current, time)):
            current = self.channels[channel] = Open(id=self._name(turn))
            self._begun.add(current.id)
        if turn.role != "system":  # people who come and go do not keep a talk alive
            current.turns += 1
            if time is not None:
                current.last = max(time, current.last or time)
        return current.id

    def _name(self, turn: Turn) -> str:
        base = f"from-{turn.id or digest(f'{self._seed}|{turn.time}|{turn.speaker}|{turn.text}')}"
        name, number = base, 1
        while name in self._turns:
            number += 1
            name = f"{base}-{number}"
        return name


@lru_cache(maxsize=4096)
def is_program(name: str) -> bool:
    """Whether a name is one that bots, bridges and services of a network bear."""
    return bool(_PROGRAM.search(name))


def on_line(text: str, line: int) -> tuple[int, ...]:
    """``Turn.lines`` of a text that stands on one line of the log with all its newlines escaped."""
    return (line,) * (text.count("\n") + 1)


def digest(text: str) -> str:
    """A short, stable name for a text."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def channels_of(resume: str) -> dict[str, Open]:
    """What ``Chat.channels`` was when it was encoded. Raises Reread when it is of another version."""
    try:
        return msgspec.json.decode(resume, type=dict[str, Open])
    except msgspec.DecodeError as error:
        raise Reread("the kept state is of another version") from error


def _is_over(current: Open, time: float | None) -> bool:
    if time is None or current.last is None:
        return False
    silence = time - current.last
    if silence < _SHORTEST:
        return False
    return silence >= next(pause for turns, pause in _PAUSES if current.turns >= turns)
