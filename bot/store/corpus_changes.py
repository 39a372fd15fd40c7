"""Taking entries up into a corpus of the state, and out of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.matching.entry import Entry
from bot.store.corpora import AT_ONCE, decode, in_batches
from bot.store.packing import BLOCK, Place, join, pack, places
from bot.store.tables import corpora, corpus_entries, corpus_postings, corpus_terms, corpus_vectors

_MOST_ENTRIES = 4_000  # taken up together: bounds memory


def put(db: Connection, corpus: str, entries: Iterable[tuple[Entry, str]]) -> None:
    """Takes entries up, each with its digest; one that was there under the same id is replaced."""
    for some in in_batches(entries, _MOST_ENTRIES):
        latest = {entry.id: (entry, digest_) for entry, digest_ in some}
        row = db.execute(select(corpora).where(corpora.c.name == corpus)).first()
        if row is not None and row.entries:
            take_out(db, corpus, list(latest))
        first = 0 if row is None else row.next
        numbered = list(enumerate(latest.values(), first))
        db.execute(insert(corpus_entries), [_row(corpus, number, *pair) for number, pair in numbered])
        _add_places(db, corpus, numbered)
        _count(db, corpus, [entry for entry, _ in latest.values()], 1)
        length = sum(entry.length for entry, _ in latest.values())
        _resize(db, corpus, len(numbered), length, first + len(numbered))


def take_out(db: Connection, corpus: str, names: Sequence[str]) -> None:
    """Forgets the entries with these names, as far as they are there."""
    table = corpus_entries
    for some in in_batches(names, AT_ONCE):
        where = (table.c.corpus == corpus) & table.c.name.in_(some)
        rows = db.execute(select(table.c.number, table.c.entry).where(where))
        old = {row.number: decode(row.entry) for row in rows}
        if not old:
            continue
        _remove_places(db, corpus, old)
        _count(db, corpus, old.values(), -1)
        db.execute(delete(table).where(where))
        _resize(db, corpus, -len(old), -sum(entry.length for entry in old.values()), None)


def forget(db: Connection, corpus: str) -> None:
    """Drops a corpus whole."""
    for table in (corpus_postings, corpus_terms, corpus_entries, corpus_vectors):
        db.execute(delete(table).where(table.c.corpus == corpus))
    db.execute(delete(corpora).where(corpora.c.name == corpus))


def _row(corpus: str, number: int, entry: Entry, digest_: str) -> dict[str, object]:
    return {
        "corpus": corpus,
        "number": number,
        "name": entry.id,
        "digest": digest_,
        "entry": msgspec.msgpack.encode(replace(entry, words=())),
    }


def _resize(db: Connection, corpus: str, entries: int, length: int, following: int | None) -> None:
    values: dict[str, object] = {"entries": corpora.c.entries + entries, "length": corpora.c.length + length}
    if following is not None:
        values["next"] = following
    if not db.execute(update(corpora).where(corpora.c.name == corpus).values(values)).rowcount:
        db.execute(insert(corpora).values(name=corpus, entries=entries, length=length, next=following or 0))


def _count(db: Connection, corpus: str, entries: Iterable[Entry], by: int) -> None:
    """Counts the terms of entries that are new (``by`` 1) or gone (-1)."""
    table = corpus_terms
    times = Counter(term for entry in entries for term in entry.counts)
    key = (table.c.corpus == corpus) & (table.c.term == bindparam("of_term"))
    for some in in_batches(sorted(times), AT_ONCE):
        here = (table.c.corpus == corpus) & table.c.term.in_(some)
        known = set(db.execute(select(table.c.term).where(here)).scalars())
        changed = [{"of_term": term, "more": by * times[term]} for term in some if term in known]
        fresh = [{"corpus": corpus, "term": term, "entries": times[term]} for term in some if term not in known]
        if changed:
            db.execute(update(table).where(key).values(entries=table.c.entries + bindparam("more")), changed)
        if fresh:
            db.execute(insert(table), fresh)
        if by < 0:
            db.execute(delete(table).where(here, table.c.entries <= 0))


def _add_places(db: Connection, corpus: str, numbered: Sequence[tuple[int, tuple[Entry, str]]]) -> None:
    fresh: defaultdict[tuple[str, int], list[Place]] = defaultdict(list)
    for number, (entry, _) in numbered:
        block, length = number // BLOCK, entry.length
        for term, times in entry.counts.items():
            fresh[term, block].append((number, times, length))
    # Where the batch begins a block, none of that block is there yet.
    begun = {number // BLOCK for number, _ in numbered if number % BLOCK == 0}
    known_before = numbered[0][0] // BLOCK not in begun
    for some in in_batches(sorted(fresh), AT_ONCE):
        old = _blocks(db, corpus, [key for key in some if key[1] not in begun]) if known_before else {}
        packed = {key: pack(fresh[key]) for key in some}
        _write(db, corpus, {key: join(old[key], data) if key in old else data for key, data in packed.items()}, old)


def _remove_places(db: Connection, corpus: str, old: Mapping[int, Entry]) -> None:
    gone = {(term, number // BLOCK) for number, entry in old.items() for term in entry.counts}
    for some in in_batches(sorted(gone), AT_ONCE):
        known = _blocks(db, corpus, some)
        left = {key: pack([place for place in places(data) if place[0] not in old]) for key, data in known.items()}
        _write(db, corpus, left, known)


def _blocks(db: Connection, corpus: str, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], bytes]:
    """The packed places of these terms in these blocks, as far as there are any."""
    table = corpus_postings
    terms, blocks = sorted({term for term, _ in keys}), sorted({block for _, block in keys})
    if not keys:
        return {}
    where = (table.c.corpus == corpus) & table.c.term.in_(terms) & table.c.block.in_(blocks)
    wanted = set(keys)
    rows = db.execute(select(table.c.term, table.c.block, table.c.data).where(where))
    return {(term, block): data for term, block, data in rows if (term, block) in wanted}


def _write(
    db: Connection, corpus: str, blocks: Mapping[tuple[str, int], bytes], known: Collection[tuple[str, int]]
) -> None:
    """Writes packed places; ``known`` are the keys that have a row. Empty ones are deleted."""
    table = corpus_postings
    key = (table.c.corpus == corpus) & (table.c.term == bindparam("of_term")) & (table.c.block == bindparam("of_block"))
    changed = [(at, data) for at, data in blocks.items() if at in known and data]
    emptied = [at for at, data in blocks.items() if at in known and not data]
    fresh = [(at, data) for at, data in blocks.items() if at not in known and data]
    if changed:
        rows = [{"of_term": t, "of_block": b, "data": data} for (t, b), data in changed]
        db.execute(update(table).where(key).values(data=bindparam("data")), rows)
    if emptied:
        db.execute(delete(table).where(key), [{"of_term": term, "of_block": block} for term, block in emptied])
    if fresh:
        rows = [{"corpus": corpus, "term": t, "block": b, "data": data} for (t, b), data in fresh]
        db.execute(insert(table), rows)
