"""One line of a Claude Code log as a typed record; what is not declared here is skipped while decoding."""

from __future__ import annotations

import json

import msgspec
from msgspec import Struct


class Block(Struct):
    type: str = ""
    text: str | None = None
    content: str | list[Block] | None = None
    is_error: bool | None = None


class Message(Struct):
    role: str = ""
    content: str | list[Block] | None = None


class Origin(Struct):
    kind: str | None = None


class Attachment(Struct):
    type: str = ""
    prompt: str | list[Block] | None = None
    commandMode: str | None = None  # noqa: N815 - the log's own name
    origin: Origin | None = None


class Record(Struct):
    """The fields that decide who spoke; the names are those of the log."""

    type: str = ""
    subtype: str | None = None
    uuid: str | None = None
    sessionId: str | None = None  # noqa: N815
    timestamp: str | None = None
    version: str | None = None
    message: Message | None = None
    attachment: Attachment | None = None
    operation: str | None = None
    content: str | list[Block] | None = None
    isMeta: bool | None = None  # noqa: N815
    isSidechain: bool | None = None  # noqa: N815
    isCompactSummary: bool | None = None  # noqa: N815
    isApiErrorMessage: bool | None = None  # noqa: N815
    sourceToolUseID: str | None = None  # noqa: N815
    promptSource: str | None = None  # noqa: N815
    origin: Origin | None = None
    summary: str | None = None
    aiTitle: str | None = None  # noqa: N815
    customTitle: str | None = None  # noqa: N815


class _Answered(Struct):
    answers: dict[str, str | list[str]] | None = None


class _WithAnswers(Struct):
    toolUseResult: _Answered | None = None  # noqa: N815


_record = msgspec.json.Decoder(Record)
_with_answers = msgspec.json.Decoder(_WithAnswers)


class NotARecord(ValueError):
    """A line that is no JSON object; the message says what it is instead."""


def record_of(raw: bytes) -> Record:
    """The record in one line. Fields of an unexpected shape are left out. Raises NotARecord."""
    try:
        return _record.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        pass
    value = _json_of(raw)
    if not isinstance(value, dict):
        raise NotARecord("JSON that is no record")
    return _loose_record(value)


def answers_of(raw: bytes) -> list[str]:
    """What the human chose or typed when a tool asked; empty where no tool asked."""
    if b'"answers"' not in raw:
        return []
    try:
        result = _with_answers.decode(raw).toolUseResult
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return []
    answers = (result and result.answers) or {}
    return [text for answer in answers.values() for text in ([answer] if isinstance(answer, str) else answer)]


def _json_of(raw: bytes) -> object:
    try:
        value: object = json.loads(raw.decode("utf-8", "replace"))
    except RecursionError as error:
        raise NotARecord("JSON nested too deeply") from error
    except ValueError as error:
        raise NotARecord("broken JSON") from error
    return value


def _loose_record(value: dict[str, object]) -> Record:
    record = Record()
    for name in Record.__struct_fields__:
        field = value.get(name)
        if name == "message" and isinstance(field, dict):
            record.message = Message(role=_string(field.get("role")), content=_content(field.get("content")))
        elif name == "attachment" and isinstance(field, dict):
            record.attachment = Attachment(
                type=_string(field.get("type")),
                prompt=_content(field.get("prompt")),
                commandMode=_string(field.get("commandMode")),
                origin=_origin(field.get("origin")),
            )
        elif name == "content":
            record.content = _content(field)
        elif name == "origin":
            record.origin = _origin(field)
        elif isinstance(field, bool if name.startswith("is") else str):
            setattr(record, name, field)
    return record


def _origin(value: object) -> Origin | None:
    return Origin(kind=_string(value.get("kind"))) if isinstance(value, dict) else None


def _content(value: object, depth: int = 3) -> str | list[Block] | None:
    if isinstance(value, str):
        return value
    if not isinstance(value, list) or not depth:
        return None
    return [
        Block(
            type=_string(block.get("type")),
            text=_string(block.get("text")),
            content=_content(block.get("content"), depth - 1),
            is_error=block.get("is_error") is True,
        )
        for block in value
        if isinstance(block, dict)
    ]


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
