"""Retrieval: which of many known entries are worth a close look. BM25 over the rarest terms, in memory."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Protocol

from bot.matching.entry import Entry
from bot.matching.vocabulary import stem

RAREST = 15  # terms that are looked up of a query's title, and as many of the rest
COMMON_IN_TITLES = 0.25  # a term in more than this share of the entries is not looked up for being in the title
COMMON = 0.1  # nor for being in the rest
ALWAYS_RARE = 50  # entries that may have a term whatever their share
KEPT = 50  # candidates that are looked at closely
_K1, _B = 1.2, 0.75
_OFTEN = 3  # entries that each half of a word must be in, for the word to be taken as the two
_BUDGET = 20_000  # places looked up for one query: what bounds its cost in a tracker of any size


class Corpus(Protocol):
    """Known entries, by term. Ids of entries are of the corpus; ``frequencies`` are numbers of entries."""

    def size(self) -> tuple[int, float]:
        """How many entries there are, and their mean length."""

    def frequencies(self, terms: Iterable[str]) -> Mapping[str, int]:
        """In how many entries each term is; terms in none may be left out."""

    def places(self, terms: Sequence[str]) -> Mapping[str, Iterable[tuple[int, int, int]]]:
        """For each term the entries that have it: number, count of the term, and length of the entry."""

    def entries(self, numbers: Sequence[int]) -> Sequence[Entry]:
        """The entries with these numbers, in this order."""


class Rarity:
    """How much a term tells in a corpus: inverse document frequency, 0 to 1 relative to one that is nowhere."""

    def __init__(self, count: int, frequencies: Mapping[str, int]) -> None:
        self._count = count
        self._frequencies = frequencies
        self._most = math.log(1 + (count + 0.5) / 0.5)
        self._known: dict[str, float] = {}

    def __call__(self, term: str) -> float:
        rarity = self._known.get(term)
        if rarity is None:
            known = self._frequencies.get(term, 0)
            rarity = math.log(1 + (self._count - known + 0.5) / (known + 0.5)) / self._most
            self._known[term] = rarity
        return rarity

    def frequency(self, term: str) -> int:
        return self._frequencies.get(term, 0)


Compounds = Sequence[tuple[str, tuple[str, str]]]  # a word that may be written as two, and the two


def compounds(corpus: Corpus, query: Entry) -> Compounds:
    """The query's words that the corpus writes apart, and its pairs of words that the corpus writes as one."""
    lower = [word.lower() for word in query.words]
    words = [word for word in dict.fromkeys(lower) if word.isalpha()]
    pairs = [p for p in pairwise(lower) if all(len(w) >= 3 and w.isalpha() for w in p)]
    joined = {pair: stem("".join(pair)) for pair in pairs}
    split = {word: [(word[:at], word[at:]) for at in range(3, len(word) - 2)] for word in words if len(word) >= 7}
    asked = {*joined.values(), *(stem(part) for cuts in split.values() for cut in cuts for part in cut)}
    known = corpus.frequencies(sorted(asked))
    result = [(whole, (stem(a), stem(b))) for (a, b), whole in joined.items() if known.get(whole, 0)]
    for word, cuts in split.items():
        stems = [(stem(a), stem(b)) for a, b in cuts]
        least, best = max(((min(known.get(a, 0), known.get(b, 0)), (a, b)) for a, b in stems))
        if least >= _OFTEN:
            result.append((stem(word), best))
    return result


def candidates(corpus: Corpus, query: Entry, rarity: Rarity, others: Sequence[str] = ()) -> list[int]:
    """Numbers of the entries most alike by the query's rarest terms, best first, at most ``KEPT``.

    ``others`` are further terms to look up: the query's words as the corpus writes them.
    """
    count, mean = corpus.size()
    asked = _rarest(query, others, count, rarity)
    places = corpus.places([term for term, _ in asked])
    scores: dict[int, float] = {}
    for term, times in asked:
        weight = rarity(term) * times * (_K1 + 1)
        for number, there, length in places.get(term, ()):
            gain = weight * there / (there + _K1 * (1 - _B + _B * length / mean))
            scores[number] = scores.get(number, 0.0) + gain
    return heapq.nsmallest(KEPT, scores, key=lambda number: (-scores[number], number))


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

    def bm25(self, entry: Entry, mean: float) -> float:
        """BM25 of an entry over the score of a perfect one: 0 to 1."""
        norm = _K1 * (1 - _B + _B * entry.length / mean)
        counts = entry.counts
        got = [
            self.worth[term] * (there := counts[term]) / (there + norm) for term in self.worth.keys() & counts.keys()
        ]
        return math.fsum(got) / self._most if self._most else 0.0


def _query_weight(times: int) -> float:
    return math.sqrt(min(times, 4))
