"""Who said what in one record of a Codex rollout, and in whose view it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from bot.logs.base import Tally
from bot.logs.injected import is_injected
from bot.logs.json_document import at, fields, items, string
from bot.logs.json_lines import Record, shape
from bot.logs.session import joined
from bot.model import Role

# Under headings, what the editor or browser shows; behind the last one, what was typed.
_WRAPPER = re.compile(r"# [^\n]{1,80}\n")
_REQUEST = "\n## My request for Codex:"
_ASKING, _NOTE = "request_user_input", "user_note: "
_INJECTED_KINDS = ("user_instructions", "environment_context")
_ITEMS = frozenset(
    {
        "message", "reasoning", "function_call", "custom_tool_call", "local_shell_call", "web_search_call", "other",
        "ghost_snapshot", "compaction", "compaction_trigger", "compaction_summary", "tool_search_call",
        "image_generation_call",
    }
)  # fmt: skip
_EVENTS = frozenset(
    {
        "token_count", "task_started", "task_complete", "turn_started", "turn_complete", "turn_aborted", "turn_diff",
        "agent_reasoning", "agent_reasoning_raw_content", "agent_reasoning_section_break", "context_compacted",
        "thread_rolled_back", "thread_name_updated", "thread_goal_updated", "undo_completed", "undo_started", "error",
        "warning", "stream_error", "background_event", "deprecation_notice", "entered_review_mode", "plan_update",
        "view_image_tool_call", "item_started", "session_configured", "thread_settings_applied", "model_reroute",
        "request_user_input", "elicitation_request", "exec_approval_request", "apply_patch_approval_request",
        "sub_agent_activity", "image_generation_begin", "image_generation_end", "guardian_assessment",
    }
)  # fmt: skip
_EVENT_STEMS = (
    "exec_command_",
    "patch_apply_",
    "mcp_",
    "web_search_",
    "collab_",
    "hook_",
    "dynamic_tool_",
    "realtime_",
)


class Seen(Enum):
    """By whom: the same words stand in both views."""

    PERSON = 1
    MODEL = 2
    BOTH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    role: Role
    text: str
    seen: Seen = Seen.BOTH


def said_in(kind: str, payload: Record, asking: list[str], tally: Tally, line: int) -> list[Said]:
    """What was said in a record, in order.

    ``asking`` holds the ids of calls by which the assistant asks the person something, and is kept up to date.
    """
    if kind == "event_msg":
        return list(_event(payload, tally, line))
    if kind == "compacted":
        return [Said(role="system", text=string(payload.get("message")))]
    return list(_item(payload, asking, tally, line))


def _event(payload: Record, tally: Tally, line: int) -> Iterator[Said]:
    kind = string(payload.get("type"))
    if kind == "user_message":
        injected = payload.get("kind") in _INJECTED_KINDS
        yield from _human(string(payload.get("message")), Seen.PERSON, injected=injected)
    elif kind == "agent_message":
        yield Said(role="assistant", text=string(payload.get("message")), seen=Seen.PERSON)
    elif kind == "item_completed":
        yield from _completed(fields(payload.get("item")))
    elif kind == "exited_review_mode":
        review = payload.get("review_output")
        findings = [
            joined([string(at(one, "title")), string(at(one, "body"))]) for one in items(at(review, "findings"))
        ]
        yield Said(role="assistant", text=joined([string(at(review, "overall_explanation")), *findings]))
    elif kind not in _EVENTS and not kind.startswith(_EVENT_STEMS):
        tally.add(f"event {shape(kind)}", line)


def _completed(item: Record) -> Iterator[Said]:
    """An item of a paginated thread; plans stand in every thread."""
    kind = item.get("type")
    text = joined(string(at(block, "text")) for block in items(item.get("content")))
    if kind == "UserMessage":
        yield from _human(text, Seen.PERSON)
    elif kind == "AgentMessage":
        yield Said(role="assistant", text=text, seen=Seen.PERSON)
    elif kind == "Plan":
        yield Said(role="assistant", text=string(item.get("text")))
    elif kind == "HookPrompt":
        yield Said(role="system", text=text)


def _item(payload: Record, asking: list[str], tally: Tally, line: int) -> Iterator[Said]:
    kind = string(payload.get("type"))
    if kind == "message":
        yield from _message(payload)
    elif kind.endswith("_output"):
        yield from _output(payload, asking)
    elif kind == "function_call" and payload.get("name") == _ASKING:
        asking.append(string(payload.get("call_id")))
    elif kind not in _ITEMS:
        tally.add(f"item {shape(kind)}", line)


def _message(payload: Record) -> Iterator[Said]:
    role = payload.get("role")
    content = payload.get("content")
    texts = [content] if isinstance(content, str) else [string(at(block, "text")) for block in items(content)]
    if role == "assistant":
        yield Said(role="assistant", text=joined(texts), seen=Seen.MODEL)
    elif role == "user":
        for text in texts:
            yield from _human(text, Seen.MODEL)
    else:
        yield Said(role="system", text=joined(texts))


def _human(text: str, seen: Seen, *, injected: bool = False) -> Iterator[Said]:
    start = text[:200].lstrip()
    if injected or (is_injected(text) and not start.startswith("<command-")):
        # The model's view always holds it, the person's sometimes does.
        if seen == Seen.MODEL:
            yield Said(role="system", text=text)
        return
    begin = text.rfind(_REQUEST) if _WRAPPER.match(start) else -1
    if begin >= 0:
        yield Said(role="system", text=text[: begin + 1], seen=seen)
        text = text[begin + len(_REQUEST) :].lstrip("\r\n")
    yield Said(role="human", text=text, seen=seen)


def _output(payload: Record, asking: list[str]) -> Iterator[Said]:
    output = payload.get("output")
    text = output if isinstance(output, str) else joined(string(at(block, "text")) for block in items(output))
    if not text:
        text = string(at(output, "content"))
    if payload.get("call_id") in asking:
        asking.remove(string(payload.get("call_id")))
        if answers := _answers(text):
            yield Said(role="human", text=joined(answers))
            return
    if text.startswith('{"output":'):
        text = string(at(_json(text), "output")) or text
    yield Said(role="tool", text=text)


def _answers(text: str) -> list[str]:
    answers = fields(at(_json(text), "answers"))
    given = [string(one) for answer in answers.values() for one in items(at(answer, "answers"))]
    return [text.removeprefix(_NOTE) for text in given]


def _json(text: str) -> object:
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value
