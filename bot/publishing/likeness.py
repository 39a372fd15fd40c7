"""Is a new finding a ticket already, in other words? Its target's tickets decide, whoever filed them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy import Connection

from bot.matching import thin
from bot.matching.decision import Candidate, Match, Thresholds, match
from bot.matching.defaults import configured, embedder_of
from bot.matching.entry import Entry
from bot.matching.grouping import only_of
from bot.matching.memory import MemoryIndex
from bot.matching.model import Model, learned
from bot.matching.semantic import Meaning
from bot.settings import Settings
from bot.store import findings, tickets
from bot.store.corpora import StoredCorpus, entry_named, of_target
from bot.store.findings import KnownFinding
from bot.store.quotes import Sighting
from bot.store.recognition import entry_of as entry_of_finding
from bot.store.tickets import KnownTicket

OF_FINDING = "finding "  # before the id of a finding where those of tickets are expected
RELATED = "related "  # before either, where it is another loose end that has to do with this one
_LIKELY = 0.4  # score from which on loose ends of one plan are possibly the same: all of them are new
_LINKS_IN_PLAN = 2  # loose ends of the same plan that a new ticket points to at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What a finding is like: the ticket that it is, or those that it may be.

    ``similar`` holds ids of tickets, and of findings behind ``OF_FINDING``; those behind ``RELATED`` are other things.
    ``told`` says it in words, "" for nothing; ``is_possible`` that a ticket may be the same.
    """

    same: KnownTicket | None = None
    similar: tuple[str, ...] = ()
    told: str = ""
    is_possible: bool = False


_Rival = tuple[Candidate, KnownTicket]


@dataclass
class Likenesses:
    """Compares the findings of one plan with the tickets of their targets, and with each other."""

    db: Connection
    settings: Settings
    planned: dict[str, MemoryIndex] = field(default_factory=dict)
    talks: dict[str, set[str]] = field(default_factory=dict)
    stored: dict[str, StoredCorpus] = field(default_factory=dict)  # a plan changes nothing, so they stay true
    meanings: dict[str, Meaning | None] = field(default_factory=dict)

    def of(self, known: KnownFinding, quotes: Sequence[Sighting], target: str) -> Likeness:
        """What is like a finding that would be filed in a target."""
        entry = entry_of(known, [quote.evidence.quote for quote in quotes])
        if target not in self.stored:
            self.stored[target] = StoredCorpus(self.db, of_target(target))
            self.meanings[target] = self._meaning_of(target)
        found = match(self.stored[target], entry, self._model, self._limits, self.meanings[target])
        likely, others = self._rivals(found, known, quotes, target)
        best = next(iter(likely), None)
        if best is None or found.decision != "same" or best[0] is not found.candidates[0]:
            # What it cannot be does not count among those that it may be.
            is_sure = only_of([candidate for candidate, _ in likely], self._limits) is not None
            best = likely[0] if is_sure else None
        if best is not None and not self._is_thin(entry, best[0], target):
            return Likeness(same=best[1], told=f"shares {best[0].shares}")
        return self._possible(found, likely, others, self._in_plan(entry, quotes, target))

    def note(self, known: KnownFinding, quotes: Sequence[Sighting], target: str) -> None:
        """A ticket is planned for this finding: later ones of the plan are compared with it too."""
        entry = entry_of(known, [quote.evidence.quote for quote in quotes])
        self.planned.setdefault(target, MemoryIndex()).add(entry)
        self.talks[known.id] = {quote.evidence.conversation for quote in quotes}

    def _is_thin(self, entry: Entry, candidate: Candidate, target: str) -> bool:
        corpus = self.stored[target]
        like = entry_named(self.db, of_target(target), candidate.id) if corpus.size()[0] < thin.FEW else None
        return like is not None and thin.is_thin(entry, like, corpus)

    def _rivals(
        self, found: Match, known: KnownFinding, quotes: Sequence[Sighting], target: str
    ) -> tuple[list[_Rival], list[_Rival]]:
        """The tickets that a finding may be, best first, and those that are like it but another thing."""
        likely: dict[str, _Rival] = {}
        others: dict[str, _Rival] = {}
        for candidate in found.candidates:
            ticket = self._ticket(target, candidate.id, known)
            if ticket is None or candidate.score < self.settings.matching.possible:
                continue
            if self.may_be(ticket, known, quotes):
                likely.setdefault(ticket.id, (candidate, ticket))
            elif candidate.score >= self.settings.matching.same:
                others.setdefault(ticket.id, (candidate, ticket))
        return list(likely.values()), list(others.values())

    def _possible(
        self, found: Match, likely: Sequence[_Rival], others: Sequence[_Rival], in_plan: Sequence[str]
    ) -> Likeness:
        links = self.settings.matching.links
        listed, related = likely[:links], others[:links]
        told = []
        if listed:
            keys = ", ".join(ticket.key for _, ticket in listed)
            told.append(f"possibly the same as {keys}: shares {listed[0][0].shares}")
            if found.against and listed[0][0].score >= self.settings.matching.same:
                told.append(f"not taken for the same: {listed[0][0].veto or 'others are as like'}")
        if related:
            told.append(f"related to {', '.join(ticket.key for _, ticket in related)}")
        told += [name.replace(OF_FINDING, "to ") for name in in_plan if name.startswith(RELATED)]
        told += [f"possibly the same as {name}" for name in in_plan if not name.startswith(RELATED)]
        names = (*(ticket.id for _, ticket in listed), *(RELATED + ticket.id for _, ticket in related))
        return Likeness(similar=(*names, *in_plan), told="; ".join(told), is_possible=bool(listed))

    def _in_plan(self, entry: Entry, quotes: Sequence[Sighting], target: str) -> list[str]:
        """Loose ends for which this plan has a ticket: possibly the same, or another kind of the same matter."""
        corpus = self.planned.get(target)
        if corpus is None or not self.settings.matching.links:
            return []
        found = match(corpus, entry, learned("mention"), self._limits).candidates
        here = {quote.evidence.conversation for quote in quotes}
        same = [c for c in found if c.kind == entry.kind and c.score >= _LIKELY and here.isdisjoint(self.talks[c.id])]
        other = [c for c in found if c.kind != entry.kind and c.score >= self.settings.matching.same]
        names = [OF_FINDING + c.id for c in same[:_LINKS_IN_PLAN]]
        return [*names, *(RELATED + OF_FINDING + c.id for c in other[:_LINKS_IN_PLAN])]

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

    def _meaning_of(self, target: str) -> Meaning | None:
        embedder = embedder_of(self.settings.matching)
        if embedder is None:
            return None
        from bot.store.vectors import StoredMeaning

        return StoredMeaning(self.db, of_target(target), embedder)

    @cached_property
    def _model(self) -> Model:
        return learned("mention", semantic=self.settings.matching.semantic.model is not None)

    @cached_property
    def _limits(self) -> Thresholds:
        return configured(self.settings.matching)


def entry_of(known: KnownFinding, quotes: Sequence[str]) -> Entry:
    """A finding as it is compared: its title, and the words it was found in."""
    return entry_of_finding(known.id, known.kind, known.title, quotes)
