"""How long matching takes in a state of many tickets, and how that grows. Not a part of the test suite.

usage: python -m tests.benchmarks.matching_bench [10000 100000 1000000 ...]

Tickets are made of a vocabulary with a long tail (Zipf), 60 words each; queries are 20 words of a random ticket.
Printed, a line each: seconds to build, megabytes of database and memory, milliseconds of processor time a query (a
busy machine does not blur them much), seconds of processor time for a plan of 100 findings.
"""

import random
import resource
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

from bot.matching.decision import match
from bot.matching.defaults import MENTIONS
from bot.matching.entry import make_entry
from bot.matching.fingerprint import fingerprint
from bot.matching.model import learned
from bot.model import Evidence, Finding
from bot.publishing.plan import make_plan
from bot.settings import load_settings
from bot.store import corpus_changes, findings
from bot.store.corpora import StoredCorpus
from bot.store.engine import open_state
from bot.store.joining import join
from bot.store.quotes import Place

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
    took = sorted(query_times(engine, asked))
    planned = plan_time(engine, folder, asked[:100])
    engine.dispose()
    size = sum(file.stat().st_size for file in folder.glob(f"{count}.db*")) / 1e6
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    p50, p95 = statistics.median(took), took[int(len(took) * 0.95)]
    print(f"{count:>9} {built:>8.0f} {size:>8.0f} {memory:>8.0f} {p50:>8.1f} {p95:>8.1f} {planned:>8.2f}", flush=True)


def query_times(engine, asked):
    """Milliseconds of processor time of each query."""
    with engine.begin() as db:
        corpus = StoredCorpus(db, "target t")
        for title, quote in asked:
            query = make_entry("", title, quote)
            begun = time.process_time()
            match(corpus, query, learned("mention"), MENTIONS)
            yield (time.process_time() - begun) * 1000


def plan_time(engine, folder, asked):
    """Seconds of processor time of a plan for so many new findings, each of a talk of its own."""
    (folder / "loose-ends.yaml").write_text("targets: {t: {tracker: local, path: t}}\nsources: {s: {path: .}}\n")
    settings = load_settings(folder / "loose-ends.yaml", {})
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with engine.begin() as db:
        for number, (title, text) in enumerate(asked):
            talk = f"talk {number}"
            quote = Evidence(
                log=talk, conversation=talk, line_start=1, line_end=1, role="human", speaker="", quote=text
            )
            found = Finding(
                kind="todo",
                title=title,
                confidence=0.95,
                priority="medium",
                status="open",
                evidence=(quote,),
                detectors=("marker",),
                why=(),
                fingerprint=fingerprint("todo", title),
            )
            findings.record(db, [found], Place(conversation=talk, source="s", seen=now, now=now))
    join(engine, MENTIONS)
    begun = time.process_time()
    with engine.begin() as db:
        make_plan(db, settings, now)
    return time.process_time() - begun


def main():
    print("  tickets  build s  disk MB   mem MB   p50 ms   p95 ms   plan s")
    with tempfile.TemporaryDirectory() as folder:
        for count in map(int, sys.argv[1:] or ("10000", "100000")):
            bench(count, Path(folder))


if __name__ == "__main__":
    main()
