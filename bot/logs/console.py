"""Reader of console copies: what a person selected in a terminal where Claude Code, Gemini CLI or Codex ran.

A copy is made by hand and bears neither times nor ids; a changed one is read anew. Each banner begins a conversation.
"""

from __future__ import annotations

import re
from pathlib import Path

from bot.logs.base import LineSource, Mark, Parsed, Reread
from bot.logs.console_turns import BANNER, Block, begins, said_in, unboxed
from bot.logs.session import Session, digest_of
from bot.model import Conversation

_PROMPT = re.compile(r"^(?:[>❯›]|│ {1,2}>) \S", re.MULTILINE)
_NEW_PROMPT = re.compile(r"^[❯›] \S", re.MULTILINE)
_ANSWER = re.compile(r"^ ?[⏺✦] \S", re.MULTILINE)
_DOTTED_ANSWER = re.compile(r"^[●•] \S", re.MULTILINE)
_RESULT = re.compile(r"^ {0,4}⎿ ", re.MULTILINE)
# A transcript that quotes a console is not a copy of one.
_SPEAKER = re.compile(
    r"^(?:#{1,4} |\*\*|_\*\*)[^\w\n]{0,6}(?:User|Human|You|Assistant|AI|Claude|Gemini|Agent)\b[^\w\n]{0,8}(?:$|\s|\()",
    re.MULTILINE,
)
_ANSI = re.compile(r"\x1b(?:\[[0-9;?]{0,20}[A-Za-z]|\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\))")


class Console:
    name = "console"

    def detects(self, head: str, path: Path) -> bool:
        del path
        plain = _ANSI.sub("", head) if "\x1b" in head else head
        plain = plain.replace("\r\n", "\n")
        banner = BANNER.search(plain)
        # Lists and prompts of shells bear these marks too.
        dotted = banner or _RESULT.search(plain) or _NEW_PROMPT.search(plain)
        answered = _ANSWER.search(plain) or (dotted and _DOTTED_ANSWER.search(plain))
        if not answered or _SPEAKER.search(plain):
            return False
        return bool(banner or _PROMPT.search(plain))

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        if resume:
            raise Reread("the copy has changed")
        if not settled:
            return Parsed(conversations=(), mark=Mark(), waiting=True)
        texts, _ = lines.read_all()
        copies = _Copies(lines.name)
        for number, text in enumerate(texts, 1):
            copies.take(_ANSI.sub("", text) if "\x1b" in text else text, number)
        return Parsed(conversations=tuple(copies.conversations()), mark=lines.mark, resume="whole")


class _Copies:
    """The sessions in a file, as its lines are taken."""

    def __init__(self, log: str) -> None:
        self._log = log
        self._sessions = [self._fresh()]
        self._block = Block(kind="", indent=0)

    def take(self, line: str, number: int) -> None:
        if not line.startswith("  ") and BANNER.search(line) and self._has_talk():
            self._close()
            self._sessions.append(self._fresh())
        line = unboxed(line, self._block)
        block = begins(line, self._block)
        if block is not None:
            self._close()
            self._block = block
        self._block.add(line, number)

    def conversations(self) -> list[Conversation]:
        self._close()
        named: dict[str, int] = {}
        return [self._named(session, named) for session in self._sessions if session.turns]

    def _named(self, session: Session, named: dict[str, int]) -> Conversation:
        first = next((turn.text for turn in session.turns if turn.role == "human"), session.turns[0].text)
        name = digest_of(first)
        named[name] = named.get(name, 0) + 1
        return session.conversation(name if named[name] == 1 else f"{name}-{named[name]}")

    def _fresh(self) -> Session:
        return Session(log=self._log, format=Console.name)

    def _has_talk(self) -> bool:
        spoken = any(turn.role in ("human", "assistant") for turn in self._sessions[-1].turns)
        return spoken or self._block.kind in ("human", "assistant")

    def _close(self) -> None:
        block, session = self._block, self._sessions[-1]
        self._block = Block(kind="", indent=0)
        text, numbers = block.text()
        for said in said_in(block.kind, text):
            lines = numbers[said.line :]
            if said.role == "human":
                session.typed(said.text, line=lines)
            else:
                session.say(said.role, said.text, line=lines)
