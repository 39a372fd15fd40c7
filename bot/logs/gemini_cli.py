"""Reader of Gemini CLI sessions: one JSON document, or (newer) JSONL in which a repeated id replaces.

Also its ``logs.json`` (prompts only) and its checkpoints (an array of contents for the model).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from bot.logs.base import LineSource, Parsed, Reread, Tally
from bot.logs.gemini_records import say_content, say_message, say_typed
from bot.logs.json_document import WAIT, Document, at, document_in, fields, items, line_of, parse, parsed, string
from bot.logs.json_lines import record_in, shape
from bot.logs.session import Session, digest_of, time_of
from bot.model import Conversation

_SESSION = re.compile(r'\s{0,9}\{\s{0,9}"(?:sessionId|projectHash|kind|startTime)"')
_PROMPTS = re.compile(r'\s{0,9}\[\s{0,9}\{\s{0,9}"sessionId"\s?:\s?"[^"]{1,80}",\s{0,9}"messageId"\s?:\s?\d')
_CHECKPOINT = re.compile(
    r'\s{0,9}(?:\{\s{0,9}"history"\s?:\s?)?\[\s{0,9}\{\s{0,9}"(?:role"\s?:\s?"user|parts"\s?:\s?\[)'
)


class GeminiCli:
    name = "gemini-cli"

    def detects(self, head: str, path: Path) -> bool:
        del path
        start = head[:2000]
        if _SESSION.match(start) and '"sessionId"' in start and '"projectHash"' in start:
            return True
        if _PROMPTS.match(start):
            return True
        return bool(_CHECKPOINT.match(start)) and '"parts"' in start and '"text"' in start

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        if resume:
            # A message that was told may have been replaced or taken back since.
            raise Reread("the session has changed")
        tally = Tally()
        document = _document(lines, settled=settled, tally=tally)
        if document is None:
            return WAIT
        return parsed(_conversations(document.value, lines.name, tally), lines=lines, document=document, tally=tally)


def _document(lines: LineSource, *, settled: bool, tally: Tally) -> Document | None:
    raws = iter(lines)
    first = next(raws, b"")
    head = record_in(first.strip())
    if not isinstance(head, dict) or "messages" in head or "history" in head:
        return document_in(b"\n".join(chain([first], raws)), name=lines.name, settled=settled)
    session: dict[str, object] = {}
    messages: dict[str, object] = {}
    for raw in chain([first], raws):
        if not raw.strip():
            continue
        record = parse(raw, line=lines.line)
        if record.cut or not isinstance(record.value, dict):
            if settled or not lines.open_line:
                tally.add("last line cut short" if lines.open_line else "broken JSON", lines.line)
            continue
        _replay(record.value, session, messages, tally, lines.line)
    return Document(value=session | {"messages": list(messages.values())})


def _replay(
    record: dict[str, object], session: dict[str, object], messages: dict[str, object], tally: Tally, line: int
) -> None:
    """Take one record of a JSONL session. What was rewound was said all the same, and stays."""
    if "sessionId" in record and "type" not in record:
        for name, value in record.items():
            session.setdefault(name, value)
    elif "$set" in record:
        for message in items(at(record, "$set", "messages")):
            messages[string(at(message, "id")) or f"line {line}"] = message
        session["summary"] = at(record, "$set", "summary") or session.get("summary")
    elif "id" in record and "type" in record:
        messages[string(record["id"])] = record
    elif "$rewindTo" not in record:
        tally.add(f"record with {shape(next(iter(record), None))}", line)


def _conversations(value: object, log: str, tally: Tally) -> Iterator[Conversation]:
    history = value if isinstance(value, list) else at(value, "history")
    if isinstance(history, list):
        yield from (
            _prompts(history, log) if "message" in fields(next(iter(history), None)) else _checkpoint(history, log)
        )
        return
    session = Session(log=log, format=GeminiCli.name)
    is_sub_agent = at(value, "kind") == "subagent"
    for message in items(at(value, "messages")):
        say_message(fields(message), session, tally, is_sub_agent=is_sub_agent)
    name = string(at(value, "sessionId"))
    if is_sub_agent and session.turns:
        name = f"{name}/{session.turns[0].id}"
    yield session.conversation(name, title=string(at(value, "summary")), started=time_of(at(value, "startTime")))


def _prompts(history: list[object], log: str) -> Iterator[Conversation]:
    """``logs.json``: what was typed, session by session, without the answers."""
    sessions: dict[str, Session] = {}
    for entry in history:
        text = string(at(entry, "message"))
        name = string(at(entry, "sessionId"))
        session = sessions.setdefault(name, Session(log=log, format=GeminiCli.name))
        time = time_of(at(entry, "timestamp"))
        say_typed(text, session, line=line_of(text), time=time, id=f"{name}/{at(entry, 'messageId')}")
    for name, session in sessions.items():
        yield session.conversation(name)


def _checkpoint(history: list[object], log: str) -> Iterator[Conversation]:
    """A saved talk has no id and no times: it is known by the first thing a person said in it."""
    session = Session(log=log, format=GeminiCli.name)
    for content in history:
        say_content(fields(content), session)
    first = next((turn.text for turn in session.turns if turn.role == "human"), "")
    yield session.conversation(f"checkpoint/{digest_of(first)}")
