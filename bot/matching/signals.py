"""What speaks for and against two entries being the same thing: named numbers, most of them 0 to 1."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.matching.entry import TITLE_WEIGHT, Entry
from bot.matching.retrieval import Compounds, Rarity, Wanted

Signals = dict[str, float]

# Signals that also count relative to the other candidates: the lead over the best of them.
_COMPARED = ("bm25", "bm25_title", "bm25_rest", "cover", "back_cover")
_FLOOR = 0.2  # as like as something unrelated may well be
_CROWD = slice(2, 12)  # by rank: what a candidate that means nothing looks like


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What the numbers of a corpus are measured by: the rarity of its terms, and the mean length of its entries."""

    rarity: Rarity
    mean: float


def signals(query: Entry, found: Sequence[Entry], scale: Scale, compounds: Compounds = ()) -> list[Signals]:
    """The signals of a query with each of its candidates, in their order."""
    said = query.counts.keys() | {term for whole, parts in compounds for term in (whole, *parts)}
    title = {term: query.title.count(term) for term in query.title}
    rest = {
        term: left for term, count in query.counts.items() if (left := count - TITLE_WEIGHT * title.get(term, 0)) > 0
    }
    parts = (("bm25", query.counts), ("bm25_title", title), ("bm25_rest", rest))
    wanted = [(name, Wanted(counts, scale.rarity)) for name, counts in parts]
    result = []
    for entry in found:
        seen = _as_written(entry, compounds)
        row = _pair(query, seen, said, scale.rarity)
        row |= {name: terms.bm25(seen, scale.mean) for name, terms in wanted}
        result.append(row)
    for name in _COMPARED:
        _compare(result, name)
    return result


def is_other_platform(query: Entry, entry: Entry) -> bool:
    """Do both name platforms, and none in common?"""
    return bool(query.platforms and entry.platforms) and not query.platforms & entry.platforms


def _as_written(entry: Entry, compounds: Compounds) -> Entry:
    """The entry with words that it writes apart as one, and the other way round, where the query does."""
    extra: dict[str, int] = {}
    for whole, parts in compounds:
        if whole in entry.counts:
            extra.update({part: 1 for part in parts if part not in entry.counts})
        elif all(part in entry.counts for part in parts):
            extra[whole] = 1
    return replace(entry, counts=entry.counts | extra) if extra else entry


def _pair(query: Entry, entry: Entry, said: Collection[str], rarity: Rarity) -> Signals:
    title, theirs = frozenset(query.title), frozenset(entry.title)
    shared = query.counts.keys() & entry.counts.keys()
    return {
        "information": math.tanh(math.fsum(map(rarity, shared)) / 6),
        "cover": _share(query.counts, entry.counts, rarity),
        "title_cover": _share(title, entry.counts, rarity),
        "back_cover": _share(theirs, said, rarity),
        "title_grams": _dice(query.grams, entry.grams),
        "rarest_shared": max(map(rarity, shared), default=0.0),
        "names_missing": _some((query.names.keys() & title) - entry.names.keys(), rarity),
        "errors": float(bool(query.errors & entry.errors)),
        "errors_differ": float(bool(query.errors and entry.errors) and not query.errors & entry.errors),
        "prefix_same": float(bool(query.prefix & entry.prefix)),
        "prefix_differs": float(bool(query.prefix and entry.prefix) and not query.prefix & entry.prefix),
        "platform_same": float(bool(query.platforms & entry.platforms)),
        "platform_differs": float(is_other_platform(query, entry)),
        "numbers_differ": float(numbers(title) != numbers(theirs)),
        "kind_differs": float({query.kind, entry.kind} == {"bug", "feature"}),
        "same_author": float(bool(query.author) and query.author == entry.author),
        "age": _age(query, entry),
        "length": math.log1p(entry.length) / 10,
    }


def _compare(rows: Sequence[Signals], name: str) -> None:
    """Adds, relative to the best: the lead over the best of the others, the height over the crowd, and the rank."""
    ranked = sorted((row[name] for row in rows), reverse=True)
    best = ranked[0] if ranked else 0.0
    # Where few are known, nobody else is near: that is no merit of the best.
    second = max(ranked[1] if len(ranked) > 1 else 0.0, min(best, _FLOOR))
    crowd = ranked[_CROWD]
    level = max(math.fsum(crowd) / len(crowd) if crowd else 0.0, min(best, _FLOOR))
    for row in rows:
        other = second if row[name] == best else best
        row[f"{name}_lead"] = (row[name] - other) / best if best else 0.0
        row[f"{name}_over"] = (row[name] - level) / best if best else 0.0
        row[f"{name}_rank"] = 1 / (1 + ranked.index(row[name]))


def _share(wanted: Collection[str], there: Collection[str] | Mapping[str, int], rarity: Rarity) -> float:
    # fsum is exact, so that the order in which a set is walked cannot show
    best = math.fsum(map(rarity, wanted))
    return math.fsum(rarity(term) for term in wanted if term in there) / best if best else 0.0


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def _some(terms: Collection[str], rarity: Rarity) -> float:
    """Nothing is 0, one rare term about 0.6, several nearly 1."""
    return 1 - math.exp(-math.fsum(map(rarity, terms)))


def numbers(terms: Collection[str]) -> frozenset[str]:
    """The terms that begin with a digit: numbers and versions."""
    return frozenset(term for term in terms if term[0].isdigit())


def _age(query: Entry, entry: Entry) -> float:
    """Days from the entry to the query, as a logarithm: a year is about 0.74."""
    if query.created is None or entry.created is None:
        return 0.0
    days = max(0.0, (query.created - entry.created).total_seconds() / 86400)
    return math.log1p(days) / 8
