"""Reader of pi sessions: JSONL, appended to, one entry of the session's tree a line."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from bot.logs.base import LineSource, Parsed, Reread, Tally
from bot.logs.json_document import at, fields, items, string
from bot.logs.json_lines import JsonLines, Record, head_records, shape
from bot.logs.session import Session, joined, time_of
from bot.logs.versions import Versions

_SUMMARIES = ("compaction", "branch_summary")
_SILENT = ("model_change", "thinking_level_change", "label", "custom", "leaf", "session_info")


class State(Struct):
    session: str = ""
    started: str = ""
    title: str = ""


class Pi:
    name = "pi"
    appended = True
    known_version = "3"

    def detects(self, head: str, path: Path) -> bool:
        del path
        return any(
            record.get("type") == "session" and isinstance(record.get("id"), str) and "cwd" in record
            for record in head_records(head)
        )

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        try:
            state = msgspec.json.decode(resume, type=State) if resume else State()
        except msgspec.DecodeError as error:
            raise Reread("the kept state is of another version") from error
        tally = Tally()
        session = Session(log=lines.name, format=self.name)
        records = JsonLines(lines, settled=settled, tally=tally)
        versions = Versions()
        for number, record in records:
            if record.get("type") == "session":
                versions.add(record.get("version"))
            _take(record, number, state, session, tally)
        return Parsed(
            conversations=(session.conversation(state.session, title=state.title, started=time_of(state.started)),),
            mark=records.mark,
            resume=msgspec.json.encode(state).decode(),
            not_understood=tally.result(),
            versions=versions.result(),
        )


def _take(record: Record, line: int, state: State, session: Session, tally: Tally) -> None:
    kind = string(record.get("type"))
    time, name = time_of(record.get("timestamp")), string(record.get("id"))
    if kind == "session":
        state.session = state.session or name
        state.started = state.started or string(record.get("timestamp"))
    elif kind == "message":
        _message(fields(record.get("message")), session, line=line, stamp=record, tally=tally)
    elif kind in _SUMMARIES:
        session.say("system", string(record.get("summary")), line=line, time=time, id=name)
    elif kind == "custom_message":
        session.say("system", _text(record.get("content")), line=line, time=time, id=name)
    elif kind not in _SILENT:
        tally.add(f"entry {shape(kind)}", line)
    if kind == "session_info":
        state.title = string(record.get("name"))


def _message(message: Record, session: Session, *, line: int, stamp: Record, tally: Tally) -> None:
    role = string(message.get("role"))
    text = _text(message.get("content"))
    time, name = time_of(stamp.get("timestamp")), string(stamp.get("id"))
    if role == "user":
        session.typed(text, line=line, time=time, id=name)
    elif role == "assistant":
        session.say("assistant", text, line=line, time=time, id=name, speaker=string(message.get("model")))
    elif role == "toolResult":
        session.say("tool", text, line=line, time=time, id=name)
    elif role == "bashExecution":
        session.say("tool", string(message.get("output")), line=line, time=time, id=name)
    elif role in ("custom", "hookMessage", "branchSummary", "compactionSummary"):
        session.say("system", text or string(message.get("summary")), line=line, time=time, id=name)
    else:
        tally.add(f"message of {shape(role)}", line)


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    return joined(string(at(block, "text")) for block in items(content) if at(block, "type") == "text")
