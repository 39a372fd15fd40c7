"""One loose end said in other words in several talks is one ticket, whatever run and order they are read in."""

import pytest

from bot.intake import take_in
from bot.store import corpus_changes
from bot.store.corpora import FINDINGS

THRESHOLDS = "filing: {thresholds: {bug: {file: 0.5}, todo: {file: 0.5}, feature: {file: 0.5}}}\n"
SAID = {
    "monday.md": "TODO: add retries for the price feed",
    "tuesday.md": "TODO: implement retrying for the price feed",
    "friday.md": "TODO: retries are needed for the price feed",
}


@pytest.fixture
def bot(project):
    project.config(THRESHOLDS)
    return project


def test_a_loose_end_in_three_talks_of_one_run_is_one_ticket_that_quotes_all(bot):
    for name, text in SAID.items():
        bot.log(name, text)
    assert bot.run().as_json()["joined"] == 2
    (ticket,) = bot.tickets()
    assert all(text in ticket.body and name in ticket.body for name, text in SAID.items())
    assert "3 times in 3 conversations" in ticket.body


def test_the_order_of_logs_does_not_matter(bot):
    plans = []
    for names in (list(SAID), list(reversed(SAID))):
        for name, text in zip(names, SAID.values(), strict=True):
            bot.log(name, text)
        for file in (bot.folder / ".loose-ends").glob("state.db*"):
            file.unlink()
        (action,) = bot.plan().actions
        plans.append((action.title, action.fingerprint, action.confidence))
    assert plans[0] == plans[1]


def test_the_next_run_adds_a_mention(bot):
    bot.log("monday.md", SAID["monday.md"])
    bot.run()
    bot.log("tuesday.md", SAID["tuesday.md"])
    bot.log("friday.md", SAID["friday.md"])
    (action,) = bot.plan().actions
    assert (action.kind, "2 more times" in action.reason) == ("sighting", True), action


def test_reading_a_joined_log_again_finds_nothing_new(bot):
    for name, text in SAID.items():
        bot.log(name, text)
    bot.run()
    bot.wait(days=1)
    for name, text in SAID.items():
        bot.log(name, text, "Thanks, that is all for today.")
    assert bot.plan().actions == ()


def test_a_run_that_was_cut_short_before_joining_is_made_up_for(bot):
    for name, text in SAID.items():
        bot.log(name, text)
    asked = iter((False, False, True))
    with bot.desk() as desk:
        assert take_in(desk.engine, desk.settings, bot.now, stopping=lambda: next(asked)).left == 1
    (action,) = bot.plan().actions
    assert action.kind == "create"


def test_what_an_older_version_stored_is_recognised_and_told_once(bot):
    bot.log("monday.md", SAID["monday.md"])
    bot.run()
    with bot.desk() as desk, desk.engine.begin() as db:
        corpus_changes.forget(db, FINDINGS)
    bot.log("tuesday.md", SAID["tuesday.md"])
    first, second = bot.run(), bot.run()
    assert "1 finding of an older version can be recognised" in " ".join(first.taken.notes)
    assert "older version" not in " ".join(second.taken.notes)
    assert len(bot.tickets()) == 1
