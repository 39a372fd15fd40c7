"""One ticket file and what stands in it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.base import Marker
from connectors.local.front_matter import Head, listed, read_head
from connectors.local.identity import is_of_action
from connectors.local.state_words import Standing, standing
from connectors.marker import parse_marker

BOT = "loose-ends"
COMMENTS_BELOW = "<!-- loose-ends: comments below -->"
END = "<!-- loose-ends: end -->"
CLOSED_AT_KEYS = ("closed", "closed_at")

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_HEADING = re.compile(r"#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFile:
    """A file's content, decoded, as it lies on disk but for a byte order mark."""

    text: str
    head: Head | None
    bom: bool = False

    @staticmethod
    def read(data: bytes) -> TicketFile:
        """Reads a ticket file.

        Raises:
            BrokenHead: its front matter cannot be read.
            UnicodeDecodeError: it is not UTF-8.
        """
        bom = data.startswith(b"\xef\xbb\xbf")
        text = data[3:].decode() if bom else data.decode()
        return TicketFile(text=text, head=read_head(text), bom=bom)

    @property
    def is_ticket(self) -> bool:
        """Whether the head says so; a file without a number in its name may be any note."""
        return bool(self.head) and not {"id", "title", "state", "status"}.isdisjoint(
            self.head.fields if self.head else ()
        )

    @property
    def id(self) -> str:
        """The id as the file gives it, '' when it gives none."""
        written = self._scalar("id").strip()
        return written if _ID.fullmatch(written) else ""

    @property
    def title(self) -> str:
        """The title of the head, else the first heading, else the first line; '' for an empty file."""
        if title := " ".join(self._scalar("title").split()):
            return title
        lines = [line.strip() for line in self.body.split("\n") if line.strip()]
        headings = (match[1] for line in lines if (match := _HEADING.fullmatch(line)))
        return next(headings, lines[0] if lines else "")

    @property
    def body(self) -> str:
        r"""What stands above the comments, with ``\n`` line ends and no blank lines at either end."""
        return self._parts()[0].replace("\r\n", "\n").strip("\n")

    @property
    def labels(self) -> frozenset[str]:
        return frozenset(listed(self.head.fields.get("labels") if self.head else None))

    @property
    def standing(self) -> Standing:
        state = self._scalar("state", "status")
        return standing(state, self._scalar("closed_as", "reason", "resolution"), self._scalar("duplicate_of"))

    @property
    def author(self) -> str:
        return self._scalar("author").strip()

    @property
    def closed_at(self) -> datetime | None:
        """When it was closed, as far as the head tells; an open ticket's head may tell of an earlier closing."""
        return next(filter(None, map(self.time, CLOSED_AT_KEYS)), None)

    def marker(self, ticket_id: str) -> Marker | None:
        """The bot's marker, if this file is the ticket that the bot filed with it.

        ``ticket_id`` is the id that the file is known by. People copy the bot's files as templates for tickets of
        their own, where the marker counts nothing.
        """
        found = parse_marker(self.body) if self.author == BOT else None
        return found if found and is_of_action(ticket_id, found.action) else None

    @property
    def version(self) -> str:
        """A hash of the content, the same whatever line ends and byte order mark an editor or git gave it."""
        return hashlib.sha256(self.text.replace("\r\n", "\n").encode()).hexdigest()[:32]

    def time(self, key: str) -> datetime | None:
        """A time of the head (UTC where it names no zone), None when there is none that can be read."""
        try:
            time = datetime.fromisoformat(self._scalar(key).strip())
        except ValueError:
            return None
        return time if time.tzinfo else time.replace(tzinfo=UTC)

    def data(self) -> bytes:
        """The bytes to write."""
        return (b"\xef\xbb\xbf" if self.bom else b"") + self.text.encode()

    def section(self, opening: str) -> tuple[int, int] | None:
        """Where the bot's comment that begins with this line stands in the text, its end line included."""
        comments = self._parts()[1]
        start = -1
        for at, stop, line in _lines(self.text, comments if comments >= 0 else len(self.text)):
            if line == opening:
                start = at
            elif line == END and start >= 0:
                return start, stop
        return None

    @property
    def has_comments(self) -> bool:
        """Whether the line that ends the body is there."""
        return self._parts()[1] >= 0

    @property
    def newline(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    @property
    def state_key(self) -> str:
        """Where the state stands: ``state``, or ``status`` where a person wrote that."""
        return "status" if self.head and "state" not in self.head.fields and "status" in self.head.fields else "state"

    def _parts(self) -> tuple[str, int]:
        rest = self.head.rest if self.head else 0
        for at, stop, line in _lines(self.text, rest):
            if line == COMMENTS_BELOW:
                return self.text[rest:at], stop
        return self.text[rest:], -1

    def _scalar(self, *keys: str) -> str:
        return self.head.scalar(*keys) if self.head else ""


def _lines(text: str, start: int) -> list[tuple[int, int, str]]:
    out: list[tuple[int, int, str]] = []
    while start < len(text):
        stop = text.find("\n", start)
        stop = len(text) if stop < 0 else stop + 1
        out.append((start, stop, text[start:stop].rstrip()))
        start = stop
    return out
