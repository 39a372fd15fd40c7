"""Readers of talks as programs exchange them: OpenAI's ``messages`` and ShareGPT's ``conversations``, JSON or JSONL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from bot.logs.base import LineSource, Parsed, Reread, Tally
from bot.logs.chat import digest, on_line
from bot.logs.decoding import repaired
from bot.logs.json_document import at, fields, items, string
from bot.logs.json_lines import JsonLines, head_records, shape
from bot.logs.json_stream import Element, read_elements
from bot.logs.stamps import epoch_of, iso_time
from bot.model import Conversation, Role, Turn

_ROLES: dict[str, Role] = {
    "user": "human",
    "human": "human",
    "assistant": "assistant",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "model": "assistant",
    "bot": "assistant",
    "ai": "assistant",
    "system": "system",
    "developer": "system",
    "tool": "tool",
    "function": "tool",
    "observation": "tool",
    "function_response": "tool",
    "tool_response": "tool",
}
_SILENT = frozenset({"function_call", "tool_call"})
_WORDS = r'"(?:role|from)"\s{0,9}:\s{0,9}"(?:user|human|assistant|gpt|chatgpt|system|developer|tool|model)"'
_FIRST = r'\{\s{0,100}"(?:role|from|content|value|id|name|timestamp)"\s{0,9}:'
_BARE = re.compile(r"\s{0,100}\[\s{0,100}" + _FIRST)
_WRAPPED = re.compile(
    r'\s{0,100}\[?\s{0,100}\{[^\[\]]{0,4000}?"(?:messages|conversations?)"\s{0,9}:\s{0,9}\[\s{0,100}' + _FIRST
)
_SPOKEN = re.compile(_WORDS)
# Keys of formats that have readers of their own, or are no talk between a person and an assistant.
_FOREIGN = re.compile(
    r'"(?:mapping|chat_messages|sender_full_name|sessionId|session_id|system_prompt|guild|parentUuid|chunkedPrompt'
    r'|responderUsername|projectHash|user_profile)"\s{0,9}:'
)
_TALK = ("messages", "conversations", "conversation")


class Messages:
    """One JSON document: a talk, a list of talks, or the list of a talk's messages."""

    name = "messages"

    def detects(self, head: str, path: Path) -> bool:
        del path
        found = _BARE.match(head) or _WRAPPED.match(head)
        return bool(found and _SPOKEN.search(head) and not _FOREIGN.search(head))

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        tally = Tally()
        talks: list[Conversation] = []
        loose: list[tuple[dict[str, object], Element]] = []

        def take(element: Element) -> None:
            value = fields(element.value)
            messages = _messages_of(value)
            if messages is not None:
                talks.append(_talk(value, messages, element, lines.name, self.name, tally))
            elif _role_name(value):
                loose.append((value, element))
            else:
                tally.add("record that is no message", element.line)

        def end(frame: object) -> list[Conversation]:
            if loose:
                turns = tuple(turn for value, element in loose if (turn := _turn(value, element, tally)))
                talks.append(_conversation(fields(frame), turns, lines.name, self.name))
            return _told_apart(talks)

        return read_elements(lines, keys=_TALK, resume=resume, settled=settled, tally=tally, take=take, end=end)


class State(Struct):
    """The talk that messages of their own belong to."""

    id: str = ""


