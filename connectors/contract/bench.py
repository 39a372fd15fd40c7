"""What the contract needs of a tracker under test, beside its connector."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from connectors.base import ClosedAs, Connector


class Person(Protocol):
    """Somebody at the tracker's own screen, under an account that is not the bot's. Ids are those of ``Ticket.id``."""

    def file_ticket(self, title: str, body: str) -> str:
        """Files a ticket and returns its id."""

    def edit_title(self, ticket_id: str, title: str) -> None:
        """Gives it another title."""

    def edit_body(self, ticket_id: str, body: str) -> None:
        """Writes over its whole body, the hidden marker included."""

    def set_labels(self, ticket_id: str, labels: Sequence[str]) -> None:
        """Leaves it with exactly these labels."""

    def close(self, ticket_id: str, reason: ClosedAs) -> None:
        """Closes it with the reason, or without one where the tracker knows no reasons."""

    def reopen(self, ticket_id: str) -> None:
        """Opens it again."""

    def comment(self, ticket_id: str, text: str) -> None:
        """Adds a comment."""

    def delete(self, ticket_id: str) -> None:
        """Removes it for good."""


class Bench(Protocol):
    """An empty tracker to test a connector on."""

    title_limit: int  # characters that the tracker takes
    body_limit: int
    reasons: frozenset[ClosedAs]  # the reasons for closing that the tracker keeps; others come back as None
    marker_in_body: bool  # False where the tracker has a better place, which a person's edit of the body spares

    @property
    def person(self) -> Person:
        """Who works on the same tracker."""

    def spelled(self, label: str) -> str:
        """The label as the tracker keeps it: not every one takes spaces."""

    def connect(self) -> Connector:
        """A new connector to this tracker, which remembers nothing of earlier ones."""

    def comments(self, ticket_id: str) -> Sequence[str]:
        """The comments of a ticket as the tracker stores them, oldest first: the bot's and people's."""


@runtime_checkable
class LosesReplies(Protocol):
    """A bench whose network can fail after the tracker has done its work."""

    def lose_next_reply(self) -> None:
        """The next write is carried out, but its answer never comes back."""


@runtime_checkable
class LimitsRate(Protocol):
    """A bench whose tracker can refuse requests for a while."""

    def limit_next(self) -> datetime:
        """The next write is refused, nothing of it done; returns when the tracker takes requests again."""


@runtime_checkable
class ShowsMarkup(Protocol):
    """A bench that can tell what a body or comment does on the page; ``live_parts`` tells it of Markdown."""

    def live_parts(self, markup: str) -> Sequence[str]:
        """Links, mentions, images, HTML and the like that the bot did not make, each described; none is good."""
