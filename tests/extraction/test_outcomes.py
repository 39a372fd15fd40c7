"""What people say about a loose end after they named it, and which one they mean."""

import pytest

from bot.extraction import extract
from tests.extraction.talks import found, talk, told

FAULT = ("human", "The invoice preview crashes on empty orders.")
ADVICE = ("assistant", "Return early when the invoice has no rows.")

DONE = [
    "Done.",
    "Ok, added it. The preview loads now.",
    "Applied your version, all green.",
    "I've put that in.",
    "Just deployed it, no more crashes.",
    "The crash is gone, thanks!",
    "Yes, not a single crash since.",
    "Marta fixed that yesterday.",
    "The invoice preview works as it should.",
    "False alarm, my own mistake.",
]
NOT_DONE = [
    "Ok, I'll add that tomorrow.",
    "Once that is fixed we can ship.",
    "Nobody fixed that.",
    "Added it, but it still crashes.",
    "The export page works fine.",
    "That has to be sorted this week.",
    "I moved that to the backlog.",
    "Done: login, search. Not done: billing.",
]
PUT_OFF = [
    "Not this sprint.",
    "That's more of a Q3 thing.",
    "I'll leave it for now.",
    "It can wait until next month.",
    "Maybe some day.",
    "I can live with that for this release.",
    "So after launch.",
]
NOT_PUT_OFF = ["It can't go on like this.", "Leave it open.", "I'll do it next.", "The 2019 report said so too."]
DROPPED = ["Let's not do that.", "Skip that.", "That's overkill.", "Scratch that.", "We decided against it."]


def statuses(*said):
    return [f.status for f in extract(talk(*said)) if "preview" in f.title.lower() or "dark" in f.title.lower()]


@pytest.mark.parametrize("reply", DONE)
def test_a_report_of_the_cure_resolves(reply):
    assert statuses(FAULT, ADVICE, ("human", reply)) == ["resolved"]


@pytest.mark.parametrize("reply", NOT_DONE)
def test_what_is_no_report_of_the_cure_leaves_it_open(reply):
    assert "resolved" not in statuses(FAULT, ADVICE, ("human", reply))


WISH = ("human", "We should add a dark theme to the report viewer.")
OFFER = ("assistant", "Want a sketch of the theme?")


@pytest.mark.parametrize("reply", PUT_OFF)
def test_a_wish_that_is_put_off_is_deferred(reply):
    assert statuses(WISH, OFFER, ("human", reply)) == ["deferred"]


@pytest.mark.parametrize("reply", NOT_PUT_OFF)
def test_other_words_defer_nothing(reply):
    assert statuses(WISH, OFFER, ("human", reply)) == ["open"]


@pytest.mark.parametrize("reply", DROPPED)
def test_a_wish_that_is_rejected_is_nothing(reply):
    assert statuses(WISH, OFFER, ("human", reply)) == ["resolved"]


def test_a_remark_means_what_it_names():
    both = "The upload button does nothing in Firefox.\n\nThe weekly mail shows the wrong total."
    reply = ("human", "The upload button works again.")
    assert [f.status for f in extract(talk(("human", both), ADVICE, reply))] == ["resolved", "open"]


def test_a_remark_about_something_else_changes_nothing():
    reply = ("human", "Our landing page had a typo too. Fixed that one, it's gone.")
    assert statuses(FAULT, ADVICE, reply) == ["open"]


def test_those_means_all_that_was_listed():
    listed = "Bugs:\n- Export button does nothing\n- Chart legend is cut off"
    reply = ("human", "I won't get round to any of those this month.")
    assert [f.status for f in extract(talk(("human", listed), OFFER, reply))] == ["deferred", "deferred"]


PUT_OFF_AT_ONCE = [
    ("We'll leave tidying the settings menu for a later release.", ("todo", "Tidy the settings menu")),
    ("The retry logic we can leave for later.", ("todo", "The retry logic")),
    ("We need a bulk import, which is a future enhancement.", ("feature", "Add a bulk import")),
]


@pytest.mark.parametrize(("text", "expected"), PUT_OFF_AT_ONCE)
def test_work_named_and_put_off_in_one_breath_is_deferred(text, expected):
    (finding,) = found(("human", text))
    assert (told(finding), finding.status) == (expected, "deferred")


@pytest.mark.parametrize(
    "text", ["Leave it for later.", "I left the office for a later train.", "If we leave tests for later we lose."]
)
def test_nothing_is_named_and_put_off(text):
    assert found(("human", text)) == ()


WORK = [("tool", "read plan.md"), ("assistant", "I've updated the plan.")]


def test_what_is_only_planned_stays_open():
    said = [("human", "Help me plan the archive. We need to add a search box."), *WORK, ("human", "Looks good.")]
    assert [f.status for f in extract(talk(*said))] == ["open"]


def test_a_plan_that_is_carried_out_is_done():
    said = [("human", "Help me plan the archive. We need to add a search box."), *WORK, ("human", "Go ahead.")]
    assert [f.status for f in extract(talk(*said, *WORK, ("human", "Thanks.")))] == ["resolved"]


def test_a_request_that_was_only_announced_is_held():
    begun = [("tool", "grep header"), ("assistant", "Now I know the template. Let me write the plan.")]
    (finding,) = found(("human", "In the header, find a way to show the branch name"), *begun)
    assert told(finding) == ("feature", "Show the branch name")
