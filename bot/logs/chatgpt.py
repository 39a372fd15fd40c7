"""Reader of ChatGPT's data export: conversations.json, each talk a tree of messages of which one branch was kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bot.logs.base import LineSource, Parsed, Tally
from bot.logs.chat import on_line
from bot.logs.decoding import repaired
from bot.logs.json_document import at, fields, items, string
from bot.logs.json_lines import shape
from bot.logs.json_stream import Element, read_elements
from bot.logs.stamps import epoch_of
from bot.model import Conversation, Role, Turn

_HEAD = re.compile(r"\s{0,100}[\[{]")
_KEYS = ('"mapping"', '"children"', '"parent"', '"message"')
_SPOKEN = frozenset({"text", "multimodal_text"})
# What the model thinks or writes for a tool, and what it is told of itself and the person.
_SILENT = frozenset({"code", "thoughts", "reasoning_recap", "model_editable_context", "app_pairing_content"})
_CONTEXT = frozenset({"user_editable_context", "system_message"})
_CITATION = re.compile(
    "[\ue200\ue203\ue204\ue206][^\ue200-\ue206]{0,60}(?:[\ue202][^\ue200-\ue206]{0,300}){0,20}\ue201?"
)


class ChatGpt:
    name = "chatgpt"
    in_parts = True

    def detects(self, head: str, path: Path) -> bool:
        del path
        return bool(_HEAD.match(head)) and all(key in head for key in _KEYS)

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        tally = Tally()
        talks: list[Conversation] = []

        def take(element: Element) -> None:
            if isinstance(at(element.value, "mapping"), dict):
                talks.append(_Talk(element, lines.name, tally).conversation())
            else:
                tally.add("conversation without messages", element.line)

        def end(frame: object) -> list[Conversation]:
            if "mapping" in fields(frame):
                take(Element(frame, 1))
            return talks

        return read_elements(
            lines, keys=("conversations",), resume=resume, settled=settled, tally=tally, take=take, end=end
        )


class _Talk:
    def __init__(self, element: Element, log: str, tally: Tally) -> None:
        self.element = element
        self.value = fields(element.value)
        self.log = log
        self.tally = tally

    def conversation(self) -> Conversation:
        turns = tuple(turn for node in self._branch() if (turn := self._turn(fields(node.get("message")))))
        name = string(self.value.get("conversation_id")) or string(self.value.get("id"))
        return Conversation(
            log=self.log,
            format=ChatGpt.name,
            id=name or (turns[0].id if turns else ""),
            turns=turns,
            title=repaired(string(self.value.get("title"))),
            started=epoch_of(self.value.get("create_time")),
        )

    def _branch(self) -> list[dict[str, object]]:
        """The nodes from the first message to the one that was shown last."""
        nodes = fields(self.value.get("mapping"))
        name = string(self.value.get("current_node"))
        if name not in nodes:
            name = self._last_leaf(nodes)
        branch: list[dict[str, object]] = []
        seen: set[str] = set()
        while name in nodes and name not in seen:
            seen.add(name)
            node = fields(nodes[name])
            branch.append(node)
            name = string(node.get("parent"))
        return branch[::-1]

    @staticmethod
    def _last_leaf(nodes: dict[str, object]) -> str:
        """Where one comes to from the root by the last child of each."""
        name = next((key for key, node in nodes.items() if not string(fields(node).get("parent"))), "")
        seen: set[str] = set()
        while name in nodes and name not in seen:
            seen.add(name)
            children = [string(child) for child in items(fields(nodes[name]).get("children"))]
            name = next((child for child in reversed(children) if child in nodes), name)
        return name

    def _turn(self, message: dict[str, object]) -> Turn | None:
        role = self._role(message)
        texts = list(_texts(fields(message.get("content"))))
        if role is None or not any(text.strip() for text in texts):
            return None
        text = "\n".join(texts)
        clean = repaired(_CITATION.sub("", text) if "\ue200" in text else text)
        # All parts stand on one line, save in an export that somebody laid out anew.
        numbers = [n for part in texts for n in on_line(part, self.element.line_of(part))]
        return Turn(
            role=role,
            text=clean,
            lines=tuple(numbers) if len(numbers) == clean.count("\n") + 1 else on_line(clean, numbers[0]),
            speaker=string(at(message, "author", "name")),
            time=epoch_of(message.get("create_time")),
            id=string(message.get("id")),
        )

    def _role(self, message: dict[str, object]) -> Role | None:
        """Who speaks, None for what is no talk."""
        author, kind = string(at(message, "author", "role")), string(at(message, "content", "content_type"))
        if not message or kind in _SILENT:
            return None
        if author == "tool":
            return "tool"
        if author == "system" or kind in _CONTEXT or at(message, "metadata", "is_visually_hidden_from_conversation"):
            return "system"
        if author not in ("user", "assistant"):
            self.tally.add(f"author {shape(author)}", self.element.line)
            return None
        if kind not in _SPOKEN:
            self.tally.add(f"content {shape(kind)}", self.element.line)
            return None
        if author == "user":
            return "human"
        return "assistant" if message.get("recipient") in ("all", None) else None


def _texts(content: dict[str, object]) -> Iterator[str]:
    """The strings of a message: typed, written or, where the person spoke, heard."""
    for part in items(content.get("parts")):
        if isinstance(part, str):
            yield part
        elif at(part, "content_type") == "audio_transcription":
            yield string(at(part, "text"))
    for key in ("text", "result", "user_profile", "user_instructions"):
        if text := string(content.get(key)):
            yield text
