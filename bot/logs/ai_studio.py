"""Reader of Google AI Studio's prompts as they lie in Google Drive: JSON with ``chunkedPrompt``, no extension."""

from __future__ import annotations

import re
from pathlib import Path

from bot.logs.base import LineSource, Parsed, Tally
from bot.logs.chat import digest, on_line
from bot.logs.decoding import repaired
from bot.logs.json_document import WAIT, at, fields, items, line_of, parsed, read_document, string
from bot.logs.json_lines import shape
from bot.logs.stamps import iso_time
from bot.model import Conversation, Role, Turn

_HEAD = re.compile(r"\s{0,100}\{")
_ROLES: dict[str, Role] = {"user": "human", "model": "assistant"}
# Chunks that hold a file or what a program said, and no words.
_BARE = re.compile(
    r"drive[A-Z]\w{0,30}|inline[A-Z]\w{0,30}|youtubeVideo|executableCode|codeExecutionResult|errorMessage"
)


class AiStudio:
    name = "ai-studio"

    def detects(self, head: str, path: Path) -> bool:
        del path
        return bool(_HEAD.match(head)) and '"runSettings"' in head and '"chunkedPrompt"' in head

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        document = read_document(lines, resume=resume, settled=settled)
        if document is None:
            return WAIT
        tally = Tally()
        turns = tuple(turn for chunk in _chunks(document.value) if (turn := _turn(fields(chunk), tally)))
        talk = Conversation(
            log=lines.name,
            format=self.name,
            id=digest(turns[0].text) if turns else "",
            turns=turns,
            started=turns[0].time if turns else None,
        )
        return parsed([talk], lines=lines, document=document, tally=tally)


def _chunks(document: object) -> list[object]:
    instruction = at(document, "systemInstruction")
    first: list[object] = [{**fields(instruction), "role": "system"}] if fields(instruction) else []
    return first + items(at(document, "chunkedPrompt", "chunks"))


def _turn(chunk: dict[str, object], tally: Tally) -> Turn | None:
    name = string(chunk.get("role"))
    role = "system" if name == "system" else _ROLES.get(name)
    text = string(chunk.get("text"))
    line = line_of(text)
    if not text:
        parts = [string(at(part, "text")) for part in items(chunk.get("parts")) if not at(part, "thought")]
        text = "".join(parts)
        line = line_of(parts[0]) if parts else 1
    if role is None:
        tally.add(f"role {shape(name)}", line)
        return None
    if chunk.get("isThought"):
        return None
    if not text.strip():
        if role != "system" and not any(map(_BARE.fullmatch, chunk)) and "text" not in chunk:
            tally.add("chunk without text", line)
        return None
    text = repaired(text)
    return Turn(role=role, text=text, lines=on_line(text, line), time=iso_time(string(chunk.get("createTime"))))
