"""Vectors of the entries of a corpus in the state: made once for each entry, read for likeness in meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from sqlalchemy import Connection, Select, delete, func, insert, select

from bot.matching.entry import Entry
from bot.matching.nearest import Vectors, remembering
from bot.matching.semantic import Embedder, Vector, text_of
from bot.store.corpora import AT_ONCE, in_batches
from bot.store.tables import corpus_entries, corpus_vectors

MOST = 200_000  # entries up to which all are looked through: 77 MB of memory, 40 ms a query; beyond, words choose alone
_ENCODED = 500  # put into the state together


def begin(db: Connection, corpus: str, model: str) -> bool:
    """Forgets vectors of other models; returns whether this one has made none yet."""
    of_corpus = corpus_vectors.c.corpus == corpus
    db.execute(delete(corpus_vectors).where(of_corpus, corpus_vectors.c.model != model))
    return db.execute(select(corpus_vectors.c.name).where(of_corpus).limit(1)).first() is None


def lacking(db: Connection, corpus: str, model: str, wanted: Mapping[str, str]) -> list[str]:
    """Names of entries that have no vector made from what they are now; ``wanted`` maps names to digests."""
    table, known = corpus_vectors, dict[str, str]()
    for some in in_batches(wanted, AT_ONCE):
        where = (table.c.corpus == corpus) & (table.c.model == model) & table.c.name.in_(some)
        known.update({row.name: row.digest for row in db.execute(select(table.c.name, table.c.digest).where(where))})
    return [name for name, digest in wanted.items() if known.get(name) != digest]


def put(db: Connection, corpus: str, embedder: Embedder, entries: Iterable[tuple[Entry, str]]) -> None:
    """Makes the vectors of entries, each given with its digest."""
    for some in in_batches(entries, _ENCODED):
        take_out(db, corpus, [entry.id for entry, _ in some])
        made = embedder.encode([text_of(entry) for entry, _ in some])
        rows = [
            {"corpus": corpus, "model": embedder.name, "name": entry.id, "digest": digest, "data": vector}
            for (entry, digest), vector in zip(some, made, strict=True)
        ]
        db.execute(insert(corpus_vectors), rows)


def take_out(db: Connection, corpus: str, names: Sequence[str]) -> None:
    """Forgets the vectors of the entries with these names."""
    for some in in_batches(names, AT_ONCE):
        where = (corpus_vectors.c.corpus == corpus) & corpus_vectors.c.name.in_(some)
        db.execute(delete(corpus_vectors).where(where))


class StoredMeaning:
    """The vectors of a corpus of the state, as bot.matching takes them. Keep one while the corpus stays as it is."""

    def __init__(self, db: Connection, corpus: str, embedder: Embedder) -> None:
        self._db, self._corpus, self._embedder = db, corpus, embedder
        self._vector: Callable[[str], Vector] = remembering(embedder)

    def cosines(self, query: Entry, numbers: Sequence[int]) -> Sequence[float]:
        known = self._all or self._read(self._query().where(corpus_entries.c.number.in_(numbers)))
        return known.cosines(self._vector(text_of(query)), numbers)

    def nearest(self, query: Entry, count: int) -> Sequence[int]:
        return self._all.nearest(self._vector(text_of(query)), count) if self._all else []

    @cached_property
    def _all(self) -> Vectors | None:
        """All vectors, None where there are too many."""
        count = self._db.execute(select(func.count()).select_from(self._query().subquery())).scalar_one()
        return self._read(self._query().order_by(corpus_entries.c.number)) if count <= MOST else None

    def _read(self, query: Select[tuple[int, bytes]]) -> Vectors:
        return Vectors(self._embedder.dimension, ((row.number, row.data) for row in self._db.execute(query)))

    def _query(self) -> Select[tuple[int, bytes]]:
        table = corpus_vectors
        both = (table.c.corpus == corpus_entries.c.corpus) & (table.c.name == corpus_entries.c.name)
        query = select(corpus_entries.c.number, table.c.data).join(table, both)
        return query.where(corpus_entries.c.corpus == self._corpus, table.c.model == self._embedder.name)
