"""The state database: built and migrated alike, private, refused when it cannot be trusted."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import bot.store.migrations
from bot.store import engine as store
from bot.store.tables import metadata


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deep" / "state.db"


def test_migrations_and_tables_are_equal(path):
    engine = store.open_state(path)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_head_names_the_newest_migration():
    config = Config()
    config.set_main_option("script_location", str(Path(bot.store.migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_current_head() == store.HEAD


def test_only_the_owner_can_read_it_and_it_is_durable(path):
    engine = store.open_state(path)
    with engine.begin() as db:
        modes = [db.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")]
    assert path.stat().st_mode & 0o077 == 0
    assert modes == ["wal", 2]


def test_a_state_of_a_newer_version_is_refused_unchanged(path):
    store.open_state(path).dispose()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(store.StateError, match=r"newer version .*upgrade loose-ends"):
        store.open_state(path)


@pytest.mark.parametrize("content", [b"not a database" * 100, b"SQLite format 3\x00" + b"\x01" * 4000])
def test_what_is_no_database_is_refused(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(store.StateError, match="cannot use the state"):
        store.open_state(path)
    assert path.read_bytes() == content


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(store.StateError, match=r"cannot make the state file.*state\.path"):
        store.open_state(tmp_path / "file" / "state.db")


def test_two_writers_wait_for_each_other(path):
    engine = store.open_state(path)
    other = store.open_state(path)
    with engine.begin() as db:
        db.execute(text("INSERT INTO counters VALUES ('a', 1)"))
    with other.begin() as db:
        assert db.execute(text("SELECT value FROM counters")).scalar() == 1
