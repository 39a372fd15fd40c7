"""Reader of talks as programs exchange and keep them: OpenAI's ``messages``, ShareGPT's and kin, JSON or JSONL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from bot.logs.base import LineSource, Parsed, Reread, Tally
from bot.logs.chat import digest, on_line
from bot.logs.json_document import fields, items, parse, string
from bot.logs.json_lines import JsonLines, head_records, shape
from bot.logs.json_stream import Element, read_elements
from bot.logs.message_shapes import ROLES, TALK_KEYS, Message, is_silent, is_spoken, messages_in, messages_of, texts_of
from bot.logs.session import Session
from bot.logs.stamps import epoch_of, iso_time
from bot.model import Conversation, Role

_SILENT = frozenset({"function_call", "tool_call"})
_SPOKEN = re.compile(
    r'"(?:role|from|type|speaker)"\s{0,9}:\s{0,9}"(?:user|human|assistant|gpt|chatgpt|system|developer|tool|model'
    r'|Prompt|ai)"|"(?:isCreatedByUser|human)"\s{0,9}:',
)
# Keys of formats that have readers of their own, or are no talk between a person and an assistant.
_FOREIGN = re.compile(
    r'"(?:mapping|chat_messages|sender_full_name|guild|chunkedPrompt|responderUsername|projectHash|user_profile)"'
    r"\s{0,9}:"
)
_IDS = ("id", "conversation_id", "conversationId", "uuid", "session_id", "sessionId", "thread_id")
_TIMES = ("timestamp", "created_at", "createdAt", "create_time", "created", "time")


class Messages:
    """One JSON document: a talk, a list of talks, or the list of a talk's messages."""

    name = "messages"

    def detects(self, head: str, path: Path) -> bool:
        del path
        if head[:200].lstrip()[:1] not in ("{", "[") or not _SPOKEN.search(head) or _FOREIGN.search(head):
            return False
        value = parse(head.encode("utf-8", "replace")).value
        talk = messages_of(fields(value))
        listed = items(value) or (talk if talk is not None else _talks_of(fields(value)))
        return any(is_spoken(item) or _is_talk(item) for item in listed[:5])

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        tally = Tally()
        talks: list[Conversation] = []
        loose = Session(log=lines.name, format=self.name)

        def take(element: Element) -> None:
            value = fields(element.value)
            messages = messages_of(value)
            if messages is not None:
                talks.append(_talk(value, messages, element, Session(log=lines.name, format=self.name), tally))
            elif not _say(value, element, loose, tally) and not is_silent(value):
                tally.add("record that is no message", element.line)

        def end(frame: object) -> list[Conversation]:
            for message in messages_of(fields(frame)) or ():
                _say(message, Element(frame, 1), loose, tally)
            if loose.turns:
                talks.append(_conversation(fields(frame), loose))
            return _told_apart(talks)

        return read_elements(lines, keys=TALK_KEYS, resume=resume, settled=settled, tally=tally, take=take, end=end)


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
            spoken = [_is_talk(record) or is_spoken(record) for record in records]
            # The first may tell of the session; each of the others says of which kind it is.
            others = [record for record, is_one in zip(records[1:], spoken[1:], strict=True) if not is_one]
            return any(spoken) and all("type" in record for record in others) and not _FOREIGN.search(head)
        cut = head.split("\n", 1)[0]  # a first line longer than the stretch that detection sees
        return cut.startswith("{") and len(cut) == len(head) and Messages().detects(head, Path())

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        try:
            state = msgspec.json.decode(resume, type=State) if resume else State()
        except msgspec.DecodeError as error:
            raise Reread("the kept state is of another version") from error
        tally = Tally()
        talks: list[Conversation] = []
        loose = Session(log=lines.name, format=self.name)
        records = JsonLines(lines, settled=settled, tally=tally)
        for number, record in records:
            element = Element(record, number)
            messages = messages_of(record)
            if messages is not None:
                talks.append(_talk(record, messages, element, Session(log=lines.name, format=self.name), tally))
                continue
            if not state.id and not loose.turns:
                state.id = next((name for key in _IDS[4:] if (name := string(record.get(key)))), "")
            if not _say(record, element, loose, tally) and not is_silent(record):
                tally.add("record that is no message", number)
        if loose.turns:
            first = loose.turns[0]
            state.id = state.id or digest(f"{first.role}|{first.text}")
            talks.append(loose.conversation(state.id))
        return Parsed(
            conversations=tuple(_told_apart(talks)),
            mark=records.mark,
            resume=msgspec.json.encode(state).decode(),
            not_understood=tally.result(),
        )


def _talks_of(value: Mapping[str, object]) -> list[object]:
    """The talks under a key of the object at the top of a document."""
    lists = (items(value.get(key)) for key in TALK_KEYS)
    return next((found for found in lists if any(map(_is_talk, found[:5]))), [])


def _is_talk(record: object) -> bool:
    return any(map(is_spoken, (messages_of(fields(record)) or ())[:5]))


def _talk(
    value: Mapping[str, object], messages: list[object], element: Element, session: Session, tally: Tally
) -> Conversation:
    for message in messages:
        if not _say(message, element, session, tally) and not is_silent(message):
            tally.add("record that is no message", element.line)
    return _conversation(value, session)


def _conversation(value: Mapping[str, object], session: Session) -> Conversation:
    given = next((v for key in _IDS if (v := value.get(key))), "")
    said = "\n".join(f"{turn.role}|{turn.text}" for turn in session.turns[:3])
    name = str(given) if isinstance(given, str | int) and given else digest(said)
    return session.conversation(name, title=string(value.get("title")), started=_time(value))


def _say(value: object, element: Element, session: Session, tally: Tally) -> bool:
    """Add what a record says as turns; false where it is no message at all."""
    messages = messages_in(value)
    for message in messages:
        role = ROLES.get(message.role.lower())
        if role is not None:
            _add(message, role, element, session)
        elif message.role not in _SILENT:
            tally.add(f"role {shape(message.role)}", element.line)
    return bool(messages)


def _add(message: Message, role: Role, element: Element, session: Session) -> None:
    stamp, time = message.stamp, _time(message.stamp)
    name = next((given for key in ("id", "uuid", "messageId") if (given := string(stamp.get(key)))), "")
    pieces = list(texts_of(message.content, role))
    for number, whose in enumerate(dict.fromkeys(whose for whose, _ in pieces)):
        texts = [text for owner, text in pieces if owner == whose]
        numbers = [n for text in texts for n in on_line(text, element.line_of(text))]
        text, own = "\n".join(texts), f"{name}/{number}" if name and number else name
        if whose == "human":
            session.typed(text, line=numbers, time=time, id=own, speaker=string(stamp.get("name")))
        else:
            session.say(whose, text, line=numbers, time=time, id=own, speaker=string(stamp.get("name")))


def _time(value: Mapping[str, object]) -> datetime | None:
    for key in _TIMES:
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
