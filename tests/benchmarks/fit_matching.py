"""Fits the weights of bot/matching/weights.toml. Needs numpy; not a part of the test suite.

usage: fit_matching.py DATA --out weights.toml            fit on everything, with vectors and without
       fit_matching.py DATA --out-of-fold DIR [--by query|project] [--mentions-only] [--semantic MODEL]
       fit_matching.py DATA --ablation [--semantic MODEL]  what each group of signals is worth, on mentions

DATA holds tickets.jsonl (id, project, title, body, created, author; dup_of names the first report of a group) and
mentions.jsonl (id, project, title, quote, same: ids of the tickets that it is, ok: ids that count neither way).
Out of fold, every query is judged by weights that were fitted without its fold: a tenth of the queries, or its
project. MODEL is builtin or a folder (see bot/matching/embedders.py); --vectors FILE keeps what it encoded.
"""

import argparse
import json
import math
import pickle
import random
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np

from bot.matching.decision import compare, match
from bot.matching.defaults import MENTIONS, TICKETS
from bot.matching.embedders import load
from bot.matching.entry import make_entry
from bot.matching.memory import MemoryIndex
from bot.matching.model import Model
from bot.matching.nearest import MemoryMeaning
from bot.matching.semantic import BUILTIN

AGAINST = {"kind_differs", "title_missing", "names_missing", "errors_differ", "prefix_differs", "platform_differs"}
AGAINST |= {"numbers_differ"}
EITHER = {"length", "age", "same_author"}
# Of the same sort as others, and of no use beside them out of fold.
UNUSED = {"bm25", "bm25_over", "bm25_title_over", "bm25_title_rank", "cover", "cover_rank"}
UNUSED_OF = {
    # A mention is not written by the ticket's author, and speaks of old tickets too.
    "mention": {
        *("age", "same_author", "rarest_shared", "bm25_title", "bm25_title_lead"),
        *("bm25_rank", "bm25_rest_rank", "back_cover_rank"),
    },
    "ticket": {"title_missing"},
}
PENALTY = {"mention": 20.0, "ticket": 5.0}
# Scores that were right out of fold, and what the config calls them: `same` for once wrong in fifty, `possible` for
# three lost in a hundred. Scores are stretched so that thresholds mean the same with vectors and without.
ANCHORS = {"mention": (0.65, 0.055), "mention_semantic": (0.53, 0.055)}
GROUPS = {
    "information": ("information",),
    "coverage": ("title_cover", "back_cover", "cover_lead", "cover_over", "back_cover_lead", "back_cover_over"),
    "what is missing": ("title_missing", "names_missing", "numbers_differ"),
    "BM25 of the rest": ("bm25_rest",),
    "BM25, lead and height": ("bm25_lead", "bm25_rest_lead", "bm25_rest_over"),
    "all leads and heights": (
        *("cover_lead", "cover_over", "back_cover_lead", "back_cover_over"),
        *("bm25_lead", "bm25_rest_lead", "bm25_rest_over", "meaning_lead"),
    ),
    "errors": ("errors", "errors_differ"),
    "component": ("prefix_same", "prefix_differs"),
    "platform": ("platform_same", "platform_differs"),
    "kind": ("kind_differs",),
    "length": ("length",),
    "vectors": ("meaning", "meaning_lead"),
}
FOLDS = 10
SIZES = (8, 25, 100, 500)  # of small trackers, in which every lead is easily had
REWORDED = 0.5  # the share of mentions that are also learned from as if they were said in other words
GONE = (0.5, 0.75, 1.0)  # shares of a mention's terms that are taken away, so that vectors must do without them
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


