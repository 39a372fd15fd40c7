"""The comments that the bot owns: one of sightings, edited in place, and notes, each written once."""

from __future__ import annotations

import hashlib
import re

from connectors.base import Change
from connectors.document import Document
from connectors.github.account import Account
from connectors.github.answers import Comment
from connectors.github.repository import Repository, read_answer
from connectors.listing import PAGE
from connectors.markdown import to_markdown
from connectors.transport import Refused

COMMENT_LIMIT = 65_536

SIGHTINGS = "<!-- loose-ends: sightings -->"

_NOTE_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


class Comments:
    """The comments of one issue, read at once unless it is known to have none."""

    def __init__(self, repository: Repository, account: Account, number: str, *, read: bool = True) -> None:
        self._repository = repository
        self._account = account
        self._number = number
        self._own: dict[str, Comment] = {}
        if read:
            self._read()

    def write(self, change: Change) -> bool:
        """Writes the sightings and the note of a change as far as they are not there yet; True if it wrote."""
        wrote = False
        if change.sightings is not None:
            wrote |= self._put(SIGHTINGS, change.sightings, edit=True)
        if change.note is not None:
            wrote |= self._put(_note_line(change.note_id, change.note), change.note, edit=False)
        return wrote

    def _read(self) -> None:
        page = 1
        while True:
            query = {"per_page": PAGE, "page": page}
            _, data = self._repository.send("GET", f"/issues/{self._number}/comments", query=query)
            found = [read_answer(Comment, one) for one in data] if isinstance(data, list) else []
            for comment in found:
                last = _plain(comment.body).rpartition("\n")[2]
                # The oldest counts, should a lost answer ever have made two.
                if (
                    last.startswith("<!-- loose-ends: ")
                    and last not in self._own
                    and self._account.is_own(comment.user)
                ):
                    self._own[last] = comment
            if len(found) < PAGE:
                return
            page += 1

    def _put(self, line: str, document: Document, *, edit: bool) -> bool:
        known = self._own.get(line)
        if known is not None and not edit:
            return False
        text = to_markdown(document, flavor="github", limit=COMMENT_LIMIT - len(line) - 2)
        text = f"{text}\n\n{line}" if text else line
        if known is not None and _plain(known.body) == _plain(text):
            return False
        if known is None or not self._edit(known, text):
            _, data = self._repository.send("POST", f"/issues/{self._number}/comments", body={"body": text})
            comment = read_answer(Comment, data)
            self._account.learn(comment.user)
            self._own[line] = comment
        return True

    def _edit(self, known: Comment, text: str) -> bool:
        try:
            self._repository.send("PATCH", f"/issues/comments/{known.id}", body={"body": text})
        except Refused as error:
            if error.status != 404:
                raise
            return False  # somebody has just deleted it
        return True


def _note_line(note_id: str, note: Document) -> str:
    name = note_id or to_markdown(note, flavor="github", limit=COMMENT_LIMIT)
    if not _NOTE_ID.fullmatch(name):
        name = hashlib.sha256(name.encode()).hexdigest()[:24]
    return f"<!-- loose-ends: note {name} -->"


def _plain(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()
