"""Opening the state database: created, upgraded, refused when it is newer than the program or damaged."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import ConnectionPoolEntry

HEAD = "0008"  # the newest migration; a test holds this equal to the scripts


class StateError(Exception):
    """The state cannot be used; the message says why and what to do."""


def open_state(path: Path) -> Engine:
    """The state at ``path``, made or upgraded where needed.

    Raises:
        StateError: not a database, damaged, written by a newer version, or not writable.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as error:
        raise StateError(f"{path}: cannot make the state file: {error.strerror}; check state.path") from error
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin_immediate)
    try:
        _upgrade(engine, path)
    except (DatabaseError, sqlite3.DatabaseError) as error:
        engine.dispose()
        reason = str(getattr(error, "orig", None) or error)
        raise StateError(f"{path}: cannot use the state: {reason}; restore a backup or move the file away") from error
    return engine


def _configure(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # pysqlite's own BEGIN is deferred, and a deferred read-then-write fails with SQLITE_BUSY whatever the timeout.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # FULL, not NORMAL: a pending action lost in a power cut would be filed a second time.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _upgrade(engine: Engine, path: Path) -> None:
    version = schema_version(engine)
    if version == HEAD:
        return
    if version > HEAD:
        raise StateError(f"{path}: written by a newer version (schema {version}, this is {HEAD}); upgrade loose-ends")
    # Alembic is slow to import and hardly ever needed.
    from bot.store.migrations.upgrade import upgrade

    upgrade(engine)


def schema_version(engine: Engine) -> str:
    """The schema's migration number, "" for an empty database."""
    with engine.connect() as db:
        known = db.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")).first()
        row = db.execute(text("SELECT version_num FROM alembic_version")).first() if known else None
    return row[0] if row else ""
