"""A later talk says that what was filed is done: told once, and closed only where that is allowed."""

import os

import pytest

from bot import pipeline

POOLING = "TODO: configure connection pooling for the importer"
DONE = "I have configured connection pooling for the importer now, it works."


@pytest.fixture
def filed(project):
    project.log("monday.md", POOLING)
    project.run()
    project.wait(days=1)
    return project


def text_of(project):
    return next((project.folder / "tickets").glob("0001-*")).read_text(encoding="utf-8")


def say_done(project, name="tuesday.md"):
    """Either the talk itself goes on, or another one raises and settles it."""
    if (project.folder / "logs" / name).exists():
        project.more(name, DONE)
    else:
        project.log(name, POOLING, DONE)
    return project.run().outcome.done


def kinds(project):
    return [action.kind for action in project.plan().actions]


def reviews(project):
    from bot.store.tables import reviews as table

    with project.desk() as desk, desk.engine.begin() as db:
        return [row.verdict for row in db.execute(table.select())]


@pytest.mark.parametrize("name", ["monday.md", "tuesday.md"], ids=["same talk", "other talk"])
def test_a_later_word_labels_the_ticket_and_is_told_once(filed, name):
    assert say_done(filed, name) == {"resolved": 1}
    (ticket,) = filed.tickets()
    assert (ticket.state, "maybe-resolved" in ticket.labels) == ("open", True)
    assert f"Maybe resolved.** `notes/{name}` says on 2026-03-03" in text_of(filed)
    assert kinds(filed) == []
    assert reviews(filed) == []


def test_ignore_says_nothing(filed):
    filed.config("filing: {resolved: ignore}\n")
    assert say_done(filed, "monday.md") == {"none": 1}
    assert "maybe-resolved" not in text_of(filed)


def test_close_closes_as_done_and_is_nobody_s_verdict(filed):
    filed.config("filing: {resolved: close}\n")
    say_done(filed)
    filed.run()
    (ticket,) = filed.tickets()
    assert (ticket.state, ticket.closed_as) == ("closed", "done")
    assert reviews(filed) == []


def test_what_the_bot_closed_is_opened_by_a_newer_mention(filed):
    filed.config("filing: {resolved: close}\n")
    say_done(filed)
    filed.wait(days=1)
    filed.log("thursday.md", POOLING)
    filed.run()
    assert filed.tickets()[0].state == "open"
    assert kinds(filed) == []


def test_a_newer_mention_takes_the_label_off(filed):
    say_done(filed)
    filed.wait(days=1)
    filed.log("thursday.md", POOLING)
    filed.run()
    assert "maybe-resolved" not in filed.tickets()[0].labels
    assert "Maybe resolved" not in text_of(filed)


def test_an_old_talk_read_late_resolves_nothing(filed):
    late = filed.log("old.md", POOLING, DONE)
    old = filed.now().timestamp() - 10 * 86400
    os.utime(late, (old, old))
    filed.run()
    assert "maybe-resolved" not in filed.tickets()[0].labels


def test_a_label_that_a_person_took_off_stays_off(filed):
    say_done(filed)
    filed.edit("#1", "  - maybe-resolved\n", "")
    filed.run()
    filed.wait(days=1)
    filed.log("thursday.md", POOLING, DONE)
    filed.run()
    assert "maybe-resolved" not in filed.tickets()[0].labels
    assert "notes/thursday.md" in text_of(filed)


@pytest.mark.parametrize("label", ["hands-off", "rejected"])
def test_a_ticket_that_is_not_ours_to_touch_is_left(filed, label):
    filed.edit("#1", "- needs-review", f"- {label}")
    before = text_of(filed)
    for name in ("monday.md", "tuesday.md"):
        say_done(filed, name)
    assert text_of(filed) == before


def test_a_resolution_cut_off_is_told_once(filed):
    filed.log("tuesday.md", POOLING, DONE)
    agreed = filed.plan()
    with filed.desk() as desk:
        pipeline.apply(desk, agreed)
    assert [action.kind for action in agreed.actions] == ["resolved"]
    assert kinds(filed) == []