class Remembering:
    """An embedder that keeps what it encoded in a file."""

    def __init__(self, embedder, file):
        self.dimension, self._embedder, self._file = embedder.dimension, embedder, file
        self._known = pickle.loads(file.read_bytes()) if file and file.exists() else {}

    def encode(self, texts):
        for text in texts:
            if text not in self._known:
                self._known[text] = self._embedder.encode([text])[0]
        return [self._known[text] for text in texts]

    def save(self):
        if self._file:
            self._file.write_bytes(pickle.dumps(self._known))


class Known(MemoryIndex):
    """A corpus, with its vectors if there is an embedder."""

    def __init__(self, embedder, entries=()):
        self.meaning = None if embedder is None else MemoryMeaning(embedder)
        super().__init__(entries)

    def add(self, entry):
        super().add(entry)
        if self.meaning:
            self.meaning.add(entry)


class Data:
    """Queries of one purpose: each with its corpus as it was, and the ids that are right or count neither way."""

    def __init__(self, folder, purpose, embedder=None):
        self.tickets, self.mentions = read(folder / "tickets.jsonl"), read(folder / "mentions.jsonl")
        self.purpose, self.embedder = purpose, embedder
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
            if self.embedder:
                for found in (self._mentions(), *(self._few(size, chance) for size in SIZES)):
                    for row, entry, *others in found:
                        if chance.random() < REWORDED:
                            yield row, in_other_words(entry, chance), *others

    def _few(self, size, chance):
        """A tracker that has just begun: the right tickets, the near misses, and a few others."""
        for row in self.mentions:
            must = {*row["same"], *filter(None, [row.get("near")])}
            others = [t["id"] for t in self.tickets if t["project"] == row["project"] and t["id"] not in must]
            corpus = Known(self.embedder, (self.entries[i] for i in sorted({*chance.sample(others, size), *must})))
            yield row, entry_of(row, "quote"), corpus, set(row["same"]), set(row.get("ok", ()))

    def _mentions(self):
        for project in sorted({t["project"] for t in self.tickets}):
            own = [t["id"] for t in self.tickets if t["project"] == project]
            corpus = Known(self.embedder, (self.entries[i] for i in own))
            for row in self.mentions:
                if row["project"] == project:
                    yield row, entry_of(row, "quote"), corpus, set(row["same"]), set(row.get("ok", ()))

    def _tickets(self, everything):
        chance, groups, corpora = random.Random(5), {}, {}
        for row in self.tickets:
            root = row.get("dup_of") or row["id"]
            corpus = corpora.get(row["project"])
            if corpus is None:
                corpus = corpora[row["project"]] = Known(self.embedder)
            right = set(groups.get(root, ()))
            asked = not row.get("unlinked_dup") and not row.get("known")
            drawn = chance.random() < NEGATIVES.get(row["project"], 1)
            if asked and (right or drawn or everything):
                yield row, self.entries[row["id"]], corpus, right, set(row.get("related", ()))
            groups.setdefault(root, []).append(row["id"])
            corpus.add(self.entries[row["id"]])


def in_other_words(entry, chance):
    """The entry as if it were said with other words: a part of its terms is gone, the words that are embedded are not.

    Whoever writes a mention after reading the ticket shares more words with it than people who never saw it.
    """
    gone = chance.choice(GONE)
    kept = {term: count for term, count in sorted(entry.counts.items()) if chance.random() >= gone}
    title = tuple(term for term in entry.title if term in kept)
    names = {name: written for name, written in entry.names.items() if name in kept}
    return replace(entry, counts=kept, title=title, names=names, length=sum(kept.values()))


def learn(data):
    """Signals of all candidates: matrix, truth, number of the query; and the queries' rows, and the names."""
    x, y, q, rows, names = [], [], [], [], None
    for row, entry, corpus, right, neutral in data.queries():
        compared = compare(corpus, entry, corpus.meaning)
        for found, signals in zip(compared.entries, compared.rows, strict=True):
            if found.id in neutral:
                continue
            names = names or [n for n in signals if n not in UNUSED | UNUSED_OF[data.purpose]]
            x.append([signals[name] for name in names])
            y.append(found.id in right)
            q.append(len(rows))
        rows.append(row)
    return np.array(x), np.array(y, float), np.array(q), rows, names


