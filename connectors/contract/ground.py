"""What all cases share: how to start, the drafts they file, and how to look at a ticket."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

from connectors.base import Connector, ConnectorError, Draft, Marker, Ticket
from connectors.contract.bench import Bench
from connectors.document import Code, Document, Paragraph, Quote, Strong, Text

LABELS = ("loose-ends", "needs-review", "kind: bug")


def draft(title: str = "Export stops at row 1000", *, text: str = "it stops at row 1000", number: int = 1) -> Draft:
    """A ticket to file, whose marker is told apart by ``number``."""
    body: Document = (Paragraph((Text("Said in a talk."),)), Quote(text, (Strong("Ada"), Text(" in "), Code("log.md"))))
    return Draft(title=title, body=body, labels=LABELS, marker=marker(number))


def marker(number: int = 1) -> Marker:
    """The marker of the draft of this number."""
    return Marker(fingerprint=f"v1-5b1f{number}", action=f"a-000{number}")


def words(text: str) -> Document:
    return (Paragraph((Text(text),)),)


class Ground(ABC):
    """A tracker to stand on; cases derive from it."""

    @abstractmethod
    def make(self, tmp_path: Path) -> Bench:
        """An empty tracker; ``tmp_path`` is an empty folder for whatever it needs."""

    def start(self, tmp_path: Path) -> tuple[Bench, Connector]:
        """An empty tracker and a connector to it."""
        bench = self.make(tmp_path)
        return bench, bench.connect()

    def seen(self, connector: Connector, ticket_id: str) -> Ticket:
        """The ticket as a full listing shows it, where it stands exactly once."""
        tickets = [ticket for ticket in connector.changed_since("").tickets if ticket.id == ticket_id]
        assert len(tickets) == 1, f"{ticket_id} is listed {len(tickets)} times"
        return tickets[0]


def raised(call: Callable[[], object]) -> type[ConnectorError] | None:
    """The class of the connector error that the call raises, None when it goes well."""
    try:
        call()
    except ConnectorError as error:
        return type(error)
    return None
