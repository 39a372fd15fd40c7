"""Retrieval leaves out work, never an entry that belongs to the best."""

import random

import pytest

from bot.matching.entry import make_entry
from bot.matching.memory import MemoryIndex
from bot.matching.retrieval import KEPT, Rarity, candidates

WORDS = "badger copper dahlia ember falcon gravel harbor iguana jasmin kettle lantern magnet".split()


def bm25(rarity, query, entry, mean):
    length = 1.2 * (0.25 + 0.75 * entry.length / mean)
    return sum(
        rarity(term) * entry.counts[term] / (entry.counts[term] + length) for term in query if term in entry.counts
    )


@pytest.mark.parametrize("seed", range(8))
def test_stopping_early_finds_what_reading_everything_finds(seed):
    chance = random.Random(seed)
    # Words of all degrees of rarity, of which none is too common to be looked up.
    shares = {word: 0.016 * (place + 1) for place, word in enumerate(WORDS)}
    texts = [" ".join(w for w in WORDS if chance.random() < shares[w]) + f" filler{n}" for n in range(900)]
    entries = [make_entry(str(n), f"Number {n}", text) for n, text in enumerate(texts)]
    corpus = MemoryIndex(entries)
    query = make_entry("q", " ".join(chance.sample(WORDS, 8)), "")
    size = count, mean = corpus.size()
    rarity = Rarity(count, corpus.frequencies(query.counts))
    scores = [round(bm25(rarity, query.title, entry, mean), 9) for entry in entries]
    found = candidates(corpus, query, size, rarity)
    assert [scores[number] for number in found] == sorted(scores, reverse=True)[:KEPT]
    assert len(set(found)) == KEPT
