"""Corpora in the state: what is known, by term, for retrieval. The same tables on every database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, bindparam, func, select

from bot.matching.entry import Entry
from bot.store.packing import Place, unpack
from bot.store.tables import corpora, corpus_entries, corpus_postings

FINDINGS = "findings"
_MOST_KNOWN = 200_000  # terms of which a corpus remembers the frequency: about 20 MB
AT_ONCE = 400  # values in one statement: every database takes as many
_FORM = "1"  # of the terms of entries: another one has them made anew

T = TypeVar("T")
decode = msgspec.msgpack.Decoder(Entry).decode


# Made once: with hundreds of terms, making a statement costs more than running it.
_OF_TERMS = (corpus_postings.c.corpus == bindparam("corpus")) & corpus_postings.c.term.in_(
    bindparam("terms", expanding=True)
)
_SIZE = select(corpora.c.entries, corpora.c.length).where(corpora.c.name == bindparam("corpus"))
_FREQUENCIES = (
    select(corpus_postings.c.term, func.sum(corpus_postings.c.count)).where(_OF_TERMS).group_by(corpus_postings.c.term)
)
_PLACES = (
    select(corpus_postings.c.term, corpus_postings.c.data)
    .where(_OF_TERMS)
    .order_by(corpus_postings.c.term, corpus_postings.c.block)
)
_ENTRIES = select(corpus_entries.c.number, corpus_entries.c.entry).where(
    corpus_entries.c.corpus == bindparam("corpus"), corpus_entries.c.number.in_(bindparam("numbers", expanding=True))
)


def of_target(target: str) -> str:
    """The name of the corpus of a target's tickets."""
    return f"target {target}"


def digest(*parts: str) -> str:
    """What an entry is made from, in short: while it is the same, nothing needs to be done."""
    return hashlib.sha256("\x1f".join((_FORM, *parts)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def in_batches(items: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """The items in tuples of at most ``size``."""
    walk = iter(items)
    while some := tuple(islice(walk, size)):
        yield some


class StoredCorpus:
    """A corpus of the state, as bot.matching takes it.

    Keep one for many queries while the corpus stays as it is: what one query had looked up the next need not.
    """

    def __init__(self, db: Connection, name: str) -> None:
        self._db = db
        self._name = name
        self._known: dict[str, int] = {}
        self._size: tuple[int, float] | None = None

    def size(self) -> tuple[int, float]:
        if self._size is None:
            row = self._db.execute(_SIZE, {"corpus": self._name}).first()
            self._size = (0, 1.0) if row is None else (row.entries, max(1.0, row.length / max(1, row.entries)))
        return self._size

    def frequencies(self, terms: Iterable[str]) -> Mapping[str, int]:
        wanted = list(dict.fromkeys(terms))
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        known = self._known
        # In order, so that the index is walked one way.
        for some in in_batches(sorted(term for term in wanted if term not in known), AT_ONCE):
            rows = self._db.execute(_FREQUENCIES, {"corpus": self._name, "terms": some})
            known.update(dict.fromkeys(some, 0))
            known.update((term, int(count)) for term, count in rows)
        return {term: count for term in wanted if (count := known[term])}

    def places(self, terms: Sequence[str]) -> Mapping[str, Iterable[Place]]:
        found: dict[str, list[Iterator[Place]]] = {}
        for some in in_batches(dict.fromkeys(terms), AT_ONCE):
            for term, data in self._db.execute(_PLACES, {"corpus": self._name, "terms": some}).all():
                found.setdefault(term, []).append(unpack(data))
        return {term: chain.from_iterable(blocks) for term, blocks in found.items()}

    def entries(self, numbers: Sequence[int]) -> Sequence[Entry]:
        rows = self._db.execute(_ENTRIES, {"corpus": self._name, "numbers": numbers}).all()
        known = {row.number: row.entry for row in rows}
        return [decode(known[number]) for number in numbers]


def entry_named(db: Connection, corpus: str, name: str) -> Entry | None:
    """The entry of a ticket or finding, None where it is not in the corpus."""
    table = corpus_entries
    where = (table.c.corpus == corpus) & (table.c.name == name)
    found = db.execute(select(table.c.entry).where(where)).scalar()
    return None if found is None else decode(found)


def digests(db: Connection, corpus: str, names: Sequence[str]) -> Mapping[str, str]:
    """The digests of the entries with these names, as far as they are there."""
    table, result = corpus_entries, dict[str, str]()
    for some in in_batches(names, AT_ONCE):
        where = (table.c.corpus == corpus) & table.c.name.in_(some)
        result.update({row.name: row.digest for row in db.execute(select(table.c.name, table.c.digest).where(where))})
    return result
