"""Reader of Claude Code session logs: JSONL, appended to, one record a line."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from bot.logs.base import LineSource, Mark, Parsed, Reread, Tally
from bot.logs.claude_records import NotARecord, Record, answers_of, record_of
from bot.logs.claude_roles import SILENT, SPOKEN, Said, said_in, typed_while_busy
from bot.logs.decoding import repaired
from bot.logs.versions import Versions
from bot.model import Conversation, Turn

_KNOWN = SPOKEN | SILENT
# A first line longer than the stretch that detection sees.
_CUT_RECORD = re.compile(r'"type"\s*:\s*"(?:user|assistant)"')
# Qwen Code keeps the same records with messages in Gemini's shape.
_OTHER_RECORD = re.compile(r'"message"\s?:\s?\{\s?"role"\s?:\s?"(?:user|model)"\s?,\s?"parts"\s?:')
_ODD_NAME = re.compile(r"[^A-Za-z0-9_.-]")


class Queued(Struct):
    """A message typed while the assistant was busy, that has not turned up as a record of its own yet."""

    digest: str  # "" where a program queued it
    line: int
    offset: int
    length: int
    session: str
    taken: bool = False


class State(Struct):
    started: dict[str, str] = msgspec.field(default_factory=dict)
    session: str = ""
    queue: list[Queued] = msgspec.field(default_factory=list)
    told: list[str] = msgspec.field(default_factory=list)  # digests of queued messages that became turns


class ClaudeCode:
    name = "claude-code"
    appended = True
    known_version = "2.1"

    def detects(self, head: str, path: Path) -> bool:
        del path
        for line in head.split("\n")[:50]:
            if not line.startswith("{") or '"projectHash"' in line or _OTHER_RECORD.search(line):
                continue
            if not any(key in line for key in ('"sessionId"', '"leafUuid"', '"trackedFileBackups"')):
                continue
            try:
                known = record_of(line.encode("utf-8", "replace")).type in _KNOWN
            except NotARecord:
                known = bool(_CUT_RECORD.search(line))
            if known:
                return True
        return False

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        try:
            state = msgspec.json.decode(resume, type=State) if resume else State()
        except msgspec.DecodeError as error:
            raise Reread("the kept state is of another version") from error
        return _Pass(lines, state=state, settled=settled).run()


class _Pass:
    """One pass over the new lines of a log."""

    def __init__(self, lines: LineSource, *, state: State, settled: bool) -> None:
        self.lines = lines
        self.state = state
        self.settled = settled
        self.tally = Tally()
        self.turns: dict[str, list[Turn]] = {}
        self.titles: dict[str, str] = {}
        self.seen: set[str] = set()
        self.versions = Versions()
        self.version: str | None = None

    def run(self) -> Parsed:
        mark = self._walk()
        if self.settled:
            for queued in self.state.queue:
                self._tell(queued)
            self.state.queue.clear()
        return Parsed(
            conversations=tuple(self._conversation(session) for session in self.turns),
            mark=mark,
            resume=msgspec.json.encode(self.state).decode(),
            waiting=any(queued.digest for queued in self.state.queue),
            not_understood=self.tally.result(),
            versions=self.versions.result(),
        )

    def _walk(self) -> Mark:
        for raw in self.lines:
            line = raw.strip(b"\0 \t\r")
            if not line:
                continue
            try:
                record = record_of(line)
            except NotARecord as error:
                if self.lines.open_line:
                    if self.settled:
                        self.tally.add("last line cut short", self.lines.line)
                    return Mark(offset=self.lines.start, line=self.lines.line - 1)
                self.tally.add(str(error), self.lines.line)
            else:
                self._take(record, line)
        return self.lines.mark

    def _take(self, record: Record, raw: bytes) -> None:
        number = self.lines.line
        if record.version != self.version:
            self.version = record.version
            self.versions.add(record.version)
        if record.uuid:
            if record.uuid in self.seen:
                return
            self.seen.add(record.uuid)
        session = self.state.session = record.sessionId or self.state.session
        title = record.customTitle or record.aiTitle or record.summary
        if title:
            self.titles[session] = repaired(title)
        if record.timestamp and session:
            self.state.started.setdefault(session, record.timestamp)
        if record.type not in _KNOWN:
            self.tally.add(f"record type {_ODD_NAME.sub('?', record.type[:40]) or 'missing'}", number)
        elif record.type == "queue-operation":
            self._queue(record)
        else:
            said = said_in(record, answers_of(raw) if record.type == "user" else [])
            if not self._is_told(said):
                self._add(record, said, line=number, session=session)

    def _add(self, record: Record, said: list[Said], *, line: int, session: str) -> None:
        for position, item in enumerate(said):
            text = repaired(item.text)
            turn = Turn(
                role=item.role,
                text=text,
                lines=(line,) * (text.count("\n") + 1),
                time=_time(record.timestamp),
                id=f"{record.uuid}/{position}" if record.uuid and position else record.uuid or "",
            )
            self.turns.setdefault(session, []).append(turn)

    def _queue(self, record: Record) -> None:
        queue = self.state.queue
        if record.operation == "enqueue":
            text = typed_while_busy(record)
            queued = Queued(
                digest=_digest(text) if text.strip() else "",
                line=self.lines.line,
                offset=self.lines.start,
                length=self.lines.mark.offset - self.lines.start,
                session=self.state.session,
            )
            queue.append(queued)
        elif record.operation == "popAll":
            queue[:] = [queued for queued in queue if queued.taken]
        elif record.operation in ("dequeue", "remove"):
            waiting = next((queued for queued in queue if not queued.taken), None)
            if waiting and waiting.digest:
                waiting.taken = True
            elif waiting:
                queue.remove(waiting)

    def _is_told(self, said: list[Said]) -> bool:
        """Settle the queue when a queued message turns up; true when it was told before it did."""
        digest = next((_digest(item.text) for item in said if item.role == "human"), None)
        if digest is None:
            return False
        queue = self.state.queue
        for queued in queue:
            if queued.digest == digest:
                queue.remove(queued)
                return False
        if digest in self.state.told:
            self.state.told.remove(digest)
            return True
        return False

    def _tell(self, queued: Queued) -> None:
        if not queued.digest:
            return
        record = record_of(self.lines.at(queued.offset, queued.length).strip(b"\0 \t\r\n"))
        said = [Said(role="human", text=typed_while_busy(record))]
        self._add(record, said, line=queued.line, session=queued.session)
        self.state.told.append(queued.digest)

    def _conversation(self, session: str) -> Conversation:
        return Conversation(
            log=self.lines.name,
            format=ClaudeCode.name,
            id=session or _digest(self.turns[session][0].text),
            turns=tuple(sorted(self.turns[session], key=lambda turn: turn.lines[0])),
            title=self.titles.get(session, ""),
            started=_time(self.state.started.get(session)),
        )


def _digest(text: str) -> str:
    return hashlib.blake2b(text.strip().encode("utf-8", "replace"), digest_size=8).hexdigest()


def _time(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
