"""What was read: a row for every log, with its cursor, and for every conversation, with what later turns refer to."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import Connection, delete, insert, select, update

from bot.model import Conversation, Role, Turn
from bot.store.tables import conversations, logs
from bot.store.times import from_text, maybe_from_text, maybe_to_text, to_text

_ASIDE = "\x1f"  # no path ends so
Outcome = Literal["read", "skipped", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLog:
    """A log as last seen.

    ``cursor`` is the reader's own JSON, None until the log was read once; ``signature`` tells whether a log that
    could not be read has changed since.
    """

    path: str
    source: str
    outcome: Outcome
    format: str
    cursor: str | None
    problem: str
    not_understood: Sequence[Mapping[str, object]]
    conversations: int
    turns: Mapping[str, int]
    bytes_read: int
    read_at: datetime
    signature: str = ""


def find(db: Connection, path: str) -> KnownLog | None:
    row = db.execute(select(logs).where(logs.c.path == path)).first()
    return None if row is None else KnownLog(**{**row._mapping, "read_at": from_text(row.read_at)})


def find_all(db: Connection, paths: Sequence[str]) -> dict[str, KnownLog]:
    """Those of the logs that are known, by path; a few hundred are looked up at once."""
    rows = db.execute(select(logs).where(logs.c.path.in_(paths)))
    return {row.path: KnownLog(**{**row._mapping, "read_at": from_text(row.read_at)}) for row in rows}


def every(db: Connection) -> list[KnownLog]:
    rows = db.execute(select(logs).order_by(logs.c.path))
    return [KnownLog(**{**row._mapping, "read_at": from_text(row.read_at)}) for row in rows]


def paths(db: Connection) -> set[str]:
    return set(db.execute(select(logs.c.path)).scalars())


def cursors(db: Connection) -> dict[str, str]:
    """How far each log has been read, by path."""
    return {row.path: row.cursor for row in db.execute(select(logs.c.path, logs.c.cursor)) if row.cursor}


def move(db: Connection, paths: Mapping[str, str]) -> None:
    """Give each log another path, together with its talks.

    What was known of a log whose path another one takes is forgotten; its talks stay at the path.
    """
    for old in paths:  # aside first: logs that rotate take each other's paths
        _rename(db, old, f"{old}{_ASIDE}")
    for old, new in paths.items():
        db.execute(delete(logs).where(logs.c.path == new))
        _rename(db, f"{old}{_ASIDE}", new)


def _rename(db: Connection, old: str, new: str) -> None:
    db.execute(update(logs).where(logs.c.path == old).values(path=new))
    db.execute(update(conversations).where(conversations.c.log == old).values(log=new))


def save(db: Connection, log: KnownLog) -> None:
    values: dict[str, object] = {name: getattr(log, name) for name in KnownLog.__slots__}
    values["read_at"] = to_text(log.read_at)
    values["not_understood"], values["turns"] = list(log.not_understood), dict(log.turns)
    if not db.execute(update(logs).where(logs.c.path == log.path).values(values)).rowcount:
        db.execute(insert(logs).values(values))


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation in the state.

    ``id`` is of the talk in its log; ``name`` the reader's when it was first read, which copies share; ``alias`` the
    reader's now. ``is_new`` until it was saved.
    """

    id: str
    name: str
    alias: str
    is_new: bool = False


def talk(db: Connection, log: str, name: str, *, rewritten: bool, said: Collection[str] = ()) -> Talk:
    """The talk called ``name`` in a log.

    The only talk of a log that was rewritten stays the one it was as long as half of what people said before is
    among what is ``said`` now: else another log took its path.
    """
    of_log = select(conversations).where(conversations.c.log == log)
    known = db.execute(of_log.order_by(conversations.c.id)).all()
    for row in known:
        if name in (row.alias, row.name):
            return Talk(row.id, row.name, name)
    if rewritten and len(known) == 1:
        before = [item["text"] for item in known[0].context if item["role"] == "human"]
        if 2 * sum(text in said for text in before) >= len(before) > 0:
            return Talk(known[0].id, known[0].name, name)
    return Talk(hashlib.sha256(f"{log}\x1f{name}".encode()).hexdigest()[:32], name, name, is_new=True)


def context(db: Connection, conversation: str) -> tuple[Turn, ...]:
    """The earlier turns of a conversation that its next ones may refer to, redacted."""
    kept = db.execute(select(conversations.c.context).where(conversations.c.id == conversation)).scalar()
    return tuple(_turn(item) for item in kept or ())


def save_conversation(db: Connection, found: Talk, log: str, conversation: Conversation, kept: Sequence[Turn]) -> None:
    values: dict[str, object] = {
        "log": log,
        "name": found.name,
        "alias": found.alias,
        "format": conversation.format,
        "context": [_plain(turn) for turn in kept],
    }
    # What a later part of a log does not say, its beginning has said.
    if conversation.title:
        values["title"] = conversation.title
    if conversation.started:
        values["started"] = to_text(conversation.started)
    if not db.execute(update(conversations).where(conversations.c.id == found.id).values(values)).rowcount:
        db.execute(insert(conversations).values(id=found.id, **values))


def _plain(turn: Turn) -> dict[str, object]:
    return {
        "role": turn.role,
        "text": turn.text,
        "lines": list(turn.lines),
        "speaker": turn.speaker,
        "time": maybe_to_text(turn.time),
        "id": turn.id,
    }


def _turn(item: Mapping[str, object]) -> Turn:
    return Turn(
        role=cast(Role, item["role"]),
        text=str(item["text"]),
        lines=tuple(cast(list[int], item["lines"])),
        speaker=str(item["speaker"]),
        time=maybe_from_text(cast(str | None, item["time"])),
        id=str(item["id"]),
    )