class MessageLines:
    """JSONL: one talk a line, or one message a line, which then are all one talk."""

    name = "messages-jsonl"
    appended = True

    def detects(self, head: str, path: Path) -> bool:
        del path
        records = list(head_records(head))
        if records:
            return all(_is_talk(record) or _is_message(record) for record in records) and not _FOREIGN.search(head)
        cut = head.split("\n", 1)[0]  # a first line longer than the stretch that detection sees
        return cut.startswith("{") and len(cut) == len(head) and Messages().detects(head, Path())

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        try:
            state = msgspec.json.decode(resume, type=State) if resume else State()
        except msgspec.DecodeError as error:
            raise Reread("the kept state is of another version") from error
        tally = Tally()
        talks: list[Conversation] = []
        loose: list[Turn] = []
        records = JsonLines(lines, settled=settled, tally=tally)
        for number, record in records:
            messages = _messages_of(record)
            if messages is not None:
                talks.append(_talk(record, messages, Element(record, number), lines.name, self.name, tally))
            elif not _role_name(record):
                tally.add("record that is no message", number)
            elif turn := _turn(record, Element(record, number), tally):
                loose.append(turn)
        if loose:
            state.id = state.id or digest(f"{loose[0].role}|{loose[0].text}")
            talks.append(Conversation(log=lines.name, format=self.name, id=state.id, turns=tuple(loose)))
        return Parsed(
            conversations=tuple(_told_apart(talks)),
            mark=records.mark,
            resume=msgspec.json.encode(state).decode(),
            not_understood=tally.result(),
        )


def _messages_of(value: dict[str, object]) -> list[object] | None:
    return next((messages for key in _TALK if isinstance(messages := value.get(key), list)), None)


def _role_name(value: object) -> str:
    return string(at(value, "role")) or string(at(value, "from"))


def _is_talk(record: dict[str, object]) -> bool:
    return any(map(_is_message, (_messages_of(record) or ())[:1]))


def _is_message(value: object) -> bool:
    known = _role_name(value).lower() in _ROLES
    return known and any(key in fields(value) for key in ("content", "value", "tool_calls"))


def _talk(
    value: dict[str, object], messages: list[object], element: Element, log: str, name: str, tally: Tally
) -> Conversation:
    turns = tuple(turn for message in messages if (turn := _turn(fields(message), element, tally)))
    return _conversation(value, turns, log, name)


def _conversation(value: dict[str, object], turns: tuple[Turn, ...], log: str, name: str) -> Conversation:
    given = next((v for key in ("id", "conversation_id", "uuid") if (v := value.get(key))), "")
    said = "\n".join(f"{turn.role}|{turn.text}" for turn in turns[:3])
    return Conversation(
        log=log,
        format=name,
        id=str(given) if isinstance(given, str | int) and given else digest(said),
        turns=turns,
        title=repaired(string(value.get("title"))),
        started=_time(value) or (turns[0].time if turns else None),
    )


def _turn(message: dict[str, object], element: Element, tally: Tally) -> Turn | None:
    name = _role_name(message)
    role = _ROLES.get(name.lower())
    if role is None:
        if name not in _SILENT:
            tally.add(f"role {shape(name)}", element.line)
        return None
    parts = list(_texts(message))
    text = repaired("\n".join(parts))
    if not text.strip():
        return None
    return Turn(
        role=role,
        text=text,
        lines=tuple(n for part in parts for n in on_line(part, element.line_of(part))),
        speaker=string(message.get("name")),
        time=_time(message),
        id=string(message.get("id")),
    )


def _texts(message: dict[str, object]) -> Iterator[str]:
    for key in ("content", "value", "text"):
        content = message.get(key)
        if isinstance(content, str):
            yield content
            return
        for part in items(content):
            if isinstance(part, str):
                yield part
            elif string(at(part, "type")) in ("text", "input_text", "output_text"):
                yield string(at(part, "text"))


def _time(value: dict[str, object]) -> datetime | None:
    for key in ("timestamp", "created_at", "create_time", "created", "time"):
        given = value.get(key)
        found = iso_time(given) if isinstance(given, str) and not given.isdigit() else epoch_of(given)
        if found:
            return found
        if isinstance(given, int | float) and 1e11 < given < 1e14:
            return epoch_of(given / 1000)
    return None


def _told_apart(talks: list[Conversation]) -> list[Conversation]:
    """The talks, with a number behind the ids that come more than once."""
    seen: dict[str, int] = {}
    result: list[Conversation] = []
    for talk in talks:
        seen[talk.id] = number = seen.get(talk.id, 0) + 1
        result.append(talk if number == 1 else replace(talk, id=f"{talk.id}-{number}"))
    return result
