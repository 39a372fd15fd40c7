"""Same, possible or new: what the decision holds to, whatever the tracker."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.decision import Thresholds, match
from bot.matching.defaults import MENTIONS
from bot.matching.entry import make_entry
from bot.matching.memory import MemoryIndex
from bot.matching.model import learned
from bot.matching.retrieval import KEPT

BODIES = {
    "Export to CSV drops the last row": "The CSV export of the report leaves out the final row of the table.",
    "Android: map markers vanish after rotation": "Turn the device and every marker of the map is gone.",
    "Avatar upload fails above two megabytes": "Large pictures: PayloadTooLarge is raised in AvatarStore.put.",
    "Support Postgres 15 in the installer": "The installer refuses Postgres 15.",
    "Show the retry count on the job page": "Operators want to see how often a job was retried.",
    "Enable compression of backups": "Backups are large; compress them with zstd.",
    "Invoices are sent twice when the queue restarts": "Restart the queue: InvoiceMailer sends each invoice again.",
    "Add paging to the audit log": "The audit log loads all rows at once.",
}
CORPUS = MemoryIndex(make_entry(str(number), title, body) for number, (title, body) in enumerate(BODIES.items()))


def ask(title, quote="", kind=""):
    return match(CORPUS, make_entry("q", title, quote, kind=kind), learned("mention"), MENTIONS)


@pytest.mark.parametrize(
    ("title", "quote", "ticket"),
    [
        (
            "Large pictures can't be uploaded as avatar",
            "AvatarStore.put raises PayloadTooLarge for a 3 MB picture",
            "2",
        ),
        ("The last row is missing from the CSV export", "exporting the report as CSV drops the final row", "0"),
        ("Invoice mails go out twice", "after a queue restart InvoiceMailer sends every invoice again", "6"),
    ],
)
def test_a_ticket_in_other_words_is_the_same(title, quote, ticket):
    found = ask(title, quote, "bug")
    assert (found.decision, found.candidates[0].id) == ("same", ticket)


@pytest.mark.parametrize(
    ("title", "quote"),
    [
        ("iOS: map markers vanish after rotation", "turn the iphone and every marker of the map is gone"),
        ("Support Postgres 16 in the installer", "the installer refuses Postgres 16"),
        ("Disable compression of backups", "backups must not be compressed"),
        ("Add paging to the payment log", "the payment log loads all rows at once"),
        ("Do not show the retry count on the job page", "operators do not want to see how often a job was retried"),
    ],
    ids=["platform", "version", "opposite", "one word", "negation"],
)
def test_one_word_of_consequence_forbids_the_same(title, quote):
    assert ask(title, quote).decision != "same"


@pytest.mark.parametrize("title", ["Order new chairs for the kitchen", "", "???", "the of and", "日本語のテスト"])
def test_what_has_nothing_to_do_with_it_is_new(title):
    assert ask(title).decision == "new"


def test_the_reason_names_what_is_shared():
    found = ask("Avatar pictures above 2 MB fail", "PayloadTooLarge in AvatarStore.put", "bug")
    assert "`AvatarStore.put`" in found.why
    assert "`PayloadTooLarge`" in found.why


def test_nothing_is_like_anything_in_an_empty_tracker():
    found = match(MemoryIndex(), make_entry("q", "Crash", ""), learned("mention"), MENTIONS)
    assert (found.decision, found.candidates) == ("new", ())


def test_a_rival_that_is_as_like_forbids_the_same():
    twins = MemoryIndex(
        make_entry(name, title, "The importer of orders stops with a timeout when the shop is closed.")
        for name, title in (("a", "Order import stops at night"), ("b", "Timeouts in a closed shop"))
    )
    limits = Thresholds(same=0.0, possible=0.0, lead=3.0)
    query = make_entry("q", "Trouble with it", "the importer of orders stops with a timeout when the shop is closed")
    assert match(twins, query, learned("mention"), limits).decision == "possible"


_words = st.lists(st.sampled_from("export crash table photo login queue row server page mail".split()), max_size=12)


@given(_words, _words)
def test_scores_are_shares_in_order_and_the_same_every_time(title, quote):
    first, second = (ask(" ".join(title), " ".join(quote)) for _ in range(2))
    scores = [candidate.score for candidate in first.candidates]
    assert first == second
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_the_cost_of_a_query_does_not_grow_with_a_common_word():
    crowd = MemoryIndex(make_entry(str(n), f"Crash of part {n}", "crash again") for n in range(3_000))
    found = match(crowd, make_entry("q", "Crash of part 77", "crash again"), learned("mention"), MENTIONS)
    assert found.candidates[0].id == "77"
    assert len(found.candidates) <= KEPT


@pytest.mark.parametrize("others", [0, 3, 30], ids="{} others".format)
@pytest.mark.parametrize(
    ("known", "said", "decision"),
    [
        ("Add retries for the price feed", "Implement retrying for the price feed", "same"),
        ("Login hangs after a wrong password", "A wrong password makes the login page hang", "same"),
        ("Uploads fail on slow connections", "Uploads over slow connections time out", "same"),
        ("Add paging to the audit log", "Add paging to the payment log", "possible"),
        ("Rotate the API keys every month", "Rotate the API keys every week", "possible"),
        ("Add retries for the price feed", "Translate the welcome screen", "new"),
    ],
    ids=lambda text: text[:12],
)
def test_a_tracker_of_few_tickets_decides_as_one_of_many(others, known, said, decision):
    corpus = MemoryIndex(make_entry(str(n), f"Paint wall {n} of shed {n % 7}", "") for n in range(others))
    corpus.add(make_entry("known", known, known))
    assert match(corpus, make_entry("q", said, said), learned("mention"), MENTIONS).decision == decision
