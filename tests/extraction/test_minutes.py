"""What minutes of a meeting leave to do."""

import pytest

from bot.extraction import extract
from bot.model import Conversation, Turn
from tests.extraction.talks import told


def minuted(*sections):
    turns, line = [], 1
    for text in sections:
        count = text.count("\n") + 1
        turns.append(Turn(role="human", text=text, lines=list(range(line, line + count))))
        line += count + 1
    talk = Conversation(log="m.md", format="minutes", id="m", turns=tuple(turns))
    return [told(f) for f in extract(talk) if f.status != "resolved" and f.confidence >= 0.4]


ROLL = "## Present\n\n- Ada Brook\n- Timo Vance"
LEFT = {
    "owner has to": ("- Ada to rotate the signing keys of the build server", ("todo", "Rotate the signing keys")),
    "owner does": ("- Timo checks the quota of the backup bucket", ("todo", "Check the quota of the backup bucket")),
    "decided": ("- Decision: move the nightly export to the new queue", ("todo", "Move the nightly export")),
    "agreed": ("- We agreed to drop the old importer after the audit", ("todo", "Drop the old importer")),
    "we will": ("- We will use the smaller image for the smoke tests", ("todo", "Use the smaller image")),
    "the plan": ("- The plan is to replace the token store with the shared vault", ("todo", "Replace the token store")),
    "in review": (
        "- Ada wrote a patch for the retry loop (PR still open)",
        ("todo", "Land a patch for the retry loop"),
    ),
    "pending": ("- Only the upgrade of the mail relay is pending", ("todo", "Finish the upgrade of the mail relay")),
    "needs more": ("- The sync protocol still needs careful review", ("todo", "Review the sync protocol")),
}


@pytest.mark.parametrize(("note", "wanted"), LEFT.values(), ids=LEFT)
def test_minutes_say_what_is_left_to_do(note, wanted):
    kind, start = wanted
    found = minuted("# Weekly meeting", ROLL, f"## Server\n\n{note}")
    assert [(k, t[: len(start)]) for k, t in found] == [(kind, start)]


NOTHING = {
    "no person": "- Releases to check the quota are rare",
    "another name": "- Brno checks the quota of the backup bucket",
    "done": "- Ada to rotate the signing keys (done during the call)",
    "no work": "- Decision: no change of the importer",
    "about the meeting": "- We will keep the topic on the agenda",
    "closing a ticket": "- Ada will close the issue soon",
    "asked": "- Agreed to drop the old importer?",
}


@pytest.mark.parametrize("note", NOTHING.values(), ids=NOTHING)
def test_minutes_note_what_is_no_work(note):
    assert minuted("# Weekly meeting", ROLL, f"## Server\n\n{note}") == []


def test_the_words_of_minutes_found_nothing_in_a_chat():
    talk = Conversation(
        log="c.txt",
        format="irc",
        id="c",
        turns=(
            Turn(role="human", text="Decision: move the nightly export to the new queue", lines=[1], speaker="ada"),
        ),
    )
    assert extract(talk) == ()


NAMELESS = "* Storage of build logs"
REACHED = {
    "reached": ("- The export crashes on empty rows. Is fixed now", 0),
    "with a reserve": ("- The export is merged, but crashes on empty rows", 1),
    "open": ("- The export crashes on empty rows", 1),
}


@pytest.mark.parametrize(("note", "count"), REACHED.values(), ids=REACHED)
def test_what_a_note_says_is_reached_is_not_open(note, count):
    assert len(minuted("# Weekly meeting", ROLL, f"## Server\n\n{note}")) == count


TOPIC = "* Storage of build logs [#71](https://tracker.example/issues/71)"
OPEN = {
    "items": (TOPIC + "\n  * Ada: the disk would last another month\n  * It could go to the object store", True),
    "settled": (TOPIC + "\n  * Ada: the disk would last another month\n  * Moved last week, all done", False),
    "nothing said": (TOPIC, False),
    "no issue": (NAMELESS + "\n  * the disk would last\n  * It could go to the object store", False),
}


@pytest.mark.parametrize(("notes", "is_open"), OPEN.values(), ids=OPEN)
def test_a_topic_with_an_issue_is_work_while_its_notes_leave_it_open(notes, is_open):
    found = [title for _, title in minuted("# Weekly meeting", ROLL, f"## Agenda\n\n{notes}")]
    assert found == (["Decide on Storage of build logs"] if is_open else [])


def test_items_below_actions_are_work_without_their_owners():
    found = minuted("# Weekly meeting", ROLL, "## Conclusions\n\n- Timo: rename the staging bucket\n- Thanks to all")
    assert found == [("todo", "Rename the staging bucket")]


TABLES = {
    "tasks": (
        "| who | what | state |\n|--|--|--|\n| Ada | rotate the signing keys | open |",
        ["Rotate the signing keys"],
    ),
    "done": ("| who | what | state |\n|--|--|--|\n| Ada | rotate the signing keys | done |", []),
    "issues": ("| PR | notes |\n|--|--|\n| [#7](x/pull/7) rename the bucket | Timo tries it |", ["Rename the bucket"]),
    "merged": ("| PR | notes |\n|--|--|\n| [#7](x/pull/7) rename the bucket | merged |", []),
    "figures": ("| day | visits |\n|--|--|\n| Monday | 1200 |", []),
}


@pytest.mark.parametrize(("table", "titles"), TABLES.values(), ids=TABLES)
def test_rows_of_a_table_are_work_unless_they_say_that_it_is_done(table, titles):
    assert [title for _, title in minuted("# Weekly meeting", ROLL, f"## Last time\n\n{table}")] == titles
