"""The interface that every tracker is driven through, the data it speaks, and the few errors it raises.

The errors are split by what the caller does next: wait (:class:`RateLimited`), try later
(:class:`Unavailable`), stop the target (:class:`Denied`), hold the action (:class:`Rejected`), note the loss
(:class:`Gone`), look again (:class:`Touched`). Only a connector sees status codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from connectors.document import Document

State = Literal["open", "closed", "deleted"]
ClosedAs = Literal["done", "not_planned", "duplicate"]


class ConnectorError(Exception):
    """Base of all errors of a connector; the message is one line and holds no secret and no log text."""


class RateLimited(ConnectorError):
    """The tracker asks us to wait. ``retry_at`` has a time zone."""

    def __init__(self, message: str, *, retry_at: datetime) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class Unavailable(ConnectorError):
    """No usable answer. After a write the outcome is *unknown*: reconcile with ``find`` before trying again."""


class Denied(ConnectorError):
    """The credentials or permissions do not allow this; nothing else in this target will work either."""


class Rejected(ConnectorError):
    """The tracker refused this one request for good (validation); others may pass."""


class Gone(ConnectorError):
    """The ticket does not exist (any more)."""


class MovedAway(Gone):
    """The ticket goes on somewhere that this connector does not see, such as in another project."""


class Touched(ConnectorError):
    """A person touched the ticket since it was last looked at; nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What the bot hides in a ticket's body to know it again: the loose end and the action that made it."""

    fingerprint: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """An issue as the tracker shows it now.

    ``version`` is opaque and changes whenever anything a person can see of the ticket changes, so
    that ``version == version after our last write`` means that nobody touched it since.
    """

    id: str  # stable for ever, also when the ticket is moved or renamed
    key: str  # what a person calls it: "#12", "PROJ-3"
    url: str
    title: str
    body: str
    state: State
    labels: frozenset[str]
    version: str
    created_at: datetime
    updated_at: datetime
    closed_as: ClosedAs | None = None
    closed_at: datetime | None = None
    duplicate_of: str | None = None  # the id of the original, where the tracker tells
    marker: Marker | None = None  # only when the bot itself wrote it
    author: str = ""
    # The version found just before the bot's own write, in the answer of ``change``; empty where the tracker cannot
    # tell. It tells of that write and not of the ticket, so that it counts nothing when tickets are compared.
    previous_version: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A ticket to be created. The title and everything in ``body`` may hold hostile text; renderers escape it.

    ``priority`` is for trackers that have a field for it; elsewhere a label tells it. ``own_section`` is for
    connectors that are :class:`KeepsSection`.
    """

    title: str
    body: Document
    labels: tuple[str, ...]
    marker: Marker
    priority: Literal["high", "medium", "low"] | None = None
    own_section: Document | None = None  # stands after ``body``, where ``Change.own_section`` may replace it


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change to a ticket; what is left at its default is not touched.

    ``sightings`` is the one comment that the bot owns: created at first, edited in place after.
    ``own_section`` replaces what a draft with an ``own_section`` put there: the part of the body between the bot's two
    lines. Everything else in the body stays byte for byte; where the bot did not file the ticket, or the lines are
    gone, the change is :class:`Rejected`. Only for connectors that are :class:`KeepsSection`.
    ``title`` is another title, which a person gave; it may hold hostile text. Only for connectors that are
    :class:`SetsTitle`.
    ``note`` is a new comment of its own, once (``note_id`` makes it idempotent: a second change with the
    same id adds nothing).
    ``only_if_version``: if not empty and the ticket's version is another one, nothing is changed and
    :class:`Touched` is raised. A connector to a tracker without conditional writes checks as late as it can,
    right before its first write; an edit within that moment goes unseen. The bot's own earlier write counts as
    well: after :class:`Unavailable`, look at the ticket before setting the condition anew.
    """

    add_labels: tuple[str, ...] = ()
    remove_labels: tuple[str, ...] = ()
    state: Literal["open", "closed"] | None = None
    closed_as: ClosedAs | None = None
    sightings: Document | None = None
    own_section: Document | None = None
    title: str | None = None
    note: Document | None = None
    note_id: str = ""
    only_if_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something ``check`` found: what is wrong, how to mend it, and whether filing can go on regardless."""

    what: str
    mend: str
    fatal: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Tickets changed since a cursor, oldest change first, and the cursor to go on from.

    ``problems`` are tickets that could not be read; they are looked at again next time.
    """

    tickets: Sequence[Ticket] = field(default_factory=tuple)
    cursor: str = ""
    problems: Sequence[Problem] = ()


@runtime_checkable
class KeepsSection(Protocol):
    """A connector that knows ``own_section`` in drafts and changes; the others are never given one."""

    @property
    def keeps_section(self) -> bool:
        """Whether it does: true, but for a wrapper around one that does not."""


@runtime_checkable
class SetsTitle(Protocol):
    """A connector that knows ``title`` in changes; the others are never given one."""

    @property
    def sets_title(self) -> bool:
        """Whether it does: true, but for a wrapper around one that does not."""


class Connector(Protocol):
    """One target in one tracker. Every call may raise any :class:`ConnectorError`."""

    @property
    def calls(self) -> int:
        """Requests sent to the tracker so far (0 for trackers without a network)."""

    def check(self) -> Sequence[Problem]:
        """What stands in the way of filing here; empty when nothing does."""

    def changed_since(self, cursor: str) -> Changes:
        """Tickets changed since ``cursor`` ("" for all), from a consistent listing, never a search index.

        May repeat tickets that did not change; never leaves out one that did. Tickets that people
        filed are included, ones known to be deleted come with ``state="deleted"``.
        """

    def find(self, marker: Marker, *, since: datetime | None = None) -> Ticket | None:
        """The ticket with this marker (fingerprint and action), the oldest of several, from a consistent listing.

        It was created at ``since`` or later by our clock, if that is given; older tickets need not be looked at, but
        the newest ones always are: the tracker's clock may be off.
        """

    def create(self, draft: Draft) -> Ticket:
        """Files a ticket: title, body with hidden marker, labels. Never retried inside.

        Any error but :class:`Unavailable` says that there is no ticket, so that trying again is safe.
        """

    def change(self, ticket_id: str, change: Change) -> Ticket:
        """Applies a change and returns the ticket as it is afterwards.

        Title and body stay as they are, but for ``title`` and ``own_section``; without a new state, ``closed_at`` does.

        ``previous_version`` of the answer is the version that the change was made to, as read for the check of
        ``only_if_version``.

        Raises:
            Touched: ``change.only_if_version`` names another version; nothing was changed.
            Gone: there is no such ticket, whatever the condition.
        """
