"""Reader of ``claude-transcript`` exports: Markdown in which callouts hold what a person typed to Claude Code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bot.logs.base import LineSource, Mark, Parsed, Reread
from bot.logs.session import Session, digest_of, time_of, trimmed

_HEAD = re.compile(r"\s{0,9}# [^\w\n]{0,4}Claude Code Transcript\s{0,9}\n")
_SESSION = re.compile(r"Session ID: `?([\w-]{8,80})")
_STARTED = re.compile(r"\W{0,4}(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) - ")
_CALLOUT = re.compile(r"> \[!(IMPORTANT|WARNING|CAUTION|NOTE|TIP)\]\s{0,9}")
_TOOL = re.compile(r"[^\w\s*>#`|-]{1,3} \*\*[A-Z][A-Za-z]{1,30}(?:[:_ ][^\n]{0,500})?\*\*")
_FENCE = re.compile(r"(`{3,200})([^`\n]*)")
_COMMAND = "`/"


class ClaudeTranscript:
    name = "claude-transcript"

    def detects(self, head: str, path: Path) -> bool:
        del path
        return bool(_HEAD.match(head[:200].replace("\r\n", "\n")))

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        if resume:
            raise Reread("the export has changed")
        if not settled:
            return Parsed(conversations=(), mark=Mark(), waiting=True)
        texts, _ = lines.read_all()
        session = Session(log=lines.name, format=self.name)
        head = next((index for index, text in enumerate(texts) if _CALLOUT.fullmatch(text)), len(texts))
        for kind, start, end in _blocks(texts, head):
            _say(session, kind, texts, trimmed(texts, start, end))
        named = next((found[1] for text in texts[:head] if (found := _SESSION.match(text))), "")
        began = next((found[1] for text in texts[:head] if (found := _STARTED.match(text))), "")
        first = session.turns[0].text if session.turns else ""
        conversation = session.conversation(named or digest_of(first), started=time_of(began))
        return Parsed(conversations=(conversation,), mark=lines.mark, resume="whole")


def _blocks(texts: list[str], begin: int) -> Iterator[tuple[str, int, int]]:
    """Stretches of one kind from ``begin`` on: a callout, a tool with what it printed, or what Claude said."""
    kind, start, fence = "", begin, ""
    for index in range(begin, len(texts)):
        text = texts[index]
        mark = _FENCE.match(text)
        if fence:
            if mark and mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
            continue
        callout = _CALLOUT.fullmatch(text)
        if callout or _TOOL.match(text):
            new = callout[1] if callout else "tool"
        elif kind in ("", "said") or text.startswith(">") or (kind == "tool" and text.strip()):
            new = ""
        else:
            new = "" if mark and kind == "tool" else "said"
        if new:
            yield kind, start, index
            kind, start = new, index
        if mark:
            fence = mark[1]
    yield kind, start, len(texts)


def _say(session: Session, kind: str, texts: list[str], place: tuple[int, int]) -> None:
    begin, end = place
    if kind in ("", "said", "tool"):
        text = "\n".join(texts[begin:end])
        session.say("tool" if kind == "tool" else "assistant", text, line=range(begin + 1, end + 1))
        return
    words = [text.removeprefix(">").removeprefix(" ") for text in texts[begin + 1 : end]]
    text, numbers = "\n".join(words), range(begin + 2, end + 1)
    if kind == "IMPORTANT" and not text.startswith(_COMMAND):
        session.typed(text, line=numbers)
    else:
        session.say("system", text, line=numbers)
