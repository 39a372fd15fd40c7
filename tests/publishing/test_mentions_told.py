"""Mentions of known loose ends: when they are told, what they do to the priority, and what a person keeps."""

import pytest

from bot.store import tickets

POOLING = "TODO: configure connection pooling for the importer"
DONE = "I have configured connection pooling for the importer now, it works."
TITLE = "Configure connection pooling for the importer"


@pytest.fixture
def filed(project):
    project.log("monday.md", POOLING)
    project.run()
    project.wait(days=1)
    return project


def text_of(project, number=1):
    return next((project.folder / "tickets").glob(f"{number:04}-*")).read_text(encoding="utf-8")


def mention(project, name, times=1):
    project.log(name, *[f"{POOLING}{'!' * n}" for n in range(times)])
    return project.run().outcome.done


def labels(project):
    return {label for ticket in project.tickets() for label in ticket.labels}


def reviews(project):
    from bot.store.tables import reviews as table

    with project.desk() as desk, desk.engine.begin() as db:
        return [row.verdict for row in db.execute(table.select())]


@pytest.mark.parametrize(("threshold", "told"), [(1, True), (2, True), (3, False)])
def test_a_comment_waits_for_enough_mentions(filed, threshold, told):
    filed.config(f"filing: {{sightings: {{threshold: {threshold}}}}}\n")
    mention(filed, "tuesday.md")
    mention(filed, "wednesday.md")
    assert ("Seen again" in text_of(filed)) is told


def test_a_waiting_mention_is_in_the_plan_with_what_it_waits_for(filed):
    filed.config("filing: {sightings: {threshold: 3}}\n")
    filed.log("tuesday.md", POOLING)
    (action,) = filed.plan().actions
    assert filed.run().outcome.done.total() == 0
    assert (action.kind, action.cause) == ("none", "later")
    assert action.reason == "#1 was mentioned 1 more time; told from 3 new mentions on"


@pytest.mark.parametrize(("hours", "count"), [(11, 2), (12, 3)])
def test_a_comment_changes_once_in_a_quiet_period(filed, hours, count):
    filed.config("filing: {sightings: {quiet: 12h}}\n")
    mention(filed, "tuesday.md")
    filed.wait(hours=hours)
    mention(filed, "wednesday.md")
    assert f"Mentioned {count} times" in text_of(filed)


def test_the_comment_names_every_log(filed):
    for day in range(5):
        mention(filed, f"day-{day}.md")
        filed.wait(days=1)
    text = text_of(filed)
    assert "first on 2026-03-02, last on 2026-03-07" in text
    assert [text.count(f"notes/day-{day}.md") for day in range(5)] == [1] * 5


@pytest.mark.parametrize(("mentions", "priority"), [(1, "medium"), (2, "high"), (9, "high")])
def test_mentions_that_pile_up_raise_the_priority(filed, mentions, priority):
    filed.config("filing: {sightings: {raise_after: 2}}\n")
    for number in range(mentions):
        mention(filed, f"more-{number}.md")
    filed.run()
    assert {label for label in labels(filed) if label.startswith("priority")} == {f"priority: {priority}"}
    assert reviews(filed) == []


def test_zero_raises_nothing(filed):
    filed.config("filing: {sightings: {raise_after: 0}}\n")
    for number in range(6):
        mention(filed, f"more-{number}.md")
    assert "priority: medium" in labels(filed)


@pytest.mark.parametrize("back", [False, True], ids=["changed", "changed and changed back"])
def test_a_priority_that_a_person_changed_is_theirs_for_ever(filed, back):
    filed.config("filing: {sightings: {raise_after: 2}}\n")
    filed.edit("#1", "- 'priority: medium'", "- 'priority: low'")
    filed.run()
    if back:
        filed.edit("#1", "- 'priority: low'", "- 'priority: medium'")
    before = labels(filed)
    for number in range(3):
        mention(filed, f"more-{number}.md")
    assert labels(filed) == before


def test_a_person_s_other_edits_do_not_keep_the_priority_down(filed):
    filed.config("filing: {sightings: {raise_after: 2}}\n")
    filed.edit("#1", "- needs-review", "- needs-review\n  - mine")
    for number in range(2):
        mention(filed, f"more-{number}.md")
    assert {"priority: high", "mine"} <= labels(filed)
    with filed.desk() as desk, desk.engine.begin() as db:
        assert tickets.count_by_verdict(db) == {"untouched": 1}


@pytest.mark.parametrize(("days", "state"), [(5, "closed"), (6, "open")])
def test_a_ticket_is_opened_again_once_in_a_quiet_period(filed, days, state):
    for name in ("tuesday.md", "wednesday.md"):
        filed.edit("#1", "state: open", "state: done")
        filed.run()
        filed.wait(days=1)
        mention(filed, name)
    assert filed.tickets()[0].state == "closed"
    filed.wait(days=days)
    filed.run()
    assert filed.tickets()[0].state == state


def test_a_person_s_ticket_is_told_only_where_the_config_says_so(project):
    (project.folder / "tickets").mkdir()
    (project.folder / "tickets" / "0007-pooling.md").write_text(f"---\ntitle: {TITLE}\n---\nWhen?\n")
    mention(project, "monday.md")
    before = text_of(project, 7)
    project.config("filing: {comment_on_human_tickets: true}\n")
    for name in ("tuesday.md", "wednesday.md"):
        project.wait(days=1)
        mention(project, name)
    assert before == f"---\ntitle: {TITLE}\n---\nWhen?\n"
    assert "Mentioned 3 times in 3 conversations" in text_of(project, 7)
    assert len(project.tickets()) == 1


@pytest.mark.parametrize("edit", ["labels: [hands-off]", "state: wontfix"])
def test_a_person_s_ticket_that_is_not_for_us_is_never_told(project, edit):
    project.config("filing: {comment_on_human_tickets: true}\n")
    (project.folder / "tickets").mkdir()
    file = project.folder / "tickets" / "0007-pooling.md"
    file.write_text(f"---\ntitle: {TITLE}\n{edit}\n---\nWhen?\n")
    before = file.read_text()
    mention(project, "monday.md")
    assert (file.read_text(), len(project.tickets())) == (before, 1)
