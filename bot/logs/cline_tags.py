"""What Cline and its kin put round the words of a person before a model is given them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.model import Role

_OPENING = re.compile(r"<(task|feedback|user_message|answer|user_input)(?: [^<>\n]{0,80})?>")
_RESULT = re.compile(r"\[[a-z_]{2,40}[^\n]{0,400}\] Result:|\[Tool(?: \(Error\))?\]\n")
# Results in which a person answers; any other may hold such tags because a file does.
_ANSWERED = re.compile(
    r"\[(?:ask_followup_question|attempt_completion|plan_mode_respond)"
    r"|(?:^|\n)The user (?:(?:denied|approved) this operation and provided the following|has provided feedback)"
)
_PROGRAM = (
    "<environment_details>", "[ERROR]", "<explicit_instructions", "<file_content", "<folder_content", "<mode_notice>",
    "# task_progress", "<system-reminder>", "<system_reminder>",
)  # fmt: skip
_RESUMED = "[TASK RESUMPTION]"
_DETAILS, _DETAILS_END = "<environment_details>", "</environment_details>"

Piece = tuple[Role, str, int]  # whose words, the words, and how many newlines stand before them


def is_result(text: str) -> bool:
    """Whether a block in the person's place is what a tool gave."""
    return bool(_RESULT.match(text[:500].lstrip()))


def is_wrapped(text: str) -> bool:
    """Whether a whole message in the person's place, its blocks joined, holds more than the person's words."""
    return text.rstrip().endswith(_DETAILS_END) or is_result(text)


def pieces_of(text: str, *, of_tool: bool) -> Iterator[Piece]:
    """What was typed and what was not in one block, where its beginning shows that a program made it."""
    outside: Role = "tool" if of_tool else "system"
    start = text[:200].lstrip()
    begin = _details_in(text)
    if start.startswith(_PROGRAM):
        yield "system", text, 0
        return
    if of_tool and not _ANSWERED.search(text[:20_000]):
        yield "tool", text[:begin], 0
    elif of_tool or _OPENING.match(start) or start.startswith(_RESUMED):
        yield from _tagged(text[:begin], outside)
    else:
        yield "human", text[:begin], 0
    yield "system", text[begin:], text.count("\n", 0, begin)


def _tagged(text: str, outside: Role) -> Iterator[Piece]:
    begin = lines = 0
    while found := _OPENING.search(text, begin):
        end = text.find(f"</{found[1]}>", found.end())
        if end < 0:
            break
        yield outside, text[begin : found.start()], lines
        typed = found.end() + len(text[found.end() : end]) - len(text[found.end() : end].lstrip("\r\n"))
        lines += text.count("\n", begin, typed)
        yield "human", text[typed:end].rstrip("\r\n"), lines
        lines += text.count("\n", typed, end)
        begin = end + len(found[1]) + 3
    # A tag that nobody closed was cut off: the words behind it are a person's all the same.
    yield "human" if found and outside == "system" else outside, text[begin:], lines


def _details_in(text: str) -> int:
    """Where the details of the environment begin that close a message, its end where there are none."""
    if not text.rstrip().endswith(_DETAILS_END):
        return len(text)
    found = text.rfind(f"\n{_DETAILS}")
    return len(text) if found < 0 else found + 1
