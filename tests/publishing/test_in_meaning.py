"""With a sentence model, what shares hardly a word with a ticket is told from what is new; vectors are made once."""

import pytest
from sqlalchemy import select

from bot.store.engine import open_state
from bot.store.tables import corpus_vectors

MODEL = "matching: {semantic: {model: builtin}}\n"
SURE = "filing: {thresholds: {bug: {file: 0.5}, todo: {file: 0.5}, feature: {file: 0.5}}}\n"
KNOWN = {
    "Login page hangs after a wrong password": "After a wrong password the spinner of the login page never stops.",
    "Thumbnails of portrait photos are rotated": "Photos taken upright show up sideways in the gallery thumbnails.",
    "Add a dark theme to the settings screen": "The settings screen should have a dark theme.",
    "Document the backup procedure": "Nobody knows how to restore a backup; write it down in the handbook.",
}
SAID = "There is a bug: sign-in spins forever when I mistype my credentials"


@pytest.fixture
def known(project):
    folder = project.folder / "tickets"
    folder.mkdir()
    for number, (title, body) in enumerate(KNOWN.items(), 1):
        (folder / f"{number:04}-ticket.md").write_text(f"---\ntitle: {title}\n---\n{body}\n")
    project.config(SURE + MODEL)
    return project


def vectors(project):
    engine = open_state(project.folder / ".loose-ends" / "state.db")
    with engine.begin() as db:
        rows = db.execute(select(corpus_vectors.c.name, corpus_vectors.c.data)).all()
    engine.dispose()
    return {row.name: row.data for row in rows}


@pytest.mark.parametrize("model", ["", MODEL], ids=["words alone", "with the model"])
def test_a_ticket_that_shares_no_word_is_pointed_to(known, model):
    known.config(SURE + model)
    known.log("monday.md", SAID)
    (action,) = known.plan().actions
    assert ("#1" in action.reason) == bool(model), action


def test_a_ticket_gets_a_new_vector_when_it_changes_and_none_when_it_is_gone(known):
    known.run()
    before = vectors(known)
    known.wait(days=1)
    known.edit("#1", "hangs", "is empty")
    (known.folder / "tickets" / "0002-ticket.md").unlink()
    known.run()
    after = vectors(known)
    assert (len(before), len(after)) == (4, 3)
    assert [name for name in after if after[name] != before[name]] == ["1"]


def test_a_model_that_is_configured_later_takes_all_tickets_up(known):
    known.config(SURE)
    known.run()
    assert vectors(known) == {}
    known.config(SURE + MODEL)
    known.wait(days=1)
    known.run()
    assert len(vectors(known)) == 4


def test_what_the_bot_filed_itself_has_a_vector_after_the_next_run(known):
    known.log("monday.md", "TODO: rename the staging cluster before the audit")
    known.run()
    known.wait(days=1)
    known.run()
    assert len(vectors(known)) == 5
