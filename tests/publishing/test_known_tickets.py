"""What is said in other words than a ticket is told from what is only like it, whoever filed the ticket."""

from collections import Counter

import pytest

from bot.matching.markup import LONGEST
from bot.matching.terms import terms_of
from bot.store.corpora import StoredCorpus, of_target

KNOWN = {
    "Export to CSV drops the last row": "The CSV export leaves out the final row of the report table.",
    "Login page hangs after a wrong password": "After a wrong password the spinner of the login page never stops.",
    "Configure connection pooling for the importer": "The importer opens a database connection for every file.",
    "Thumbnails of portrait photos are rotated": "Photos taken upright show up sideways in the gallery thumbnails.",
    "Add a dark theme to the settings screen": "The settings screen should have a dark theme.",
    "Webhook retries ignore the Retry-After header": "WebhookSender.retry does not honour Retry-After from the server.",
    "Search results lose their order when paging": "On the second page of the search the results are in another order.",
    "Document the backup procedure": "Nobody knows how to restore a backup; write it down in the handbook.",
}
OTHERS = [f"Ticket about the {word} of the {part}" for word in ("cost", "colour", "age") for part in ("van", "shed")]

REWORDED = [
    "TODO: set up connection pooling in the importer, it opens a database connection for every file",
    "There is a bug: the last row is missing from the table when I export a report as CSV",
    "TODO: write down the backup procedure and how to restore a backup in the handbook",
]
NEAR = [
    "TODO: configure the log level of the importer",
    "There is a bug: the CSV export takes two minutes when the report has charts",
]


@pytest.fixture
def known(project):
    folder = project.folder / "tickets"
    folder.mkdir()
    for number, (title, body) in enumerate([*KNOWN.items(), *((title, "") for title in OTHERS)], 1):
        (folder / f"{number:04}-ticket.md").write_text(f"---\ntitle: {title}\n---\n{body}\n")
    project.config("filing: {thresholds: {bug: {file: 0.5}, todo: {file: 0.5}, feature: {file: 0.5}}}\n")
    return project


def newest(project):
    return max(project.tickets(), key=lambda ticket: int(ticket.key.lstrip("#")))


@pytest.mark.parametrize("said", REWORDED, ids=lambda said: said[:30])
def test_a_ticket_in_other_words_is_not_filed_again(known, said):
    known.log("monday.md", said)
    before = known.tickets()
    (action,) = known.plan().actions
    known.run()
    assert (action.kind, "which a person filed: shares" in action.reason) == ("none", True), action
    assert known.tickets() == before
    assert known.plan().actions == ()


@pytest.mark.parametrize("said", NEAR, ids=lambda said: said[:30])
def test_a_near_miss_is_filed(known, said):
    known.log("monday.md", said)
    known.run()
    assert len(known.tickets()) == len(KNOWN) + len(OTHERS) + 1


def test_a_near_miss_points_to_what_it_is_possibly_the_same_as(known):
    known.config("filing: {thresholds: {bug: {file: 0.5}}}\nmatching: {same: 1.0, possible: 0.02, links: 1}\n")
    known.log("monday.md", REWORDED[1])
    (action,) = known.plan().actions
    known.run()
    new = newest(known)
    assert action.reason.endswith("possibly the same as #1: shares " + action.reason.partition("shares ")[2])
    assert "Possibly the same as" in new.body
    assert "#1" in new.body
    assert "possible-duplicate" in new.labels


def test_what_is_possibly_the_same_can_be_held(known):
    known.config(
        "filing: {thresholds: {bug: {file: 0.5}}}\nmatching: {same: 1.0, possible: 0.02, when_possible: hold}\n"
    )
    known.log("monday.md", REWORDED[1])
    assert Counter(action.kind for action in known.plan().actions) == {"held": 1}
    known.run()
    assert known.plan().actions == ()


