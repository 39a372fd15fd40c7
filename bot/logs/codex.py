"""Reader of Codex rollouts: JSONL, appended to, everything said written twice.

``response_item`` is what the model saw, ``event_msg`` what the person saw. Turns are taken from the person's view;
where a log has none (the first generation, or a session run by a program), from the model's.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
from msgspec import Struct

from bot.logs.base import LineSource, Mark, Parsed, Reread, Tally
from bot.logs.codex_records import Said, Seen, said_in
from bot.logs.json_document import at, string
from bot.logs.json_lines import JsonLines, Record, head_records, shape
from bot.logs.session import Session, digest_of, time_of

_TYPES = frozenset({"session_meta", "turn_context", "response_item", "event_msg", "compacted"})
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
    view: str = ""  # "person", "model", "bare" (there is no other), or "" while nothing has been said
    told: int = 0  # turns by people so far
    asking: list[str] = msgspec.field(default_factory=list)  # calls by which the assistant asks the person


class Codex:
    name = "codex"
    appended = True

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
        self.held: list[tuple[int, Said, object]] = []  # the model's view, until the person's turns up
        self.held_at: Mark | None = None

    def run(self) -> Parsed:
        records = JsonLines(self.lines, settled=self.settled, tally=self.tally)
        for number, record in records:
            self._take(record, number)
        mark, waiting = records.mark, False
        if self.held_at is not None:
            if not self.settled and mark.offset - self.held_at.offset < _NEAR:
                mark, waiting = self.held_at, True
            else:
                self._tell_held()
        state = self.state
        if not state.session and self.session.turns:
            state.session = digest_of(self.session.turns[0].text)
        return Parsed(
            conversations=(self.session.conversation(state.session, started=time_of(state.started)),),
            mark=mark,
            resume=msgspec.json.encode(state).decode(),
            waiting=waiting,
            not_understood=self.tally.result(),
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
        elif kind in _TYPES:
            self._hear(said_in(kind, payload, self.state.asking, self.tally, number), number, record)
        else:
            self.tally.add(f"record type {shape(kind)}", number)

    def _take_bare(self, record: Record, number: int) -> None:
        """A record of mid-2025, when items stood in the log as they are, behind a head without type."""
        state = self.state
        if _is_bare_head(record):
            self._meet(record)
            state.view = state.view or "bare"
        elif state.view != "bare":
            self.tally.add(f"record type {shape(record.get('type'))} without payload", number)
        elif record.get("record_type") is None:
            self._hear(said_in("response_item", record, state.asking, self.tally, number), number, record)

    def _meet(self, meta: Record) -> None:
        state = self.state
        name = string(meta.get("id"))
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
        view = self.state.view
        if said.seen == Seen.MODEL:
            if not view:
                self._hold(said, number, record)
            return view in ("model", "bare")
        if said.seen == Seen.PERSON and view != "person":
            if view == "model":
                raise Reread("the person's view of the session has begun")
            if not view:
                self.state.view = "person"
                self.held.clear()
                self.held_at = None
            return not view
        return True

    def _hold(self, said: Said, number: int, record: Record) -> None:
        if self.held_at is None:
            self.held_at = Mark(offset=self.lines.start, line=number - 1)
        self.held.append((number, said, record.get("timestamp")))

    def _tell_held(self) -> None:
        self.state.view = "model"
        for number, said, time in self.held:
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
