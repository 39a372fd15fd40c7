"""Fits the weights of bot/matching/weights.toml. Needs numpy; not a part of the test suite.

usage: fit_matching.py DATA --out weights.toml            fit on everything
       fit_matching.py DATA --out-of-fold DIR [--by query|project] [--mentions-only]
       fit_matching.py DATA --ablation

DATA holds tickets.jsonl (id, project, title, body, created, author; dup_of names the first report of a group) and
mentions.jsonl (id, project, title, quote, same: ids of the tickets that it is, ok: ids that count neither way).
Out of fold, every query is judged by weights that were fitted without its fold: a tenth of the queries, or its
project.
"""

import argparse
import json
import random
import sys
from datetime import datetime
from pathlib import Path

import numpy as np

from bot.matching.decision import compare, match
from bot.matching.defaults import MENTIONS, TICKETS
from bot.matching.entry import make_entry
from bot.matching.memory import MemoryIndex
from bot.matching.model import Model

AGAINST = {"kind_differs", "names_missing", "errors_differ", "prefix_differs", "platform_differs", "numbers_differ"}
EITHER = {"length", "age", "same_author"}
OF_TICKETS = {"age", "same_author"}  # a mention is not written by the ticket's author, and speaks of old tickets too
UNUSED = {"bm25", "bm25_title_over", "bm25_title_rank", "cover", "cover_rank", "bm25_over"}
PENALTY = 5.0
FOLDS = 10
SIZES = (8, 25, 100, 500)  # of small trackers, in which every lead is easily had
NEGATIVES = {"titanium": 0.12}  # the share of queries without a duplicate that are learned from; else all


def read(path):
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def entry_of(row, body):
    created = row.get("created")
    when = datetime.fromisoformat(created) if created else None
    return make_entry(
        row["id"],
        row["title"],
        row[body] or "",
        kind=row.get("kind", ""),
        created=when,
        author=str(row.get("author") or ""),
    )


class Data:
    """Queries of one purpose: each with its corpus as it was, and the ids that are right or count neither way."""

    def __init__(self, folder, purpose):
        self.tickets, self.mentions = read(folder / "tickets.jsonl"), read(folder / "mentions.jsonl")
        self.purpose = purpose
        self.entries = {t["id"]: entry_of(t, "body") for t in self.tickets}

    def queries(self, everything=False):
        """Yields row, entry, corpus, right and neutral ids; unless for everything, mentions also in small corpora."""
        if self.purpose == "ticket":
            yield from self._tickets(everything)
            return
        yield from self._mentions()
        if not everything:
            chance = random.Random(11)
            for size in SIZES:
                yield from self._few(size, chance)

    def _few(self, size, chance):
        """A tracker that has just begun: the right tickets, the near misses, and a few others."""
        for row in self.mentions:
            must = {*row["same"], *filter(None, [row.get("near")])}
            others = [t["id"] for t in self.tickets if t["project"] == row["project"] and t["id"] not in must]
            corpus = MemoryIndex(self.entries[i] for i in sorted({*chance.sample(others, size), *must}))
            yield row, entry_of(row, "quote"), corpus, set(row["same"]), set(row.get("ok", ()))

    def _mentions(self):
        for project in sorted({t["project"] for t in self.tickets}):
            corpus = MemoryIndex(self.entries[t["id"]] for t in self.tickets if t["project"] == project)
            for row in self.mentions:
                if row["project"] == project:
                    yield row, entry_of(row, "quote"), corpus, set(row["same"]), set(row.get("ok", ()))

    def _tickets(self, everything):
        chance, groups, corpora = random.Random(5), {}, {}
        for row in self.tickets:
            root = row.get("dup_of") or row["id"]
            corpus = corpora.setdefault(row["project"], MemoryIndex())
            right = set(groups.get(root, ()))
            asked = not row.get("unlinked_dup") and not row.get("known")
            drawn = chance.random() < NEGATIVES.get(row["project"], 1)
            if asked and (right or drawn or everything):
                yield row, self.entries[row["id"]], corpus, right, set(row.get("related", ()))
            groups.setdefault(root, []).append(row["id"])
            corpus.add(self.entries[row["id"]])


