import pytest

from bot.extraction.headlines import order, owner_dropped, short, stripped
from tests.extraction.talks import found, one

WORDED = {
    "filler": ("Oh, and by the way, the importer crashes on empty rows.", "Importer crashes on empty rows"),
    "no check": ("BUG: no bounds check in the parser", "No bounds check in the parser"),
    "time": ("I'll rename the config keys this afternoon.", "Rename the config keys"),
    "then": ("I'll write a backfill script tonight, then run it.", "Write a backfill script"),
    "before I": ("I need to write tests for the parser before I touch it.", "Write tests for the parser"),
    "simile": (
        "It would be nice to have a word count in the footer, like other editors do.",
        "Add a word count in the footer",
    ),
    "ability": ("TODO: Add a way to archive old boards", "Let users archive old boards"),
    "ability for": ("TODO: Add an option for teachers to hide grades", "Let teachers hide grades"),
    "noun": ("TODO: Pagination for the audit log", "Add pagination for the audit log"),
    "link": ("TODO: Fix the [gateway page](https://example.org/g)", "Fix the gateway page"),
    "redacted": ("TODO: Rotate KEY=[redacted: token]", "Rotate KEY=[redacted: token]"),
    "verb": ("TODO: Throttle the login form", "Throttle the login form"),
    "fault": ("FIXME: pagination is off by one", "Pagination is off by one"),
    "owner": ("Action item: Nora adds a retry to the upload client", "Add a retry to the upload client"),
    "reason": (
        "TODO: drop the v1 serializer, nothing imports it any more",
        "Drop the v1 serializer",
    ),
    "mended": (
        "HACK: Rates are kept in a spreadsheet, move them to the database",
        "Move Rates to the database",
    ),
    "verdict": ("The race condition in the lobby is an actual bug.", "Race condition in the lobby"),
    "explains": (
        "That explains why the cache returns stale rows on Mondays.",
        "Cache returns stale rows on Mondays",
    ),
    "fronted": ("The other importers I'll port next sprint.", "Port the other importers"),
    "emoji": ("TODO: Rename the demo project 🙈", "Rename the demo project"),
    "participle": ("The top request right now is scheduled exports.", "Add scheduled exports"),
    "unlisted verb": ("TODO: Reuse the connection pool", "Reuse the connection pool"),
    "object": ("TODO: Undo a bulk delete", "Undo a bulk delete"),
    "see": ("Admins would like to see who changed a setting.", "Show who changed a setting"),
    "adverb": ("The export also takes 40 seconds.", "Export takes 40 seconds"),
}


@pytest.mark.parametrize(("text", "title"), WORDED.values(), ids=WORDED)
def test_titles_say_the_thing_and_nothing_else(text, title):
    assert [told for _, told in one(text)] == [title]


NAMED = {
    "sentence before": (
        "The sync job runs at two. It crashes every other night.",
        "Sync job crashes every other night",
    ),
    "looked into": ("I looked into the importer. It can't parse empty rows.", "Importer can't parse empty rows"),
    "there is": ("There's a new parser in the app. It doesn't close its files.", "New parser doesn't close its files"),
    "relative": (
        "There's also a nightly script that fails silently if the disk is full.",
        "Nightly script fails silently if the disk is full",
    ),
}


@pytest.mark.parametrize(("text", "title"), NAMED.values(), ids=NAMED)
def test_a_fault_without_a_subject_gets_the_thing_it_is_about(text, title):
    assert title in [told for _, told in one(text)]


def test_a_fault_of_something_never_named_is_held():
    assert found(("human", "The export hangs forever."))[0].confidence >= 0.9
    assert all(f.confidence < 0.75 for f in found(("human", "Deploy went fine in production. Hangs forever.")))


def test_a_promise_to_mend_it_does_not_say_what_it_is():
    talk = found(("human", "Deploy went fine in production. Hangs forever. I'll fix that tonight."))
    assert all(f.confidence < 0.75 for f in talk if f.kind == "bug")


@pytest.mark.parametrize("text", ["I'll let you know about the API.", "QA asked me and I had no answer for the API."])
def test_words_to_a_person_are_not_filed(text):
    assert all(f.confidence < 0.75 for f in found(("human", text)))


CUT = {
    "comma": ("Accounts that were merged by the old importer are billed twice, once per address and once per owner", 3),
    "word": ("Regenerate " + "the thumbnails of every picture in the archive " * 3, 3),
    "paren": ("Describe the retry settings of the queue client (they differ between the two brokers that we run)", 3),
}


@pytest.mark.parametrize(("text", "least"), CUT.values(), ids=CUT)
def test_long_titles_end_where_a_clause_ends(text, least):
    title = short(text)
    assert len(title) < 80
    assert len(title.split()) >= least
    assert title.count("(") == title.count(")")
    assert title.rsplit(" ", 1)[-1] not in ("and", "once", "the", "of", "in", "that")


def test_marks_without_a_partner_leave_no_trace():
    assert short('show the age, like "3 h ago"') == 'Show the age, like "3 h ago"'
    assert short("state the limits)") == "State the limits"


@pytest.mark.parametrize("text", ["no owner check", "just-in-time cache", "stillness detector"])
def test_words_that_carry_meaning_are_no_filler(text):
    assert stripped(text) == text


@pytest.mark.parametrize("text", ["Email delivery fails at night", "Redis keeps old keys"])
def test_a_statement_is_no_owner_of_work(text):
    assert owner_dropped(text) in (text, order(text, names_work=True))
