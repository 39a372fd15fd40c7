"""Reader of Codex rollouts: JSONL, appended to, everything said written twice.

``response_item`` is what the model saw, ``event_msg`` what the person saw. Turns are taken from the person's view;
where a log has none (the first generation, or a session run by a program), from the model's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from msgspec import Struct

from bot.logs.base import LineSource, Mark, NotUnderstood, Parsed, Reread, Tally
from bot.logs.codex_records import Said, Seen, said_in
from bot.logs.json_document import at, string
from bot.logs.json_lines import JsonLines, Record, head_records, shape
from bot.logs.session import Session, digest_of, time_of
from bot.logs.versions import Versions

_TYPES = frozenset({"session_meta", "turn_context", "response_item", "event_msg", "compacted"})
_SILENT = frozenset({"world_state", "token_usage", "token_usage_record"})
# A first line longer than the stretch that detection sees.
_CUT_META = re.compile(
    r'\{\s?"timestamp"\s?:\s?"[^"]{1,40}"\s?,\s?(?:"ordinal"\s?:\s?\d{1,9},\s?)?"type"\s?:\s?"session_meta"'
)
_NEAR = 65_536  # bytes within which the person's view of a message follows the model's


class State(Struct):
    session: str = ""
    root: str = ""  # the oldest session whose records this log begins with
    started: str = ""
    model: str = ""
    sub_agent: bool = False
    # By role of the speaker: whose view his turns are taken from, "person" or "model"; missing while he was not heard.
    views: dict[str, str] = msgspec.field(default_factory=dict)
    bare: bool = False  # the first generation: there is no view but the model's
    told: int = 0  # turns by people so far
    asking: list[str] = msgspec.field(default_factory=list)  # calls by which the assistant asks the person


@dataclass(slots=True, kw_only=True)
class _Held:
    """What the model saw of one speaker, until the person's view turns up or is known to be missing."""

    mark: Mark  # before the first record held, with all that was known there
    state: bytes
    skipped: tuple[NotUnderstood, ...]
    said: list[tuple[int, Said, object]] = field(default_factory=list)


