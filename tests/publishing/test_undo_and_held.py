"""Taking a run back, and deciding by hand what is held."""

import pytest

from bot import pipeline
from bot.publishing import held as by_hand
from bot.store import findings

POOLING = "TODO: configure connection pooling for the importer"
KEYS = "TODO: rotate the signing keys of the gateway"


def undo(project, run):
    with project.desk() as desk:
        return pipeline.undo(desk, run)[0]


def held(project):
    with project.desk() as desk, desk.engine.begin() as db:
        return by_hand.held(db)


def file_by_hand(project, known):
    with project.desk() as desk:
        with desk.engine.begin() as db:
            by_hand.approve(db, known, project.now())
        return pipeline.file_by_hand(desk, [known.id])


def test_undo_closes_what_the_run_created_with_a_comment(project):
    project.log("monday.md", POOLING)
    run = project.run().run
    (result,) = undo(project, run)
    (ticket,) = project.tickets()
    assert result.closed
    assert (ticket.state, ticket.closed_as) == ("closed", "not_planned")
    assert f"{run}" in next((project.folder / "tickets").glob("0001-*")).read_text()


def test_undo_leaves_what_a_person_touched_and_says_so(project):
    project.log("monday.md", POOLING, KEYS)
    run = project.run().run
    project.edit("#1", "needs-review", "mine")
    touched, other = sorted(undo(project, run), key=lambda result: result.key)
    assert (touched.closed, touched.reason) == (False, "a person has touched it")
    assert other.closed
    assert [ticket.state for ticket in project.tickets()] == ["open", "closed"]


def test_undo_twice_does_nothing_more(project):
    project.log("monday.md", POOLING)
    run = project.run().run
    undo(project, run)
    before = project.tickets()
    (again,) = undo(project, run)
    assert (again.closed, again.reason) == (False, "it was taken back before")
    assert project.tickets() == before


def test_what_was_taken_back_stays_away_until_a_person_files_it(project):
    project.log("monday.md", POOLING)
    undo(project, project.run().run)
    project.wait(days=1)
    project.log("later.md", POOLING)
    project.run()
    assert len(project.tickets()) == 1
    (known,) = held(project)
    file_by_hand(project, known)
    assert [ticket.state for ticket in project.tickets()] == ["closed", "open"]


def test_a_sighting_by_the_bot_is_no_person_s_touch(project):
    project.log("monday.md", POOLING)
    run = project.run().run
    project.wait(days=1)
    project.log("later.md", POOLING)
    project.run()
    (result,) = undo(project, run)
    assert result.closed


def test_filing_by_hand_goes_over_thresholds_and_caps(project):
    project.config("filing: {thresholds: {todo: {file: 1.0, hold: 0.5}}, caps: {per_run: 0}}\n")
    project.log("monday.md", POOLING)
    project.run()
    (known,) = held(project)
    file_by_hand(project, known)
    assert len(project.tickets()) == 1
    assert held(project) == []


def test_dropping_by_hand_is_for_ever(project):
    project.config("filing: {thresholds: {todo: {file: 1.0, hold: 0.5}}}\n")
    project.log("monday.md", POOLING)
    project.run()
    with project.desk() as desk, desk.engine.begin() as db:
        by_hand.refuse(db, by_hand.held(db)[0], project.now())
    project.config()
    project.log("later.md", POOLING)
    project.run()
    assert project.tickets() == []


@pytest.mark.parametrize(("wanted", "told"), [("zzz", "no such finding"), ("", "names 2 findings")])
def test_an_id_that_names_nothing_or_too_much_is_refused(project, wanted, told):
    project.config("filing: {caps: {per_run: 0}}\n")
    project.log("monday.md", POOLING, KEYS)
    project.run()
    with project.desk() as desk, desk.engine.begin() as db, pytest.raises(by_hand.NotHeld, match=told):
        by_hand.find(db, [wanted])


def test_what_is_filed_is_not_held(project):
    project.log("monday.md", POOLING)
    project.run()
    with project.desk() as desk, desk.engine.begin() as db:
        (known,) = findings.with_disposition(db, "filed")
        with pytest.raises(by_hand.NotHeld, match="is not held but filed"):
            by_hand.find(db, [known.id])
