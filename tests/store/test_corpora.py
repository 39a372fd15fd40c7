"""Corpora in the state answer as those in memory do, whatever was put in and taken out."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

import bot.store.migrations
from bot.matching.decision import match
from bot.matching.defaults import MENTIONS
from bot.matching.entry import make_entry
from bot.matching.memory import MemoryIndex
from bot.matching.model import learned
from bot.store import corpus_changes
from bot.store.corpora import StoredCorpus, digests
from bot.store.engine import open_state
from bot.store.packing import BLOCK, pack, places

WORDS = "export table photo login queue row server page mail crash".split()
TITLES = [" ".join(WORDS[(n * k) % len(WORDS)] for k in (1, 3, 7)) + f" part{n % 7}" for n in range(40)]


def entry(number):
    return make_entry(str(number), TITLES[number], f"about {TITLES[-number]}")


@pytest.fixture
def db(tmp_path):
    engine = open_state(tmp_path / "state.db")
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_it_answers_as_memory_does(db):
    corpus_changes.put(db, "c", ((entry(number), "d") for number in range(40)))
    memory = MemoryIndex(entry(number) for number in range(40))
    for query in (make_entry("q", title, "when the server is down") for title in TITLES[::5]):
        found = match(StoredCorpus(db, "c"), query, learned("mention"), MENTIONS)
        assert found == match(memory, query, learned("mention"), MENTIONS)


@settings(max_examples=15)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 39)), max_size=25))
def test_what_was_taken_out_leaves_no_trace(tmp_path_factory, steps):
    engine = open_state(tmp_path_factory.mktemp("c") / "state.db")
    kept = {}
    with engine.begin() as db:
        for adds, number in steps:
            if adds:
                corpus_changes.put(db, "c", [(entry(number), f"d{number}")])
                kept[str(number)] = entry(number)
            else:
                corpus_changes.take_out(db, "c", [str(number)])
                kept.pop(str(number), None)
        corpus, memory = StoredCorpus(db, "c"), MemoryIndex(kept.values())
        terms = sorted({term for number in range(40) for term in entry(number).counts})
        assert corpus.size() == memory.size()
        assert corpus.frequencies(terms) == {t: n for t, n in memory.frequencies(terms).items() if n}
        assert set(digests(db, "c", [str(n) for n in range(40)])) == set(kept)
    engine.dispose()


def test_corpora_are_kept_apart_and_forgotten_whole(db):
    corpus_changes.put(db, "c", [(entry(1), "d")])
    corpus_changes.put(db, "other", [(entry(2), "d")])
    corpus_changes.forget(db, "c")
    assert StoredCorpus(db, "c").size() == (0, 1.0)
    assert StoredCorpus(db, "other").size()[0] == 1


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(1, 255), st.integers(0, 65_535)), max_size=50))
def test_places_are_packed_without_loss(given):
    assert list(places(pack(given))) == given


def test_entries_of_many_blocks_are_found(db):
    corpus_changes.put(db, "c", ((make_entry(str(n), f"rare{n % 5}", ""), "d") for n in range(BLOCK + 10)))
    blocks = StoredCorpus(db, "c").places(["rare3"])["rare3"]
    assert [number % 5 for numbers, _, _ in blocks for number in numbers] == [3] * ((BLOCK + 10) // 5)


def test_what_an_older_state_knows_is_kept_with_its_terms_counted(tmp_path):
    old = create_engine(f"sqlite:///{tmp_path / 'state.db'}")
    config = Config()
    config.set_main_option("script_location", str(Path(bot.store.migrations.__file__).parent))
    with old.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0006")
        for block, numbers in ((0, [1, 2]), (1, [BLOCK])):
            data = pack([(number, 1, 9) for number in numbers])
            row = {"block": block, "count": len(numbers), "data": data}
            connection.execute(text("INSERT INTO corpus_postings VALUES ('c', 'export', :block, :count, :data)"), row)
    old.dispose()
    engine = open_state(tmp_path / "state.db")
    with engine.begin() as connection:
        corpus = StoredCorpus(connection, "c")
        assert corpus.frequencies(["export"]) == {"export": 3}
        assert [list(numbers) for numbers, _, _ in corpus.places(["export"])["export"]] == [[1, 2], [BLOCK]]
    engine.dispose()