def fit(x, y, names, penalty):
    """Logistic regression with a ridge and with signs: a signal for never counts against. Accelerated gradient."""
    mean, spread = x.mean(0), x.std(0) + 1e-9
    z = np.hstack([(x - mean) / spread, np.ones((len(x), 1))])
    ridge = np.append(np.full(len(names), penalty), 0.0)
    low = np.array([-np.inf if n in AGAINST | EITHER else 0.0 for n in names] + [-np.inf])
    high = np.array([0.0 if n in AGAINST else np.inf for n in names] + [np.inf])
    step = 1 / (0.25 * np.linalg.norm(z, 2) ** 2 + penalty)
    w = ahead = np.zeros(len(names) + 1)
    momentum = 1.0
    for _ in range(4000):
        slope = z.T @ (1 / (1 + np.exp(-(z @ ahead))) - y) + ridge * ahead
        new = np.clip(ahead - step * slope, low, high)
        if np.abs(new - w).max() < 1e-6:
            break
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


def stretched(model, anchors, limits):
    """The model with its scores stretched so that those of the anchors become the limits."""
    if not anchors:
        return model
    same, possible = (math.log(at / (1 - at)) for at in anchors)
    wanted, least = (math.log(at / (1 - at)) for at in (limits.same, limits.possible))
    factor = (wanted - least) / (same - possible)
    weights = {name: weight * factor for name, weight in model.weights.items()}
    return Model((model.bias - same) * factor + wanted, weights)


def purpose_of(data):
    return data.purpose if data.embedder is None else f"{data.purpose}_semantic"


def by_fold(data, table, by, names=None):
    """A model for each fold, fitted on the others, and the fold of each query."""
    x, y, q, rows, known = table
    used = [known.index(name) for name in names or known]
    folds = fold_of(rows, by)
    of_row = np.array([folds[row["id"]] for row in rows])[q]
    models = {}
    for fold in sorted(set(folds.values())):
        others = of_row != fold
        models[fold] = fit(x[others][:, used], y[others], [known[i] for i in used], PENALTY[data.purpose])
    return models, folds, of_row


def out_of_fold(data, thresholds, by, out, everything=True):
    models, folds, _ = by_fold(data, learn(data), by)
    models = {fold: stretched(model, ANCHORS.get(purpose_of(data)), thresholds) for fold, model in models.items()}
    with out.open("w", encoding="utf-8") as file:
        for row, entry, corpus, _, _ in data.queries(everything):
            fold = folds.get(row["id"], min(models))
            found = match(corpus, entry, models[fold], thresholds, corpus.meaning)
            candidates = [[c.id, c.score] for c in found.candidates]
            line = {"id": row["id"], "decision": found.decision, "candidates": candidates, "why": found.why}
            file.write(json.dumps(line) + "\n")


def ablation(data):
    """Prints what is lost without each group of signals, out of fold, on mentions among all tickets."""
    table = learn(data)
    names = table[4]
    print("without\tR@1\tR@5\tR at P .98\tnegatives over all but 3 % of positives\tlog loss")
    for group, members in {"(nothing)": (), **GROUPS}.items():
        used = [name for name in names if name not in members]
        if len(used) < len(names) or not members:
            print(group, *_measured(data, table, used), sep="\t", flush=True)


