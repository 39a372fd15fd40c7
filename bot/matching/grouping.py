"""The same loose end said in several talks of one run: which of many new entries are one, whatever their order."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.matching.decision import Candidate, Thresholds, match
from bot.matching.entry import Entry
from bot.matching.memory import MemoryIndex
from bot.matching.model import Model
from bot.matching.retrieval import Block, Corpus
from bot.matching.thin import is_thin


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An entry and the conversations that tell of it: what one conversation tells apart is never one."""

    entry: Entry
    talks: frozenset[str]


Pair = tuple[str, str]  # ids, the lesser first


def groups(said: Iterable[Said], model: Model, limits: Thresholds) -> list[list[str]]:
    """Ids of entries that are one loose end, two or more to a group; kinds are kept apart.

    Two are one where either is the same as the other by score, nothing forbids it, and no third is nearly as like one
    of them, unless it is one with both.
    """
    of_kind: defaultdict[str, list[Said]] = defaultdict(list)
    for one in sorted(said, key=lambda one: one.entry.id):
        of_kind[one.entry.kind].append(one)
    found = [_grouped(of_kind[kind], model, limits) for kind in sorted(of_kind) if len(of_kind[kind]) > 1]
    return [group for some in found for group in some]


def only_of(candidates: Sequence[Candidate], limits: Thresholds) -> Candidate | None:
    """The one of these candidates, best first, that would be the same if there were no others; None for none."""
    if not candidates or candidates[0].score < limits.same or candidates[0].veto:
        return None
    if len(candidates) > 1 and not _is_ahead(candidates[0].score, candidates[1].score, limits):
        return None
    return candidates[0]


def _grouped(said: Sequence[Said], model: Model, limits: Thresholds) -> list[list[str]]:
    likeness = _Likeness(said, model, limits)
    group_of = {one.entry.id: {one.entry.id} for one in said}
    talks = {one.entry.id: one.talks for one in said}
    for one, other in likeness.sure():
        mine, theirs = group_of[one], group_of[other]
        if mine is theirs or any(
            likeness.is_doubtful(a, b) or not talks[a].isdisjoint(talks[b]) for a in mine for b in theirs
        ):
            continue
        mine |= theirs
        group_of |= dict.fromkeys(theirs, mine)
    distinct = {id(group): group for group in group_of.values() if len(group) > 1}
    return sorted(sorted(group) for group in distinct.values())


class _Likeness:
    """How like the entries of one kind are, either way round, and what forbids that two are one."""

    def __init__(self, said: Sequence[Said], model: Model, limits: Thresholds) -> None:
        self._limits = limits
        self._scores: dict[Pair, float] = {}
        self._forbidden: set[Pair] = set()
        self._near: defaultdict[str, set[str]] = defaultdict(set)
        talks = {one.entry.id: one.talks for one in said}
        entries = {one.entry.id: one.entry for one in said}
        index = MemoryIndex(entries.values())
        for number, (name, entry) in enumerate(entries.items()):
            for candidate in match(_Others(index, number, entry), entry, model, limits).candidates:
                pair = _pair(name, candidate.id)
                self._scores[pair] = max(candidate.score, self._scores.get(pair, 0.0))
                if candidate.veto:
                    self._forbidden.add(pair)
                self._near[name].add(candidate.id)
                self._near[candidate.id].add(name)
        alike = {pair for pair, score in self._scores.items() if score >= limits.same} - self._forbidden
        self._thin = {pair for pair in alike if is_thin(entries[pair[0]], entries[pair[1]], index)}
        self._linked = {pair for pair in alike - self._thin if talks[pair[0]].isdisjoint(talks[pair[1]])}

    def sure(self) -> Iterator[Pair]:
        """The pairs that are the same and have no rival, the most alike first."""
        for pair in sorted(self._linked, key=lambda pair: (-self._scores[pair], pair)):
            if not any(self._is_rival(pair, third) for name in pair for third in sorted(self._near[name])):
                yield pair

    def is_doubtful(self, one: str, other: str) -> bool:
        """Would it be wrong, or rash, to call these two one, though a third be like both?"""
        return _pair(one, other) in self._forbidden | self._thin

    def _is_rival(self, pair: Pair, third: str) -> bool:
        if third in pair:
            return False
        both = [_pair(name, third) for name in pair]
        if all(one in self._linked for one in both):
            return False
        return any(
            one not in self._forbidden and not _is_ahead(self._scores[pair], self._scores.get(one, 0.0), self._limits)
            for one in both
        )


class _Others:
    """A corpus without one of its entries."""

    def __init__(self, corpus: Corpus, number: int, entry: Entry) -> None:
        self._corpus, self._number, self._entry = corpus, number, entry

    def size(self) -> tuple[int, float]:
        count, mean = self._corpus.size()
        return count - 1, max(1.0, (count * mean - self._entry.length) / max(1, count - 1))

    def frequencies(self, terms: Iterable[str]) -> Mapping[str, int]:
        counts = self._entry.counts
        return {term: known - (term in counts) for term, known in self._corpus.frequencies(terms).items()}

    def places(self, terms: Sequence[str]) -> Mapping[str, Sequence[Block]]:
        found = self._corpus.places(terms)
        return {term: [left for block in blocks if (left := self._without(block))[0]] for term, blocks in found.items()}

    def _without(self, block: Block) -> Block:
        at = bisect_left(block[0], self._number)
        if block[0][at : at + 1] != [self._number]:
            return block
        numbers, times, lengths = ([*part[:at], *part[at + 1 :]] for part in block)
        return numbers, times, lengths

    def entries(self, numbers: Sequence[int]) -> Sequence[Entry]:
        return self._corpus.entries(numbers)


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def _is_ahead(score: float, other: float, limits: Thresholds) -> bool:
    return _log_odds(score) - _log_odds(other) >= limits.lead


def _log_odds(score: float) -> float:
    inside = min(max(score, 1e-6), 1 - 1e-6)
    return math.log(inside / (1 - inside))
