"""Reader of opencode sessions as ``opencode export`` prints them, one JSON document each.

A session in opencode's own store comes in the same shape, with ``pieces``: the line on which each of its files begins.
"""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_right
from dataclasses import replace
from pathlib import Path

from bot.logs.base import LineSource, Parsed, Tally, UnknownFormat
from bot.logs.json_document import WAIT, at, fields, items, line_of, parsed, read_document, string
from bot.logs.json_lines import shape
from bot.logs.session import Session, time_of
from bot.model import Conversation, Role

_EXPORT = re.compile(r'\s{0,9}\{\s{0,9}"info"\s{0,3}:\s{0,3}\{')
_STORED = re.compile(r'\s{0,9}\{\s{0,9}"(?:id"\s?:\s?"(?:ses|msg|prt)_|messageID"|sessionID")')
# A file of opencode's tree, seen from the folder of the one that tells of the session.
_PIECE = re.compile(r"(?:\.\./){0,2}(?:(?:message|part)/[\w-]{1,80}/(?:[\w-]{1,80}/)?)?[\w-]{1,80}\.json")
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
                f"{lines.name}: a piece of opencode's storage: name the folder, or what `opencode export` prints"
            )
        info = at(document.value, "info")
        tally = Tally()
        session = Session(log=lines.name, format=self.name)
        for message in items(at(document.value, "messages")):
            _take(message, session, tally, is_child=bool(at(info, "parentID")))
        conversation = session.conversation(
            string(at(info, "id")), title=string(at(info, "title")), started=time_of(at(info, "time", "created"))
        )
        if broken := at(document.value, "broken"):
            tally.add("piece that is no JSON", 1, int(broken) if isinstance(broken, int) else 1)
        conversation = _in_pieces(conversation, items(at(document.value, "pieces")))
        return parsed([conversation], lines=lines, document=document, tally=tally, version=at(info, "version"))


def _in_pieces(conversation: Conversation, pieces: list[object]) -> Conversation:
    """The conversation with each turn where it stands: in a file of its own where the session is kept in such."""
    pairs = [(line, string(name)) for piece in pieces for line, name in [[*items(piece), 0, ""][:2]]]
    begins = sorted((line, name) for line, name in pairs if isinstance(line, int) and _PIECE.fullmatch(name))
    if not begins:
        return conversation
    folder = posixpath.dirname(conversation.log)
    turns = []
    for turn in conversation.turns:
        begin, name = begins[max(0, bisect_right(begins, turn.lines[0], key=_line) - 1)]
        path = posixpath.normpath(posixpath.join(folder, name))
        turns.append(replace(turn, log=path, lines=tuple(max(1, line - begin + 1) for line in turn.lines)))
    return replace(conversation, turns=tuple(turns), in_pieces=True)


def _line(piece: tuple[int, str]) -> int:
    return piece[0]


def _take(message: object, session: Session, tally: Tally, *, is_child: bool) -> None:
    """The parts of a message. In a child session an assistant asks, and a sub-agent answers it."""
    info = at(message, "info")
    time, name = time_of(at(info, "time", "created")), string(at(info, "id"))
    model = string(at(info, "modelID"))
    is_summary = at(info, "summary") is True
    for position, part in enumerate(items(at(message, "parts"))):
        if part is None:  # a file that is just being written
            continue
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
