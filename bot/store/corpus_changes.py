"""Taking entries up into a corpus of the state, and out of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.matching.entry import Entry
from bot.store.corpora import AT_ONCE, decode, in_batches
from bot.store.packing import BLOCK, Place, pack, unpack
from bot.store.tables import corpora, corpus_entries, corpus_postings

_MOST_ENTRIES = 2_000  # taken up together: bounds memory


def put(db: Connection, corpus: str, entries: Iterable[tuple[Entry, str]]) -> None:
    """Takes entries up, each with its digest; one that was there under the same id is replaced."""
    for some in in_batches(entries, _MOST_ENTRIES):
        latest = {entry.id: (entry, digest_) for entry, digest_ in some}
        take_out(db, corpus, list(latest))
        row = db.execute(select(corpora).where(corpora.c.name == corpus)).first()
        first = 0 if row is None else row.next
        numbered = list(enumerate(latest.values(), first))
        db.execute(insert(corpus_entries), [_row(corpus, number, *pair) for number, pair in numbered])
        _add_places(db, corpus, numbered)
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
        db.execute(delete(table).where(where))
        _resize(db, corpus, -len(old), -sum(entry.length for entry in old.values()), None)


def forget(db: Connection, corpus: str) -> None:
    """Drops a corpus whole."""
    for table, column in ((corpus_postings, corpus_postings.c.corpus), (corpus_entries, corpus_entries.c.corpus)):
        db.execute(delete(table).where(column == corpus))
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


def _add_places(db: Connection, corpus: str, numbered: Sequence[tuple[int, tuple[Entry, str]]]) -> None:
    fresh: dict[tuple[str, int], list[Place]] = {}
    for number, (entry, _) in numbered:
        for term, times in entry.counts.items():
            fresh.setdefault((term, number // BLOCK), []).append((number, times, entry.length))
    for some in in_batches(sorted(fresh), AT_ONCE):
        known = _blocks(db, corpus, some)
        _write(db, corpus, {key: [*known.get(key, ()), *fresh[key]] for key in some}, known)


def _remove_places(db: Connection, corpus: str, old: Mapping[int, Entry]) -> None:
    gone = {(term, number // BLOCK) for number, entry in old.items() for term in entry.counts}
    for some in in_batches(sorted(gone), AT_ONCE):
        known = _blocks(db, corpus, some)
        left = {key: [place for place in places if place[0] not in old] for key, places in known.items()}
        _write(db, corpus, left, known)


def _blocks(db: Connection, corpus: str, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], list[Place]]:
    table = corpus_postings
    terms, blocks = sorted({term for term, _ in keys}), sorted({block for _, block in keys})
    where = (table.c.corpus == corpus) & table.c.term.in_(terms) & table.c.block.in_(blocks)
    wanted = set(keys)
    rows = db.execute(select(table.c.term, table.c.block, table.c.data).where(where))
    return {(term, block): list(unpack(data)) for term, block, data in rows if (term, block) in wanted}


def _write(
    db: Connection,
    corpus: str,
    blocks: Mapping[tuple[str, int], list[Place]],
    known: Mapping[tuple[str, int], list[Place]],
) -> None:
    table = corpus_postings
    key = (table.c.corpus == corpus) & (table.c.term == bindparam("of_term")) & (table.c.block == bindparam("of_block"))
    changed = [(at, places) for at, places in blocks.items() if at in known and places]
    emptied = [at for at, places in blocks.items() if at in known and not places]
    fresh = [(at, places) for at, places in blocks.items() if at not in known and places]
    if changed:
        rows = [{"of_term": t, "of_block": b, "count": len(p), "data": pack(p)} for (t, b), p in changed]
        db.execute(update(table).where(key).values(count=bindparam("count"), data=bindparam("data")), rows)
    if emptied:
        db.execute(delete(table).where(key), [{"of_term": term, "of_block": block} for term, block in emptied])
    if fresh:
        rows = [{"corpus": corpus, "term": t, "block": b, "count": len(p), "data": pack(p)} for (t, b), p in fresh]
        db.execute(insert(table), rows)
