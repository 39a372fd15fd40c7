"""Known entries in memory: a corpus for a file of tickets, or for the findings of one run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.matching.entry import Entry
from bot.matching.retrieval import Block


class MemoryIndex:
    """A corpus in memory that grows entry by entry."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries: list[Entry] = []
        self._places: dict[str, tuple[list[int], list[int], list[int]]] = {}
        self._length = 0
        for entry in entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        number = len(self._entries)
        self._entries.append(entry)
        self._length += entry.length
        for term, times in entry.counts.items():
            block = self._places.get(term) or self._places.setdefault(term, ([], [], []))
            for part, value in zip(block, (number, times, entry.length), strict=True):
                part.append(value)

    def size(self) -> tuple[int, float]:
        return len(self._entries), max(1.0, self._length / max(1, len(self._entries)))

    def frequencies(self, terms: Iterable[str]) -> Mapping[str, int]:
        known = self._places
        return {term: len(known[term][0]) if term in known else 0 for term in terms}

    def places(self, terms: Sequence[str]) -> Mapping[str, Sequence[Block]]:
        return {term: (self._places[term],) for term in terms if term in self._places}

    def entries(self, numbers: Sequence[int]) -> Sequence[Entry]:
        return [self._entries[number] for number in numbers]
