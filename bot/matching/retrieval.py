"""Retrieval: which of many known entries are worth a close look. BM25 over the rarest terms, in memory."""

from __future__ import annotations

import heapq
import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Protocol

from bot.matching.entry import Entry
from bot.matching.vocabulary import common, stem

RAREST = 15  # terms that are looked up of a query's title, and as many of the rest
COMMON_IN_TITLES = 0.25  # a term in more than this share of the entries is not looked up for being in the title
COMMON = 0.1  # nor for being in the rest
ALWAYS_RARE = 50  # entries that may have a term whatever their share
KEPT = 50  # candidates that are looked at closely
_K1, _B = 1.2, 0.75
_OFTEN = 3  # entries that each half of a word must be in, for the word to be taken as the two
_BUDGET = 10_000  # places looked up for one query: what bounds its cost in a tracker of any size
_WORTH_A_LOOK = 100  # places of a term from which on it pays to see whether all of them are needed
_STEPS = 8  # of walking that one look-up is worth
_ROUNDING = 1e-9
_FEW = 8  # entries that rarity is reckoned of at least: among two tickets, every word of one would seem common
_MANY = 1000  # entries from which on a corpus tells by itself which words are common
_LENT = 100  # entries that an empty one is taken to have besides, with common words in so many of them:
_COMMON_SHARE = 0.4


# Of entries that have a term: their numbers, rising; how often it is in each; and the length of each.
Block = tuple[Sequence[int], Sequence[int], Sequence[int]]


class Corpus(Protocol):
    """Known entries, by term. Ids of entries are of the corpus; ``frequencies`` are numbers of entries."""

    def size(self) -> tuple[int, float]:
        """How many entries there are, and their mean length."""

    def frequencies(self, terms: Iterable[str]) -> Mapping[str, int]:
        """In how many entries each term is; terms in none may be left out."""

    def places(self, terms: Sequence[str]) -> Mapping[str, Sequence[Block]]:
        """For each term the entries that have it."""

    def entries(self, numbers: Sequence[int]) -> Sequence[Entry]:
        """The entries with these numbers, in this order."""


class Rarity(dict[str, float]):
    """How much a term tells in a corpus: inverse document frequency, 0 to 1 relative to one that is nowhere.

    Reckoned when first asked for; ``frequencies`` may be added to with ``learn``.
    """

    def __init__(self, count: int, frequencies: Mapping[str, int]) -> None:
        super().__init__()
        self._entries = count
        self._count = max(count, _FEW)
        self._lent = max(0.0, _LENT * (1 - count / _MANY))
        self._frequencies = dict(frequencies)
        self._most = math.log(1 + (self._count + 0.5) / 0.5)

    def __missing__(self, term: str) -> float:
        known: float = self._frequencies.get(term, 0)
        if self._lent and term in common():
            known = self._count * (known + _COMMON_SHARE * self._lent) / (self._entries + self._lent)
        rarity = self[term] = self.of(known)
        return rarity

    def __call__(self, term: str) -> float:
        return self[term]

    def of(self, frequency: float) -> float:
        """The rarity of a term that so many entries have."""
        return math.log(1 + (self._count - frequency + 0.5) / (frequency + 0.5)) / self._most

    def learn(self, frequencies: Mapping[str, int]) -> None:
        """Takes up terms that were not asked for before."""
        self._frequencies.update(frequencies)

    def frequency(self, term: str) -> int:
        return self._frequencies.get(term, 0)

    def is_known(self, term: str) -> bool:
        return term in self._frequencies


Compounds = Sequence[tuple[str, tuple[str, str]]]  # a word that may be written as two, and the two


class Spellings:
    """The query's words that may be written as two, and its pairs of words that may be written as one."""

    def __init__(self, query: Entry) -> None:
        lower = [word.lower() for word in query.words]
        words = [word for word in dict.fromkeys(lower) if word.isalpha()]
        pairs = [p for p in pairwise(lower) if all(len(w) >= 3 and w.isalpha() for w in p)]
        self._joined = [((stem(a), stem(b)), stem(a + b)) for a, b in dict.fromkeys(pairs)]
        self._split = [
            (stem(word), [(stem(word[:at]), stem(word[at:])) for at in range(3, len(word) - 2)])
            for word in words
            if len(word) >= 7
        ]

    def terms(self) -> Iterator[str]:
        """The terms whose frequencies ``written`` needs to know."""
        for pair, whole in self._joined:
            yield from (whole, *pair)
        for whole, cuts in self._split:
            yield whole
            for cut in cuts:
                yield from cut

    def written(self, rarity: Rarity) -> Compounds:
        """Those that the corpus does write so."""
        known = rarity.frequency
        result = [(whole, pair) for pair, whole in self._joined if known(whole)]
        for whole, cuts in self._split:
            least, best = max((min(known(a), known(b)), (a, b)) for a, b in cuts)
            if least >= _OFTEN:
                result.append((whole, best))
        return result


