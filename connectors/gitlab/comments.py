"""The bot's own comments on an issue, known by a hidden last line and by their author."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from connectors.base import Change
from connectors.document import Document
from connectors.gitlab.answers import Note
from connectors.markdown import to_markdown

NOTE_LIMIT = 262_144
"""Characters. GitLab takes a million; it measures some texts in bytes, and a character has at most four."""

_NOTE_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment that the bot wants to be there. ``mark`` is its hidden last line."""

    body: str
    mark: str
    is_edited: bool  # else it is written once, and left as it is

    def own(self, notes: Iterable[Note], me: int, *, internal: bool) -> Note | None:
        """The note that holds it already, the oldest of several; where it must be ``internal``, an open one is not."""
        found = [note for note in notes if note.author and note.author.id == me and _last_line(note.body) == self.mark]
        return next((note for note in found if note.internal or not internal), None)

    def differs(self, note: Note) -> bool:
        """Whether the note is to be edited."""
        return self.is_edited and note.body.rstrip() != self.body.rstrip()


def wanted(change: Change) -> Iterator[Comment]:
    """The comments of a change."""
    if change.sightings is not None:
        yield _comment(change.sightings, "sightings", is_edited=True)
    if change.note is not None:
        yield _comment(change.note, f"note {_note_id(change)}", is_edited=False)


def _comment(document: Document, name: str, *, is_edited: bool) -> Comment:
    mark = f"<!-- loose-ends: {name} -->"
    text = to_markdown(document, flavor="gitlab", limit=NOTE_LIMIT - len(mark) - 2)
    return Comment(body=f"{text}\n\n{mark}" if text else mark, mark=mark, is_edited=is_edited)


def _note_id(change: Change) -> str:
    if _NOTE_ID.fullmatch(change.note_id):
        return change.note_id
    named = change.note_id or to_markdown(change.note or (), flavor="gitlab")
    return hashlib.sha256(named.encode()).hexdigest()[:24]


def _last_line(body: str) -> str:
    return body.rstrip().rpartition("\n")[2]
