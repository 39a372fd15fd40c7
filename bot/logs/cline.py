"""Reader of Cline, Roo Code and Kilo Code tasks: what the person saw, what the model saw, sessions of the SDK."""

from __future__ import annotations

import re
from pathlib import Path

from bot.logs.base import LineSource, Parsed, Tally
from bot.logs.cline_records import say_for_model, say_seen
from bot.logs.json_document import WAIT, at, fields, items, parsed, read_document, string
from bot.logs.session import Session, digest_of, time_of

_SEEN = re.compile(r'\s{0,9}\[\s{0,9}\{\s{0,9}"(?:ts|type)"\s?:')
_SAY = re.compile(r'"type"\s?:\s?"(?:say|ask)"')
_FOR_MODEL = re.compile(r'\s{0,9}\[\s{0,9}\{\s{0,9}"(?:role|ts|id)"\s?:')
_TAGGED = ("<task>", "<environment_details>", "<feedback>", "<user_message>", "<user_input")
_HISTORY, _BESIDE = "api_conversation_history.json", "ui_messages.json"
_SESSION = ('"sessionId"', '"messages"', '"agent"')


class Cline:
    name = "cline"
    known_version = "1"

    def detects(self, head: str, path: Path) -> bool:
        start = head[:4000]
        if _SEEN.match(start) and _SAY.search(start):
            return True
        if _FOR_MODEL.match(start) and '"content"' in start:
            return path.name == _HISTORY or any(tag in head for tag in _TAGGED[:2])
        is_object = start.lstrip().startswith("{")
        return is_object and path.name.endswith(".messages.json") and all(key in head for key in _SESSION)

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        document = read_document(lines, resume=resume, settled=settled)
        if document is None:
            return WAIT
        value, tally = document.value, Tally()
        if lines.name.endswith(_HISTORY) and lines.beside(_BESIDE) is not None:
            tally.add(f"history that {_BESIDE} beside it tells better", 1)
            return parsed([], lines=lines, document=document, tally=tally)
        session = Session(log=lines.name, format=self.name)
        entries = value if isinstance(value, list) else items(at(value, "messages"))
        if any(fields(entry).get("type") in ("say", "ask") for entry in entries):
            say_seen(entries, session, tally)
            first = next((at(entry, "ts") for entry in entries if at(entry, "ts")), "")
            name = str(first)  # the milliseconds at which a task begins are its name
        else:
            say_for_model(entries, session, tally)
            said = next((turn.text for turn in session.turns if turn.role == "human"), "")
            name = string(at(value, "sessionId")) or digest_of(said)
        started = next((time for entry in entries if (time := time_of(at(entry, "ts")))), None)
        conversation = session.conversation(name, started=started)
        return parsed([conversation], lines=lines, document=document, tally=tally, version=at(value, "version"))
