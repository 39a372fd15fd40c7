"""A no holds for the loose end and its rewordings on every tracker, until a person lifts it."""

import pytest
from people import TRACKERS, Town

from bot import pipeline
from bot.publishing import held
from bot.store import findings

POOLING = "TODO: configure connection pooling for the importer"
REWORDED = "TODO: configure the importer's connection pooling"


@pytest.fixture(params=TRACKERS)
def town(request, tmp_path):
    """A tracker in which people have rejected the bot's only ticket."""
    place = Town(tmp_path, request.param)
    place.say(POOLING)
    place.run()
    place.wait(1)
    (ticket,) = place.tickets().values()
    place.person.set_labels(ticket.id, [*ticket.labels, "rejected"])
    place.run()
    place.wait(24)
    yield place
    place.close()


@pytest.mark.parametrize("said", [POOLING, REWORDED])
def test_a_rejected_loose_end_stays_away_and_the_plan_says_why(town, said):
    (ticket,) = town.tickets().values()
    town.say(said)
    (action,) = town.plan()
    assert (action.kind, action.ticket_key) == ("none", ticket.key)
    assert action.reason.startswith(f"rejected as {ticket.key} on 2 Mar 2026")
    town.run()
    assert town.tickets() == {ticket.id: ticket}


def test_the_config_lifts_the_no_of_a_ticket_by_its_key(town):
    (ticket,) = town.tickets().values()
    town.config(filing=f"filing: {{lift_rejections: ['{ticket.key}']}}")
    town.say(REWORDED)
    assert town.run()[0].outcome.done["create"] == 1
    town.say(POOLING)
    assert town.run()[0].outcome.done["sighting"] == 1
    assert len(town.tickets()) == 2


def test_the_config_lifts_one_no_of_a_finding_by_its_id(town):
    with town.state() as db:
        (known,) = findings.with_disposition(db, "filed")
    town.config(filing=f"filing: {{lift_rejections: [{known.id}]}}")
    town.say(POOLING)
    town.run()
    first, second = sorted(town.tickets().values(), key=lambda ticket: ticket.created_at)
    town.wait(1)
    town.person.set_labels(second.id, [*second.labels, "rejected"])
    town.wait(24)
    town.say(POOLING)
    town.run()
    assert set(town.tickets()) == {first.id, second.id}


def test_filing_by_hand_lifts_it_for_good(town):
    with town.state() as db:
        (known,) = findings.with_disposition(db, "filed")
        (found,) = held.find(db, [known.id])
        held.approve(db, found, town.clock())
    with town.at_desk() as desk:
        assert pipeline.file_by_hand(desk, [known.id]).outcome.done["create"] == 1
    town.wait(24)
    town.say(POOLING)
    (action,) = town.plan()
    assert action.kind == "sighting"


def test_a_held_finding_that_was_dropped_by_hand_comes_back_by_its_id(project):
    project.config("filing: {thresholds: {todo: {file: 0.99, hold: 0.1}}}\n")
    project.log("monday.md", POOLING)
    project.run()
    with project.desk() as desk, desk.engine.begin() as db:
        (known,) = held.held(db)
        held.refuse(db, known, project.time)
    project.config()
    assert project.plan().actions == ()
    project.config(f"filing: {{lift_rejections: ['{known.id}']}}\n")
    assert [action.kind for action in project.plan().actions] == ["create"]
