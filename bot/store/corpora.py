"""Corpora in the state: what is known, by term, for retrieval. The same tables on every database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar, cast

import msgspec
from sqlalchemy import Connection, bindparam, select

from bot.matching.entry import Entry
from bot.matching.retrieval import Block
from bot.store.packing import unpack
from bot.store.tables import corpora, corpus_entries

FINDINGS = "findings"
_MOST_KNOWN = 200_000  # terms of which a corpus remembers the frequency: about 20 MB
AT_ONCE = 400  # values in one statement: every database takes as many
_FORM = "1"  # of the terms of entries: another one has them made anew

T = TypeVar("T")
decode = msgspec.msgpack.Decoder(Entry).decode


_SIZE = select(corpora.c.entries, corpora.c.length).where(corpora.c.name == bindparam("corpus"))
# With hundreds of values, and many of these for each finding, making a statement would cost more than running it.
_FREQUENCIES = "SELECT term, entries FROM corpus_terms WHERE corpus = {} AND term IN ({})"
_PLACES = "SELECT term, data FROM corpus_postings WHERE corpus = {} AND term IN ({}) ORDER BY term, block"
_ENTRIES = "SELECT number, entry FROM corpus_entries WHERE corpus = {} AND number IN ({})"
_SIZES = (8, 64, 160, AT_ONCE)  # of lists of values: each is a statement that databases keep ready


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
        known = self._known
        if len(known) > _MOST_KNOWN:
            known.clear()
        wanted = set(terms)
        # In order, so that the index is walked one way.
        if missing := sorted(term for term in wanted if term not in known):
            known.update(dict.fromkeys(missing, 0))
            known.update(self._rows(_FREQUENCIES, missing))
        return {term: count for term in wanted if (count := known[term])}

    def places(self, terms: Sequence[str]) -> Mapping[str, Sequence[Block]]:
        found: dict[str, list[Block]] = {}
        for term, data in self._rows(_PLACES, sorted(set(terms))):
            found.setdefault(term, []).append(unpack(data))
        return found

    def entries(self, numbers: Sequence[int]) -> Sequence[Entry]:
        known = dict(self._rows(_ENTRIES, sorted(set(numbers))))
        return [decode(known[number]) for number in numbers]

    def _rows(self, statement: str, values: Sequence[object]) -> Iterator[tuple[Any, Any]]:
        mark = "?" if self._db.dialect.paramstyle == "qmark" else "%s"
        for some in in_batches(values, AT_ONCE):
            room = next(size for size in _SIZES if size >= len(some))
            filled = (self._name, *some, *[some[-1]] * (room - len(some)))
            text = statement.format(mark, ", ".join([mark] * room))
            yield from cast(list[tuple[Any, Any]], self._db.exec_driver_sql(text, filled).all())


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
