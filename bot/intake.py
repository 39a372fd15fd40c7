"""The first half of a run: new lines of logs become findings in the state, one transaction a log."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from glob import has_magic
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DataError, IntegrityError

from bot import __version__
from bot.logs.base import Cursor, LogError, Reading, UnknownFormat
from bot.logs.incremental import read_new
from bot.logs.sources import Found, find_logs
from bot.matching.fingerprint import fingerprint
from bot.model import Conversation, Finding, Turn
from bot.settings import LocalTarget, Settings, Source
from bot.store import findings, logs
from bot.store.findings import Place
from bot.store.logs import KnownLog, Outcome, Talk

QUIET_SECONDS = 60  # a log that has not changed for so long is taken to be complete to its last line
_KEPT_TURNS = 40
_KEPT_CHARACTERS = 4_000
_KEPT_TOOL_CHARACTERS = 300

# What a single log may bring out in us. A full disk or a locked state is none of these and ends the run.
_OUR_FAULTS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    DataError,
    IntegrityError,
)

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Taken:
    """What reading came to: logs by outcome, findings by status, what went wrong and what to know, a line each."""

    read: int = 0
    unchanged: int = 0
    skipped: int = 0
    failed: int = 0
    left: int = 0  # not looked at, since the run was asked to stop
    bytes_read: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    secrets: int = 0
    not_understood: int = 0
    errors: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Log:
    """A log file of a source: ``name`` is what tickets call it, ``key`` what the state knows it by."""

    source: str
    path: Path
    name: str
    key: str
    format: str
    problem: str = ""


def take_in(
    engine: Engine,
    settings: Settings,
    now: Callable[[], datetime],
    *,
    stopping: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Taken:
    """Reads what is new in every source. A log that cannot be read is reported and never stops the others."""
    taken = Taken()
    todo = _all_logs(settings)
    for done, log in enumerate(todo):
        if stopping():
            taken.left = len(todo) - done
            break
        progress(done, len(todo))
        try:
            _take_in_one(engine, log, now(), taken)
        except UnknownFormat as error:
            _pass_over(engine, log, "skipped", str(error), now(), taken)
        except LogError as error:
            _pass_over(engine, log, "failed", str(error), now(), taken)
        except _OUR_FAULTS as error:
            # A fault of ours that one log brings out must not keep the others from being read.
            _log.debug("reading a log failed", exc_info=error, extra={"action": "read"})
            problem = f"{log.name}: internal error {type(error).__name__}; please report it"
            _pass_over(engine, log, "failed", problem, now(), taken)
    progress(len(todo), len(todo))
    return taken


def _all_logs(settings: Settings) -> list[_Log]:
    result: dict[str, _Log] = {}
    own = _own_folders(settings)
    for name, source in settings.sources.items():
        for found in find_logs(str(source.path), include=source.include, exclude=source.exclude):
            # A link and what it points to are one log; what cannot be followed is known by its own name.
            place = found.path.absolute() if found.problem else found.path.resolve()
            if any(place.is_relative_to(folder) for folder in own):
                continue
            key = _text(place.as_posix())
            log = _Log(
                source=name,
                path=found.path,
                name=_text(_name(name, source, found)),
                key=key,
                format=source.format,
                problem=_text(found.problem),
            )
            result.setdefault(key, log)
    return list(result.values())


def _own_folders(settings: Settings) -> list[Path]:
    """Where the bot itself writes: its tickets and state are no conversations, wherever they lie."""
    local = [Path(target.path) for target in settings.targets.values() if isinstance(target, LocalTarget)]
    return [folder.resolve() for folder in (*local, settings.state.path)]


def _text(name: str) -> str:
    """A file name as text: one that is not UTF-8 could be neither stored nor printed."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _name(source_name: str, source: Source, found: Found) -> str:
    # Tickets are read by others: they see the source's name, not where somebody's home folder lies.
    root = source.path
    while has_magic(str(root)):
        root = root.parent
    inside = found.path.name if found.path == root else os.path.relpath(found.path, root).replace(os.sep, "/")
    return f"{source_name}/{inside}"


def _take_in_one(engine: Engine, log: _Log, now: datetime, taken: Taken) -> None:
    if log.problem:
        raise LogError(log.problem)
    with engine.begin() as db:
        known = logs.find(db, log.key)
    cursor = _cursor(known)
    if known and known.outcome == "skipped" and known.signature == _signature(log):
        taken.skipped += 1
        return
    settled = now.timestamp() - _modified(log) >= QUIET_SECONDS
    reading = read_new(log.path, name=log.name, cursor=cursor, format=log.format, settled=settled)
    if reading.change == "unchanged":
        taken.unchanged += 1
        if known and known.outcome == "read" and reading.cursor == cursor:
            return
    else:
        taken.read += 1
    told = [_understand(engine, conversation, log, reading, known, taken) for conversation in reading.conversations]
    with engine.begin() as db:
        for talk in told:
            _store(db, talk, log, reading, now)
        logs.save(db, _known_log(log, reading, known, now))
    taken.notes += _notes(log, reading)
    taken.bytes_read += reading.bytes_read
    taken.not_understood += sum(item.count for item in reading.not_understood)
    return


def _cursor(known: KnownLog | None) -> Cursor | None:
    """Where reading ended; None, so that the log is read whole, where a cursor is of another version."""
    if known is None or not known.cursor:
        return None
    try:
        return Cursor.from_json(known.cursor)
    except ValueError:
        return None


def _modified(log: _Log) -> float:
    try:
        return log.path.stat().st_mtime
    except OSError as error:
        raise LogError(f"{log.name}: cannot be read: {error.strerror or error}") from error


