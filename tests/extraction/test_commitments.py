import pytest

from tests.extraction.talks import found, one, told

TASKS = {
    "need to": ("I need to migrate the CI to GitHub Actions.", "todo", "Migrate the CI to GitHub Actions", 0.85),
    "have to": ("We have to rotate the API keys ASAP.", "todo", "Rotate the API keys", 0.85),
    "will": ("I'll clean up the feature flags tomorrow.", "todo", "Clean up the feature flags", 0.85),
    "meaning to": ("I've been meaning to refactor the auth middleware.", "todo", "Refactor the auth middleware", 0.85),
    "remind me": ("Remind me to update the changelog.", "todo", "Update the changelog", 0.85),
    "forgot": ("I forgot to add an index on orders.created_at.", "todo", "Add an index on orders.created_at", 0.85),
    "not yet": ("I haven't written the migration script yet.", "todo", "Write the migration script", 0.85),
    "soon": ("I'm porting the build to CMake this week.", "todo", "Port the build to CMake", 0.85),
    "third person": (
        "She'll have to switch the parser to checked casts.",
        "todo",
        "Switch the parser to checked casts",
        0.85,
    ),
    "crew": ("The infra team needs to rotate the signing key.", "todo", "Rotate the signing key", 0.85),
    "should probably": ("I should probably write tests for the parser.", "todo", "Write tests for the parser", 0.75),
    "someone": ("Someone should look into the flaky tests.", "todo", "Look into the flaky tests", 0.75),
    "passive": ("The README needs to be rewritten.", "todo", "Rewrite the README", 0.85),
    "capability": ("We should add keyboard shortcuts.", "feature", "Add keyboard shortcuts", 0.75),
    "elliptic": ("Cron it is, gonna rewrite the crontab.", "todo", "Rewrite the crontab", 0.85),
    "delegated": (
        "I have to ask the ops team to raise the disk quota of the server.",
        "todo",
        "Ask the ops team to raise the disk quota of the server",
        0.85,
    ),
    "same sentence": (
        "Node 14 on the server is out of support, so we should upgrade it.",
        "todo",
        "Upgrade Node 14 on the server",
        0.75,
    ),
}


@pytest.mark.parametrize(("text", "kind", "title", "confidence"), TASKS.values(), ids=TASKS)
def test_commitments(text, kind, title, confidence):
    (finding,) = found(("human", text))
    assert told(finding) == (kind, title)
    assert confidence <= finding.confidence <= round(confidence + 0.15, 2)


NONE = {
    "leaving": "I need to go grab lunch.",
    "trying": "I'll try that API and let you know.",
    "learning": "I should learn Rust someday.",
    "asking": "I need to understand how the index works.",
    "question": "Do I need to migrate the database?",
    "condition": "If we need to migrate the database, I'd be sad.",
    "denied": "We don't need to migrate the database.",
    "pronoun only": "I'll do that.",
    "habit": "I have to restart the server every few days.",
    "travel": "I have to catch a flight.",
    "burden of users": "Guests have to remove the card and insert it again to get a receipt.",
    "burden, pronoun": "They have to replace the cartridge to get it back to life.",
    "asking a favour": "I have to ask my boss to buy the beer.",
    "let us": "Let's go through the sidebar first.",
    "to the assistant": "I need to check your code against the API again.",
    "letting go": "I'll let you go, the server room is closing.",
    "by design": "People have to confirm the login every few minutes.",
    "advice": "You should add an index to that table.",
}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE)
def test_what_sounds_like_a_commitment_and_is_none(text):
    assert one(text) == []


def test_taking_up_advice_makes_it_a_task():
    (finding,) = found(
        ("human", "How do I keep the socket open?"),
        ("assistant", "You could send a heartbeat every 25 seconds."),
        ("human", "Good idea, I should add that today."),
    )
    assert finding.title == "Send a heartbeat every 25 seconds"
    assert (finding.priority, finding.detectors) == ("high", ("take-up", "commitment"))


