"""A person's word at the terminal counts like one in the tracker."""

import pytest
from people import TRACKERS, Town

from bot import pipeline
from bot.publishing import held, reviewing
from bot.store import tickets
from connectors.local import LocalTracker

POOLING = "TODO: configure connection pooling for the importer"
KEYS = "TODO: rotate the signing keys of the gateway"
HOLD = "filing: {thresholds: {todo: {file: 0.99, hold: 0.1}}}\n"


@pytest.fixture
def two(project):
    project.log("monday.md", POOLING)
    project.run()
    project.log("tuesday.md", KEYS)
    project.run()
    project.wait(days=1)
    return project


def items(desk):
    with desk.engine.begin() as db:
        return {item.title: item for item in reviewing.waiting(db, desk.settings)}


def verdicts(project):
    with project.desk() as desk, desk.engine.begin() as db:
        return {ticket.key: (ticket.verdict, ticket.duplicate_of) for ticket in tickets.ours(db)}


@pytest.mark.parametrize("word", ["accept", "reject"])
def test_a_verdict_holds_over_runs_and_is_not_asked_again(two, word):
    with two.desk() as desk:
        getattr(reviewing, word)(desk, items(desk)["Configure connection pooling for the importer"].ticket)
    two.run()
    assert verdicts(two) == {"#1": (f"{word}ed", None), "#2": ("untouched", None)}
    with two.desk() as desk:
        assert list(items(desk)) == ["Rotate the signing keys of the gateway"]


def test_a_duplicate_is_closed_and_later_mentions_go_to_the_original(two):
    with two.desk() as desk:
        reviewing.mark_duplicate(desk, items(desk)["Configure connection pooling for the importer"], "2")
    two.run()
    assert [ticket.state for ticket in two.tickets()] == ["closed", "open"]
    two.log("wednesday.md", POOLING)
    (action,) = two.plan().actions
    assert (action.kind, action.ticket_key) == ("sighting", "#2")


@pytest.mark.parametrize("key", ["#1", "7", ""])
def test_a_duplicate_of_itself_or_of_nothing_is_refused(two, key):
    with two.desk() as desk:
        item = items(desk)["Configure connection pooling for the importer"]
        with pytest.raises(reviewing.CannotReview, match="no other ticket"):
            reviewing.mark_duplicate(desk, item, key)
    assert [ticket.state for ticket in two.tickets()] == ["open", "open"]


def test_kind_and_priority_of_a_ticket_are_labels(two):
    before = two.tickets()[0]
    with two.desk() as desk:
        item = items(desk)["Configure connection pooling for the importer"]
        item = reviewing.correct(desk, item, kind="bug", priority="high")
        assert (item.finding.kind, item.finding.priority) == ("bug", "high")
    after = two.tickets()[0]
    assert {"kind: bug", "priority: high"} <= after.labels
    assert not {"kind: todo", "priority: medium"} & after.labels
    assert (after.title, after.body) == (before.title, before.body)


def test_a_tracker_that_sets_no_titles_is_told_of_with_the_way_out(two):
    class Untitled(LocalTracker):
        sets_title = False

    before = two.tickets()
    with two.desk() as desk:
        desk.targets.by_name["inbox"].connector = Untitled(two.folder / "tickets", now=two.now)
        item = items(desk)["Configure connection pooling for the importer"]
        with pytest.raises(reviewing.CannotReview, match=r"^#1: .* sets no titles; edit it there: file:"):
            reviewing.correct(desk, item, title="Pool them", kind="bug")
    assert two.tickets() == before


def test_a_corrected_finding_is_filed_as_corrected_and_known_again(project):
    project.config(HOLD)
    project.log("monday.md", POOLING)
    project.run()
    with project.desk() as desk:
        (item,) = items(desk).values()
        item = reviewing.correct(desk, item, title="Pool  connections,\nplease", kind="feature", priority="high")
        with desk.engine.begin() as db:
            held.approve(db, item.finding, desk.now())
        pipeline.file_by_hand(desk, [item.finding.id])
    project.log("tuesday.md", POOLING)
    project.run()
    (ticket,) = project.tickets()
    assert ticket.title == "Pool connections, please"
    assert {"kind: feature", "priority: high"} <= ticket.labels


def test_a_secret_in_a_new_title_is_redacted(project):
    project.config(HOLD)
    project.log("monday.md", POOLING)
    project.run()
    with project.desk() as desk:
        (item,) = items(desk).values()
        item = reviewing.correct(desk, item, title="Use ghp_" + "a1B2c3D4" * 4 + "e5F6 for the importer")
    assert "a1B2c3D4" not in item.finding.title


def test_what_is_marked_a_duplicate_while_held_stays_away(two):
    two.config(HOLD)
    two.log("wednesday.md", "TODO: document the retry policy of the price feed")
    two.run()
    with two.desk() as desk:
        reviewing.mark_duplicate(desk, items(desk)["Document the retry policy of the price feed"], "#2")
    two.config()
    assert two.plan().actions == ()
    two.log("thursday.md", "TODO: document the retry policy of the price feed")
    (action,) = two.run().plan.actions
    assert (action.kind, action.reason) == ("none", "duplicate of #2, as a person said")
    assert two.plan().actions == ()


@pytest.fixture(params=TRACKERS)
def town(request, tmp_path):
    """A tracker with two tickets of the bot's."""
    place = Town(tmp_path, request.param)
    for said in (POOLING, KEYS):
        place.say(said)
        place.run()
        place.wait(1)
    yield place
    place.close()


def pooling(town, act):
    """Does something at the terminal with the ticket about pooling, and runs the bot; the ticket as it is then."""
    with town.at_desk() as desk:
        item = items(desk)["Configure connection pooling for the importer"]
        act(desk, item)
    town.wait(1)
    assert town.run()[0].errors == []
    return town.tickets()[item.ticket.id]


def test_every_correction_of_a_ticket_is_a_person_s_on_every_tracker(town):
    def act(desk, item):
        item = reviewing.correct(desk, item, title="Pool  the connections")
        assert item.title == "Pool the connections"
        reviewing.correct(desk, reviewing.correct(desk, item, kind="bug"), priority="low")

    before = pooling(town, lambda _desk, _item: None)
    after = pooling(town, act)
    assert (after.title, after.body) == ("Pool the connections", before.body)
    assert {name.replace(" ", "") for name in after.labels} >= {"kind:bug", "priority:low", "needs-review"}
    for _ in range(6):
        town.say(POOLING)
        town.run()
        town.wait(30)
    last = town.tickets()[after.id]
    assert (last.title, last.body, last.labels, len(town.tickets())) == (after.title, after.body, after.labels, 2)


def test_every_verdict_holds_on_every_tracker(town):
    def act(desk, item):
        (original,) = [other for name, other in items(desk).items() if name != item.title]
        reviewing.mark_duplicate(desk, item, original.ticket.key)
        reviewing.reject(desk, original.ticket)

    assert pooling(town, act).state == "closed"
    for said in (POOLING, KEYS):
        town.say(said)
    assert [action.kind for action in town.plan()] == ["none", "none"]
    with town.state() as db:
        assert sorted(ticket.verdict for ticket in tickets.ours(db)) == ["duplicate", "rejected"]
