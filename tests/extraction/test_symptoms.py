import pytest

from tests.extraction.talks import one

REPORTS = {
    "cannot": ("The second player can't join the lobby.", "Second player can't join the lobby"),
    "people cannot": ("Some customers cannot open their invoices.", "Customers cannot open their invoices"),
    "does not": ("Login doesn't work in Safari.", "Login doesn't work in Safari"),
    "fails to": ("The importer fails to parse empty rows.", "Importer fails to parse empty rows"),
    "keeps": ("Our workers keep dying.", "Workers keep dying"),
    "why": ("Any idea why does the dashboard take so long to load?", "Dashboard take so long to load"),
    "why is": ("Why is the search so slow on Mondays?", "Search is so slow on Mondays"),
    "fault verb": ("The app crashes when I rotate the phone.", "App crashes when I rotate the phone"),
    "condition first": ("When I click save, the page freezes.", "Page freezes when I click save"),
    "nothing happens": ("When I press export, nothing happens.", "Nothing happens when I press export"),
    "gets": ("I keep getting a 403 on the settings page.", "403 on the settings page"),
    "slow": ("It takes 40 seconds to load the invoice list.", "Loading the invoice list takes 40 seconds"),
    "wrong": ("The date picker on the form shows the wrong month.", "Date picker on the form shows the wrong month"),
    "twice": ("The webhook fires twice.", "Webhook fires twice"),
    "frame": ("We have a bug where the cart forgets its items.", "Cart forgets its items"),
    "named frame": ("There's a race condition in the lobby code.", "Race condition in the lobby code"),
    "reported": ("Users are reporting that the export button does nothing.", "Export button does nothing"),
    "found by": ("QA found that the tooltip overlaps the button.", "Tooltip overlaps the button"),
    "neglect": ("We never validate the webhook signature.", "Webhook signature is not validated"),
    "insecure": ("Passwords are stored in plain text!", "Passwords are stored in plain text"),
    "noticed": ("I noticed the sidebar doesn't collapse on mobile.", "Sidebar doesn't collapse on mobile"),
    "again": ("The nightly ETL job failed again last night.", "Nightly ETL job failed again last night"),
    "climbs": (
        "Memory usage keeps climbing until the pod restarts.",
        "Memory usage keeps climbing until the pod restarts",
    ),
    "too far": ("Carets in the error output are two columns off.", "Carets in the error output are two columns off"),
}


@pytest.mark.parametrize(("text", "title"), REPORTS.values(), ids=REPORTS)
def test_described_faults_are_bugs(text, title):
    assert one(text) == [("bug", title)]


NONE = {
    "supposition": "If the server crashes, we would lose the queue.",
    "yes/no question": "Does the cache fail over automatically?",
    "mind": "I don't know why anybody would use that API.",
    "patience": "I can't wait to see the new app.",
    "past and mended": "We had a bug like that in the app last year but it was fixed.",
    "prohibition": "Don't break the API while you are at it.",
    "purpose": "Let's batch the inserts so it doesn't block the server.",
    "denied": "No errors in the build so far.",
    "idiom": "Edit distance in the parser isn't rocket science.",
    "quotation": 'The page is called "the server is down", a joke of ours.',
    "code span": "Grep the logs for `connection is broken`.",
    "home": "My dishwasher is broken.",
    "worry": "I'm worried that the queue might crash one day.",
}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE)
def test_what_sounds_like_a_fault_and_is_none(text):
    assert one(text) == []


def test_wrong_documentation_is_a_task():
    assert one("The installation guide is outdated.") == [("todo", "Update the installation guide: outdated")]


def test_two_faults_in_one_sentence_are_two_findings():
    text = "The alerts arrive too late, and the login page throws an exception for new users."
    assert [title for _, title in one(text)] == [
        "Alerts arrive too late",
        "Login page throws an exception for new users",
    ]


def test_chat_spelling_is_understood():
    assert one("the staging db backups havent run since march") == [
        ("bug", "Staging db backups haven't run since march")
    ]
