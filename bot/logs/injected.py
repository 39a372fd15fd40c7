"""Telling what a person typed from what a program put into their turn.

Programs mark such text at the start of a block; a person who quotes a tag later on is a person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.logs.cline_tags import is_result, is_wrapped, pieces_of
from bot.model import Role

_PREFIXES = (
    "<system-reminder>", "<local-command-", "<bash-stdout>", "<bash-stderr>", "<task-notification", "<teammate-message",
    "<ide_opened_file>", "<ide_selection>", "<user-prompt-submit-hook>", "<post-tool-use-hook>",
    "<environment_context>", "<user_instructions>", "<permissions instructions>",
    "Caveat: The messages below", "Operation stopped by hook:", "Stop hook feedback:", "[Request interrupted by user",
    "This session is being continued from a previous conversation", "# AGENTS.md instructions for",
    "<turn_aborted>", "<subagent_notification>", "<user_shell_command>", "<user_action>", "<collaboration_mode>",
    "<hook_prompt", "<model_switch>", "<personality_spec>", "<apps_instructions>", "<skills_instructions>",
    "<plugins_instructions>", "<skill>\n", "<environment_details>", "<session_context>", "<hook_context>",
    "<state_snapshot>", "System: Please continue.",
)  # fmt: skip
_COMMAND = ("<command-name>", "<command-message>", "<command-args>")
_REMINDER = "<system-reminder>", "</system-reminder>"
# A tag of its own before what was typed: told apart, together with what it encloses.
_LEADING = (
    _REMINDER,
    ("<ide_opened_file>", "</ide_opened_file>"),
    ("<ide_selection>", "</ide_selection>"),
)
_QUERY = "<user_query>", "</user_query>"  # round what is typed to Cursor's agent
_WRAPPED = ("<task>", "<user_message>", "<feedback>", "[")  # beginnings of what Cline sends to a model
_EVERY_BEGINNING = (*_PREFIXES, *_COMMAND, *_WRAPPED, "<bash-input>", _QUERY[0], *(opening for opening, _ in _LEADING))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a human block; ``line`` counts the newlines of the block before it."""

    role: Role
    text: str
    line: int = 0


def is_injected(text: str) -> bool:
    """Whether a block of a human turn begins as only programs begin one."""
    start = text[:200].lstrip()
    return start.startswith(_PREFIXES) or start.startswith(_COMMAND)


def is_plain(text: str) -> bool:
    """Whether a block begins like nothing that programs put in: then all of it was typed."""
    return not (text[:200].lstrip().startswith(_EVERY_BEGINNING) or is_wrapped(text))


def typed_and_injected(text: str) -> list[Part]:
    """The parts of one block of a human turn, in order: what was typed is ``human``, the rest is not."""
    if is_wrapped(text):
        pieces = pieces_of(text, of_tool=is_result(text))
        return [Part(role=role, text=words, line=line) for role, words, line in pieces if words.strip()]
    begin = _end_of_leading_tags(text)
    parts = [Part(role="system", text=text[:begin])] if begin else []
    rest = text[begin:]
    if rest.strip():
        line = text.count("\n", 0, begin)
        parts.extend(
            Part(role=part.role, text=part.text, line=part.line + line) for part in _without_leading_tags(rest)
        )
    return parts


def without_reminders(text: str) -> str:
    """Tool output without the reminders that a program appends for the model."""
    begin, end = _REMINDER
    kept, at = [], 0
    while (found := text.find(begin, at)) >= 0 and (close := text.find(end, found)) >= 0:
        kept.append(text[at:found])
        at = close + len(end)
    return "".join(kept) + text[at:] if at else text


def _end_of_leading_tags(text: str) -> int:
    at = 0
    while True:
        start = at + len(text[at : at + 200]) - len(text[at : at + 200].lstrip())
        tags = next((tags for tags in _LEADING if text.startswith(tags[0], start)), None)
        close = text.find(tags[1], start) if tags else -1
        if tags is None or close < 0:
            return at
        at = close + len(tags[1])


def _without_leading_tags(text: str) -> list[Part]:
    start = text[:200].lstrip()
    if start.startswith(_COMMAND):
        return _with_typed(text, "<command-args>", "</command-args>")
    if start.startswith("<bash-input>"):
        return _with_typed(text, "<bash-input>", "</bash-input>")
    if start.startswith(_QUERY[0]):
        typed = [part for part in _with_typed(text, *_QUERY) if part.role == "human"]
        return [replace(part, text=part.text.strip("\n"), line=part.line + _blank(part.text)) for part in typed]
    return [Part(role="system" if start.startswith(_PREFIXES) else "human", text=text)]


def _blank(text: str) -> int:
    """How many empty lines a text begins with."""
    return len(text) - len(text.lstrip("\n"))


def _with_typed(text: str, opening: str, closing: str) -> list[Part]:
    begin = text.find(opening)
    end = text.find(closing, begin)
    if begin < 0 or end < 0 or not text[begin + len(opening) : end].strip():
        return [Part(role="system", text=text)]
    begin += len(opening)
    parts = [
        Part(role="system", text=text[:begin]),
        Part(role="human", text=text[begin:end], line=text.count("\n", 0, begin)),
        Part(role="system", text=text[end:], line=text.count("\n", 0, end)),
    ]
    return [part for part in parts if part.text.strip()]
