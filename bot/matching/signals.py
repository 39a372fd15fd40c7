"""What speaks for and against two entries being the same thing: named numbers, most of them 0 to 1."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.matching.entry import TITLE_WEIGHT, Entry
from bot.matching.retrieval import Compounds, Rarity, Wanted, saturation

Signals = dict[str, float]

# Signals that also count relative to the other candidates: the lead over the best of them.
_COMPARED = ("bm25", "bm25_title", "bm25_rest", "cover", "back_cover")
_FLOOR = 0.2  # as like as something unrelated may well be
_CROWD = slice(2, 12)  # by rank: what a candidate that means nothing looks like
_UNRELATED = 0.2  # the cosine of texts of one field that have nothing to do with each other


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What the numbers of a corpus are measured by: the rarity of its terms, and the mean length of its entries."""

    rarity: Rarity
    mean: float


def signals(
    query: Entry,
    found: Sequence[Entry],
    scale: Scale,
    compounds: Compounds = (),
    cosines: Sequence[float] | None = None,
) -> list[Signals]:
    """The signals of a query with each of its candidates, in their order; ``cosines`` are those of their vectors."""
    asked = _Asked(query, scale, compounds)
    result = [asked.of(entry) for entry in found]
    for name in _COMPARED:
        _compare(result, name)
    if cosines is not None:
        _add_meaning(result, cosines)
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


class _Asked:
    """A query with all that is the same for each of its candidates."""

    def __init__(self, query: Entry, scale: Scale, compounds: Compounds) -> None:
        self._query, self._scale, self._compounds = query, scale, compounds
        rarity = scale.rarity
        self._said = query.counts.keys() | {term for whole, parts in compounds for term in (whole, *parts)}
        self._title = frozenset(query.title)
        self._names = query.names.keys() & self._title
        self._numbers = numbers(self._title)
        self._all, self._of_title = _sum(query.counts, rarity), _sum(self._title, rarity)
        title = {term: query.title.count(term) for term in query.title}
        rest = {
            term: left
            for term, count in query.counts.items()
            if (left := count - TITLE_WEIGHT * title.get(term, 0)) > 0
        }
        parts = (("bm25", query.counts), ("bm25_title", title), ("bm25_rest", rest))
        self._wanted = [(name, Wanted(counts, rarity)) for name, counts in parts]

    def of(self, entry: Entry) -> Signals:
        """The signals of a candidate that need no other candidate."""
        query, rarity = self._query, self._scale.rarity
        seen = _as_written(entry, self._compounds)
        shared = query.counts.keys() & seen.counts.keys()
        rarities = list(map(rarity.__getitem__, shared))
        # fsum is exact, so that the order in which a set is walked cannot show
        known = math.fsum(rarities)
        theirs = frozenset(entry.title)
        filled = saturation(seen, shared, self._scale.mean)
        return {
            "information": math.tanh(known / 6),
            "cover": known / self._all if self._all else 0.0,
            "title_cover": _sum(self._title & seen.counts.keys(), rarity) / self._of_title if self._of_title else 0.0,
            "back_cover": _sum(theirs & self._said, rarity) / (_sum(theirs, rarity) or 1.0),
            "rarest_shared": max(rarities, default=0.0),
            "title_missing": 1 - math.exp(-_sum(self._title - seen.counts.keys(), rarity)),
            "names_missing": 1 - math.exp(-_sum(self._names - entry.names.keys(), rarity)),
            "numbers_differ": float(self._numbers != numbers(theirs)),
            "length": math.log1p(entry.length) / 10,
            **_marks(query, entry),
            **{name: terms.bm25(filled) for name, terms in self._wanted},
        }


def _marks(query: Entry, entry: Entry) -> Signals:
    """What the two have in common, or not, besides terms."""
    errors = bool(query.errors and entry.errors)
    error = errors and not query.errors.isdisjoint(entry.errors)
    prefixes = bool(query.prefix and entry.prefix)
    prefix = prefixes and not query.prefix.isdisjoint(entry.prefix)
    platforms = bool(query.platforms and entry.platforms)
    platform = platforms and not query.platforms.isdisjoint(entry.platforms)
    return {
        "errors": float(error),
        "errors_differ": float(errors and not error),
        "prefix_same": float(prefix),
        "prefix_differs": float(prefixes and not prefix),
        "platform_same": float(platform),
        "platform_differs": float(platforms and not platform),
        "kind_differs": float({query.kind, entry.kind} == {"bug", "feature"}),
        "same_author": float(bool(query.author) and query.author == entry.author),
        "age": _age(query, entry),
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


def _add_meaning(rows: Sequence[Signals], cosines: Sequence[float]) -> None:
    """Adds how far a candidate is nearer in meaning than the crowd, 1 for the same text, and its lead.

    What a cosine says depends on the model and the field; how it stands out does so less.
    """
    ranked = sorted(cosines, reverse=True)
    crowd = ranked[_CROWD]
    level = math.fsum(crowd) / len(crowd) if crowd else _UNRELATED
    if len(ranked) < _CROWD.stop:
        level = max(level, _UNRELATED)
    best = ranked[0] if ranked else 0.0
    second = max(ranked[1] if len(ranked) > 1 else 0.0, min(best, _UNRELATED))
    for row, cosine in zip(rows, cosines, strict=True):
        row["meaning"] = max(-1.0, (cosine - level) / (1 - level)) if level < 1 else 0.0
        row["meaning_lead"] = (cosine - (second if cosine == best else best)) / best if best > 0 else 0.0


def _sum(terms: Iterable[str], rarity: Rarity) -> float:
    return math.fsum(map(rarity.__getitem__, terms))


def numbers(terms: Collection[str]) -> frozenset[str]:
    """The terms that begin with a digit: numbers and versions."""
    return frozenset(term for term in terms if term[0].isdigit())


def _age(query: Entry, entry: Entry) -> float:
    """Days from the entry to the query, as a logarithm: a year is about 0.74."""
    if query.created is None or entry.created is None:
        return 0.0
    days = max(0.0, (query.created - entry.created).total_seconds() / 86400)
    return math.log1p(days) / 8
