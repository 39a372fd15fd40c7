"""Whose words a block of an aider history is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.logs.session import digest_of
from bot.model import Role

_PREFIX = "#### "
# Commands whose argument is a message to the assistant; aider logs it again as an input of its own.
_TALK = re.compile(r"/(?:ask|code|architect|context|help|copy-context)[ \t\n]{1,9}(?=\S)")
_COMMAND = re.compile(r"[/!]\S")
_QUESTION = re.compile(r"[^\n]{1,300}\(Y\)es/\(N\)o")
_PROGRAM = ("<blank>", "I've written your instructions in comments in the code", 'You can see the "AI" comments')
_COMPARED = 150  # characters of an answer that tell it from others


@dataclass(slots=True)
class Block:
    """Lines of one kind that follow each other: what was typed, the console's, an answer."""

    kind: str
    lines: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def add(self, line: str, number: int) -> None:
        if self.kind == "input":
            line = line.removeprefix(_PREFIX)
        elif self.kind == "console":
            line = line[2:]
        self.lines.append(line if self.kind == "answer" else line.removesuffix("  "))
        self.numbers.append(number)

    def text(self) -> tuple[str, list[int]]:
        """The text without blank lines at its ends, and the number of each line of it."""
        begin, end = 0, len(self.lines)
        while begin < end and not self.lines[begin].strip():
            begin += 1
        while begin < end and not self.lines[end - 1].strip():
            end -= 1
        return "\n".join(self.lines[begin:end]), self.numbers[begin:end]


def said_in(text: str) -> tuple[Role, int, str]:
    """Who says the text of an input, how many characters of a command stand before it, and what is said."""
    if command := _TALK.match(text):
        return "human", command.end(), text[command.end() :]
    if _COMMAND.match(text) or _QUESTION.match(text) or text.startswith(_PROGRAM):
        return "system", 0, text
    return "human", 0, text


def answer_digest(text: str) -> str:
    """What an answer begins with, whatever the breaks between its words."""
    return digest_of(" ".join(text[: 4 * _COMPARED].split())[:_COMPARED])


def is_repeated(text: str, *, asked: str, answers: list[str]) -> bool:
    """Whether an input is none: the argument of the command before it, or an answer that an editor is given."""
    return (bool(asked) and digest_of(text.strip()) == asked) or answer_digest(text) in answers
