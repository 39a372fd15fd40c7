"""Reader of opencode sessions as ``opencode export`` prints them: one JSON document a session."""

from __future__ import annotations

import re
from pathlib import Path

from bot.logs.base import LineSource, Parsed, Tally, UnknownFormat
from bot.logs.json_document import WAIT, at, fields, items, line_of, parsed, read_document, string
from bot.logs.json_lines import shape
from bot.logs.session import Session, time_of
from bot.model import Role

_EXPORT = re.compile(r'\s{0,9}\{\s{0,9}"info"\s{0,3}:\s{0,3}\{')
_STORED = re.compile(r'\s{0,9}\{\s{0,9}"(?:id"\s?:\s?"(?:ses|msg|prt)_|messageID"|sessionID")')
_SILENT = frozenset(
    {"reasoning", "patch", "snapshot", "step-start", "step-finish", "file", "agent", "retry", "compaction", "subtask"}
)


class OpenCode:
    name = "opencode"
    known_version = "1"

    def detects(self, head: str, path: Path) -> bool:
        del path
        is_export = bool(_EXPORT.match(head)) and '"ses_' in head
        return is_export or (bool(_STORED.match(head)) and '"ses_' in head)

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        document = read_document(lines, resume=resume, settled=settled)
        if document is None:
            return WAIT
        if "messages" not in fields(document.value):
            raise UnknownFormat(
                f"{lines.name}: a piece of opencode's storage: exclude it and read what `opencode export` prints"
            )
        info = at(document.value, "info")
        tally = Tally()
        session = Session(log=lines.name, format=self.name)
        for message in items(at(document.value, "messages")):
            _take(message, session, tally, is_child=bool(at(info, "parentID")))
        conversation = session.conversation(
            string(at(info, "id")), title=string(at(info, "title")), started=time_of(at(info, "time", "created"))
        )
        return parsed([conversation], lines=lines, document=document, tally=tally, version=at(info, "version"))


def _take(message: object, session: Session, tally: Tally, *, is_child: bool) -> None:
    """The parts of a message. In a child session an assistant asks, and a sub-agent answers it."""
    info = at(message, "info")
    time, name = time_of(at(info, "time", "created")), string(at(info, "id"))
    model = string(at(info, "modelID"))
    is_summary = at(info, "summary") is True
    for position, part in enumerate(items(at(message, "parts"))):
        kind = string(at(part, "type"))
        text = string(at(part, "text"))
        own = string(at(part, "id")) or f"{name}/{position}"
        if kind == "tool":
            output = at(part, "state", "output") or at(part, "state", "error")
            session.say("tool", string(output), line=line_of(string(output)), time=time, id=own)
        elif kind != "text":
            if kind not in _SILENT:
                tally.add(f"part {shape(kind)}", line_of(kind))
        elif at(info, "role") == "assistant":
            role: Role = "system" if is_summary else "tool" if is_child else "assistant"
            speaker = model if role == "assistant" else ""
            session.say(role, text, line=line_of(text), time=time, id=own, speaker=speaker)
        elif is_child or at(part, "synthetic") or at(part, "ignored") or at(info, "role") != "user":
            session.say("system", text, line=line_of(text), time=time, id=own)
        else:
            session.typed(text, line=line_of(text), time=time, id=own)
