"""Reader of what Cursor exports as a chat: Markdown, a new file each time, with no times but that of the export."""

from __future__ import annotations

import re
from pathlib import Path

from bot.logs.base import LineSource, Mark, Parsed, Reread
from bot.logs.session import Session, digest_of, trimmed
from bot.logs.versions import Versions

_HEAD = re.compile(r"^_Exported on [^\n]{4,80} from Cursor(?: \((?P<version>[^()\n]{1,40})\))?_\s{0,2}$", re.MULTILINE)
_SPEAKERS = {"**User**": "human", "**Cursor**": "assistant"}
_TITLE = re.compile(r"# ([^\n]{1,500})")


class CursorExport:
    name = "cursor"
    known_version = "2"

    def detects(self, head: str, path: Path) -> bool:
        del path
        return bool(_HEAD.search(head[:2000]))

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        if resume:
            raise Reread("the export has changed")
        if not settled:
            return Parsed(conversations=(), mark=Mark(), waiting=True)
        texts, _ = lines.read_all()
        session = Session(log=lines.name, format=self.name)
        starts = [index for index in range(len(texts)) if _opens(texts, index)]
        for start, end in zip(starts, [*starts[1:], len(texts) + 2], strict=False):
            # A rule and a blank line stand before the next speaker.
            begin, stop = trimmed(texts, start + 1, min(end - 2, len(texts)))
            if end > len(texts) and begin < stop and texts[stop - 1] == "---":  # newer versions end with one
                begin, stop = trimmed(texts, begin, stop - 1)
            text, numbers = "\n".join(texts[begin:stop]), range(begin + 1, stop + 1)
            if _SPEAKERS[texts[start]] == "human":
                session.typed(text, line=numbers)
            else:
                session.say("assistant", text, line=numbers)
        title = next((found[1] for text in texts[:5] if (found := _TITLE.fullmatch(text))), "")
        first = session.turns[0].text if session.turns else ""
        conversation = session.conversation(digest_of(f"{title}\n{first}"), title=title)
        versions = Versions()
        versions.add(next((found["version"] for text in texts[:20] if (found := _HEAD.match(text))), ""))
        return Parsed(conversations=(conversation,), mark=lines.mark, resume="whole", versions=versions.result())


def _opens(texts: list[str], index: int) -> bool:
    """Whether a turn begins: a rule, a blank line, and the speaker alone. Answers hold rules and bold words too."""
    return (
        texts[index] in _SPEAKERS
        and index >= 2
        and not texts[index - 1].strip()
        and texts[index - 2] == "---"
        and not "".join(texts[index + 1 : index + 2]).strip()
    )
