"""What one person brings up counts more once another takes it up."""

import pytest

from bot.extraction import examine
from bot.model import Conversation, Turn
from tests.extraction.talks import told


def chat(*said):
    turns = tuple(
        Turn(role="human", text=text, lines=[number], speaker=who) for number, (who, text) in enumerate(said, 1)
    )
    return Conversation(log="c.txt", format="irc", id="c", turns=turns)


def exchanged(*said):
    """Kind and title of what was found by the answer of another person."""
    return [told(e.finding) for e in examine(chat(*said)) if "exchange" in e.finding.detectors]


TAKEN_UP = {
    "agreed": ("the log could at least name the shard", "true", ("feature", "Let the log name the shard")),
    "nicer": ("a list of the shards would be so much nicer", "+1", ("feature", "Add a list of the shards")),
    "would help": ("it'd help if the manual said why", "fair", ("feature", "Let the manual say why")),
    "better": ("might be better to retry on the second node", "good idea", ("todo", "Retry on the second node")),
    "not yet": ("is it possible to pin a shard?", "not yet", ("feature", "Pin a shard")),
    "asked of one": (
        "could you review my patch of the wheel zoom?",
        "sure",
        ("todo", "Review my patch of the wheel zoom"),
    ),
    "on the list": (
        "could it pin the shard per tenant?",
        "put it on the list",
        ("feature", "Pin the shard per tenant"),
    ),
    "same here": ("wheel zoom tilts the map since 3.1", "same here", ("bug", "Wheel zoom tilts the map since 3.1")),
    "file it": ("importing takes the wrong month, not mine", "please file a bug", ("bug", "Importing takes the wrong")),
}


@pytest.mark.parametrize(("said", "answer", "wanted"), TAKEN_UP.values(), ids=TAKEN_UP)
def test_what_another_person_takes_up_is_found(said, answer, wanted):
    kind, start = wanted
    found = exchanged(("ada", said), ("timo", answer))
    assert [(k, t[: len(start)]) for k, t in found] == [(kind, start)]
    assert exchanged(("ada", said), ("ada", answer)) == []


NOT_TAKEN_UP = {
    "refused": ("the log could at least name the shard", "no, never"),
    "no proposal": ("i had soup for lunch at the harbour", "agreed"),
    "no fault": ("i had soup for lunch at the harbour", "same here"),
    "a question": ("does the wheel zoom go sideways since 3.1?", "same here"),
    "answered": ("is it possible to pin a shard?", "yes, with --pin"),
    "quoted": ("the log could at least name the shard", 'it says "true" there'),
}


@pytest.mark.parametrize(("said", "answer"), NOT_TAKEN_UP.values(), ids=NOT_TAKEN_UP)
def test_what_nobody_takes_up_is_not_found_by_its_answer(said, answer):
    assert exchanged(("ada", said), ("timo", answer)) == []


def test_an_answer_means_what_was_said_shortly_before():
    far = [("timo", f"row {number} looks as usual") for number in range(9)]
    assert exchanged(("ada", "the log could at least name the shard"), *far, ("timo", "agreed")) == []


def test_an_assistant_takes_nothing_up_for_people():
    turns = (
        Turn(role="human", text="the log could at least name the shard", lines=[1], speaker="ada"),
        Turn(role="assistant", text="Agreed.", lines=[2], speaker="bot"),
        Turn(role="human", text="true", lines=[3], speaker="timo"),
    )
    talk = Conversation(log="c.txt", format="irc", id="c", turns=turns)
    assert not [e for e in examine(talk) if "exchange" in e.finding.detectors]


def test_whom_a_sentence_is_said_to_is_no_part_of_it():
    (found,) = examine(chat(("ada", "hello"), ("timo", "ada: clicking the badge opens the wrong profile")))
    assert found.finding.title == "Clicking the badge opens the wrong profile"


def test_a_sentence_may_begin_with_a_name_of_two_words():
    talk = chat(("Ada Brook", "hello"), ("timo", "@Ada Brook clicking the badge opens the wrong profile"))
    assert [e.finding.title for e in examine(talk)] == ["Clicking the badge opens the wrong profile"]


def test_an_address_is_no_clause():
    (found,) = examine(chat(("ada", "hello"), ("timo", "the feed of https://lamp.example/start is blank since noon")))
    assert "https://lamp.example/start is blank" in found.finding.title


def sure(*said):
    (found,) = examine(chat(*said))
    return found.finding.confidence


def test_what_others_answer_tells_how_sure_a_fault_is():
    report = ("ada", "the importer crashes on empty files")
    alone = sure(report, ("timo", "hm"))
    assert sure(report, ("timo", "same here")) > alone > sure(report, ("timo", "that's by design"))
    assert alone > sure(report, ("timo", "hm"), ("ada", "never mind, thanks"))
