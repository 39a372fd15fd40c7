"""What a run files points to what is like it: both ways between two tickets of one run."""

import pytest

THRESHOLDS = "filing: {thresholds: {bug: {file: 0.5}, todo: {file: 0.5}, feature: {file: 0.5}}}\n"
BUG = "There is a bug: the CSV export drops the last row of the report"
FIX = "TODO: fix the CSV export that drops the last row of the report"


@pytest.fixture
def bot(project):
    project.config(THRESHOLDS)
    return project


def text_of(bot, key):
    return next((bot.folder / "tickets").glob(f"{key.lstrip('#').zfill(4)}-*.md")).read_text(encoding="utf-8")


@pytest.mark.parametrize("logs", [1, 2], ids=["one talk", "two talks"])
def test_a_bug_and_its_task_point_to_each_other(bot, logs):
    for name, said in (("a.md", [BUG, FIX]),) if logs == 1 else (("a.md", [BUG]), ("b.md", [FIX])):
        bot.log(name, *said)
    assert bot.run().as_json()["actions"]["link"] == 1
    one, two = bot.tickets()
    assert not {"possible-duplicate"} & (one.labels | two.labels)
    assert "**Related**\n\n- `#2`" in text_of(bot, "#1")
    assert "### Related\n\n- `#1`" in two.body
    assert bot.plan().actions == ()


def test_near_misses_of_one_run_are_possibly_the_same(bot):
    bot.log("a.md", "TODO: add paging to the audit log")
    bot.log("b.md", "TODO: add paging to the payment log")
    bot.run()
    one, two = bot.tickets()
    assert ("possible-duplicate" in one.labels, "possible-duplicate" in two.labels) == (False, True)
    assert "### Possibly the same as\n\n- `#1`" in two.body
    assert "- `#2`" in text_of(bot, "#1")


def test_two_tasks_that_one_talk_tells_apart_do_not_point_to_each_other(bot):
    bot.log("a.md", "TODO: add paging to the audit log", "TODO: add paging to the payment log")
    assert [action.similar for action in bot.plan().actions] == [(), ()]


def test_a_bug_whose_task_is_a_ticket_is_filed_and_points_to_it(bot):
    bot.log("a.md", FIX)
    bot.run()
    bot.log("b.md", BUG)
    (action,) = bot.plan().actions
    bot.run()
    assert (action.kind, "related to #1" in action.reason) == ("create", True), action
    assert "### Related\n\n- `#1`" in bot.tickets()[1].body


def test_the_task_does_not_hide_that_the_bug_is_a_ticket(bot):
    bot.log("a.md", BUG, FIX)
    bot.run()
    bot.log("b.md", "There is a bug: the last row is missing when I export the report as CSV")
    (action,) = bot.plan().actions
    assert (action.kind, action.finding_kind) == ("sighting", "bug"), action


def test_a_link_back_stays_when_the_ticket_is_mentioned_again(bot):
    bot.log("a.md", BUG, FIX)
    bot.run()
    bot.log("b.md", FIX.replace("TODO: ", "TODO: please "))
    bot.run()
    assert "Seen again" in (text := text_of(bot, "#1") + text_of(bot, "#2"))
    assert "**Related**" in text


def test_a_ticket_that_a_person_closed_meanwhile_gets_no_link(bot):
    bot.log("a.md", FIX)
    bot.run()
    bot.edit("#1", "state: open", "state: wontfix")
    bot.log("b.md", BUG)
    bot.run()
    assert "**Related**" not in text_of(bot, "#1")
