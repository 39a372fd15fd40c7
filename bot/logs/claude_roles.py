"""Who said what in one Claude Code record: the role table of the format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.logs.claude_records import Block, Message, Record
from bot.logs.injected import is_injected, typed_and_injected, without_reminders
from bot.model import Role

TEXT_LIMIT = 20_000  # characters kept of tool output and injected text; neither founds a finding
_REJECTED = "the user said:\n"
_TEMPLATE = "The user wants to clarify"
_NOT_TYPED = ("<task-notification", '{"task_id"')
# Bookkeeping of the program: no turns, nothing to report.
SILENT = frozenset(
    {
        "agent-name", "ai-title", "attachment", "custom-title", "file-history-snapshot", "last-prompt", "mode",
        "permission-mode", "pr-link", "progress", "queue-operation", "summary", "tag",
    }
)  # fmt: skip
SPOKEN = frozenset({"user", "assistant", "system"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    role: Role
    text: str


def said_in(record: Record, answers: list[str]) -> list[Said]:
    """What was said in a record, in order, at most one item in a row of each role.

    ``answers`` are the human's answers to a question that a tool asked.
    """
    items: list[Said] = []
    if record.type == "assistant":
        items.extend(_assistant(record))
    elif record.type == "user" and record.message:
        items.extend(_user(record, record.message, answers))
    elif record.type == "system" and isinstance(record.content, str):
        command = is_injected(record.content)  # the arguments of a command are typed
        items.extend(_typed(record.content) if command else [Said(role="system", text=record.content)])
    elif record.type == "attachment":
        items.extend(_queued_command(record))
    return _joined(items)


def typed_while_busy(record: Record) -> str:
    """The text of a queue record that a person typed, "" where a program queued it."""
    text = record.content if isinstance(record.content, str) else "\n".join(_texts(record.content))
    return "" if text.lstrip().startswith(_NOT_TYPED) else text


def _assistant(record: Record) -> Iterator[Said]:
    role: Role = "assistant"
    if record.isApiErrorMessage or record.isMeta:
        role = "system"
    elif record.isSidechain:
        role = "tool"  # a sub-agent works for the assistant and does not talk with the human
    content = record.message.content if record.message else None
    for text in _texts(content):
        yield Said(role=role, text=text)


def _user(record: Record, message: Message, answers: list[str]) -> Iterator[Said]:
    origin = record.origin.kind if record.origin else None
    injected = (
        record.isMeta
        or record.isSidechain
        or record.isCompactSummary
        or record.sourceToolUseID
        or record.promptSource == "system"
        or origin not in (None, "human")
    )
    blocks = [Block(type="text", text=message.content)] if isinstance(message.content, str) else message.content or ()
    for block in blocks:
        if block.type == "tool_result":
            yield from _tool_result(block)
        elif block.type == "text" and block.text:
            yield from [Said(role="system", text=block.text)] if injected else _typed(block.text)
    if answers:
        yield Said(role="human", text="\n".join(answers))


def _typed(text: str) -> Iterator[Said]:
    for part in typed_and_injected(text):
        yield Said(role=part.role, text=part.text)


def _tool_result(block: Block) -> Iterator[Said]:
    text = without_reminders("\n".join(_texts(block.content)))
    if block.is_error and _REJECTED in text:
        refusal, _, typed = text.partition(_REJECTED)
        if not typed.startswith(_TEMPLATE):
            yield Said(role="tool", text=refusal + _REJECTED)
            yield Said(role="human", text=typed)
            return
    yield Said(role="tool", text=text)


def _queued_command(record: Record) -> Iterator[Said]:
    attachment = record.attachment
    if attachment is None or attachment.type != "queued_command":
        return
    text = "\n".join(_texts(attachment.prompt))
    origin = attachment.origin.kind if attachment.origin else None
    if attachment.commandMode in (None, "", "prompt") and origin in (None, "", "human"):
        yield from _typed(text)
    else:
        yield Said(role="system", text=text)


def _texts(content: str | list[Block] | None) -> list[str]:
    if isinstance(content, str):
        return [content]
    return [block.text for block in content or () if block.type == "text" and block.text]


def _joined(items: list[Said]) -> list[Said]:
    joined: list[Said] = []
    for item in items:
        if not item.text.strip():
            continue
        if joined and joined[-1].role == item.role:
            joined[-1] = Said(role=item.role, text=f"{joined[-1].text}\n{item.text}")
        else:
            joined.append(item)
    return [_capped(item) for item in joined]


def _capped(item: Said) -> Said:
    if item.role in ("human", "assistant") or len(item.text) <= TEXT_LIMIT:
        return item
    return Said(role=item.role, text=item.text[:TEXT_LIMIT])
