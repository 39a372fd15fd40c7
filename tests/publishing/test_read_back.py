"""What people do in each tracker is read back by the next run and counts; what the bot does itself does not."""

import pytest
from people import TRACKERS, Town

from bot.store import tickets
from bot.store.tables import reviews
from bot.store.verdicts import judged

POOLING = "TODO: configure connection pooling for the importer"
KEYS = "TODO: rotate the signing keys of the gateway"


@pytest.fixture(params=TRACKERS)
def town(request, tmp_path):
    """A tracker with two tickets of the bot."""
    place = Town(tmp_path, request.param)
    place.say(POOLING)
    place.run()
    place.wait(1)
    place.say(KEYS)
    place.run()
    place.wait(24)
    yield place
    place.close()


def first(town):
    return min(town.tickets().values(), key=lambda ticket: ticket.created_at)


def verdicts(town):
    with town.state() as db:
        return [ticket.verdict for ticket in sorted(tickets.ours(db), key=lambda one: one.created_at)]


def told(town):
    with town.state() as db:
        return [(row.verdict, row.who) for row in db.execute(reviews.select().order_by(reviews.c.id))]


def act(town, name):
    ticket = first(town)
    match name:
        case "takes off needs-review":
            town.person.set_labels(ticket.id, [label for label in ticket.labels if "review" not in label])
        case "accepted" | "rejected" | "hands-off":
            town.person.set_labels(ticket.id, [*ticket.labels, name])
        case "deletes":
            town.person.delete(ticket.id)
        case _:
            town.person.close(ticket.id, name)


@pytest.mark.parametrize(
    ("deed", "verdict"),
    [
        ("takes off needs-review", "accepted"),
        ("accepted", "accepted"),
        ("rejected", "rejected"),
        ("hands-off", "hands_off"),
        ("done", "done"),
        ("not_planned", "rejected"),
    ],
)
def test_a_deed_of_a_person_is_one_review(town, deed, verdict):
    if deed == "not_planned" and deed not in town.reasons:
        pytest.skip("this tracker keeps no reasons for closing")
    act(town, deed)
    for _ in range(3):
        assert town.run()[0].errors == []
        town.wait(1)
    assert verdicts(town) == [verdict, "untouched"]
    assert told(town) == [(verdict, "tracker")]


def test_what_the_bot_writes_is_no_review(town):
    town.say(POOLING)
    town.run()
    town.run()
    assert told(town) == []


def test_a_deletion_is_a_no_once_it_is_noticed(town):
    act(town, "deletes")
    for _ in range(2):
        town.say(POOLING)
        assert town.run()[0].errors == []
        town.wait(24)
    assert verdicts(town) == ["rejected", "untouched"]
    assert len(town.tickets()) == 1


def test_a_duplicate_sends_later_mentions_to_its_original(town):
    by_age = sorted(town.tickets().values(), key=lambda ticket: ticket.created_at)
    if town.tracker == "github":
        town.fake.issues[int(by_age[1].id)].duplicate_of = int(by_age[0].id)
    if town.tracker == "local":
        town.person.field(by_age[1].id, "duplicate_of", "1")
    town.person.close(by_age[1].id, "duplicate")
    town.run()
    town.wait(24)
    town.say(KEYS)
    (action,) = town.plan()
    assert (action.kind, action.ticket) == ("sighting", by_age[0].id)


def move(town, ticket):
    """Into another project, as people do on each tracker."""
    if town.tracker == "github":
        town.fake.transferred[int(ticket.id)] = True
        del town.fake.issues[int(ticket.id)]
    elif town.tracker == "gitlab":
        issue = town.person.issue(ticket.id)
        town.fake.close(issue)
        town.fake.edit(issue, moved_to=777)
    elif town.tracker == "local":
        path = town.person.path(ticket.id)
        (path.parent / "old").mkdir()
        path.rename(path.parent / "old" / path.name)
    else:
        town.person.move(ticket.id)


def test_a_moved_ticket_is_not_filed_anew(town):
    move(town, first(town))
    for _ in range(2):
        town.say(POOLING)
        assert town.run()[0].errors == []
        town.wait(200)
    with town.state() as db:
        assert len(tickets.ours(db)) == 2
        # A file that is elsewhere is gone: nobody can tell a move from a deletion.
        assert judged(db) == [] or town.tracker == "local"