def test_a_loose_end_in_other_words_in_another_log_is_a_sighting(known):
    known.log("monday.md", "TODO: rotate the signing keys of the payment gateway before they expire in June")
    known.run()
    known.log("tuesday.md", "TODO: the signing keys of the payment gateway expire in June, rotate them")
    before = len(known.tickets())
    known.run()
    assert len(known.tickets()) == before
    assert "Seen again" in "".join(file.read_text() for file in (known.folder / "tickets").iterdir())


def test_a_rejected_ticket_in_other_words_stays_away(known):
    known.log("monday.md", "TODO: rotate the signing keys of the payment gateway before they expire in June")
    known.run()
    known.edit(newest(known).key, "- needs-review", "- rejected")
    known.log("tuesday.md", "TODO: the signing keys of the payment gateway expire in June, rotate them")
    (action,) = known.plan().actions
    assert action.kind == "none"
    assert action.reason.startswith("rejected as")


def test_a_lost_state_knows_its_own_tickets_in_other_words(known):
    known.log("monday.md", "TODO: rotate the signing keys of the payment gateway before they expire in June")
    known.run()
    for file in (known.folder / ".loose-ends").glob("state.db*"):
        file.unlink()
    (known.folder / "logs" / "monday.md").unlink()
    known.wait(days=1)
    known.log("tuesday.md", "TODO: the signing keys of the payment gateway expire in June, rotate them")
    (action,) = known.plan().actions
    assert action.kind == "sighting"
    assert "the same in other words" in action.reason


def test_two_tasks_in_one_sentence_stay_two(known):
    known.log("monday.md", "TODO: rotate the signing keys\n\nTODO: renew the certificate of the gateway")
    known.run()
    assert len(known.tickets()) == len(KNOWN) + len(OTHERS) + 2


def test_a_secret_in_a_ticket_is_in_no_corpus(known):
    secret = "ghp_" + "a1B2" * 9
    (known.folder / "tickets" / "0050-x.md").write_text(f"---\ntitle: Key {secret} leaks\n---\nSee {secret}\n")
    known.run()
    with known.desk() as desk, desk.engine.begin() as db:
        corpus = StoredCorpus(db, of_target("inbox"))
        assert corpus.frequencies(terms_of(secret).order) == {}
        assert corpus.frequencies(["leak"]) == {"leak": 1}


@pytest.mark.parametrize(("state", "kind"), [("wontfix", "none"), ("done", "create")])
def test_a_closed_ticket_counts_and_what_was_done_can_come_back(known, state, kind):
    known.edit("#1", "title:", f"state: {state}\ntitle:")
    known.run()
    known.wait(days=1)
    known.log("monday.md", REWORDED[1])
    (action,) = known.plan().actions
    assert (action.kind, "#1" in action.reason) == (kind, True), action


def test_a_reworded_mention_older_than_the_closing_files_nothing(known):
    known.log("monday.md", REWORDED[1])
    known.wait(days=1)
    known.edit("#1", "title:", "state: done\ntitle:")
    (action,) = known.plan().actions
    assert action.kind == "none"
    assert action.reason.startswith("done as #1")


def test_a_secret_where_a_ticket_is_cut_leaves_no_part_of_itself(project):
    folder = project.folder / "tickets"
    folder.mkdir()
    secret = "ghp_" + "a1B2c3D4" * 4 + "e5F6"
    body = "The oven. " * ((LONGEST - 30) // 10)
    text = f"Oven\n{body}"
    text += " " * (LONGEST - len(text) - 20) + secret
    (folder / "0001-oven.md").write_text(f"---\ntitle: Oven\n---\n{text.partition(chr(10))[2]}\n")
    project.run()
    with project.desk() as desk, desk.engine.begin() as db:
        (entry,) = StoredCorpus(db, of_target("inbox")).entries([0])
    assert "oven" in entry.counts
    assert [term for term in entry.counts if "a1b2" in term.casefold()] == []
