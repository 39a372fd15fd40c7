"""The connector over a folder of ticket files that people edit, rename, delete and merge at will."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from connectors.base import Change, Changes, Draft, Gone, Marker, Problem, Rejected, Ticket, Touched, Unavailable
from connectors.local import edits
from connectors.local.cursor import read_cursor, write_cursor
from connectors.local.folder import Folder, Found, number_in
from connectors.local.front_matter import BrokenHead
from connectors.local.identity import new_id, resolve
from connectors.local.scan import ScannedFile, scan
from connectors.local.ticket_file import BOT, TicketFile
from connectors.markdown import to_markdown, to_title
from connectors.marker import marker_line
from connectors.registry import BadOptions
from connectors.section import drafted, with_section

TITLE_LIMIT = 256
BODY_LIMIT = 65_536

_NOTE_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def connect(options: Mapping[str, object], *, now: Callable[[], datetime]) -> LocalTracker:
    """The local tracker in the folder ``path``, which is made when the first ticket is filed.

    Raises:
        BadOptions: ``path`` is missing.
    """
    path = options.get("path")
    if not isinstance(path, str | Path) or not str(path):
        raise BadOptions("the local tracker needs 'path', the folder of its ticket files")
    return LocalTracker(Path(path), now=now)


class LocalTracker:
    """Tickets as files ``0001-title.md`` in a folder; see ``connectors.base.Connector`` for what the methods do."""

    calls = 0
    keeps_section = True
    sets_title = True

    def __init__(self, path: Path, *, now: Callable[[], datetime], time_ns: Callable[[], int] = time.time_ns) -> None:
        self._folder = Folder(path, time_ns=time_ns)
        self._now = now

    def check(self) -> Sequence[Problem]:
        path = self._folder.path
        base = next(place for place in (path, *path.absolute().parents) if place.exists())
        if not base.is_dir():
            return [Problem(what=f"{base} is a file", mend="give the local tracker a folder of its own")]
        if not os.access(base, os.R_OK | os.W_OK | os.X_OK):
            return [Problem(what=f"{base} cannot be written to", mend="allow this user to write there")]
        return scan(self._folder, {}).problems()

    def changed_since(self, cursor: str) -> Changes:
        before = read_cursor(cursor)
        if before and not self._folder.exists() and not self._folder.names():
            # A drive that is not mounted must not look as if people had deleted every ticket.
            raise Unavailable(f"{self._folder.path}: the folder of tickets is not there")
        now = scan(self._folder, before)
        changed = [
            self._ticket(name, file, now.ids)
            for name, file in now.read.items()
            if name not in before or before[name].version != file.content.version
        ]
        deleted = now.deleted(before)
        tickets = [*changed, *(self._deleted(ticket_id) for ticket_id in deleted)]
        tickets.sort(key=lambda ticket: (ticket.updated_at, number_in(ticket.id) or 0, ticket.id))
        return Changes(tickets=tuple(tickets), cursor=write_cursor(now.seen), problems=tuple(now.problems()))

    def find(self, marker: Marker, *, since: datetime | None = None) -> Ticket | None:  # noqa: ARG002 - all are read
        line = marker_line(marker).encode()
        now = scan(self._folder, {})
        for name, file in now.read.items():
            if file.content.marker(now.ids[name]) == marker:
                return self._ticket(name, file, now.ids)
        for name, reason in now.broken.items():
            # Saying that it is not there would file it a second time.
            if (found := self._folder.read(name)) and line in found.data:
                raise Unavailable(f"{self._folder.path / name} holds the ticket that is looked for: {reason}")
        return None

    def create(self, draft: Draft) -> Ticket:
        title = to_title(draft.title, flavor="local", limit=TITLE_LIMIT)
        body = drafted(draft, flavor="local", limit=BODY_LIMIT)
        at = self._now().astimezone(UTC).replace(microsecond=0)
        with self._folder.locked():
            self._folder.sweep()
            number = self._folder.next_number()
            ticket_id = new_id(number, draft.marker.action)
            file = edits.new_file(ticket_id=ticket_id, title=title, labels=draft.labels, body=body, at=at)
            name = f"{number:04}-{edits.slug(title)}.md"
            self._folder.add(name, file.data(), at=at)
        return self._ticket(name, ScannedFile(content=file, stamp="", modified=at.timestamp()), {name: ticket_id})

    def change(self, ticket_id: str, change: Change) -> Ticket:
        with self._folder.locked():
            for _ in range(3):
                name, ids, found = self._locate(ticket_id)
                content = self._readable(name, found)
                if change.only_if_version not in ("", content.version):
                    raise Touched(f"{self._folder.path / name} was edited since the last look; nothing was changed")
                at = self._now().astimezone(UTC).replace(microsecond=0)
                edited = self._edited(name, content, change, at)
                after = ScannedFile.of(content, found)
                if edited.text != content.text:
                    # The write renews the file's time, by which a ticket closed in an editor tells when it was.
                    edited = edits.with_closing_time(edited, datetime.fromtimestamp(found.modified, UTC))
                    after = ScannedFile(content=edited, stamp="", modified=at.timestamp())
                    if not self._folder.replace(name, found.data, edited.data(), at=at):
                        continue
                if after.content.standing.duplicate_of:
                    # The original has another number, at which nobody looked yet.
                    ids = scan(self._folder, {}).ids | {name: ticket_id}
                return replace(self._ticket(name, after, ids), previous_version=content.version)
        raise Unavailable(f"{self._folder.path / name} is being edited; nothing was changed")

    def _locate(self, ticket_id: str) -> tuple[str, dict[str, str], Found]:
        number = number_in(ticket_id)
        names = self._folder.names()
        likely = [name for name in names if number is not None and number_in(name) == number]
        for candidates in (likely, names):
            ids = scan(self._folder, {}, names=candidates).ids
            for name in (name for name, given in ids.items() if given == ticket_id):
                if found := self._folder.read(name):
                    return name, ids, found
        broken = [name for name in likely if name in scan(self._folder, {}, names=likely).broken]
        if broken:
            raise Rejected(f"{self._folder.path / broken[0]} cannot be read, and may be {ticket_id}: mend it first")
        raise Gone(f"{self._folder.path}: there is no ticket {ticket_id}")

    def _readable(self, name: str, found: Found) -> TicketFile:
        try:
            return TicketFile.read(found.data)
        except (BrokenHead, UnicodeDecodeError) as error:
            raise Rejected(f"{self._folder.path / name}: {error}") from error

    def _edited(self, name: str, file: TicketFile, change: Change, at: datetime) -> TicketFile:
        try:
            add, remove = _stripped(change.add_labels), _stripped(change.remove_labels)
            after = edits.with_labels(file, add, remove)
            if change.state == "closed":
                after = edits.closed(after, change.closed_as, at)
            elif change.state == "open":
                after = edits.reopened(after)
            title, body = file.title, file.body
            if change.title is not None:
                title = to_title(change.title, flavor="local", limit=TITLE_LIMIT)
                after = edits.with_title(after, title)
            if change.own_section is not None:
                if file.author != BOT:
                    raise Rejected(f"{self._folder.path / name} was filed by somebody else")
                body = with_section(body, change.own_section, flavor="local", limit=BODY_LIMIT)
                after = edits.with_body(after, body)
            if change.sightings is not None:
                after = edits.with_sightings(after, to_markdown(change.sightings, flavor="local", limit=BODY_LIMIT))
            if change.note is not None:
                markdown = to_markdown(change.note, flavor="local", limit=BODY_LIMIT)
                after = edits.with_note(after, _note_id(change.note_id or markdown), markdown)
        except BrokenHead as error:
            raise Rejected(f"{self._folder.path / name}: {error}") from error
        kept = (after.id, after.title, after.body) == (file.id, title, body)
        if not kept or not after.labels.issuperset(add) or not after.labels.isdisjoint(remove):
            raise Rejected(f"{self._folder.path / name}: this front matter cannot be edited safely")
        return after

    def _ticket(self, name: str, file: ScannedFile, ids: Mapping[str, str]) -> Ticket:
        content, standing = file.content, file.content.standing
        modified = datetime.fromtimestamp(file.modified, UTC)
        number = number_in(ids[name])
        return Ticket(
            id=ids[name],
            key=f"#{ids[name] if number is None else number}",
            url=(self._folder.path.absolute() / name).as_uri(),
            title=content.title or name.rpartition(".")[0],
            body=content.body,
            state="closed" if standing.closed else "open",
            labels=content.labels,
            version=content.version,
            created_at=content.time("created") or modified,
            updated_at=modified,
            closed_as=standing.closed_as,
            # Whole seconds, as the bot writes them into the head: the time stays the same when it does.
            closed_at=(content.closed_at or modified.replace(microsecond=0)) if standing.closed else None,
            duplicate_of=resolve(standing.duplicate_of, ids.values()) or None,
            marker=content.marker(ids[name]),
            author=content.author,
        )

    def _deleted(self, ticket_id: str) -> Ticket:
        number = number_in(ticket_id)
        now = self._now()
        return Ticket(
            id=ticket_id,
            key=f"#{ticket_id if number is None else number}",
            url="",
            title="",
            body="",
            state="deleted",
            labels=frozenset(),
            version="deleted",
            created_at=now,
            updated_at=now,
        )


def _stripped(labels: Sequence[str]) -> list[str]:
    return [" ".join(label.split()) for label in labels if label.strip()]


def _note_id(note_id: str) -> str:
    return note_id if _NOTE_ID.fullmatch(note_id) else hashlib.sha256(note_id.encode()).hexdigest()[:24]
