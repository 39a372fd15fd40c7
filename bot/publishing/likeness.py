"""Is a new finding a ticket already, in other words? Its target's tickets decide, whoever filed them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy import Connection

from bot.matching.decision import Candidate, Match, Thresholds, match
from bot.matching.defaults import configured
from bot.matching.entry import Entry, make_entry
from bot.matching.memory import MemoryIndex
from bot.matching.model import Model, learned
from bot.settings import Settings
from bot.store import findings, tickets
from bot.store.corpora import StoredCorpus, of_target
from bot.store.findings import KnownFinding
from bot.store.quotes import Sighting
from bot.store.tickets import KnownTicket

OF_FINDING = "finding "  # before the id of a finding where those of tickets are expected
_RELATED = 2  # loose ends of the same plan that a new ticket points to at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What a finding is like: the ticket that it is, or those that it may be.

    ``similar`` holds ids of tickets, and of findings behind ``OF_FINDING``; ``told`` says it in words, "" for nothing.
    """

    same: KnownTicket | None = None
    similar: tuple[str, ...] = ()
    told: str = ""


@dataclass
class Likenesses:
    """Compares the findings of one plan with the tickets of their targets, and with each other."""

    db: Connection
    settings: Settings
    planned: dict[str, MemoryIndex] = field(default_factory=dict)
    stored: dict[str, StoredCorpus] = field(default_factory=dict)  # a plan changes nothing, so they stay true

    def of(self, known: KnownFinding, quotes: Sequence[Sighting], target: str) -> Likeness:
        """What is like a finding that would be filed in a target."""
        entry = entry_of(known, [quote.evidence.quote for quote in quotes])
        if target not in self.stored:
            self.stored[target] = StoredCorpus(self.db, of_target(target))
        found = match(self.stored[target], entry, self._model, self._limits)
        rivals = [(c, ticket) for c in found.candidates if (ticket := self._ticket(target, c.id, known)) is not None]
        if found.decision == "same" and rivals and rivals[0][0] is found.candidates[0]:
            candidate, ticket = rivals[0]
            if self.may_be(ticket, known, quotes):
                return Likeness(same=ticket, told=f"shares {candidate.shares}")
        likely = [pair for pair in rivals if pair[0].score >= self.settings.matching.possible]
        return self._possible(found, likely, self._related(entry, target))

    def note(self, known: KnownFinding, quotes: Sequence[Sighting], target: str) -> None:
        """A ticket is planned for this finding: later ones of the plan are compared with it too."""
        entry = entry_of(known, [quote.evidence.quote for quote in quotes])
        self.planned.setdefault(target, MemoryIndex()).add(entry)

    def _possible(
        self, found: Match, likely: Sequence[tuple[Candidate, KnownTicket]], related: Sequence[str]
    ) -> Likeness:
        # Two tickets that are duplicates of one are one.
        by_id = {ticket.id: (candidate, ticket) for candidate, ticket in reversed(likely)}
        listed = [by_id.pop(ticket.id) for _, ticket in likely if ticket.id in by_id]
        listed = listed[: self.settings.matching.links]
        told = ""
        if listed:
            keys = ", ".join(ticket.key for _, ticket in listed)
            told = f"possibly the same as {keys}: shares {listed[0][0].shares}"
            if found.against and listed[0][0].score >= self.settings.matching.same:
                told += f"; not taken for the same: {listed[0][0].veto or 'others are as like'}"
        return Likeness(similar=(*(ticket.id for _, ticket in listed), *related), told=told)

    def _related(self, entry: Entry, target: str) -> list[str]:
        corpus = self.planned.get(target)
        if corpus is None or not self.settings.matching.links:
            return []
        found = match(corpus, entry, self._model, self._limits)
        # Of the same kind, they were told apart by whoever found them.
        likely = [c.id for c in found.candidates if c.score >= self.settings.matching.same and c.kind != entry.kind]
        return [OF_FINDING + name for name in likely[:_RELATED]]

    def _ticket(self, target: str, ticket_id: str, known: KnownFinding) -> KnownTicket | None:
        """The ticket at the end of a chain of duplicates; None where it says nothing of this finding."""
        ticket, seen = tickets.find(self.db, target, ticket_id), {ticket_id}
        while ticket is not None and ticket.duplicate_of and ticket.duplicate_of not in seen:
            seen.add(ticket.duplicate_of)
            original = tickets.find(self.db, target, ticket.duplicate_of)
            if original is None:
                break
            ticket = original
        if ticket is None or ticket.verdict == "undone" or ticket.fingerprint == known.fingerprint:
            return None
        return None if ticket.state == "deleted" and ticket.fingerprint is None else ticket

    def may_be(self, ticket: KnownTicket, known: KnownFinding, quotes: Sequence[Sighting]) -> bool:
        """A bug and the task that mends it are two tickets, and so is what one conversation tells apart."""
        other = findings.by_fingerprint(self.db, ticket.fingerprint) if ticket.fingerprint else None
        if other is None:
            return True
        here = {quote.evidence.conversation for quote in quotes}
        there = {quote.evidence.conversation for quote in findings.sightings(self.db, other.id)}
        return other.kind == known.kind and here.isdisjoint(there)

    @cached_property
    def _model(self) -> Model:
        return learned("mention")

    @cached_property
    def _limits(self) -> Thresholds:
        return configured(self.settings.matching)


def entry_of(known: KnownFinding, quotes: Sequence[str]) -> Entry:
    """A finding as it is compared: its title, and the words it was found in."""
    return make_entry(known.id, known.title, "\n".join(quotes[:5]), kind=known.kind)
