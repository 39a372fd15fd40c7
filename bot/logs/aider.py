"""Reader of aider's chat history: Markdown, appended to for ever; each start of aider begins a conversation."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
from msgspec import Struct

from bot.logs.aider_turns import Block, answer_digest, is_repeated, said_in
from bot.logs.base import LineSource, Mark, Parsed, Reread
from bot.logs.decoding import text_of
from bot.logs.session import Session, digest_of, time_of
from bot.logs.versions import Versions
from bot.model import Conversation

_START = re.compile(r"# aider chat started at (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\s{0,4}")
_MODEL = re.compile(r"> (?:Main model|Model): ([^ \n]{1,100}) with ")
_VERSION = re.compile(r"> Aider v(\d[\w.+-]{0,40})")
_THINKING = ("<thinking-content-", "► **THINKING**")
_ANSWER = ("</thinking-content-", "► **ANSWER**")
_FIRST_LOOK = 3000  # characters


class State(Struct):
    run: str = ""  # the start of the current run, and its number where two began in one second
    started: str = ""
    count: int = 0
    model: str = ""
    kind: str = ""  # of the block that the last line belongs to
    spaced: bool | None = None  # aider ends its own lines with two spaces, editors may have cut them off
    after_break: bool = True
    thinking: bool = False
    asked: str = ""  # digest of what a command like /ask was given, which is logged once more
    answers: list[str] = msgspec.field(default_factory=list)  # digests of how answers to the last input begin


class Aider:
    name = "aider"
    appended = True
    known_version = "0.86"

    def detects(self, head: str, path: Path) -> bool:
        if path.name.endswith("aider.chat.history.md"):
            return "\n#### " in head or bool(_START.search(head))
        first = next((line for line in head[:_FIRST_LOOK].split("\n") if line.strip()), "")
        return bool(_START.fullmatch(first.rstrip("\r")))

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        try:
            state = msgspec.json.decode(resume, type=State) if resume else State()
        except msgspec.DecodeError as error:
            raise Reread("the kept state is of another version") from error
        return _Pass(lines, state=state, settled=settled).run()


class _Pass:
    """One pass over the new lines of a log."""

    def __init__(self, lines: LineSource, *, state: State, settled: bool) -> None:
        self.lines = lines
        self.state = state
        self.settled = settled
        self.sessions: dict[str, Session] = {}
        self.started: dict[str, str] = {}
        self.block = Block(kind=state.kind)
        self.block_at = lines.mark
        self.before = msgspec.json.encode(state)
        self.versions = Versions()

    def run(self) -> Parsed:
        mark, waiting = self._walk()
        resume = self.before if waiting else msgspec.json.encode(self.state)
        return Parsed(
            conversations=tuple(self._conversation(run) for run in self.sessions),
            mark=mark,
            resume=resume.decode(),
            waiting=waiting,
            versions=self.versions.result(),
        )

    def _walk(self) -> tuple[Mark, bool]:
        for raw in self.lines:
            line = text_of(raw)
            if self.lines.open_line and not self.settled:
                return self._stop(Mark(offset=self.lines.start, line=self.lines.line - 1))
            self._take(line)
        return self._stop(self.lines.mark)

    def _stop(self, mark: Mark) -> tuple[Mark, bool]:
        """End the pass; what was typed last is left until it is complete, which decides whose words it is."""
        if self.block.kind == "input" and not self.settled:
            return self.block_at, True
        self._close()
        return mark, False

    def _take(self, line: str) -> None:
        state, number = self.state, self.lines.line
        start = _START.fullmatch(line) if line.startswith("# aider") else None
        if start:
            self._close()
            self._begin(start[1])
            return
        kind = self._kind(line)
        if kind and (kind != self.block.kind or (kind == "input" and state.after_break)):
            self._close()
            self.before = msgspec.json.encode(state)
            self.block = Block(kind=kind)
            self.block_at = Mark(offset=self.lines.start, line=number - 1)
            state.kind = kind
        state.after_break = not line.strip()
        if kind:
            self.block.add(line, number)
        elif self.block.kind == "answer":
            self.block.add("", number)
        if kind == "console":
            self._learn(line)

    def _learn(self, line: str) -> None:
        """Take from a line of the console which model answers and which version of aider runs."""
        if model := _MODEL.match(line):
            self.state.model = model[1]
        elif version := _VERSION.match(line):
            self.versions.add(version[1])

    def _kind(self, line: str) -> str:
        """``input``, ``console``, ``answer``, or "" for a line that says nothing."""
        state = self.state
        if state.thinking:
            if line.startswith(_ANSWER):
                state.thinking = False
            return ""
        if line[:1] in "#>" and (line.startswith(("#### ", "> ")) or line.rstrip() == ">"):
            if state.spaced is None:
                state.spaced = line.endswith("  ")
            if not state.spaced or line.endswith("  "):
                if line.startswith(">"):
                    return "console"
                if state.after_break or state.kind == "input":
                    return "input"
        if line.startswith(_THINKING):
            state.thinking = True
            return ""
        return "answer" if line.strip() else ""

    def _begin(self, stamp: str) -> None:
        state = self.state
        state.count = state.count + 1 if stamp == state.started else 1
        state.run = f"{stamp} {state.count}" if state.count > 1 else stamp
        state.started, state.kind, state.after_break = stamp, "", True
        state.thinking, state.asked, state.answers = False, "", []
        self.before = msgspec.json.encode(state)
        self.block = Block(kind="")

    def _close(self) -> None:
        """Tell the block that ends here."""
        block, state = self.block, self.state
        text, numbers = block.text()
        self.block = Block(kind="")
        if not text:
            return
        session = self._session(text)
        time = time_of(state.started)
        if block.kind == "answer":
            session.say("assistant", text, line=numbers, time=time, speaker=state.model)
            state.answers.append(answer_digest(text))
        elif block.kind == "console":
            session.say("tool", text, line=numbers, time=time)
        elif is_repeated(text, asked=state.asked, answers=state.answers):
            state.asked = ""
        else:
            role, skip, said = said_in(text)
            state.asked, state.answers = (digest_of(said.strip()) if skip else ""), []
            if role == "human":
                session.typed(said, line=numbers, time=time)
            else:
                session.say(role, said, line=numbers, time=time)

    def _session(self, text: str) -> Session:
        state = self.state
        if not state.run:
            state.run = digest_of(text)
        self.started.setdefault(state.run, state.started)
        return self.sessions.setdefault(state.run, Session(log=self.lines.name, format=Aider.name))

    def _conversation(self, run: str) -> Conversation:
        return self.sessions[run].conversation(run, started=time_of(self.started[run]))