def _measured(data, table, names):
    """Figures over both ways to fold, by scores alone: no veto, no lead."""
    x, y, q, rows, known = table
    whole = len(data.mentions)  # the first queries are those among all tickets
    used, figures = [known.index(name) for name in names], []
    for by in ("query", "project"):
        models, _, of_row = by_fold(data, table, by, names)
        score = np.zeros(len(x))
        for fold, model in models.items():
            mine = of_row == fold
            height = x[mine][:, used] @ np.array([model.weights[name] for name in names]) + model.bias
            score[mine] = 1 / (1 + np.exp(-height))
        asked = q < whole
        loss = -np.log(np.clip(np.where(y > 0, score, 1 - score), 1e-6, 1))[asked].sum()
        ranked = {
            n: [bool(y[i]) for i in sorted(np.flatnonzero(q == n), key=lambda i: -score[i])] for n in range(whole)
        }
        best = {n: score[q == n].max(initial=0.0) for n in range(whole)}
        figures.append((*_rates(rows, ranked, best), loss))
    return [f"{one:.3f} / {other:.3f}" for one, other in zip(*figures, strict=True)]


def _rates(rows, ranked, best):
    positives = [n for n in ranked if rows[n]["same"]]
    at = [sum(any(ranked[n][:k]) for n in positives) / len(positives) for k in (1, 5)]
    found = right = wrong = 0
    for n in sorted(ranked, key=lambda n: -best[n]):
        right, wrong = right + any(ranked[n][:1]), wrong + (not any(ranked[n][:1]))
        found = max(found, right) if right >= 0.98 * (right + wrong) else found
    floor = sorted(best[n] for n in positives)[int(0.03 * len(positives))]
    negatives = [n for n in ranked if not rows[n]["same"]]
    return *at, found / len(positives), sum(best[n] >= floor for n in negatives) / len(negatives)


def write(models, out):
    lines = [
        "# Made by tests/benchmarks/fit_matching.py; do not edit. Logistic regression with a ridge and fixed signs:",
        "# `mention` on short findings judged by hand against two public trackers, `ticket` on the duplicates that",
        "# the people of those trackers marked; `_semantic` with the vectors of the built-in model. Signals are",
        "# explained in signals.py.",
    ]
    for purpose, model in models.items():
        lines += ["", f"[{purpose}]", f"bias = {model.bias:.3f}", "", f"[{purpose}.weights]"]
        lines += [f"{n} = {w:.3f}" for n, w in model.weights.items() if abs(w) >= 0.01]
    Path(out).write_text("\n".join(lines) + "\n", encoding="utf-8")


def fit_all(folder, out, embedder):
    models = {}
    for data in (Data(folder, purpose, with_) for with_ in (None, embedder) for purpose in ("mention", "ticket")):
        x, y, _, _, names = learn(data)
        model = fit(x, y, names, PENALTY[data.purpose])
        models[purpose_of(data)] = stretched(model, ANCHORS.get(purpose_of(data)), MENTIONS)
    write(models, out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out")
    parser.add_argument("--out-of-fold", type=Path)
    parser.add_argument("--ablation", action="store_true")
    parser.add_argument("--by", choices=("query", "project"), default="query")
    parser.add_argument("--mentions-only", action="store_true")
    parser.add_argument("--drawn", action="store_true", help="judge only the tickets that are learned from, not all")
    parser.add_argument("--semantic", metavar="MODEL")
    parser.add_argument("--vectors", type=Path, metavar="FILE")
    args = parser.parse_args()
    purposes = {"mention": MENTIONS} if args.mentions_only else {"mention": MENTIONS, "ticket": TICKETS}
    embedder = Remembering(load(args.semantic or BUILTIN), args.vectors) if args.semantic or args.out else None
    if args.out:
        fit_all(args.data, args.out, embedder)
    if args.ablation:
        ablation(Data(args.data, "mention", embedder))
    if args.out_of_fold:
        args.out_of_fold.mkdir(exist_ok=True)
        for purpose, thresholds in purposes.items():
            out = args.out_of_fold / f"{purpose}.jsonl"
            everything = not args.drawn or purpose == "mention"
            out_of_fold(Data(args.data, purpose, embedder), thresholds, args.by, out, everything)
    if embedder:
        embedder.save()


if __name__ == "__main__":
    sys.exit(main())
