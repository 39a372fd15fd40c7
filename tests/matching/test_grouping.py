"""Which of many new findings are one: the same answer in whatever order they come."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.defaults import MENTIONS
from bot.matching.entry import make_entry
from bot.matching.grouping import Said, groups
from bot.matching.model import learned


def said(name, title, *talks, kind="todo"):
    return Said(entry=make_entry(name, title, f"TODO: {title}", kind=kind), talks=frozenset(talks or (name,)))


def grouped(*all_said):
    return groups(all_said, learned("mention"), MENTIONS)


FEED = ("Add retries for the price feed", "Implement retrying for the price feed", "Do retries for the price feed")
MANY = [
    *(said(f"feed{n}", title) for n, title in enumerate(FEED)),
    said("hang1", "Login hangs after a wrong password", kind="bug"),
    said("hang2", "A wrong password makes the login page hang", kind="bug"),
    said("hang3", "Keep the login page from hanging after a wrong password"),
    said("page1", "Add paging to the audit log", "p"),
    said("page2", "Add paging to the payment log", "q"),
    said("wall", "Paint the wall of the shed green"),
]


@settings(max_examples=6)
@given(st.permutations(MANY))
def test_the_order_of_findings_does_not_matter(shuffled):
    assert grouped(*shuffled) == [["hang1", "hang2"], ["feed0", "feed1", "feed2"]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (said("a", FEED[0], "talk"), said("b", FEED[1], "talk")),
        (said("a", FEED[0]), said("b", FEED[1], kind="feature")),
        (said("a", "Rotate the API keys every month"), said("b", "Rotate the API keys every week")),
        (said("a", "Support Postgres 15 in the installer"), said("b", "Support Postgres 16 in the installer")),
        (said("a", "Enable compression of backups"), said("b", "Disable compression of backups")),
    ],
    ids=["told apart by one talk", "another kind", "one word", "version", "opposite"],
)
def test_what_is_another_thing_stays_apart(one, other):
    assert grouped(one, other) == []


def test_what_may_be_either_of_two_that_one_talk_tells_apart_is_neither():
    two = [said(name, FEED[0], "talk") for name in ("a", "b")]
    assert grouped(*two, said("c", FEED[1])) == []


def test_no_group_has_two_findings_of_one_talk():
    chain = [said("a", FEED[0], "x"), said("b", FEED[1], "y"), said("c", FEED[0], "y", "z"), said("d", FEED[1], "x")]
    talks = {one.entry.id: one.talks for one in chain}
    for group in grouped(*chain):
        every = [talk for name in group for talk in talks[name]]
        assert len(every) == len(set(every))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Print view of the rota cuts off the last column", "Print view of the rota has no page numbers"),
        ("The map flickers when zooming on Safari", "The map loses its markers when zooming on Safari"),
        ("Alert mails arrive an hour late", "Alert mails have an empty subject"),
        ("Move the cron jobs to the new scheduler", "Add alerts for failed cron jobs of the new scheduler"),
        ("Let users sort the invoice list by due date", "Let users export the invoice list as CSV"),
        ("Scheduler runs jobs twice after a restart", "Scheduler forgets paused jobs after a restart"),
    ],
    ids=lambda text: text[:20],
)
@pytest.mark.parametrize("others", [0, 20], ids="{} others".format)
def test_two_things_in_one_place_stay_apart(one, other, others):
    rest = [said(f"x{n}", f"Paint wall {n} of shed {n % 7}") for n in range(others)]
    assert not any("a" in group for group in grouped(said("a", one), said("b", other), *rest))