ADVICE = "Your options:\n\n- Paging: Return a cursor with every page\n- You could add a rate limiter to the route.\n"
TAKEN = {
    "by its noun": ("I'll add that limiter this week.", "Add a rate limiter to the route"),
    "by a word before": ("Paging is a good point. I'll do that tomorrow.", "Return a cursor with every page"),
    "it is": ("The cursor it is, I'll build that on Monday.", "Return a cursor with every page"),
    "its stem": ("A limit, right. We'd need that.", "Add a rate limiter to the route"),
    "on the list": ("Paging by cursor! Put it on the list.", "Return a cursor with every page"),
    "let's": ("The limiter makes sense. Let's put that on the plan.", "Add a rate limiter to the route"),
    "a noun and a verb": ("Let's do the rate limiter first.", "Add a rate limiter to the route"),
}


@pytest.mark.parametrize(("text", "title"), TAKEN.values(), ids=TAKEN)
def test_the_advice_that_is_named_is_taken_up(text, title):
    (finding,) = found(("human", "How do I protect the orders route?"), ("assistant", ADVICE), ("human", text))
    assert (finding.kind, finding.title) == ("todo", title)


NOT_TAKEN = {
    "no promise": "Paging is a good point.",
    "other topic": "Let's talk about the weather first.",
    "not named": "Let's do the dishes first.",
}


@pytest.mark.parametrize("text", NOT_TAKEN.values(), ids=NOT_TAKEN)
def test_advice_without_a_promise_stays_advice(text):
    assert found(("human", "How do I protect the route?"), ("assistant", ADVICE), ("human", text)) == ()


def test_a_pointer_takes_the_subject_of_the_sentence_before():
    talk = "The nightly crontab has 40 entries. We ought to move it into the scheduler."
    assert one(talk) == [("todo", "Move the nightly crontab into the scheduler")]


def test_a_pointer_without_a_subject_before_is_nothing():
    assert one("Sounds fine to me. We ought to move it into the scheduler.") == []


def test_assent_at_the_start_takes_up_the_last_advice_not_an_older_topic():
    talk = [
        ("human", "I need to rename the billing worker."),
        ("assistant", "Fine. The email template deserves a test."),
        ("human", "Yes. Let's add that to the list."),
    ]
    assert [f.title for f in found(*talk)] == ["Rename the billing worker", "Add a test"]


def test_a_named_idea_of_a_list_is_taken_up():
    ideas = "More ideas:\n\n- barcode scanning\n- a weekly waste report"
    talk = [("human", "What else?"), ("assistant", ideas), ("human", "The waste report! Put it on the backlog.")]
    assert [f.title for f in found(*talk)] == ["Add a weekly waste report"]


def test_two_pieces_of_work_in_one_sentence_are_two_tasks():
    assert one("I'll write a cleanup script for the carts, and then migrate the sessions table.") == [
        ("todo", "Write a cleanup script for the carts"),
        ("todo", "Migrate the sessions table"),
    ]


def test_advice_alone_is_nothing():
    assert found(("human", "How?"), ("assistant", "You could add a heartbeat."), ("human", "Good idea, thanks!")) == ()


def test_agreement_takes_up_advice_before_an_older_topic():
    talk = [
        ("human", "We don't support tables in the editor."),
        ("assistant", "Tables are a plugin away. You might also limit the upload size of the API."),
        ("human", "Oh, good point. We definitely need to do that."),
    ]
    assert [f.title for f in found(*talk)] == ["Add tables in the editor", "Limit the upload size of the API"]


def test_assent_to_an_own_wish_stays_with_the_wish():
    talk = [
        ("human", "Users have been asking for paging in the orders API."),
        ("assistant", "Good idea. You could add query parameters."),
        ("human", "Good idea, I should add that today."),
    ]
    assert [f.title for f in found(*talk)] == ["Add paging in the orders API"]
