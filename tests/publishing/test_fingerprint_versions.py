"""Tickets that an older version of the fingerprint named stay the bot's: nothing is filed a second time."""

import pytest
from sqlalchemy import text

SAID = "TODO: configure connection pooling for the importer"


@pytest.fixture
def older(project):
    """A project whose state and ticket were written by a version that named things otherwise."""
    project.log("monday.md", SAID)
    project.run()
    with project.desk() as desk, desk.engine.begin() as db:
        for table, column in (("fingerprints", "fingerprint"), ("findings", "fingerprint"), ("actions", "fingerprint")):
            db.execute(text(f"UPDATE {table} SET {column} = 'v0-' || substr({column}, 10) || 'abcdef'"))
        db.execute(text("UPDATE tickets SET fingerprint = 'v0-' || substr(fingerprint, 10) || 'abcdef'"))
        db.execute(text("UPDATE tickets SET title_key = 'v0-title-x'"))
        name = db.execute(text("SELECT fingerprint FROM findings")).scalar()
    (file,) = (project.folder / "tickets").glob("0001-*")
    marked = file.read_text()
    start = marked.index("v1-")
    file.write_text(marked.replace(marked[start : start + 27], name))
    project.wait(days=1)
    return project


def test_a_mention_is_a_sighting_of_the_ticket_as_it_was_named(older):
    older.log("tuesday.md", SAID)
    (action,) = older.plan().actions
    assert (action.kind, action.ticket_key) == ("sighting", "#1")


def test_so_it_is_after_the_state_was_lost(older):
    for file in (older.folder / ".loose-ends").glob("state.db*"):
        file.unlink()
    older.log("tuesday.md", SAID)
    older.run()
    assert len(older.tickets()) == 1
