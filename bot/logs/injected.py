"""Telling what a person typed from what a program put into their turn.

Programs mark such text at the start of a block; a person who quotes a tag later on is a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.model import Role

_PREFIXES = (
    "<system-reminder>", "<local-command-", "<bash-stdout>", "<bash-stderr>", "<task-notification", "<teammate-message",
    "<ide_opened_file>", "<ide_selection>", "<user-prompt-submit-hook>", "<post-tool-use-hook>",
    "<environment_context>", "<user_instructions>", "<permissions instructions>",
    "Caveat: The messages below", "Operation stopped by hook:", "Stop hook feedback:", "[Request interrupted by user",
    "This session is being continued from a previous conversation", "# AGENTS.md instructions for",
)  # fmt: skip
_COMMAND = ("<command-name>", "<command-message>", "<command-args>")
_ARGUMENTS = re.compile(r"<command-args>(.*?)</command-args>", re.DOTALL)
_TYPED_SHELL = re.compile(r"\s*<bash-input>(.*?)</bash-input>", re.DOTALL)
# A tag of its own before what was typed: cut, together with what it encloses.
_LEADING = re.compile(r"\s*<(system-reminder|ide_opened_file|ide_selection)>.*?</\1>", re.DOTALL)
_REMINDER = re.compile(r"<system-reminder>.*?</system-reminder>", re.DOTALL)


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


def typed_and_injected(text: str) -> list[Part]:
    """The parts of one block of a human turn, in order: what was typed is ``human``, the rest ``system``."""
    start = text[:200].lstrip()
    if start.startswith(_COMMAND):
        return _with_span(text, _ARGUMENTS.search(text))
    if start.startswith("<bash-input>"):
        return _with_span(text, _TYPED_SHELL.match(text))
    leading = _LEADING.match(text)
    if leading:
        end = leading.end()
        rest = typed_and_injected(text[end:]) if text[end:].strip() else []
        skipped = text.count("\n", 0, end)
        shifted = [Part(role=part.role, text=part.text, line=part.line + skipped) for part in rest]
        return [Part(role="system", text=text[:end]), *shifted]
    return [Part(role="system" if start.startswith(_PREFIXES) else "human", text=text)]


def without_reminders(text: str) -> str:
    """Tool output without the reminders that a program appends for the model."""
    return _REMINDER.sub("", text) if "<system-reminder>" in text else text


def _with_span(text: str, found: re.Match[str] | None) -> list[Part]:
    if not found or not found[1].strip():
        return [Part(role="system", text=text)]
    begin, end = found.span(1)
    before, after = text[:begin], text[end:]
    parts = [
        Part(role="system", text=before),
        Part(role="human", text=found[1], line=text.count("\n", 0, begin)),
        Part(role="system", text=after, line=text.count("\n", 0, end)),
    ]
    return [part for part in parts if part.text.strip()]
