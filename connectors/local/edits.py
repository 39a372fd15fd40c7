"""The bot's edits to a ticket file. Each leaves every byte that it does not mean to change."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from connectors.base import ClosedAs
from connectors.local.front_matter import (
    BrokenHead,
    Head,
    read_head,
    scalar_text,
    set_field,
    with_item,
    without_field,
    without_item,
)
from connectors.local.state_words import CLOSED, CLOSED_AS_WORDS, HINT, OPEN
from connectors.local.ticket_file import BOT, CLOSED_AT_KEYS, COMMENTS_BELOW, END, TicketFile

SIGHTINGS = "<!-- loose-ends: sightings -->"


def with_labels(file: TicketFile, add: Sequence[str], remove: Sequence[str]) -> TicketFile:
    """Adds and removes labels one by one; those that are there, or not, already are left alone."""
    for label in remove:
        while label in file.labels:
            file = _edited(file, without_item(_head(file), "labels", label))
    for label in add:
        if label not in file.labels:
            file = _edited(file, with_item(_head(file), "labels", label))
    return file


def with_title(file: TicketFile, title: str) -> TicketFile:
    """Gives it another title; the file keeps its name."""
    return file if file.title == title else _edited(file, set_field(_head(file), "title", title, after="id"))


def closed(file: TicketFile, reason: ClosedAs | None, at: datetime) -> TicketFile:
    """Closes it, unless it is closed with that reason already."""
    now = file.standing
    if now.closed and reason in (None, now.closed_as):
        return file
    key = file.state_key
    file = _edited(file, set_field(_head(file), key, CLOSED))
    file = _edited(file, set_field(_head(file), "closed", time_text(at), raw=True, after=key))
    if reason:
        file = _edited(file, set_field(_head(file), "closed_as", CLOSED_AS_WORDS[reason], after=key))
    return file


def reopened(file: TicketFile) -> TicketFile:
    """Opens it, unless it is open already; the traces of the closing go."""
    if not file.standing.closed:
        return file
    file = _edited(file, set_field(_head(file), file.state_key, OPEN))
    for key in ("closed_as", "reason", "resolution", *CLOSED_AT_KEYS, "duplicate_of"):
        file = _edited(file, without_field(_head(file), key))
    return file


def with_closing_time(file: TicketFile, at: datetime) -> TicketFile:
    """Notes when it was closed, if it is closed and does not tell; what a person wrote there stays."""
    if not file.standing.closed or file.closed_at:
        return file
    head = _head(file)
    key = next((key for key in CLOSED_AT_KEYS if not head.written(key)), "")
    try:
        noted = _edited(file, set_field(head, key, time_text(at), raw=True, after=file.state_key)) if key else file
    except BrokenHead:
        return file  # a comment can be added below a head that cannot be edited; the time is not worth refusing it
    return noted if noted.standing == file.standing and noted.closed_at else file


def with_sightings(file: TicketFile, markdown: str) -> TicketFile:
    """Writes the bot's one comment, in the place of the earlier one."""
    section = _section(file, SIGHTINGS, markdown)
    if place := file.section(SIGHTINGS):
        return _edited(file, file.text[: place[0]] + section + file.text[place[1] :])
    return _appended(file, section)


def with_body(file: TicketFile, body: str) -> TicketFile:
    """Writes another body, given as ``TicketFile.body`` gives it, in the place of the one that is there."""
    old = file.body.replace("\n", file.newline)
    at = file.text.find(old, file.head.rest if file.head else 0)
    if at < 0:
        raise BrokenHead("its body has line ends of two kinds, so that the bot cannot write its part of it")
    return _edited(file, file.text[:at] + body.replace("\n", file.newline) + file.text[at + len(old) :])


def with_note(file: TicketFile, note_id: str, markdown: str) -> TicketFile:
    """Appends a comment, unless one with this id is there."""
    opening = f"<!-- loose-ends: note {note_id} -->"
    return file if file.section(opening) else _appended(file, _section(file, opening, markdown))


def new_file(*, ticket_id: str, title: str, labels: Sequence[str], body: str, at: datetime) -> TicketFile:
    """The file of a ticket that the bot files. ``body`` is Markdown that ends with the marker."""
    head = [
        "---",
        f"id: {scalar_text(ticket_id)}",
        f"title: {scalar_text(title)}",
        f"state: {OPEN}  # {HINT}",
        "labels:" if labels else "labels: []",
        *(f"  - {scalar_text(label)}" for label in labels),
        f"author: {BOT}",
        f"created: {time_text(at)}",
        "---",
    ]
    return TicketFile.read(("\n".join(head) + f"\n\n{body}\n\n{COMMENTS_BELOW}\n").encode())


def slug(title: str) -> str:
    """The title as part of a file name: at most 50 lower-case ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:50].strip("-") or "ticket"


def time_text(at: datetime) -> str:
    """A time as written in a head: ISO 8601 in UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _section(file: TicketFile, opening: str, markdown: str) -> str:
    return f"{opening}\n{markdown}\n{END}\n".replace("\n", file.newline)


def _appended(file: TicketFile, section: str) -> TicketFile:
    text = file.text if file.text.endswith("\n") or not file.text else file.text + file.newline
    if not file.has_comments:
        text += file.newline + COMMENTS_BELOW + file.newline
    return _edited(file, text + file.newline + section)


def _head(file: TicketFile) -> Head:
    if file.head:
        return file.head
    head = read_head(f"---{file.newline}---{file.newline}{file.newline}{file.text}")
    assert head is not None
    return head


def _edited(file: TicketFile, text: str) -> TicketFile:
    return replace(file, text=text, head=read_head(text))