class Codex:
    name = "codex"
    appended = True
    known_version = "0.153"

    def detects(self, head: str, path: Path) -> bool:
        del path
        if _CUT_META.match(head):
            return True
        for position, record in enumerate(head_records(head)):
            if string(record.get("type")) in _TYPES and isinstance(record.get("payload"), dict):
                return True
            if position == 0 and _is_bare_head(record):
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
        self.session = Session(log=lines.name, format=Codex.name)
        self.held: dict[str, _Held] = {}
        self.versions = Versions()

    def run(self) -> Parsed:
        records = JsonLines(self.lines, settled=self.settled, tally=self.tally)
        for number, record in records:
            self._take(record, number)
        first = min(self.held.values(), key=lambda held: held.mark.offset, default=None)
        if first and not self.settled and records.mark.offset - first.mark.offset < _NEAR:
            return self._wait(first)
        for speaker in tuple(self.held):
            self._tell_held(speaker)
        return self._parsed(records.mark, self.state, self.tally.result())

    def _wait(self, held: _Held) -> Parsed:
        """All from the first record held on is read again when there is more."""
        state = msgspec.json.decode(held.state, type=State)
        self.session.turns = [turn for turn in self.session.turns if turn.lines[0] <= held.mark.line]
        return self._parsed(held.mark, state, held.skipped, waiting=True)

    def _parsed(self, mark: Mark, state: State, skipped: tuple[NotUnderstood, ...], *, waiting: bool = False) -> Parsed:
        if not state.session and self.session.turns:
            state.session = digest_of(self.session.turns[0].text)
        return Parsed(
            conversations=(self.session.conversation(state.session, started=time_of(state.started)),),
            mark=mark,
            resume=msgspec.json.encode(state).decode(),
            waiting=waiting,
            not_understood=skipped,
            versions=self.versions.result(),
        )

    def _take(self, record: Record, number: int) -> None:
        kind = string(record.get("type"))
        payload = record.get("payload")
        if not isinstance(payload, dict):
            self._take_bare(record, number)
        elif kind == "session_meta":
            self._meet(payload)
        elif kind == "turn_context":
            self.state.model = string(payload.get("model")) or self.state.model
        elif kind in _SILENT:
            return
        elif kind in _TYPES:
            self._hear(said_in(kind, payload, self.state.asking, self.tally, number), number, record)
        else:
            self.tally.add(f"record type {shape(kind)}", number)

    def _take_bare(self, record: Record, number: int) -> None:
        """A record of mid-2025, when items stood in the log as they are, behind a head without type."""
        state = self.state
        if _is_bare_head(record):
            self._meet(record)
            state.bare = not state.views
        elif not state.bare:
            self.tally.add(f"record type {shape(record.get('type'))} without payload", number)
        elif record.get("record_type") is None:
            self._hear(said_in("response_item", record, state.asking, self.tally, number), number, record)

    def _meet(self, meta: Record) -> None:
        state = self.state
        name = string(meta.get("id"))
        self.versions.add(meta.get("cli_version"))
        if not state.session:
            state.session = name
            state.started = string(meta.get("timestamp"))
            source = meta.get("source")
            state.sub_agent = meta.get("thread_source") == "subagent" or bool(at(source, "subagent"))
        if not state.told:
            # A fork begins with the records of the session it left: the last one named is the oldest.
            state.root = name or state.root

    def _hear(self, heard: list[Said], number: int, record: Record) -> None:
        for said in heard:
            if self._is_in_view(said, number, record):
                self._tell(said, number, record.get("timestamp"))

    def _is_in_view(self, said: Said, number: int, record: Record) -> bool:
        if said.seen == Seen.BOTH:
            return True
        if self.state.bare:
            return said.seen == Seen.MODEL
        speaker = "assistant" if said.role == "assistant" else "human"
        view = self.state.views.get(speaker)
        if said.seen == Seen.MODEL:
            if view is None:
                self._hold(speaker, said, number, record)
            return view == "model"
        if view == "model":
            raise Reread("the person's view of the session has begun")
        self.state.views[speaker] = "person"
        self.held.pop(speaker, None)
        return True

    def _hold(self, speaker: str, said: Said, number: int, record: Record) -> None:
        held = self.held.get(speaker)
        if held is None:
            mark = Mark(offset=self.lines.start, line=number - 1)
            state = msgspec.json.encode(self.state)
            held = self.held[speaker] = _Held(mark=mark, state=state, skipped=self.tally.result())
        held.said.append((number, said, record.get("timestamp")))

    def _tell_held(self, speaker: str) -> None:
        self.state.views[speaker] = "model"
        for number, said, time in self.held.pop(speaker).said:
            self._tell(said, number, time)
        self.session.turns.sort(key=lambda turn: turn.lines[0])

    def _tell(self, said: Said, number: int, stamp: object) -> None:
        time = time_of(stamp)
        role, state = said.role, self.state
        if role in ("human", "assistant"):
            state.told += 1
            name = f"{state.root}/{state.told}/{digest_of(said.text)}" if state.root else ""
            if state.sub_agent:  # its prompts are an agent's, and what it says is for that agent
                self.session.say("system" if role == "human" else "tool", said.text, line=number, time=time, id=name)
            elif role == "human":
                self.session.typed(said.text, line=number, time=time, id=name)
            else:
                self.session.say(role, said.text, line=number, time=time, id=name, speaker=state.model)
        else:
            self.session.say(role, said.text, line=number, time=time)


def _is_bare_head(record: Record) -> bool:
    return (
        isinstance(record.get("id"), str)
        and isinstance(record.get("timestamp"), str)
        and "instructions" in record
        and "type" not in record
    )
