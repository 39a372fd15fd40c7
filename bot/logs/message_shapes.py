"""The shapes in which programs write a message down: under which keys stand who speaks, the words, and the time.

Beside OpenAI's ``role`` and ``content`` and ShareGPT's ``from`` and ``value`` these are the shapes of Anthropic's and
Gemini's requests, the AI SDK, LangChain, LibreChat, Open WebUI, Continue, Goose, Droid, Qwen Code, Cursor's agent and
what ``claude --output-format stream-json`` prints.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.logs.json_document import at, fields, items, string
from bot.model import Role

ROLES: dict[str, Role] = {
    "user": "human",
    "human": "human",
    "prompt": "human",
    "assistant": "assistant",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "model": "assistant",
    "bot": "assistant",
    "ai": "assistant",
    "agent": "assistant",
    "response": "assistant",
    "system": "system",
    "developer": "system",
    "tool": "tool",
    "function": "tool",
    "observation": "tool",
    "function_response": "tool",
    "tool_response": "tool",
}
TALK_KEYS = (
    "messages", "conversations", "conversation", "items", "history", "chat_history", "chatMessages", "contents",
    "input", "output",
)  # fmt: skip
# Records of their own that say nothing: who runs, with what, what it came to; what a model thinks and calls.
_SILENT = frozenset(
    """
    session session_start session_end system result summary todo_state reasoning function_call custom_tool_call
    """.split()
)
_ROLE_KEYS = ("role", "from", "speaker")
_CONTENT_KEYS = ("content", "value", "text", "parts", "say")
_TEXT_TYPES = ("text", "input_text", "output_text", "Text")
_PAIRS = (("human", "assistant"), ("user", "assistant"), ("human", "gpt"), ("user", "bot"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it stands: ``role`` is the log's own word, ``stamp`` the record that bears its id and time."""

    role: str
    content: object
    stamp: Mapping[str, object]


def messages_of(value: Mapping[str, object]) -> list[object] | None:
    """The list of messages in the record of a talk, None where there is none."""
    holders = [value, fields(value.get("chat"))]
    lists = [found for holder in holders for key in TALK_KEYS if isinstance(found := holder.get(key), list)]
    spoken = [found for found in lists if any(messages_in(item) for item in found[:5])]
    if spoken:
        return [item for found in spoken for item in found] if spoken[0] is value.get("input") else spoken[0]
    return next((found for found in lists if not found), None)


def messages_in(value: object) -> Sequence[Message]:
    """What a record says: one message, two where it holds a question with its answer, none where it is no message."""
    record = fields(value)
    role = next((word for key in _ROLE_KEYS if (word := string(record.get(key)))), "")
    inner = fields(record.get("message"))
    if role and (found := _content(record)) is not None:
        return (Message(role=role, content=found, stamp=record),)
    if (word := role or string(inner.get("role"))) and (found := _content(inner)) is not None:
        return (Message(role=word, content=found, stamp={**inner, **record}),)
    if role and "tool_calls" in record:
        return (Message(role=role, content=None, stamp=record),)
    if isinstance(mine := record.get("isCreatedByUser"), bool):
        content = record.get("text") or record.get("content")
        return (Message(role="user" if mine else "assistant", content=content, stamp=record),)
    kind, data = string(record.get("type")).lower(), fields(record.get("data"))
    if kind.endswith("_call_output"):
        return (Message(role="tool", content=record.get("output"), stamp=record),)
    if kind in ROLES and "content" in data:
        return (Message(role=kind, content=data["content"], stamp={**record, **data}),)
    for pair in _PAIRS:
        if all(isinstance(record.get(word), str) for word in pair):
            return tuple(Message(role=word, content=record[word], stamp={}) for word in pair)
    return ()


def is_spoken(value: object) -> bool:
    """Whether a record is a message of somebody who is known."""
    return any(message.role.lower() in ROLES for message in messages_in(value))


def is_silent(value: object) -> bool:
    """Whether a record is of a kind that is known to say nothing."""
    return at(value, "type") in _SILENT


def texts_of(content: object, role: Role) -> Iterator[tuple[Role, str]]:
    """The pieces of text of a message, each with whose it is: results of tools come in the name of the user."""
    if isinstance(content, str):
        yield role, content
    elif isinstance(content, Mapping):
        yield from texts_of(content.get("parts") or content.get("text"), role)
    for block in items(content):
        if isinstance(block, str):
            yield role, block
        elif at(block, "type") == "tool_result":
            yield from ((("tool"), text) for _, text in texts_of(at(block, "content"), role))
        elif at(block, "thought") is not True and (kind := at(block, "type")) in (None, *_TEXT_TYPES):
            text = at(block, "text")
            yield role, string(text) or string(at(text, "value")) or (string(at(block, "Text")) if not kind else "")


def _content(record: Mapping[str, object]) -> object:
    return next((found for key in _CONTENT_KEYS if (found := record.get(key)) is not None), None)
