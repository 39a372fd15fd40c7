"""Reader of Claude.ai's data export: conversations.json with ``chat_messages``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from bot.logs.base import LineSource, Parsed, Tally
from bot.logs.chat import on_line
from bot.logs.decoding import repaired
from bot.logs.json_document import fields, items, string
from bot.logs.json_lines import shape
from bot.logs.json_stream import Element, read_elements
from bot.logs.stamps import iso_time
from bot.model import Conversation, Role, Turn

_HEAD = re.compile(r"\s{0,100}[\[{]")
_ROLES: dict[str, Role] = {"human": "human", "user": "human", "assistant": "assistant"}
_SILENT = frozenset({"tool_use", "tool_result", "thinking", "redacted_thinking", "token_budget", "flag", "image"})
Message = dict[str, object]


class ClaudeAi:
    name = "claude-ai"
    in_parts = True

    def detects(self, head: str, path: Path) -> bool:
        del path
        return bool(_HEAD.match(head)) and '"chat_messages"' in head and '"sender"' in head

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        tally = Tally()
        talks: list[Conversation] = []

        def take(element: Element) -> None:
            if isinstance(fields(element.value).get("chat_messages"), list):
                talks.append(_conversation(element, lines.name, tally))
            else:
                tally.add("conversation without messages", element.line)

        def end(frame: object) -> list[Conversation]:
            if "chat_messages" in fields(frame):
                take(Element(frame, 1))
            return talks

        return read_elements(
            lines, keys=("conversations",), resume=resume, settled=settled, tally=tally, take=take, end=end
        )


def _conversation(element: Element, log: str, tally: Tally) -> Conversation:
    talk = fields(element.value)
    messages = _branch([fields(m) for m in items(talk["chat_messages"])], string(talk.get("current_leaf_message_uuid")))
    turns = tuple(turn for message in messages if (turn := _turn(message, element, tally)))
    return Conversation(
        log=log,
        format=ClaudeAi.name,
        id=string(talk.get("uuid")) or (turns[0].id if turns else ""),
        turns=turns,
        title=repaired(string(talk.get("name"))),
        started=iso_time(string(talk.get("created_at"))),
    )


def _branch(messages: Sequence[Message], leaf: str) -> Sequence[Message]:
    """The messages in the order of the talk: the branch that was shown last where they form a tree, else by time."""
    # The array is in no order that means anything.
    in_time = sorted(messages, key=lambda message: string(message.get("created_at")))
    known = {string(message.get("uuid")): message for message in messages}
    if leaf not in known:
        linked = [m for m in messages if string(m.get("parent_message_uuid")) in known]
        # Messages that link to nothing in the export would be lost by a walk.
        roots = len(messages) - len(linked)
        if not linked or roots > 1 or "" in known:
            return in_time
        leaf = string(in_time[-1].get("uuid"))
    branch: list[Message] = []
    while leaf in known:
        branch.append(known.pop(leaf))
        leaf = string(branch[-1].get("parent_message_uuid"))
    return branch[::-1]


def _turn(message: Message, element: Element, tally: Tally) -> Turn | None:
    sender = string(message.get("sender"))
    role = _ROLES.get(sender)
    if role is None:
        tally.add(f"sender {shape(sender)}", element.line)
        return None
    parts = _texts(message, element, tally)
    text = repaired("\n".join(parts))
    if not text.strip():
        return None
    numbers = tuple(n for part in parts for n in on_line(part, element.line_of(part)))
    return Turn(
        role=role,
        text=text,
        lines=numbers,
        time=iso_time(string(message.get("created_at"))),
        id=string(message.get("uuid")),
    )


def _texts(message: Message, element: Element, tally: Tally) -> list[str]:
    """The blocks of text; ``text`` of the message itself may be flattened with what tools said."""
    texts: list[str] = []
    for block in items(message.get("content")):
        kind = string(fields(block).get("type"))
        if kind == "text":
            texts.append(string(fields(block).get("text")))
        elif kind == "voice_note":
            texts.append(string(fields(block).get("text")) or string(fields(block).get("title")))
        elif kind not in _SILENT:
            tally.add(f"block {shape(kind)}", element.line)
    if any(text.strip() for text in texts):
        return texts
    return [] if items(message.get("content")) and not texts else [string(message.get("text"))]
