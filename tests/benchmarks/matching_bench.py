"""How long matching takes in a state of many tickets. Not a part of the test suite.

usage: matching_bench.py [10000 100000 1000000 ...]

Tickets are made of a vocabulary with a long tail (Zipf), 60 words each; queries are 20 words of a random ticket.
Printed: seconds to build, size of the database, memory, milliseconds of
processor time a query (p50, p95: a busy machine does not blur them), seconds for 100 findings.
"""

import random
import resource
import statistics
import sys
import tempfile
import time
from itertools import accumulate
from pathlib import Path

from bot.matching.decision import match
from bot.matching.defaults import MENTIONS
from bot.matching.entry import make_entry
from bot.matching.model import learned
from bot.store import corpus_changes
from bot.store.corpora import StoredCorpus
from bot.store.engine import open_state

SYLLABLES = [a + b for a in "bdfghjklmnprstvz" for b in ("a", "e", "i", "o", "u", "ar", "en", "il", "op", "un")]
TITLE, BODY, ASKED = 8, 52, 20


def vocabulary(size, chance):
    words = {"".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(2 * size)}
    return sorted(words)[:size]


def tickets(count, chance):
    words = vocabulary(60_000, chance)
    chance.shuffle(words)
    weights = list(accumulate(1 / (rank + 10) for rank in range(len(words))))
    for number in range(count):
        text = chance.choices(words, cum_weights=weights, k=TITLE + BODY)
        yield str(number), " ".join(text[:TITLE]), " ".join(text[TITLE:])


def bench(count, folder):
    chance = random.Random(1)
    engine = open_state(folder / f"{count}.db")
    asked, start = [], time.perf_counter()

    def entries():
        for name, title, body in tickets(count, chance):
            if len(asked) < 200 and random.Random(name).random() < 400 / count:
                words = body.split()
                asked.append((title, " ".join(words[: ASKED - TITLE])))
            yield make_entry(name, title, body), "x"

    with engine.begin() as db:
        corpus_changes.put(db, "target t", entries())
    built = time.perf_counter() - start
    took, right = [], 0
    with engine.begin() as db:
        corpus = StoredCorpus(db, "target t")
        for title, quote in asked:
            query = make_entry("", title, quote)
            begun = time.process_time()
            found = match(corpus, query, learned("mention"), MENTIONS)
            took.append((time.process_time() - begun) * 1000)
            right += bool(found.candidates)
    engine.dispose()
    took.sort()
    size = sum(file.stat().st_size for file in folder.glob(f"{count}.db*")) / 1e6
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count:>9} tickets: built in {built:.0f} s, {size:.0f} MB on disk, {memory:.0f} MB of memory; a query "
        f"p50 {statistics.median(took):.1f} ms, p95 {took[int(len(took) * 0.95)]:.1f} ms; 100 findings "
        f"{sum(took) / len(took) / 10:.2f} s",
        flush=True,
    )


def main():
    with tempfile.TemporaryDirectory() as folder:
        for count in map(int, sys.argv[1:] or ("10000", "100000")):
            bench(count, Path(folder))


if __name__ == "__main__":
    main()
