"""Of two short texts, what they share must outweigh what each says alone: else they speak of one place, two things."""

from __future__ import annotations

import math
from collections.abc import Collection

from bot.matching.entry import Entry
from bot.matching.retrieval import Corpus, Rarity

FEW = 50  # tickets of a tracker from which on its own words tell well enough what is alike
_ENOUGH = 4.2  # words of a rarity that only one entry has: who shares so much has said enough
_ALONE = 0.25  # share of that which each title says alone


def is_thin(one: Entry, other: Entry, corpus: Corpus) -> bool:
    """Does each title say something that the other text does not, and is little else said?

    "The print view cuts off a column" and "The print view has no page numbers" share all that is rare, and yet are two.
    """
    count, _ = corpus.size()
    rarity = Rarity(count, corpus.frequencies(one.counts.keys() | other.counts.keys()))
    shared = _sum(one.counts.keys() & other.counts.keys(), rarity)
    if shared >= _ENOUGH * rarity.of(1):
        return False
    alone = (_sum(frozenset(a.title) - b.counts.keys(), rarity) for a, b in ((one, other), (other, one)))
    return min(alone) >= _ALONE * shared


def _sum(terms: Collection[str], rarity: Rarity) -> float:
    return math.fsum(map(rarity, terms))