def learn(data):
    """Signals of all candidates: matrix, truth, number of the query; and the queries' rows, and the names."""
    x, y, q, rows, names = [], [], [], [], None
    for row, entry, corpus, right, neutral in data.queries():
        compared = compare(corpus, entry)
        for found, signals in zip(compared.entries, compared.rows, strict=True):
            if found.id in neutral:
                continue
            names = names or [
                n for n in signals if n not in UNUSED and (data.purpose == "ticket" or n not in OF_TICKETS)
            ]
            x.append([signals[name] for name in names])
            y.append(found.id in right)
            q.append(len(rows))
        rows.append(row)
    return np.array(x), np.array(y, float), np.array(q), rows, names


def fit(x, y, names):
    """Logistic regression with a ridge and with signs: a signal for never counts against. Accelerated gradient."""
    mean, spread = x.mean(0), x.std(0) + 1e-9
    z = np.hstack([(x - mean) / spread, np.ones((len(x), 1))])
    ridge = np.append(np.full(len(names), PENALTY), 0.0)
    low = np.array([-np.inf if n in AGAINST | EITHER else 0.0 for n in names] + [-np.inf])
    high = np.array([0.0 if n in AGAINST else np.inf for n in names] + [np.inf])
    step = 1 / (0.25 * np.linalg.norm(z, 2) ** 2 + PENALTY)
    w = ahead = np.zeros(len(names) + 1)
    momentum = 1.0
    for _ in range(4000):
        slope = z.T @ (1 / (1 + np.exp(-(z @ ahead))) - y) + ridge * ahead
        new = np.clip(ahead - step * slope, low, high)
        following = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        ahead, w, momentum = new + (momentum - 1) / following * (new - w), new, following
    weights = w[:-1] / spread
    return Model(float(w[-1] - weights @ mean), dict(zip(names, map(float, weights), strict=True)))


def fold_of(rows, by):
    if by == "project":
        projects = sorted({row["project"] for row in rows})
        return {row["id"]: projects.index(row["project"]) for row in rows}
    names = list(dict.fromkeys(row["id"] for row in rows))
    order = list(range(len(names)))
    random.Random(0).shuffle(order)
    return {name: order[index] % FOLDS for index, name in enumerate(names)}


def out_of_fold(data, thresholds, by, out, everything=True):
    x, y, q, rows, names = learn(data)
    folds = fold_of(rows, by)
    of_row = np.array([folds[row["id"]] for row in rows])[q]
    models = {fold: fit(x[of_row != fold], y[of_row != fold], names) for fold in sorted(set(folds.values()))}
    with out.open("w", encoding="utf-8") as file:
        for row, entry, corpus, _, _ in data.queries(everything):
            fold = folds.get(row["id"], min(models))
            found = match(corpus, entry, models[fold], thresholds)
            candidates = [[c.id, c.score] for c in found.candidates]
            line = {"id": row["id"], "decision": found.decision, "candidates": candidates, "why": found.why}
            file.write(json.dumps(line) + "\n")


def write(models, out):
    lines = [
        "# Made by tests/benchmarks/fit_matching.py; do not edit. Logistic regression with a ridge and fixed signs:"
    ]
    lines.append(
        "# `mention` on short findings judged by hand against two public trackers, `ticket` on the duplicates that"
    )
    lines.append("# the people of those trackers marked. Signals are explained in signals.py.")
    for purpose, model in models.items():
        lines += ["", f"[{purpose}]", f"bias = {model.bias:.3f}", "", f"[{purpose}.weights]"]
        lines += [f"{n} = {w:.3f}" for n, w in model.weights.items() if abs(w) >= 0.01]
    Path(out).write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out")
    parser.add_argument("--out-of-fold", type=Path)
    parser.add_argument("--by", choices=("query", "project"), default="query")
    parser.add_argument("--mentions-only", action="store_true")
    parser.add_argument("--drawn", action="store_true", help="judge only the tickets that are learned from, not all")
    args = parser.parse_args()
    purposes = {"mention": MENTIONS} if args.mentions_only else {"mention": MENTIONS, "ticket": TICKETS}
    if args.out:
        learned = {purpose: learn(Data(args.data, purpose)) for purpose in purposes}
        write({purpose: fit(x, y, names) for purpose, (x, y, _, _, names) in learned.items()}, args.out)
    if args.out_of_fold:
        args.out_of_fold.mkdir(exist_ok=True)
        for purpose, thresholds in purposes.items():
            out = args.out_of_fold / f"{purpose}.jsonl"
            out_of_fold(Data(args.data, purpose), thresholds, args.by, out, not args.drawn or purpose == "mention")


if __name__ == "__main__":
    sys.exit(main())
