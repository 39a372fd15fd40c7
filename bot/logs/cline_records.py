"""Who said what in the messages of a Cline task."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bot.logs.base import Tally
from bot.logs.cline_tags import is_result, pieces_of
from bot.logs.json_document import at, items, line_of, string
from bot.logs.json_lines import shape
from bot.logs.session import Session, joined, time_of
from bot.model import Role

_TOOLS = frozenset(
    """
    browser_action browser_action_launch browser_action_result codebase_search_result command command_output inspect
    mcp_server_request_started mcp_server_response report_bug subagent tool use_mcp_server use_subagents
    """.split()
)
_NOTES = frozenset({"error", "info"})
_SILENT = frozenset(
    """
    api_req_deleted api_req_failed api_req_finished api_req_rate_limit_wait api_req_rate_limited api_req_retried
    api_req_retry_delayed api_req_started auto_approval_max_req_reached checkpoint_created checkpoint_saved
    clineignore_error completion_result condense condense_context condense_context_error deleted_api_reqs diff_error
    error_retry generate_explanation hook hook_output_stream hook_status image load_mcp_documentation
    mcp_notification mistake_limit_reached reasoning resume_completed_task resume_task rooignore_error
    shell_integration_warning shell_integration_warning_with_suggestion sliding_window_truncation subagent_usage
    subtask_result summarize_task task_progress text user_edit_todos
    """.split()
)
_QUESTIONS = ("followup", "plan_mode_respond", "act_mode_respond", "new_task")


def say_seen(entries: list[object], session: Session, tally: Tally) -> None:
    """Add the turns of ``ui_messages.json``: the first text is the task, later ones are the assistant's."""
    is_first = True
    for entry in entries:
        kind = string(at(entry, "say")) or string(at(entry, "ask"))
        text = string(at(entry, "text"))
        line, time, name = line_of(text), time_of(at(entry, "ts")), str(at(entry, "ts") or "")
        role = _role(kind, text, is_first=is_first)
        if role == "human":
            is_first = False
            session.typed(text, line=line, time=time, id=name)
        elif role == "assistant":
            said = _question(text) if kind in _QUESTIONS else text
            model = string(at(entry, "modelInfo", "modelId"))
            session.say("assistant", said, line=line, time=time, id=name, speaker=model)
        elif role is not None:
            session.say(role, text, line=line, time=time, id=name)
        elif kind not in _SILENT:
            tally.add(f"{string(at(entry, 'type')) or 'entry'} {shape(kind)}", line_of(kind))


def say_for_model(entries: list[object], session: Session, tally: Tally) -> None:
    """Add the turns of ``api_conversation_history.json`` or of an SDK session."""
    for entry in entries:
        role = string(at(entry, "role"))
        if role == "user" and not _is_programs(entry):
            _say_user(entry, session)
        elif role in ("user", "assistant", "system"):
            model = string(at(entry, "modelInfo", "id")) or string(at(entry, "modelInfo", "modelId"))
            by: Role = "assistant" if role == "assistant" else "system"
            for block, name in _blocks(entry):
                text = string(at(block, "text"))
                speaker = model if by == "assistant" else ""
                session.say(by, text, line=line_of(text), time=time_of(at(entry, "ts")), id=name, speaker=speaker)
        else:
            tally.add(f"message of {shape(role)}", line_of(role))


def _role(kind: str, text: str, *, is_first: bool) -> Role | None:
    if kind in ("task", "user_feedback") or (kind == "text" and is_first):
        return "human"
    if kind in _TOOLS or kind == "user_feedback_diff":  # a change of code that a person made
        return "tool"
    if kind in ("text", "completion_result", *_QUESTIONS) and text:
        return "assistant"
    return "system" if kind in _NOTES else None


def _question(text: str) -> str:
    """A question is a JSON object with the answers on offer, in old logs the words themselves."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return string(at(value, "question")) or string(at(value, "response")) or text


def _is_programs(entry: object) -> bool:
    """Whether a message in the user's place comes from the program, as the SDK marks them."""
    shown, kind = at(entry, "metadata", "displayRole"), string(at(entry, "metadata", "kind"))
    return shown in ("system", "status", "error") or kind.startswith("compaction")


def _blocks(entry: object) -> Iterator[tuple[object, str]]:
    content, name = at(entry, "content"), string(at(entry, "id"))
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else items(content)
    for position, block in enumerate(blocks):
        if at(block, "type") in ("text", "tool_result"):
            yield block, f"{name}/{position}" if name and position else name


def _say_user(entry: object, session: Session) -> None:
    time = time_of(at(entry, "ts"))
    follows_result = False  # the words "[tool] Result:" and the result itself may be two blocks
    for block, name in _blocks(entry):
        content = at(block, "content")
        if at(block, "type") == "tool_result" and not isinstance(content, str):
            texts = [string(at(inner, "text")) or string(at(inner, "result")) for inner in items(content)]
            text, line = joined(texts), line_of(next(filter(None, texts), ""))
        else:
            text = string(content) or string(at(block, "text"))
            line = line_of(text)
        of_tool = follows_result or at(block, "type") == "tool_result" or is_result(text)
        follows_result = of_tool and text.rstrip().endswith("Result:")
        for role, words, _ in pieces_of(text, of_tool=of_tool):
            if role == "human":
                session.typed(words, line=line, time=time, id=name)
            else:
                session.say(role, words, line=line, time=time, id=name)
