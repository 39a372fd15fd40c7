"""What waits for a person's word, and what becomes of a ticket or held finding once it is given at a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.model import Kind, Priority
from bot.publishing.desk import Desk
from bot.publishing.held import held
from bot.publishing.label_names import has
from bot.publishing.mirror import mirror
from bot.settings import Labels, Settings
from bot.store import findings, hand_edits, tickets
from bot.store.findings import KnownFinding
from bot.store.quotes import Sighting
from bot.store.tickets import KnownTicket
from connectors.base import Change, ConnectorError, SetsTitle
from connectors.document import Document, Link, Paragraph, Text

KINDS: tuple[Kind, ...] = ("bug", "todo", "feature")
PRIORITIES: tuple[Priority, ...] = ("high", "medium", "low")


class CannotReview(Exception):
    """A word that could not be carried out; the message says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that waits: a held finding, or the bot's ``ticket`` that nobody has judged, with its quotes."""

    finding: KnownFinding
    quotes: tuple[Sighting, ...]
    ticket: KnownTicket | None = None

    @property
    def title(self) -> str:
        """As people see it: a ticket may have another title than its finding by now."""
        return self.ticket.title if self.ticket else self.finding.title


def waiting(db: Connection, settings: Settings) -> list[Waiting]:
    """Open tickets that nobody has judged, then what is held; the surest first."""
    found = []
    for ticket in tickets.ours(db):
        if ticket.state != "open" or ticket.verdict != "untouched" or ticket.target not in settings.targets:
            continue
        known = findings.by_fingerprint(db, ticket.fingerprint or "")
        if known is not None:
            found.append(Waiting(finding=known, quotes=tuple(findings.sightings(db, known.id)), ticket=ticket))
    found.sort(key=lambda item: -item.finding.confidence)
    return [*found, *(Waiting(finding=k, quotes=tuple(findings.sightings(db, k.id))) for k in held(db))]


def accept(desk: Desk, ticket: KnownTicket) -> None:
    """A person says that a ticket is right.

    Raises:
        CannotReview: the tracker did not take the labels.
    """
    labels = desk.settings.labels
    _change(desk, ticket, Change(add_labels=(labels.accepted,), remove_labels=(labels.needs_review,)))


def reject(desk: Desk, ticket: KnownTicket) -> None:
    """A person says that a ticket should not have been filed: its loose end stays away from now on.

    Raises:
        CannotReview: the tracker did not take the label.
    """
    _change(desk, ticket, Change(add_labels=(desk.settings.labels.rejected,)))


def mark_duplicate(desk: Desk, item: Waiting, key: str) -> KnownTicket:
    """Closes a ticket as a duplicate of the one that people call ``key``, or drops a held finding for it.

    Raises:
        CannotReview: there is no such ticket, or more than one, or the tracker refused.
    """
    with desk.engine.begin() as db:
        original = _named(db, key, item.ticket)
        if item.ticket is None:
            findings.decide(db, item.finding.id, "refused", f"duplicate of {original.key}, as a person said")
            findings.told(db, item.finding.id, findings.newest_quote(db, item.finding.id))
            return original
    change = Change(
        state="closed", closed_as="duplicate", note=_duplicate_note(original), note_id=f"duplicate-{item.finding.id}"
    )
    # Few trackers can be told of which ticket it is a duplicate; what the person said is kept here.
    _change(desk, item.ticket, change, original=original.id)
    return original


def correct(
    desk: Desk,
    item: Waiting,
    *,
    title: str | None = None,
    kind: Kind | None = None,
    priority: Priority | None = None,
) -> Waiting:
    """The item with what a person corrected of it; a secret in the new title is redacted.

    A held finding is filed so. Of a ticket the tracker is told: title and labels are that person's from then on.

    Raises:
        CannotReview: the tracker did not take it; nothing was corrected.
    """
    from bot.safety.redaction import redact

    title = redact(" ".join(title.split())) if title and title != item.title else None
    ticket = item.ticket
    if ticket is not None:
        change = _correction(desk.settings.labels, title, kind, priority)
        ticket = _change(desk, ticket, change) if change != Change() else ticket
        title = None  # of the ticket, and not of the loose end
    with desk.engine.begin() as db:
        hand_edits.correct(db, item.finding.id, title=title, kind=kind, priority=priority)
        return replace(item, finding=findings.by_id(db, item.finding.id)[0], ticket=ticket)


def _correction(labels: Labels, title: str | None, kind: Kind | None, priority: Priority | None) -> Change:
    wanted = [labels.kind.format(kind=kind)] if kind else []
    wanted += [labels.priority.format(priority=priority)] if priority else []
    old = [labels.kind.format(kind=name) for name in KINDS if kind]
    old += [labels.priority.format(priority=name) for name in PRIORITIES if priority]
    gone = tuple(label for label in old if label not in wanted)
    return Change(title=title, add_labels=tuple(wanted), remove_labels=gone)


def _named(db: Connection, key: str, duplicate: KnownTicket | None) -> KnownTicket:
    found = [t for t in tickets.with_key(db, key.strip()) if t.state != "deleted"]
    if duplicate is not None:
        found = [t for t in found if t.target == duplicate.target and t.id != duplicate.id]
    if not found:
        raise CannotReview(f"{key}: no other ticket that is known has this key")
    if len(found) > 1:
        raise CannotReview(f"{key}: names tickets in {', '.join(t.target for t in found)}; review it there")
    return found[0]


def _duplicate_note(original: KnownTicket) -> Document:
    has_address = original.url.startswith(("http://", "https://"))
    name = Link(original.key, original.url) if has_address else Text(original.key)
    return (Paragraph((Text("A person said at the terminal: a duplicate of "), name, Text("."))),)


def _change(desk: Desk, ticket: KnownTicket, change: Change, *, original: str = "") -> KnownTicket:
    place = desk.targets.find(ticket.target)
    if place is None:
        why = desk.targets.stopped.get(ticket.target, "it is not configured")
        raise CannotReview(f"{ticket.key}: target {ticket.target}: {why}")
    connector = place[1]
    if change.title is not None and not (isinstance(connector, SetsTitle) and connector.sets_title):
        raise CannotReview(f"{ticket.key}: the connector of this tracker sets no titles; edit it there: {ticket.url}")
    try:
        after = connector.change(ticket.id, change)
    except ConnectorError as error:
        raise CannotReview(f"{ticket.key}: {error}") from error
    if original:
        after = replace(after, closed_as="duplicate", duplicate_of=original)
    with desk.engine.begin() as db:
        mirror(db, ticket.target, after, desk.settings.labels, desk.now(), who="terminal")
        known = tickets.find(db, ticket.target, ticket.id)
    if dropped := [label for label in change.add_labels if not has(after.labels, label)]:
        raise CannotReview(f"{ticket.key}: the tracker dropped the label {min(dropped)}; may the account set labels?")
    return known or ticket


def headline(item: Waiting) -> Sequence[tuple[str, str]]:
    """Name and value of what a person should know of it first, in order."""
    known = item.finding
    place = f"{item.ticket.key} in {item.ticket.target}, {item.ticket.url}" if item.ticket else f"held: {known.reason}"
    return (
        ("what", f"{known.kind}, priority {known.priority}, confidence {known.confidence:.2f}"),
        ("where", place),
        ("why", "; ".join(known.why)),
        ("found by", ", ".join(known.detectors)),
    )
