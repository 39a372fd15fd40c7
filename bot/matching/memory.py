"""Known entries in memory: a corpus for a file of tickets, or for the findings of one run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.matching.entry import Entry


class MemoryIndex:
    """A corpus in memory that grows entry by entry."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries: list[Entry] = []
        self._places: dict[str, list[tuple[int, int, int]]] = {}
        self._length = 0
        for entry in entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        number = len(self._entries)
        self._entries.append(entry)
        self._length += entry.length
        for term, times in entry.counts.items():
            self._places.setdefault(term, []).append((number, times, entry.length))

    def size(self) -> tuple[int, float]:
        return len(self._entries), max(1.0, self._length / max(1, len(self._entries)))

    def frequencies(self, terms: Iterable[str]) -> Mapping[str, int]:
        return {term: len(self._places.get(term, ())) for term in terms}

    def places(self, terms: Sequence[str]) -> Mapping[str, Iterable[tuple[int, int, int]]]:
        return {term: self._places.get(term, ()) for term in terms}

    def entries(self, numbers: Sequence[int]) -> Sequence[Entry]:
        return [self._entries[number] for number in numbers]
