"""The first half of a run: new lines of logs become findings in the state, one transaction a log."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DataError, IntegrityError

from bot import __version__
from bot.context import kept
from bot.logs.base import Cursor, LogError, Reading, UnknownFormat
from bot.logs.files import Stamp
from bot.logs.incremental import PART_BYTES, read_new
from bot.logs.versions import newer_versions
from bot.matching.decision import Thresholds
from bot.matching.defaults import configured
from bot.matching.fingerprint import fingerprint
from bot.model import Conversation, Finding, Turn
from bot.moves import follow
from bot.settings import OwnCueEntry, Settings
from bot.sourcing import SourceLog, is_quiet, is_settled, is_too_old, logs_of
from bot.store import claims, findings, logs
from bot.store.joining import join, take_up_old
from bot.store.logs import KnownLog, Outcome, Talk
from bot.store.quotes import Place

if TYPE_CHECKING:
    from bot.extraction.claims import Claim

_LOOKED_UP = 500

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
    waiting: int = 0  # changed, but not quiet for as long as their source asks
    too_old: int = 0  # logs and talks that ended before what their source asks for
    left: int = 0  # not looked at, since the run was asked to stop
    bytes_read: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    joined: int = 0  # findings that were others, said in other words
    secrets: int = 0
    not_understood: int = 0
    errors: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    versions: dict[str, list[str]] = field(default_factory=dict)  # that logs name, by format


def take_in(
    engine: Engine,
    settings: Settings,
    now: Callable[[], datetime],
    *,
    stopping: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Taken:
    """Reads what is new in every source. A log that cannot be read is reported and never stops the others."""
    taken = Taken(notes=take_up_old(engine))
    passed_over = _PassedOver()
    todo = logs_of(settings)
    follow(engine, todo, now())
    for done, (log, known) in enumerate(_with_known(engine, todo)):
        if stopping():
            taken.left = len(todo) - done
            break
        progress(done, len(todo))
        look = _Look(
            engine=engine,
            log=log,
            now=now(),
            taken=taken,
            stopping=stopping,
            cues=settings.extraction.cues,
            alike=configured(settings.matching),
        )
        try:
            look.take(known)
        except UnknownFormat as error:
            taken.skipped += 1
            passed_over.add(log, str(error))
            look.record("skipped", str(error))
        except LogError as error:
            look.fail(str(error))
        except _OUR_FAULTS as error:
            # A fault of ours that one log brings out must not keep the others from being read.
            _log.debug("reading a log failed", exc_info=error, extra={"action": "read"})
            look.fail(f"{log.name}: internal error {type(error).__name__}; please report it")
    progress(len(todo), len(todo))
    if not taken.left:
        taken.joined = join(engine, configured(settings.matching))
    taken.notes += [*passed_over.notes(), *_left_out(taken), *newer_versions(taken.versions)]
    return taken


def _with_known(engine: Engine, todo: Sequence[SourceLog]) -> Iterator[tuple[SourceLog, KnownLog | None]]:
    for begin in range(0, len(todo), _LOOKED_UP):
        some = todo[begin : begin + _LOOKED_UP]
        with engine.begin() as db:
            known = logs.find_all(db, [log.key for log in some])
        yield from ((log, known.get(log.key)) for log in some)


class _PassedOver:
    """Files that are no conversations: those that a person named are told one by one, the others by source."""

    def __init__(self) -> None:
        self._named: list[str] = []
        self._by_source: dict[str, list[str]] = {}

    def add(self, log: SourceLog, problem: str) -> None:
        if log.named:
            self._named.append(problem)
        else:
            self._by_source.setdefault(log.source, []).append(problem)

    def notes(self) -> Iterator[str]:
        yield from self._named
        for source, problems in self._by_source.items():
            more = f"; likewise {len(problems) - 1} more in source {source}" if len(problems) > 1 else ""
            yield f"{problems[0]}{more}"


def _left_out(taken: Taken) -> Iterator[str]:
    if taken.waiting:
        yield f"{taken.waiting} logs changed a moment ago and are read once they are quiet (sources: quiet, eager)"
    if taken.too_old:
        yield f"{taken.too_old} logs or talks left out for their age (sources: max_age, since)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """A look at one log in a run."""

    engine: Engine
    log: SourceLog
    now: datetime
    taken: Taken
    stopping: Callable[[], bool]
    cues: Sequence[OwnCueEntry] = ()
    alike: Thresholds

    def take(self, known: KnownLog | None) -> None:
        """Reads what is new, part by part; each part is one transaction with the cursor behind it."""
        log, taken = self.log, self.taken
        if log.problem:
            raise LogError(log.problem)
        stamp = log.stamp()
        if known and known.outcome == "skipped" and known.signature == _signature(log, stamp):
            taken.skipped += 1
            return
        if is_too_old(log, stamp, self.now):
            taken.too_old += 1
            return
        cursor = self._cursor(known)
        if not is_quiet(log, stamp, self.now) and not (cursor and _is_as_read(cursor, stamp)):
            taken.waiting += 1
            return
        first = True
        while first or (cursor and cursor.more and not self.stopping()):
            known = self._take_part(known, cursor, settled=is_settled(log, stamp, self.now), first=first)
            cursor, first = self._cursor(known), False

    def _understand(self, conversation: Conversation, reading: Reading, known: KnownLog | None) -> _Told:
        # Imported with the first new line: most runs find none, and compiling the rules takes longer than they do.
        from bot.extraction import extract
        from bot.extraction.claims import claims as claims_of
        from bot.extraction.own_cues import OwnCue
        from bot.safety.redaction import redact_conversation

        with self.engine.begin() as db:
            rewritten = reading.change == "rewritten" and len(reading.conversations) == 1
            said = {turn.text for turn in conversation.turns if turn.role == "human"} if rewritten else ()
            talk = logs.talk(db, self.log.key, conversation.id, rewritten=rewritten, said=said)
            goes_on = reading.change == "grown" and not reading.whole_talks
            earlier = logs.context(db, talk.id) if goes_on else ()
            may_settle = claims.has_filed(db)
        whole = not goes_on or known is None or len(earlier) >= sum(known.turns.values())
        turns = tuple(_with_sane_time(turn) for turn in (*earlier, *conversation.turns))
        started = conversation.started if _is_sane(conversation.started) else None
        clean, secrets = redact_conversation(replace(conversation, id=talk.name, turns=turns, started=started))
        own = [OwnCue(name=c.name, kind=c.kind, pattern=c.matches, strength=c.strength) for c in self.cues]
        found = [fingerprinted(finding) for finding in extract(clean, own=own)]
        self.taken.findings.update(finding.status for finding in found)
        self.taken.secrets += secrets
        said_done = claims_of(clean) if may_settle else ()
        return _Told(talk, clean, found, said_done, whole)

    def _take_part(
        self, known: KnownLog | None, cursor: Cursor | None, *, settled: bool, first: bool
    ) -> KnownLog | None:
        log, taken = self.log, self.taken
        reading = read_new(
            log.file, name=log.name, cursor=cursor, format=log.rules.format, settled=settled, limit=PART_BYTES
        )
        if reading.change == "unchanged":
            taken.unchanged += first
            if known and known.outcome == "read" and reading.cursor == cursor:
                return None
        else:
            taken.read += first
        reading = self._young(reading)
        told = [self._understand(talk, reading, known) for talk in reading.conversations]
        now_known = _known_log(log, reading, known, self.now, fresh=sum(talk.talk.is_new for talk in told))
        with self.engine.begin() as db:
            for talk in told:
                _store(db, talk, log, reading, self)
            logs.save(db, now_known)
        taken.notes += _notes(log, reading)
        taken.bytes_read += reading.bytes_read
        if reading.versions:
            taken.versions.setdefault(reading.format, []).extend(reading.versions)
        taken.not_understood += sum(item.count for item in reading.not_understood)
        return now_known

    def _young(self, reading: Reading) -> Reading:
        """The reading without the talks that ended before what the source asks for."""
        oldest = self.log.rules.oldest(self.now)
        if oldest is None:
            return reading
        kept = tuple(talk for talk in reading.conversations if not _ended_before(talk, oldest))
        left_out = len(reading.conversations) - len(kept)
        self.taken.too_old += left_out
        since = oldest.isoformat() if left_out else reading.cursor.since
        return replace(reading, conversations=kept, cursor=replace(reading.cursor, since=since))

    def _cursor(self, known: KnownLog | None) -> Cursor | None:
        """Where reading ended; None, so that the log is read whole, where it is of no use any more."""
        if known is None or not known.cursor:
            return None
        try:
            cursor = Cursor.from_json(known.cursor)
        except ValueError:  # of another version
            return None
        if cursor.since:
            oldest = self.log.rules.oldest(self.now)
            # The config asks for more of the past than it did. A clock set back a little asks for nothing.
            if oldest is None or oldest < datetime.fromisoformat(cursor.since) - timedelta(days=1):
                return None
        return cursor

    def fail(self, problem: str) -> None:
        self.taken.failed += 1
        self.taken.errors.append(problem)
        self.record("failed", problem)

    def record(self, outcome: Outcome, problem: str) -> None:
        """Keeps account of a log that could not be read; what was read of it before stays known."""
        try:
            signature = _signature(self.log, self.log.stamp())
        except LogError:
            signature = ""
        with self.engine.begin() as db:
            known = logs.find(db, self.log.key)
            unread = KnownLog(
                path=self.log.key,
                source=self.log.source,
                outcome=outcome,
                format=known.format if known else "",
                cursor=known.cursor if known else None,
                problem=problem,
                not_understood=known.not_understood if known else [],
                conversations=known.conversations if known else 0,
                turns=known.turns if known else {},
                bytes_read=0,
                read_at=self.now,
                signature=signature,
            )
            logs.save(db, unread)


def _is_as_read(cursor: Cursor, stamp: Stamp) -> bool:
    known = (cursor.size, cursor.mtime_ns, cursor.inode, cursor.device)
    return known == (stamp.size, stamp.mtime_ns, stamp.inode, stamp.device)


def _ended_before(talk: Conversation, oldest: datetime) -> bool:
    """Whether the last words with a time are older; a talk without times is as young as its log."""
    last = next((turn.time for turn in reversed(talk.turns) if _is_sane(turn.time) and turn.time), None)
    return last is not None and last < oldest


def _signature(log: SourceLog, stamp: Stamp) -> str:
    """Tells a log that was passed over from one that has changed since, or may be understood by a newer version."""
    return f"{__version__}:{stamp.size}:{stamp.mtime_ns}:{stamp.inode}:{log.rules.format}"


def _notes(log: SourceLog, reading: Reading) -> list[str]:
    """What people should know of a log that was read, in one line."""
    if not reading.format:
        # What is not empty and yet unknown may still become a log: it is told when it is quiet.
        return [] if reading.cursor.waiting else [f"{log.name}: empty, nothing to read yet"]
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
    said_done: tuple[Claim, ...]
    whole: bool


def _store(db: Connection, told: _Told, log: SourceLog, reading: Reading, look: _Look) -> None:
    modified = datetime.fromtimestamp(max(0, reading.cursor.mtime_ns) / 1e9, UTC)
    place = Place(
        conversation=told.talk.id,
        source=log.source,
        seen=min(look.now, modified),
        now=look.now,
        whole=told.whole,
        reach=_reach(told.conversation),
        alike=look.alike,
    )
    findings.record(db, told.found, place)
    claims.settle(db, told.said_done, told.found, place)
    logs.save_conversation(db, told.talk, log.key, told.conversation, kept(told.conversation, told.found))


def _reach(talk: Conversation) -> int:
    """How far a talk goes, comparable among copies of it: milliseconds of the last time, else the last line."""
    times = [turn.time for turn in talk.turns if turn.time]
    if times:
        return int(max(times).timestamp() * 1000)
    return max((turn.lines[-1] for turn in talk.turns if turn.lines), default=0)


def _with_sane_time(turn: Turn) -> Turn:
    return turn if _is_sane(turn.time) else replace(turn, time=None)


def _is_sane(time: datetime | None) -> bool:
    """Has a clock shown this? Some logs hold zeros, some hold anything."""
    return time is None or 1970 < time.year < 2200


def fingerprinted(finding: Finding) -> Finding:
    """The finding with its identity."""
    return replace(finding, fingerprint=fingerprint(finding.kind, finding.title))


def _known_log(log: SourceLog, reading: Reading, known: KnownLog | None, now: datetime, *, fresh: int) -> KnownLog:
    """The row of a log after a reading; ``fresh`` is how many of its talks were never seen in the log before."""
    talks = reading.conversations
    # A turn that stands in another log is counted there.
    turns = Counter[str](turn.role for talk in talks for turn in talk.turns if talk.in_pieces or not turn.log)
    count = len(talks)
    skipped: list[Mapping[str, object]] = [asdict(item) for item in reading.not_understood]
    if known is not None and reading.change in ("grown", "unchanged"):
        turns.update(known.turns)
        count = known.conversations + (count if reading.whole_talks else fresh)
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
