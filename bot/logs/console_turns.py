"""Blocks of a console copy: which mark begins one, and whose words it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.logs.injected import Part

BANNER = re.compile(
    r"Welcome to Claude Code|Claude Code v\d|OpenAI Codex \(|▐▛███▜▌|^ ███ {5,20}█{9}|Tips for getting started:$",
    re.MULTILINE,
)
_PROMPT = re.compile(r"[>❯›](?: |$)")
_ANSWER = re.compile(r" ?([⏺●✦•]) ")
_BOXED = re.compile(r"│ {1,2}(> \S[^\n]*?| {2}\S[^\n]*?) {1,400}│$")  # how Gemini CLI showed what was typed at first
_OTHER = re.compile(r" {0,2}[✻✽✢✳∴※✔✓✗✕·╭╰╮╯─━│┃|█░▐▝▘▛▜⏵⏸]|\s{0,6}⎿")
_CALL = re.compile(r"(?:[A-Z][A-Za-z]{1,40}(?: [A-Z][a-z]{1,20})?|[\w-]{1,60} - [\w -]{1,80} \(MCP\))\(")
_CALL_END = re.compile(r"\)(?:…|\.\.\.)?\s{0,9}$")
_DONE = re.compile(
    r"(?:Read|Update|Updated|Write) (?:Todos?|Plan)\b|User (?:approved|declined|rejected|answered) "
    r"|[^\n]{1,200}\(ctrl\+[a-z] to expand\)"
)
# What Codex did, behind the same mark as what it says.
_DEED = re.compile(
    r"(?:Ran|Running|Called|Calling|Searched|Searching|Waited for|Interacted with) \S"
    r"|(?:Explored|Exploring|Viewed Image)$"
    r"|(?:Edited|Added|Deleted) [^\n]{1,400} \(\+\d{1,6} -\d{1,6}\)$|(?:Updated Plan|Proposed Plan)$|Working \("
)
# The field to type in stands last, with a suggestion in it.
_FIELD = re.compile(r"\n\s{0,9}(?:\d{1,3}% context left|\? for shortcuts)[^\n]{0,200}$")
_ECHO = re.compile(r"Error: |/[\w:-]{1,60} is running…|\[Image #?\d{0,4}\]$")
_COMMAND = re.compile(r"/[a-z][\w:-]{0,60}(?=\s|$)")


@dataclass(slots=True, kw_only=True)
class Block:
    """Lines from one mark to the next; ``kind`` is ``human``, ``assistant``, ``result``, or "" for anything else."""

    kind: str
    indent: int  # columns that the text stands in from the edge
    lines: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def add(self, line: str, number: int) -> None:
        cut = line[: self.indent]
        self.lines.append(line[self.indent :] if not self.lines or not cut.strip() else line)
        self.numbers.append(number)

    def text(self) -> tuple[str, list[int]]:
        """The text without blank lines at its ends and blanks behind its lines, and the number of each line."""
        begin, end = 0, len(self.lines)
        while begin < end and not self.lines[begin].strip():
            begin += 1
        while begin < end and not self.lines[end - 1].strip():
            end -= 1
        return "\n".join(line.rstrip() for line in self.lines[begin:end]), self.numbers[begin:end]


def begins(line: str, current: Block) -> Block | None:
    """The block that ``line`` begins, None where it goes on with the current one."""
    if _PROMPT.match(line):
        return Block(kind="human", indent=2)
    if answer := _ANSWER.match(line):
        is_tool = _is_tool(line[answer.end() :], answer[1])
        return Block(kind="result" if is_tool else "assistant", indent=answer.end())
    if _OTHER.match(line):
        return None if current.kind == "result" else Block(kind="result", indent=0)
    # What people and assistants say is indented throughout.
    if line.strip() and not line.startswith("  ") and current.kind in ("human", "assistant"):
        return Block(kind="result", indent=0)
    return None


def said_in(kind: str, text: str) -> Iterator[Part]:
    """The parts of a block's text by role; ``line`` counts the newlines before each."""
    if kind == "assistant":
        yield Part(role="assistant", text=text)
    elif kind != "human":
        yield Part(role="tool", text=text)
    elif _ECHO.match(text) or _FIELD.search(text[-400:]):
        yield Part(role="system", text=text)
    elif command := _COMMAND.match(text):
        yield Part(role="system", text=command[0])
        yield Part(role="human", text=text[command.end() :])
    else:
        yield Part(role="human", text=text)


def unboxed(line: str, current: Block) -> str:
    """A line of a box in which Gemini CLI shows what was typed, as it would stand without the box."""
    found = _BOXED.match(line) if line.startswith("│") else None
    if found is None or (found[1][0] == " " and current.kind != "human"):
        return line
    return found[1]


def _is_tool(text: str, mark: str) -> bool:
    if _DONE.match(text) or (mark == "•" and _DEED.match(text)):
        return True
    call = _CALL.match(text)
    return call is not None and (")" not in text[call.end() :] or bool(_CALL_END.search(text[-40:])))
