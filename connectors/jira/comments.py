"""The bot's own comments, known by their author and by a last line that people may see: Jira hides nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from connectors.adf import to_adf, to_text
from connectors.base import Change, Unavailable
from connectors.document import Document
from connectors.jira.client import Client
from connectors.jira.issues import User, without_nulls
from connectors.reference import comment_reference, parse_comment_reference
from connectors.wiki import to_wiki, unescaped

SIGHTINGS = "sightings"

_NOTE_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


class Comment(BaseModel):
    """A comment; ``body`` is an ADF object on Cloud and wiki markup on Data Center."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)

    id: str
    author: Annotated[User | None, BeforeValidator(without_nulls)] = None
    body: object = None

    @property
    def text(self) -> str:
        return unescaped(self.body) if isinstance(self.body, str) else to_text(self.body)


def comments_of(client: Client, issue_id: str) -> Iterator[Comment]:
    """All comments of an issue, oldest first."""
    start = 0
    while True:
        page = client.get(f"issue/{issue_id}/comment", {"startAt": start, "maxResults": 100, "orderBy": "created"})
        found, total = page.get("comments"), page.get("total")
        if not isinstance(found, list):
            raise Unavailable("comments of Jira came in another shape than documented")
        try:
            yield from [Comment.model_validate(one) for one in found]
        except ValidationError as error:
            raise Unavailable("a comment of Jira is not as documented") from error
        start += len(found)
        if not found or not isinstance(total, int) or start >= total:
            return


class OwnComments:
    """Writes what a change says, where it is not there yet."""

    def __init__(self, client: Client, *, is_cloud: bool, limit: int) -> None:
        self._client = client
        self._is_cloud = is_cloud
        self._limit = limit

    def needed(self, change: Change) -> bool:
        return change.sightings is not None or change.note is not None

    def found(self, issue_id: str, me: User) -> dict[str, Comment]:
        """The bot's comments by their names, the oldest of each."""
        found: dict[str, Comment] = {}
        for comment in comments_of(self._client, issue_id):
            name = parse_comment_reference(comment.text)
            if name and me.is_same(comment.author):
                found.setdefault(name, comment)
        return found

    def write(self, issue_id: str, change: Change, found: dict[str, Comment]) -> bool:
        """Writes the sightings and the note of a change; whether there was anything to write."""
        wrote = False
        if change.sightings is not None:
            body = self._body(change.sightings, SIGHTINGS)
            there = found.get(SIGHTINGS)
            if there is None:
                self._client.post(f"issue/{issue_id}/comment", {"body": body})
                wrote = True
            elif there.text != _text(body):
                self._client.put(f"issue/{issue_id}/comment/{there.id}", {"body": body})
                wrote = True
        if change.note is not None:
            name = f"note {self._note_id(change)}"
            if name not in found:
                self._client.post(f"issue/{issue_id}/comment", {"body": self._body(change.note, name)})
                wrote = True
        return wrote

    def _note_id(self, change: Change) -> str:
        given = change.note_id or repr(change.note)
        return given if _NOTE_ID.fullmatch(given) else hashlib.sha256(given.encode(errors="replace")).hexdigest()[:24]

    def _body(self, document: Document, name: str) -> object:
        return render(document, comment_reference(name), is_cloud=self._is_cloud, limit=self._limit)


def render(document: Document, reference: str, *, is_cloud: bool, limit: int) -> object:
    """The document as this Jira takes it, with the reference as its last line."""
    if is_cloud:
        return to_adf(document, reference=reference, limit=limit)
    return to_wiki(document, reference=reference, limit=limit)


def _text(body: object) -> str:
    return unescaped(body) if isinstance(body, str) else to_text(body)
