"""Who said what in one message of a Gemini CLI session."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from bot.logs.base import Tally
from bot.logs.json_document import at, fields, items, line_of, string
from bot.logs.json_lines import Record, shape
from bot.logs.session import Session, time_of

_INJECTED = ("This is the Gemini CLI. We are setting up the context", "[SYSTEM]")
_COMMAND = re.compile(r"[ \t\n]{0,9}(?:/[a-z][a-z0-9:_-]{0,40}(?=\s|$)|\?\s{0,9}$)")
# Files that the prompt names with @ are put behind it.
_FILES = "--- Content from referenced files ---"
_FILES_END = "--- End of content ---"
_NOTES = ("info", "warning", "error")


def say_message(message: Record, session: Session, tally: Tally, *, is_sub_agent: bool) -> None:
    """Add the turns of one message. To a sub-agent an assistant speaks, and it answers to that one."""
    kind = string(message.get("type"))
    time, name = time_of(message.get("timestamp")), string(message.get("id"))
    texts = _texts(message.get("displayContent")) or _texts(message.get("content"))
    if kind == "user" and not is_sub_agent:
        _say_prompt(texts, session, time=time, id=name)
    elif kind == "gemini":
        role, model = ("tool", "") if is_sub_agent else ("assistant", string(message.get("model")))
        for text in texts:
            session.say(
                "tool" if role == "tool" else "assistant", text, line=line_of(text), time=time, id=name, speaker=model
            )
        for call in items(message.get("toolCalls")):
            _say_result(call, session, time)
    elif kind in _NOTES or kind == "user":
        for text in texts:
            session.say("system", text, line=line_of(text), time=time, id=name)
    else:
        tally.add(f"message type {shape(kind)}", line_of(kind or name))


def say_content(content: Record, session: Session) -> None:
    """Add one content of a checkpoint: role and parts, as the model is given them."""
    texts = [string(at(part, "text")) for part in items(content.get("parts")) if not at(part, "thought")]
    if content.get("role") == "user":
        _say_prompt([text for text in texts if text], session, time=None, id="")
    else:
        for text in texts:
            session.say("assistant", text, line=line_of(text))
    for part in items(content.get("parts")):
        _say_response(at(part, "functionResponse", "response"), session, None)


def say_typed(text: str, session: Session, *, line: int, time: datetime | None, id: str) -> None:  # noqa: A002
    """Add a prompt; what stands behind the name of a command is typed."""
    if text[:200].lstrip().startswith(_INJECTED):
        session.say("system", text, line=line, time=time, id=id)
        return
    command = _COMMAND.match(text)
    if command:
        session.say("system", command[0], line=line, time=time, id=id)
        text = text[command.end() :]
        id = f"{id}/1" if id else ""  # noqa: A001
    session.typed(text, line=line, time=time, id=id)


def _say_prompt(texts: list[str], session: Session, *, time: datetime | None, id: str) -> None:  # noqa: A002
    in_files = False
    for position, text in enumerate(texts):
        own = f"{id}/{position}" if id and position else id
        before, marker, behind = text.partition(_FILES)
        if in_files or marker:
            if not in_files:
                say_typed(before, session, line=line_of(text), time=time, id=own)
            session.say("system", text if in_files else marker + behind, line=line_of(text), time=time, id=f"{own}/f")
            in_files = _FILES_END not in text
        else:
            say_typed(text, session, line=line_of(text), time=time, id=own)


def _say_result(call: object, session: Session, time: datetime | None) -> None:
    result = at(call, "result")
    for part in items(result):
        _say_response(at(part, "functionResponse", "response"), session, time)
    if isinstance(result, str):
        session.say("tool", result, line=line_of(result), time=time)


def _say_response(response: object, session: Session, time: datetime | None) -> None:
    for key in ("output", "error"):
        text = string(fields(response).get(key))
        session.say("tool", text, line=line_of(text), time=time)


def _texts(content: object) -> list[str]:
    return list(_iterate(content))


def _iterate(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    for part in [content] if isinstance(content, dict) else items(content):
        if isinstance(part, str):
            yield part
        elif string(at(part, "text")) and not at(part, "thought"):
            yield string(at(part, "text"))
