"""Vectors side by side: the cosines of one with all, by numpy."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.matching.entry import Entry
from bot.matching.semantic import Embedder, Vector, text_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_AT_ONCE = 8192  # rows made numbers of at once: bounds memory
_DIGITS = 6
# Up to this length of a vector, sums of products of signed bytes are whole numbers that float32 holds: exact, in
# whatever order a machine adds them up.
_EXACT = 2**24 // 127**2


class Vectors:
    """Vectors of one length by the numbers of their entries, a byte for each of their numbers."""

    def __init__(self, dimension: int, rows: Iterable[tuple[int, Vector]] = ()) -> None:
        self._dimension = dimension
        self._type: Any = np.float32 if dimension <= _EXACT else np.float64
        self._place: dict[int, int] = {}
        self._data = bytearray()
        self._lengths = array("d")
        for number, vector in rows:
            self.add(number, vector)

    def add(self, number: int, vector: Vector) -> None:
        """Takes up the vector of an entry, once for each; one of another length is left out."""
        if len(vector) == self._dimension:
            self._place[number] = len(self._lengths)
            self._data += vector
            self._lengths.append(_length(vector) or 1.0)

    def cosines(self, vector: Vector, numbers: Sequence[int]) -> list[float]:
        """Those of the entries with these numbers; for one that has no vector, the mean of the others."""
        places = [self._place[number] for number in numbers if number in self._place]
        known = self._cosines(vector, places).tolist() if places else []
        mean = math.fsum(known) / len(known) if known else 0.0
        left = iter(known)
        return [next(left) if number in self._place else mean for number in numbers]

    def nearest(self, vector: Vector, count: int) -> list[int]:
        """Numbers of the nearest, best first; of equally near ones the first added."""
        if not self._place:
            return []
        cosines = self._cosines(vector, slice(None))
        most = min(count, len(cosines))
        floor = np.partition(cosines, len(cosines) - most)[len(cosines) - most]
        places = np.flatnonzero(cosines >= floor)
        best = places[np.argsort(-cosines[places], kind="stable")][:most]
        numbers = list(self._place)
        return [numbers[place] for place in best.tolist()]

    def _cosines(self, vector: Vector, places: list[int] | slice) -> NDArray[np.float64]:
        mine = np.frombuffer(vector, dtype=np.int8).astype(self._type)
        rows = np.frombuffer(self._data, dtype=np.int8).reshape(-1, self._dimension)[places]
        lengths = np.frombuffer(self._lengths)[places] * (_length(vector) or 1.0)
        parts = [rows[at : at + _AT_ONCE].astype(self._type) @ mine for at in range(0, len(rows), _AT_ONCE)]
        found: NDArray[np.float64] = (np.concatenate(parts).astype(np.float64) / lengths).round(_DIGITS)
        return found


class MemoryMeaning:
    """The vectors of a corpus in memory, whose entries are numbered in the order in which they are added."""

    def __init__(self, embedder: Embedder) -> None:
        self._vectors = Vectors(embedder.dimension)
        self._count = 0
        self._vector = remembering(embedder)

    def add(self, entry: Entry) -> None:
        self._vectors.add(self._count, self._vector(text_of(entry)))
        self._count += 1

    def cosines(self, query: Entry, numbers: Sequence[int]) -> Sequence[float]:
        return self._vectors.cosines(self._vector(text_of(query)), numbers)

    def nearest(self, query: Entry, count: int) -> Sequence[int]:
        return self._vectors.nearest(self._vector(text_of(query)), count)


def remembering(embedder: Embedder) -> Callable[[str], Vector]:
    """Encodes one text, and remembers the latest: one query asks for its vector twice."""

    @lru_cache(maxsize=64)
    def vector(text: str) -> Vector:
        return embedder.encode([text])[0]

    return vector


def _length(vector: Vector) -> float:
    numbers = np.frombuffer(vector, dtype=np.int8).astype(np.int64)
    return math.sqrt(int(numbers @ numbers))