def _signature(log: _Log) -> str:
    """Tells a log that was passed over from one that has changed since, or may be understood by a newer version."""
    try:
        found = log.path.stat()
    except OSError:
        return ""
    return f"{__version__}:{found.st_size}:{found.st_mtime_ns}:{found.st_ino}:{log.format}"


def _notes(log: _Log, reading: Reading) -> list[str]:
    """What people should know of a log that was read, in one line."""
    if not reading.format:
        return [f"{log.name}: empty, nothing to read yet"]
    if not reading.not_understood:
        return []
    skipped = ", ".join(f"{item.count} {item.what} (from line {item.line})" for item in reading.not_understood)
    return [f"{log.name}: skipped {skipped}"]


@dataclass(frozen=True, slots=True)
class _Told:
    """A conversation as understood, redacted: what the state keeps of it."""

    talk: Talk
    conversation: Conversation
    found: list[Finding]
    whole: bool


def _understand(
    engine: Engine, conversation: Conversation, log: _Log, reading: Reading, known: KnownLog | None, taken: Taken
) -> _Told:
    # Imported with the first new line: most runs find none, and compiling the rules takes longer than they do.
    from bot.extraction import extract
    from bot.safety.redaction import redact_conversation

    with engine.begin() as db:
        rewritten = reading.change == "rewritten" and len(reading.conversations) == 1
        talk = logs.talk(db, log.key, conversation.id, rewritten=rewritten)
        earlier = logs.context(db, talk.id) if reading.change == "grown" else ()
    whole = reading.change != "grown" or known is None or len(earlier) >= sum(known.turns.values())
    turns = tuple(_with_sane_time(turn) for turn in (*earlier, *conversation.turns))
    started = conversation.started if _is_sane(conversation.started) else None
    clean, secrets = redact_conversation(replace(conversation, id=talk.name, turns=turns, started=started))
    found = [fingerprinted(finding) for finding in extract(clean)]
    taken.findings.update(finding.status for finding in found)
    taken.secrets += secrets
    return _Told(talk, clean, found, whole)


def _store(db: Connection, told: _Told, log: _Log, reading: Reading, now: datetime) -> None:
    modified = datetime.fromtimestamp(max(0, reading.cursor.mtime_ns) / 1e9, UTC)
    place = Place(conversation=told.talk.id, source=log.source, seen=min(now, modified), now=now, whole=told.whole)
    findings.record(db, told.found, place)
    logs.save_conversation(db, told.talk, log.key, told.conversation, _kept(told.conversation, told.found))


def _with_sane_time(turn: Turn) -> Turn:
    return turn if _is_sane(turn.time) else replace(turn, time=None)


def _is_sane(time: datetime | None) -> bool:
    """Has a clock shown this? Some logs hold zeros, some hold anything."""
    return time is None or 1970 < time.year < 2200


def fingerprinted(finding: Finding) -> Finding:
    """The finding with its identity."""
    return replace(finding, fingerprint=fingerprint(finding.kind, finding.title))


def _kept(conversation: Conversation, found: Sequence[Finding]) -> list[Turn]:
    """The turns that what is said next may refer to: the last ones, and those of loose ends with the turn before."""
    turns = conversation.turns
    wanted = set(range(max(0, len(turns) - _KEPT_TURNS), len(turns)))
    spans = {(e.line_start, e.line_end) for f in found if f.status != "resolved" for e in f.evidence}
    quoted: set[int] = set()
    for index, turn in enumerate(turns):
        if turn.lines and any(start <= turn.lines[-1] and end >= turn.lines[0] for start, end in spans):
            quoted.add(index)
            wanted |= {max(0, index - 1), index}
    return [turns[index] if index in quoted else _clipped(turns[index]) for index in sorted(wanted)]


def _clipped(turn: Turn) -> Turn:
    limit = _KEPT_TOOL_CHARACTERS if turn.role in ("tool", "system") else _KEPT_CHARACTERS
    if len(turn.text) <= limit:
        return turn
    text = turn.text[:limit]
    return replace(turn, text=text, lines=turn.lines[: text.count("\n") + 1])


def _known_log(log: _Log, reading: Reading, known: KnownLog | None, now: datetime) -> KnownLog:
    turns = Counter[str](turn.role for conversation in reading.conversations for turn in conversation.turns)
    count = len(reading.conversations)
    skipped: list[Mapping[str, object]] = [asdict(item) for item in reading.not_understood]
    if known is not None and reading.change in ("grown", "unchanged"):
        turns.update(known.turns)
        count = max(count, known.conversations)
        skipped = [*known.not_understood, *skipped]
    return KnownLog(
        path=log.key,
        source=log.source,
        outcome="read",
        format=reading.format,
        cursor=reading.cursor.to_json(),
        problem="",
        not_understood=skipped,
        conversations=count,
        turns=dict(turns),
        bytes_read=reading.bytes_read,
        read_at=now,
    )


def _pass_over(engine: Engine, log: _Log, outcome: Outcome, problem: str, now: datetime, taken: Taken) -> None:
    """Records a log that could not be read, so that it is accounted for; what was read of it before stays known."""
    if outcome == "skipped":
        taken.skipped += 1
        taken.notes.append(problem)
    else:
        taken.failed += 1
        taken.errors.append(problem)
    with engine.begin() as db:
        known = logs.find(db, log.key)
        unread = KnownLog(
            path=log.key,
            source=log.source,
            outcome=outcome,
            format=known.format if known else "",
            cursor=known.cursor if known else None,
            problem=problem,
            not_understood=known.not_understood if known else [],
            conversations=known.conversations if known else 0,
            turns=known.turns if known else {},
            bytes_read=0,
            read_at=now,
            signature=_signature(log),
        )
        logs.save(db, unread)
