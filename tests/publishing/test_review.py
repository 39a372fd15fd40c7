"""What people do to tickets is read back before anything is filed, and holds."""

from collections import Counter

import pytest

from bot.publishing import reviewing
from bot.store.verdicts import judged

POOLING = "TODO: configure connection pooling for the importer"
AGAIN = "TODO: Configure connection pooling for the importer!"


@pytest.fixture
def filed(project):
    project.log("monday.md", POOLING)
    project.run()
    project.wait(days=1)
    return project


def next_actions(project):
    project.log("later.md", AGAIN)
    return Counter(action.kind for action in project.plan().actions), project.run()


def test_a_mention_of_an_open_ticket_becomes_one_comment_edited_in_place(filed):
    body = filed.tickets()[0].body
    kinds, _ = next_actions(filed)
    filed.log("even-later.md", AGAIN)
    filed.run()
    (ticket,) = filed.tickets()
    text = next((filed.folder / "tickets").glob("0001-*")).read_text()
    assert kinds == {"sighting": 1}
    assert text.count("Seen again") == 1
    assert "Mentioned 3 times in 3 conversations" in text
    assert ticket.body == body


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("state: open", "state: wontfix"),
        ("state: open", "state: closed\nclosed_as: not planned"),
        ("- needs-review", "- rejected"),
    ],
)
def test_a_no_is_never_filed_again(filed, old, new):
    filed.edit("#1", old, new)
    kinds, _ = next_actions(filed)
    filed.log("other.md", AGAIN)
    assert kinds == {"none": 1}
    (action,) = filed.plan().actions
    assert action.reason.startswith("rejected as #1 on 3 Mar 2026")
    assert len(filed.tickets()) == 1


def test_a_deleted_ticket_is_a_no(filed):
    next((filed.folder / "tickets").glob("0001-*")).unlink()
    _, summary = next_actions(filed)
    filed.log("other.md", AGAIN)
    (action,) = filed.plan().actions
    assert not summary.errors
    assert (action.kind, action.reason) == ("none", "rejected: #1 was deleted on 3 Mar 2026")
    assert filed.tickets() == []


def test_hands_off_means_hands_off(filed):
    filed.edit("#1", "- needs-review", "- hands-off")
    before = filed.tickets()
    kinds, _ = next_actions(filed)
    assert kinds == {"none": 1}
    assert filed.tickets() == before


@pytest.mark.parametrize(
    ("rule", "state", "count"),
    [("reopen", "open", 1), ("comment", "closed", 1), ("new", "closed", 2), ("ignore", "closed", 1)],
)
def test_a_recurrence_follows_the_configured_rule(filed, rule, state, count):
    filed.config(f"filing: {{recurrence: {rule}}}\n")
    filed.edit("#1", "state: open", "state: done")
    filed.run()
    filed.wait(days=1)
    _, summary = next_actions(filed)
    tickets = filed.tickets()
    assert not summary.errors
    assert (tickets[0].state, len(tickets)) == (state, count)
    filed.run()
    assert filed.tickets() == tickets


def test_a_mention_older_than_the_closing_is_only_a_sighting(filed):
    late = filed.log("old.md", AGAIN)
    filed.wait(days=1)
    filed.edit("#1", "state: open", "state: done")
    assert late.exists()
    kinds = Counter(action.kind for action in filed.plan().actions)
    filed.run()
    assert kinds == {"sighting": 1}
    assert filed.tickets()[0].state == "closed"


def test_later_mentions_of_a_duplicate_go_to_the_original(filed):
    filed.log("other.md", "TODO: rotate the signing keys of the gateway")
    filed.run()
    filed.edit("#1", "state: open", "state: duplicate of 2")
    filed.wait(days=1)
    filed.log("later.md", AGAIN)
    (action,) = filed.plan().actions
    assert (action.kind, action.ticket_key) == ("sighting", "#2")


def test_people_s_title_body_and_labels_stay(filed):
    filed.edit("#1", "onfigure connection pooling", "ONFIGURE POOLS")
    filed.edit("#1", "- needs-review", "- mine")
    before = filed.tickets()[0]
    next_actions(filed)
    after = filed.tickets()[0]
    assert (after.title, after.body, after.labels) == (before.title, before.body, before.labels)


def test_verdicts_are_counted(filed):
    from bot.store import tickets

    filed.edit("#1", "  - needs-review\n", "")
    filed.run()
    with filed.desk() as desk, desk.engine.begin() as db:
        assert tickets.count_by_verdict(db) == {"accepted": 1}


@pytest.mark.parametrize(("before", "asked"), [("state: open", 1), ("  - needs-review\n", 0)])
def test_what_was_reviewed_is_not_asked_about_again_when_it_is_reopened(filed, before, asked):
    filed.edit("#1", before, before.replace("  - needs-review\n", ""))
    filed.run()
    filed.edit("#1", "state: open", "state: done")
    filed.run()
    filed.wait(days=1)
    next_actions(filed)
    filed.run()
    assert filed.tickets()[0].state == "open"
    with filed.desk() as desk, desk.engine.begin() as db:
        assert len(reviewing.waiting(db, desk.settings)) == asked
        assert [one.accepted for one in judged(db)] == [True]


@pytest.mark.parametrize("comments", [True, False])
def test_a_duplicate_of_a_person_s_ticket_is_told_there_only_where_the_config_says_so(filed, comments):
    filed.config(f"filing: {{comment_on_human_tickets: {str(comments).lower()}}}\n")
    theirs = filed.folder / "tickets" / "0007-theirs.md"
    theirs.write_text("---\ntitle: Databases\n---\nAll of them.\n")
    filed.edit("#1", "state: open", "state: duplicate of 7")
    filed.log("later.md", AGAIN)
    (action,) = filed.plan().actions
    filed.run()
    assert action.reason.endswith("#1 was closed as a duplicate of #7, which a person filed")
    assert ("Mentioned 2 times" in theirs.read_text()) == comments
    assert (action.kind, action.ticket_key) == ("sighting" if comments else "none", "#7")
