"""A small document model and its renderers: log text is data here, and only a renderer makes markup of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text, escaped by the renderer. May be hostile."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Plain text shown bold. May be hostile."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """A short verbatim span, for identifiers, file names and labels. May be hostile."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link that the bot itself makes; ``text`` may be hostile, ``url`` must be http(s)."""

    text: str
    url: str


Inline = Text | Strong | Code | Link


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of inlines."""

    parts: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the bot's own making."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Verbatim text of a log, line breaks kept, with a caption above it (who, where, when). May be hostile."""

    text: str
    caption: tuple[Inline, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Verbatim text in a fixed pitch. May be hostile."""

    text: str


@dataclass(frozen=True, slots=True)
class BulletList:
    """Items, each a run of inlines."""

    items: tuple[tuple[Inline, ...], ...]


@dataclass(frozen=True, slots=True)
class Task:
    """Something to tick. ``marker`` tells it from all others: letters, digits and hyphens, of the bot's own making."""

    marker: str
    text: tuple[Inline, ...]
    checked: bool = False


@dataclass(frozen=True, slots=True)
class TaskList:
    """Tick boxes; where the tracker has none, a list that names the markers."""

    items: tuple[Task, ...]


Block = Paragraph | Heading | Quote | CodeBlock | BulletList | TaskList
Document = tuple[Block, ...]
