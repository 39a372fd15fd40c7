"""What was put off to a named time waits until then, and is proposed again once."""

import pytest

MENU = "Let's leave tidying the menu until next month."


def held(project):
    from bot.publishing.held import held as all_held

    with project.desk() as desk, desk.engine.begin() as db:
        return [(known.cause, known.reason) for known in all_held(db)]


def test_it_is_held_with_the_day_and_the_words(project):
    project.log("monday.md", MENU)
    assert project.run().outcome.done == {"held": 1}
    assert held(project) == [("deferred", 'put off until 1 Apr 2026: "next month"')]
    assert project.plan().actions == ()


def test_it_is_filed_once_when_it_is_due(project):
    project.log("monday.md", MENU)
    project.run()
    project.wait(days=30)
    (action,) = project.plan().actions
    project.run()
    assert (action.kind, "was put off until 1 Apr 2026" in action.reason) == ("create", True)
    assert project.plan().actions == ()
    assert len(project.tickets()) == 1


def test_due_and_unsure_it_is_held_by_the_rules(project):
    project.config("filing: {thresholds: {todo: {file: 0.95, hold: 0.2}}}\n")
    project.log("monday.md", MENU)
    project.run()
    project.wait(days=30)
    project.run()
    assert [cause for cause, _ in held(project)] == ["threshold"]


def test_put_off_again_it_waits_again(project):
    project.log("monday.md", MENU)
    project.run()
    project.wait(days=25)
    project.log("april.md", MENU.replace("next month", "next year"))
    project.run()
    assert held(project) == [("deferred", 'put off until 1 Jan 2027: "next year"')]


@pytest.mark.parametrize("days", [0, 400])
def test_refused_by_a_person_it_never_comes_back(project, days):
    from bot.publishing import held as by_hand

    project.log("monday.md", MENU)
    project.run()
    with project.desk() as desk, desk.engine.begin() as db:
        by_hand.refuse(db, by_hand.held(db)[0], desk.now())
    project.wait(days=days)
    assert project.plan().actions == ()


def test_without_a_time_the_rules_decide(project):
    project.log("monday.md", "Let's leave tidying the menu for later.")
    assert "deferred" not in [cause for cause, _ in held(project)]
