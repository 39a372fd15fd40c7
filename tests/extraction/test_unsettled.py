"""What a talk with an assistant leaves unsettled: matters put off, taken on by the person, complained of to the end."""

import pytest

from bot.extraction import extract
from tests.extraction.talks import talk

BROUGHT_UP = ("human", "the lamp icon flips sides whenever I rotate the tablet")
EXPLAINED = ("assistant", "The layout reads its direction once. A listener on the orientation would do.")
CURED = ("assistant", "I've added a listener for the orientation.")
EDITED = ("tool", "The file src/lamp.ts has been updated.")

KEPT = [
    "hm, put that on the pile",
    "not today, the demo is at noon",
    "ok, after the release",
    "let me think. park it for later",
    "I'll do that one myself",
    "will ask Noemi",
    "next sprint then",
    "can be a follow-up",
]
NOT_KEPT = [
    "do it now please",
    "never mind",
    "works, thanks",
    "what does direction mean here?",
    "I was there after the release",
    "it was put on the list by accident",
]
STILL = ["nope, same as before", "no change", "tested it. still flipping", "doesn't help", "it still flips, even worse"]


def unsettled(*said):
    return [f for f in extract(talk(*said)) if "unsettled" in f.detectors and f.status != "resolved"]


@pytest.mark.parametrize("reply", KEPT)
def test_what_is_kept_for_later_names_the_matter_spoken_of(reply):
    (finding,) = unsettled(BROUGHT_UP, EXPLAINED, ("human", reply))
    assert "Lamp icon" in finding.title
    assert [e.line_start for e in finding.evidence] == [1, 5]


@pytest.mark.parametrize("reply", NOT_KEPT)
def test_a_reply_that_keeps_nothing_leaves_nothing(reply):
    assert unsettled(BROUGHT_UP, EXPLAINED, ("human", reply)) == []


@pytest.mark.parametrize("reply", STILL)
def test_a_complaint_without_a_cure_is_a_bug(reply):
    (finding,) = unsettled(BROUGHT_UP, CURED, ("human", reply), EXPLAINED)
    assert finding.kind == "bug"
    assert "Lamp icon" in finding.title


def test_two_complaints_outlast_a_report_of_success():
    again = ("human", "nope, same as before"), CURED, ("human", "no change :("), CURED
    assert unsettled(BROUGHT_UP, CURED, *again, ("human", "what time is it in Oslo?"))


def test_one_complaint_answered_by_a_cure_is_settled():
    assert unsettled(BROUGHT_UP, CURED, ("human", "nope, same as before"), CURED) == []


def test_a_word_of_success_settles_what_was_complained_of():
    said = (BROUGHT_UP, CURED, ("human", "no change"), CURED, ("human", "nope"), CURED, ("human", "yes! works"))
    assert unsettled(*said) == []


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("great. port the sidebar to the new grid tomorrow", "Port the sidebar to the new grid"),
        ("the old exporter must go before the audit", "Remove the old exporter"),
    ],
    ids=["order", "obligation"],
)
def test_work_named_and_put_off_in_one_breath_is_its_own_matter(text, title):
    findings = extract(talk(BROUGHT_UP, CURED, ("human", text)))
    assert title in [f.title for f in findings if f.status != "resolved"]


def test_what_is_only_explained_stays_open_where_the_log_shows_edits():
    later = ("human", "other thing: rename the tab to Light"), EDITED, ("assistant", "The tab is called Light.")
    because = ("assistant", "That's because the layout reads its direction once.")
    assert unsettled(BROUGHT_UP, because, *later)
    assert not unsettled(BROUGHT_UP, EDITED, because, *later)


def test_nothing_is_unsettled_among_people():
    assert unsettled(BROUGHT_UP, ("human", "hm, put that on the pile")) == []


def test_a_long_talk_takes_linear_work():
    said = [BROUGHT_UP, EXPLAINED, ("human", "put that on the pile. " * 3)] * 300
    assert len(unsettled(*said)) >= 1


STILL_WRONG = [
    "The counters are still stale until the job is rerun.",
    "Two layout problems remain in the footer.",
    "We still have a few type errors in the parser.",
    "The signing key isn't configured yet.",
    "You still need an entry in `hosts.toml` for the mirror.",
]
ALL_RIGHT = [
    "The counters are still updated each minute.",
    "The other files remain unchanged.",
    "The footer problems are fixed.",
    "The key was configured before.",
]


def left(text):
    said = ("human", "mirror the index"), ("tool", "ok"), ("assistant", f"The index is mirrored. {text}")
    return [f for f in extract(talk(*said)) if "leftover" in f.detectors]


@pytest.mark.parametrize("text", STILL_WRONG)
def test_a_report_tells_what_is_still_wrong(text):
    assert left(text)


@pytest.mark.parametrize("text", ALL_RIGHT)
def test_a_report_of_what_is_right_tells_nothing(text):
    assert left(text) == []


POINTED = {
    "the sentence before": (
        "The mirror job fails on large files. I haven't changed anything for it.",
        "Mirror job fails",
    ),
    "the clause before": ("One image is missing in the manual; I didn't touch it.", "One image is missing"),
    "after filler": ("Note that the mirror is still outdated.", "Mirror is still outdated"),
    "without its owner": ("We still have some type errors in the parser.", "Type errors in the parser"),
    "itself": ("I didn't add a test for the mirror.", "Add a test for the mirror"),
}


@pytest.mark.parametrize(("text", "title"), POINTED.values(), ids=POINTED)
def test_what_was_left_is_named(text, title):
    assert [f.title.startswith(title) for f in left(text)] == [True]


def test_an_adviser_says_in_the_first_person_what_it_left():
    said = ("human", "tidy the mirror config"), ("assistant", "Here it is. I did not add a retry for the upload.")
    assert [f.title for f in extract(talk(*said))] == ["Add a retry for the upload"]


@pytest.mark.parametrize("aside", ["I'm tired of this.", "Here's the log.", "We went to lunch.", "It is odd."])
def test_asides_of_the_speaker_are_no_matter(aside):
    (finding,) = unsettled(BROUGHT_UP, EXPLAINED, ("human", f"{aside}\n\nput that on the pile"))
    assert "Lamp icon" in finding.title


def test_a_matter_with_a_wish_in_it_is_a_feature():
    wished = ("human", "the lamp icon sits behind the camera on big tablets. people want it pinned")
    findings = unsettled(wished, EXPLAINED, ("human", "after the release"))
    assert {f.kind for f in findings} <= {"feature"}


NO_CAUSE = ("assistant", "Tablets come in two sizes. The big one is heavier.")


def test_an_answer_that_gives_no_cause_explains_nothing():
    later = ("human", "rename the tab to Light"), EDITED, ("assistant", "The tab is called Light.")
    assert not unsettled(BROUGHT_UP, NO_CAUSE, *later)
