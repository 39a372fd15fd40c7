"""What a person does not find is talk, what a program does not find is a fault; a marker can name a wish."""

import pytest

from bot.extraction import extract
from bot.model import Conversation, Turn


def found(text):
    turn = Turn(role="human", text=text, lines=range(1, text.count("\n") + 2))
    talk = Conversation(log="a.md", format="markdown", id="a", turns=(turn,))
    return [(finding.kind, finding.title) for finding in extract(talk) if finding.confidence >= 0.4]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The importer doesn't recognise files with a capital extension.", "bug"),
        ("Our editor does not remember the last cursor position.", "bug"),
        ("FEATURE: group the notes by week", "feature"),
        ("Feature request: export the chart as SVG", "feature"),
        ("BUG: the total of the cart is off by one cent", "bug"),
    ],
)
def test_a_thing_that_fails_to_notice_and_a_marked_wish_are_found(text, kind):
    assert [each for each, _ in found(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "She doesn't remember who wrote the parser.",
        "Nobody doesn't see the irony here.",
        "My boss doesn't see how hard that was.",
        "Features like these are rare.",
    ],
)
def test_people_who_do_not_remember_are_no_fault(text):
    assert found(text) == []
