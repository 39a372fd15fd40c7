"""What a person says of a held finding counts like what they say of a ticket."""

import pytest
from people import TRACKERS, Town

from bot import pipeline
from bot.publishing import held, reviewing
from bot.publishing.acceptance import acceptance
from bot.store import findings, tickets
from bot.store.verdicts import judged

POOLING = "TODO: configure connection pooling for the importer"
HOLD = "filing: {thresholds: {todo: {file: 0.99, hold: 0.1}}}\n"


@pytest.fixture
def holding(project):
    project.config(HOLD)
    project.log("monday.md", POOLING)
    project.run()
    return project


def say(project, word):
    with project.desk() as desk:
        with desk.engine.begin() as db:
            (known,) = held.find(db, [one.id for one in reviewable(db)])
            getattr(held, word)(db, known, desk.now())
        return pipeline.file_by_hand(desk, [known.id]) if word == "approve" else None


def reviewable(db):
    return findings.with_disposition(db, "held", "refused", "filed")


def count(project):
    with project.desk() as desk, desk.engine.begin() as db:
        found = acceptance(judged(db)).kinds
    return {kind: (share.accepted, share.rejected) for kind, share in found.items()}


@pytest.mark.parametrize(
    ("words", "counted"),
    [
        pytest.param(["approve"], (1, 0), id="filed"),
        pytest.param(["refuse"], (0, 1), id="dropped"),
        pytest.param(["refuse", "refuse"], (0, 1), id="dropped twice is one no"),
        pytest.param(["refuse", "approve"], (1, 0), id="the last word counts"),
    ],
)
def test_a_word_on_what_is_held_counts_once(holding, words, counted):
    for word in words:
        say(holding, word)
        holding.run()
    assert count(holding) == {"todo": counted}


def test_what_was_filed_by_hand_needs_no_review(holding):
    say(holding, "approve")
    (ticket,) = holding.tickets()
    assert "accepted" in ticket.labels
    assert "needs-review" not in ticket.labels
    for _ in range(2):
        with holding.desk() as desk, desk.engine.begin() as db:
            assert reviewing.waiting(db, desk.settings) == []
        holding.run()


@pytest.mark.parametrize("change", [("- accepted", "- rejected"), ("state: open", "state: wontfix")])
def test_a_verdict_on_its_ticket_counts_in_the_stead_of_the_hand(holding, change):
    say(holding, "approve")
    holding.edit("#1", *change)
    holding.run()
    assert count(holding) == {"todo": (0, 1)}


def test_a_no_holds_for_rewordings_and_the_plan_says_why(holding):
    say(holding, "refuse")
    holding.config()
    assert holding.plan().actions == ()
    holding.log("tuesday.md", "TODO: configure the importer's connection pooling")
    for count in (1, 0):
        reasons = [(action.kind, action.reason) for action in holding.run().plan.actions]
        assert reasons == [("none", "dropped by hand on 2026-03-02")] * count
    assert holding.tickets() == []


def test_a_no_that_was_lifted_counts_nothing(holding):
    say(holding, "refuse")
    with holding.desk() as desk, desk.engine.begin() as db:
        (known,) = reviewable(db)
    holding.config(f"filing: {{lift_rejections: [{known.id}]}}\n")
    holding.run()
    assert count(holding) == {}
    assert [ticket.state for ticket in holding.tickets()] == ["open"]


@pytest.mark.parametrize("tracker", TRACKERS)
def test_what_was_filed_by_hand_is_accepted_once_on_every_tracker(tmp_path, tracker):
    town = Town(tmp_path, tracker, filing=HOLD)
    town.say(POOLING)
    town.run()
    with town.at_desk() as desk:
        with desk.engine.begin() as db:
            (known,) = held.held(db)
            held.approve(db, known, desk.now(), who="tracker")
        town.run()
        town.run()
        with desk.engine.begin() as db:
            assert [ticket.verdict for ticket in tickets.ours(db)] == ["accepted"]
            assert [one.accepted for one in judged(db)] == [True]
    town.close()
