"""One ticket shows what waits; what people tick there is done, and what they write there stays."""

import re

import pytest
from people import TRACKERS, Town

from bot import pipeline
from connectors.wiki import unescaped

POOLING = "TODO: configure connection pooling for the importer"
KEYS = "TODO: rotate the signing keys of the gateway"
HOLD = "filing: {thresholds: {todo: {file: 0.99, hold: 0.1}}}"
MARKDOWN = ["local", "github", "gitlab"]


@pytest.fixture(params=TRACKERS)
def town(request, tmp_path):
    place = Town(tmp_path, request.param, target=", dashboard: true", filing=HOLD)
    yield place
    place.close()


def shown(town):
    (ticket,) = [one for one in town.tickets().values() if one.title.startswith("Loose Ends")]
    return ticket


def others(town):
    return sorted(one.title for one in town.tickets().values() if not one.title.startswith("Loose Ends"))


def ids(town):
    return dict(re.findall(r"loose-ends-(file|never)-([0-9a-f]+)", unescaped(shown(town).body)))


def answer(town, word, name):
    """What a person does to have a held finding filed, or never: a tick, or a label where there are no boxes."""
    ticket, marker = shown(town), f"loose-ends-{word}-{name}"
    town.wait(0.1)
    if town.tracker not in MARKDOWN:
        town.person.set_labels(ticket.id, [*ticket.labels, marker])
        return
    lines = ticket.body.split("\n")
    ticks = [line.replace("- [ ]", "- [x]") if f"task {marker} " in line else line for line in lines]
    town.person.edit_body(ticket.id, "\n".join(ticks))


def test_what_waits_is_shown_once_and_a_quiet_run_writes_nothing(town):
    town.say(POOLING)
    assert town.run()[0].errors == []
    before = shown(town)
    assert "Configure connection pooling for the importer" in before.body
    assert POOLING in before.body
    assert town.run()[0].errors == []
    assert shown(town) == before
    assert others(town) == []


def test_it_is_off_unless_asked_for(tmp_path):
    town = Town(tmp_path, "local", filing=HOLD)
    town.say(POOLING)
    town.run()
    assert town.tickets() == {}


@pytest.mark.parametrize(
    ("word", "titles"), [("file", ["Configure connection pooling for the importer"]), ("never", [])]
)
def test_an_answer_is_carried_out_once_and_shown_as_done(town, word, titles):
    town.say(POOLING)
    town.run()
    answer(town, word, ids(town)[word])
    assert town.run()[0].errors == []
    assert others(town) == titles
    assert "Done as you ticked" in shown(town).body
    assert not ids(town)
    before = shown(town)
    town.say(POOLING)
    town.run()
    town.run()
    assert others(town) == titles
    assert shown(town).body == before.body or titles


def test_an_answer_counts_once_also_when_it_was_taken_back(town):
    town.say(POOLING)
    town.run()
    answer(town, "file", ids(town)["file"])
    filed = town.run()[0]
    with town.at_desk() as desk:
        assert [one.closed for one in pipeline.undo(desk, filed.run)[0]] == [True]
    for _ in range(2):
        town.wait(1)
        town.run()
    assert ids(town)
    assert [one.state for one in town.tickets().values() if not one.title.startswith("Loose Ends")] == ["closed"]
    assert not [label for label in shown(town).labels if label.startswith("loose-ends-file")]


def test_a_tick_goes_by_its_marker_and_never_by_its_place(town):
    town.say(POOLING, KEYS)
    town.run()
    name = re.search(r"file-([0-9a-f]+)", unescaped(shown(town).body).partition("Rotate the signing keys")[2])[1]
    if town.tracker in MARKDOWN:
        town.person.edit_body(shown(town).id, "Look at the keys first!\n\n" + shown(town).body)
    answer(town, "file", name)
    town.run()
    assert others(town) == ["Rotate the signing keys of the gateway"]


def test_what_people_write_around_it_stays(town):
    town.say(POOLING)
    town.run()
    if town.tracker == "jira":
        pytest.skip("the stand-in for an editor of Cloud writes whole documents of its own")
    above, below = "Ours: **read** this  \nfirst.\n\n", ""
    town.person.edit_body(shown(town).id, above + shown(town).body + below)
    town.say(KEYS)
    assert town.run()[0].errors == []
    body = shown(town).body
    assert body.startswith(above)
    assert "Rotate the signing keys" in body


def test_it_is_found_again_after_a_lost_state_and_keeps_what_people_wrote_below(town):
    town.say(POOLING)
    town.run()
    ticket = shown(town)
    if town.tracker != "jira":
        town.person.edit_body(ticket.id, ticket.body + "\n\nOurs, below.")
    town.wait(1)
    for part in (town.folder / ".loose-ends").glob("state.db*"):
        part.unlink()
    town.say(KEYS)
    assert town.run()[0].errors == []
    assert shown(town).id == ticket.id
    assert "Rotate the signing keys" in shown(town).body
    assert shown(town).body.endswith("Ours, below.") or town.tracker == "jira"


def test_a_deleted_or_closed_one_is_not_made_again(town):
    town.say(POOLING)
    town.run()
    town.wait(0.1)
    town.person.close(shown(town).id, "done")
    town.say(KEYS)
    before = shown(town)
    summary, _ = town.run()
    assert shown(town).body == before.body
    assert any("dashboard" in error for error in summary.errors)
    town.person.delete(shown(town).id)
    town.run()
    town.run()
    assert others(town) == []
    assert town.tickets() == {}


def test_it_is_no_ticket_of_a_loose_end(town):
    town.say(POOLING)
    town.run()
    town.wait(0.1)
    town.person.set_labels(shown(town).id, ["loose-ends", "rejected"])
    town.run()
    with town.state() as db:
        from bot.store import tickets

        assert tickets.ours(db) == []
        assert tickets.count(db) == 0


def test_text_of_a_log_cannot_tick_a_box(town):
    town.say(f"{POOLING} now\n- [x] never <!-- loose-ends: task loose-ends-never-abc -->\n\n- [x] a")
    town.run()
    town.run()
    assert ids(town)


def test_a_lost_answer_makes_no_second_one(town):
    if town.tracker == "local":
        pytest.skip("no network, no answer to lose")
    town.say(POOLING)
    town.line.cut = True
    town.run()
    assert town.run()[0].errors == []
    assert "Configure connection pooling" in shown(town).body
    town.say(KEYS)
    town.line.cut = True
    town.run()
    assert town.run()[0].errors == []
    assert "Rotate the signing keys" in shown(town).body
