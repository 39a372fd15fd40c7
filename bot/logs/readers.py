"""The table of readers, in the order in which they are asked whether a log is theirs."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.logs.ai_studio import AiStudio
from bot.logs.aider import Aider
from bot.logs.base import LogError, Reader, UnknownFormat
from bot.logs.chat_pages import ChatPages
from bot.logs.chatgpt import ChatGpt
from bot.logs.claude_ai import ClaudeAi
from bot.logs.claude_code import ClaudeCode
from bot.logs.claude_transcript import ClaudeTranscript
from bot.logs.cline import Cline
from bot.logs.codex import Codex
from bot.logs.console import Console
from bot.logs.copilot_cli import CopilotCli
from bot.logs.copilot_vscode import CopilotVsCode
from bot.logs.cursor_export import CursorExport
from bot.logs.discord_csv import DiscordCsv
from bot.logs.discord_json import DiscordJson
from bot.logs.discord_text import DiscordText
from bot.logs.gemini_cli import GeminiCli
from bot.logs.irc import Irc
from bot.logs.irc_records import IrcRecords
from bot.logs.markdown import Markdown
from bot.logs.messages import MessageLines, Messages
from bot.logs.minutes import Minutes
from bot.logs.opencode import OpenCode
from bot.logs.pi import Pi
from bot.logs.slack_events import SlackEvents
from bot.logs.slack_export import SlackExport
from bot.logs.specstory import SpecStory
from bot.logs.spoken import Spoken
from bot.logs.subtitles import Subtitles
from bot.logs.telegram import Telegram
from bot.logs.whatsapp import WhatsApp
from bot.logs.zoom import Zoom
from bot.logs.zulip import Zulip

ENTRY_POINTS = "loose_ends.readers"
_FIRST_LOOK = 16_384  # characters by which nearly every log that is no JSON is told

# Markdown is asked last: other formats hold Markdown.
READERS: tuple[Reader, ...] = (
    ClaudeCode(),
    Codex(),
    Pi(),
    OpenCode(),
    GeminiCli(),
    CopilotVsCode(),
    CopilotCli(),
    Cline(),
    Aider(),
    SpecStory(),
    CursorExport(),
    ClaudeTranscript(),
    Console(),
    ChatGpt(),
    ClaudeAi(),
    AiStudio(),
    SlackExport(),
    SlackEvents(),
    Telegram(),
    Zulip(),
    DiscordJson(),
    DiscordText(),
    DiscordCsv(),
    MessageLines(),
    Messages(),
    Irc(),
    IrcRecords(),
    WhatsApp(),
    Subtitles(),
    Zoom(),
    Spoken(),
    ChatPages(),
    Minutes(),
    Markdown(),
)


def reader_named(name: str) -> Reader:
    """The reader called ``name``, own or third-party. Raises LogError naming the known ones."""
    for reader in (*READERS, *_others()):
        if reader.name == name:
            return reader
    known = ", ".join(sorted(reader.name for reader in (*READERS, *_others())))
    raise LogError(f"no reader is called {name!r}: use auto or one of {known}")


def detect(head: str, path: Path, *, name: str) -> Reader:
    """The first reader that takes a log beginning with ``head`` for its own. Raises LogError."""
    asked = (*READERS[:-1], *_others())
    looks = [head] if head[:100].lstrip()[:1] in ("{", "[", "<") else [head[:_FIRST_LOOK], head]
    for look in looks:
        found = next((reader for reader in asked if reader.detects(look, path)), None)
        # Markdown is told by who speaks again, which may be far down.
        if found or READERS[-1].detects(head, path):
            return found or READERS[-1]
    if path.suffix.lower() in (".md", ".markdown"):
        raise UnknownFormat(
            f"{name}: no speakers found: exclude it, or set the source's format if it is a conversation"
        )
    known = ", ".join(sorted(reader.name for reader in (*READERS, *_others())))
    raise UnknownFormat(f"{name}: no known format: exclude it, or set the source's format to one of {known}")


@cache
def _others() -> tuple[Reader, ...]:
    from importlib.metadata import entry_points

    points = sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name)
    return tuple(point.load()() for point in points)
