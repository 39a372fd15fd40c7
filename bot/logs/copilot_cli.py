"""Reader of GitHub Copilot CLI sessions: ``events.jsonl``, appended to, one event a line."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from bot.logs.base import LineSource, Parsed, Reread, Tally
from bot.logs.json_document import at, fields, string
from bot.logs.json_lines import JsonLines, Record, head_records, shape
from bot.logs.session import Session, joined, time_of
from bot.logs.versions import Versions
from bot.model import Role

# First parts of event names that say nothing of their own: bookkeeping, and what repeats what was said.
_SILENT = frozenset(
    """
    abort assistant capabilities command commands elicitation exit_plan_mode external_tool hook mcp model
    pending_messages permission plan sampling session skill skills subagent system tool tools user user_input
    """.split()
)
_NOTES = frozenset({"session.info", "session.warning", "session.error", "system.notification"})


class State(Struct):
    session: str = ""
    started: str = ""
    title: str = ""


class CopilotCli:
    name = "copilot-cli"
    appended = True
    known_version = "1"

    def detects(self, head: str, path: Path) -> bool:
        del path
        return any(
            string(record.get("type")).partition(".")[0] in _SILENT
            and "." in string(record.get("type"))
            and isinstance(record.get("data"), dict)
            and "parentId" in record
            and "timestamp" in record
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
            versions.add(at(record, "data", "copilotVersion"))
            _take(record, number, state, session, tally)
        if not state.session and session.turns:
            state.session = session.turns[0].id or lines.name
        return Parsed(
            conversations=(session.conversation(state.session, title=state.title, started=time_of(state.started)),),
            mark=records.mark,
            resume=msgspec.json.encode(state).decode(),
            not_understood=tally.result(),
            versions=versions.result(),
        )


def _take(record: Record, line: int, state: State, session: Session, tally: Tally) -> None:
    kind = string(record.get("type"))
    data = fields(record.get("data"))
    time, name = time_of(record.get("timestamp")), string(record.get("id"))
    if kind == "session.start":
        state.session = state.session or string(data.get("sessionId"))
        state.started = state.started or string(data.get("startTime"))
    elif kind == "session.title_changed":
        state.title = string(data.get("title"))
    elif kind == "user.message":
        _user(record, data, session, line)
    elif kind == "assistant.message":
        # What a sub-agent says is for the assistant and not for the person.
        role: Role = "tool" if record.get("agentId") or data.get("parentToolCallId") else "assistant"
        text, model = string(data.get("content")), string(data.get("model"))
        session.say(role, text, line=line, time=time, id=name, speaker=model if role == "assistant" else "")
    elif kind == "user_input.completed":
        session.say("human", string(data.get("answer")), line=line, time=time, id=name)
    elif kind == "elicitation.completed" and data.get("action") == "accept":
        # How the tool that asks the person is answered in newer versions.
        session.say("human", joined(map(string, fields(data.get("content")).values())), line=line, time=time, id=name)
    elif kind == "tool.execution_complete":
        text = string(at(data, "result", "content")) or string(at(data, "error", "message"))
        session.say("tool", text, line=line, time=time, id=name)
    elif kind in ("system.message", "skill.invoked") or kind in _NOTES:
        text = string(data.get("content")) or string(data.get("message"))
        session.say("system", text, line=line, time=time, id=name)
    elif kind == "session.compaction_complete":
        session.say("system", string(data.get("summaryContent")), line=line, time=time, id=name)
    elif kind.partition(".")[0] not in _SILENT:
        tally.add(f"event {shape(kind)}", line)


def _user(record: Record, data: Record, session: Session, line: int) -> None:
    """A prompt: ``content`` is what was typed, ``transformedContent`` what the model was given."""
    text, time, name = string(data.get("content")), time_of(record.get("timestamp")), string(record.get("id"))
    source = data.get("source")
    if record.get("agentId") or source not in (None, "", "user"):
        session.say("system", text, line=line, time=time, id=name)
    else:
        session.typed(text, line=line, time=time, id=name)