def candidates(
    corpus: Corpus, query: Entry, size: tuple[int, float], rarity: Rarity, others: Sequence[str] = ()
) -> list[int]:
    """Numbers of the entries most alike by the query's rarest terms, best first, at most ``KEPT``.

    ``size`` is the corpus's; ``others`` are further terms to look up: the query's words as the corpus writes them.
    """
    count, mean = size
    asked = [(term, rarity(term) * times * (_K1 + 1)) for term, times in _rarest(query, others, count, rarity)]
    places = corpus.places([term for term, _ in asked])
    norm = base, slope = _K1 * (1 - _B), _K1 * _B / mean
    scores: defaultdict[int, float] = defaultdict(float)
    for index, (term, weight) in enumerate(asked):
        if rarity.frequency(term) >= _WORTH_A_LOOK and (floor := _floor(scores, asked, index)):
            _add_to_known(scores, floor, asked[index:], places, norm)
            break
        for numbers, times, lengths in places.get(term, ()):
            for number, there, length in zip(numbers, times, lengths, strict=True):
                scores[number] += weight * there / (there + base + slope * length)
    least = heapq.nlargest(KEPT, scores.values())[-1:] or [0.0]
    best = [(-score, number) for number, score in scores.items() if score >= least[0]]
    return [number for _, number in sorted(best)[:KEPT]]


def _floor(scores: Mapping[int, float], asked: Sequence[tuple[str, float]], index: int) -> float:
    """The least score that may still lead to a place among the best, 0 while even an entry not seen yet may."""
    most = math.fsum(weight for _, weight in asked[index:]) + _ROUNDING
    # No score is above what the terms before are worth: walking through all of them can mostly be spared.
    if len(scores) < KEPT or math.fsum(weight for _, weight in asked[:index]) < most:
        return 0.0
    return max(0.0, heapq.nlargest(KEPT, scores.values())[-1] - most)


def _add_to_known(
    scores: defaultdict[int, float],
    floor: float,
    left: Sequence[tuple[str, float]],
    places: Mapping[str, Sequence[Block]],
    norm: tuple[float, float],
) -> None:
    """Looks the terms that are left up for the entries that may be among the best; forgets all others."""
    base, slope = norm
    for number in [number for number, score in scores.items() if score < floor]:
        del scores[number]
    known = sorted(scores)
    for term, weight in left:
        for numbers, times, lengths in places.get(term, ()):
            if len(known) * _STEPS < len(numbers):
                for at in _both(numbers, known):
                    there = times[at]
                    scores[numbers[at]] += weight * there / (there + base + slope * lengths[at])
                continue
            for number, there, length in zip(numbers, times, lengths, strict=True):
                if number in scores:
                    scores[number] += weight * there / (there + base + slope * length)


def _both(numbers: Sequence[int], known: Sequence[int]) -> Iterator[int]:
    """Where in ``numbers`` those of ``known`` are; both rise."""
    at = 0
    for number in known[bisect_left(known, numbers[0]) : bisect_right(known, numbers[-1])]:
        at = bisect_left(numbers, number, at)
        if numbers[at] == number:
            yield at


def _rarest(query: Entry, others: Sequence[str], count: int, rarity: Rarity) -> list[tuple[str, float]]:
    """The terms to look up with their weights, rarest first."""
    title = dict.fromkeys(query.title, 2.0)
    rest = {term: _query_weight(times) for term, times in query.counts.items() if term not in title}
    rest.update({term: 1.0 for term in others if term not in title and term not in rest})
    chosen: list[tuple[int, str, float]] = []
    for terms, share in ((title, COMMON_IN_TITLES), (rest, COMMON)):
        most = max(ALWAYS_RARE, share * count)
        known = [(rarity.frequency(t), t, weight) for t, weight in terms.items() if 0 < rarity.frequency(t) <= most]
        chosen += heapq.nsmallest(RAREST, known)
    left = _BUDGET
    result: list[tuple[str, float]] = []
    for frequency, term, weight in sorted(chosen):
        left -= frequency
        if left >= 0 or not result:
            result.append((term, weight))
    return result


class Wanted:
    """The terms that a text asks for, with what each is worth: made once for all candidates."""

    def __init__(self, counts: Mapping[str, int], rarity: Rarity) -> None:
        self.worth = {term: rarity(term) * _query_weight(times) * (_K1 + 1) for term, times in counts.items()}
        self._most = math.fsum(self.worth.values())

    def bm25(self, filled: Mapping[str, float]) -> float:
        """BM25 of an entry over the score of a perfect one: 0 to 1. ``filled`` is what ``saturation`` gives."""
        if not self._most:
            return 0.0
        worth = self.worth
        return math.fsum([worth[term] * filled[term] for term in worth.keys() & filled.keys()]) / self._most


def saturation(entry: Entry, shared: Iterable[str], mean: float) -> dict[str, float]:
    """How much of what each shared term is worth an entry gets, for its count in so long a text: 0 to 1."""
    norm = _K1 * (1 - _B + _B * entry.length / mean)
    counts = entry.counts
    return {term: (there := counts[term]) / (there + norm) for term in shared}


def _query_weight(times: int) -> float:
    return math.sqrt(min(times, 4))
