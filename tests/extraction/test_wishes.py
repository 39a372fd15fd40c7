import pytest

from tests.extraction.talks import found, one, told

WISHES = {
    "asked": ("Users have been asking for a dark mode.", "Add a dark mode", 0.8),
    "keep": ("Customers keep requesting an audit log.", "Add an audit log", 0.8),
    "want": ("The sales team wants SSO on the login page.", "Add SSO on the login page", 0.8),
    "whether": (
        "Support has been asking whether we can add canned replies to the chat.",
        "Add canned replies to the chat",
        0.8,
    ),
    "cleft": ("What people really want is offline sync.", "Add offline sync", 0.8),
    "nice": ("It would be nice to export reports as CSV.", "Export reports as CSV", 0.65),
    "wish": ("I wish we could filter the table by tag.", "Filter the table by tag", 0.65),
    "no way": ("There's no way to undo a bulk delete.", "Undo a bulk delete", 0.7),
    "lacks": ("Our app lacks push notifications.", "Add push notifications", 0.7),
    "request": ("Feature request: bulk upload of images.", "Add bulk upload of images", 0.65),
    "could use": ("We could use a better search.", "Add a better search", 0.65),
    "they would": ("They'd like to see the stock per store.", "Show the stock per store", 0.8),
    "plural": ("Editors would love to have a word count in the sidebar.", "Add a word count in the sidebar", 0.8),
    "wants us": (
        "Our host wants us to add live webinars to the booking site.",
        "Add live webinars to the booking site",
        0.8,
    ),
    "asked whether": (
        "The venue asked whether guests could pick a seat on the map.",
        "Let guests pick a seat on the map",
        0.8,
    ),
    "can we have": ("Can we have a print view for invoices?", "Add a print view for invoices", 0.8),
    "should also": ("The importer should also read TSV files.", "Read TSV files", 0.65),
    "nice, thing first": ("Emoji picker in the chat would be nice too.", "Add Emoji picker in the chat", 0.65),
    "cleft of a need": (
        "What I'd like is for the system to warn us about full disks.",
        "Warn us about full disks",
        0.8,
    ),
    "proposed": ("Somebody proposed that we cache the map tiles.", "Cache the map tiles", 0.65),
    "selling point": ("A kiosk mode would be a selling point for the app.", "Add a kiosk mode", 0.65),
    "far": ("Eventually I'd like to add multiplayer to the game.", "Add multiplayer to the game", 0.55),
}


@pytest.mark.parametrize(("text", "title", "confidence"), WISHES.values(), ids=WISHES)
def test_wishes(text, title, confidence):
    (finding,) = found(("human", text))
    assert told(finding) == ("feature", title)
    assert confidence <= finding.confidence <= round(confidence + 0.15, 2)


NONE = {
    "help": "I'd love some help with the API.",
    "opinion": "I'd love to hear what you think of the app.",
    "denied": "I don't think users want a second sidebar.",
    "rejected": "We decided not to add GraphQL.",
    "good enough": "That script would be good enough for the API.",
    "no duty": "We don't have to show it in the API.",
    "proposed elsewhere": "My sister proposed the Tuesday train, the app agrees.",
    "moving": "People want to move over, but the import page scares them.",
    "excuse": "There's no excuse for the old API.",
    "comparison": "Would Redis work for the queue?",
}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE)
def test_what_sounds_like_a_wish_and_is_none(text):
    assert one(text) == []


def test_missing_upkeep_is_a_task():
    assert one("There are no tests for the billing module.") == [("todo", "Add tests for the billing module")]


HEADS = {
    "imagined features": ("Features we'd need:", "feature", 0.6),
    "features": ("Feature requests from users:", "feature", 0.75),
    "tasks": ("Before the release we need to:", "todo", 0.85),
    "todo list": ("TODO list:", "todo", 0.85),
    "bugs": ("Known bugs:", "bug", 0.95),
    "bold": ("**What our players miss**", "feature", 0.75),
    "the last sentence": ("The rest is finished. Not done yet:", "todo", 0.85),
}


@pytest.mark.parametrize(("head", "kind", "confidence"), HEADS.values(), ids=HEADS)
def test_items_inherit_from_the_head_of_their_list(head, kind, confidence):
    items = found(("human", f"{head}\n\n- Export of the map as SVG\n- Login page on tablets (we spoke of that)"))
    assert [f.kind for f in items] == [kind] * 2
    assert all(confidence <= f.confidence <= round(confidence + 0.15, 2) for f in items)
    assert items[0].title == ("Export" if kind == "bug" else "Add export") + " of the map as SVG"


@pytest.mark.parametrize(
    "head",
    [
        "This is complex because we need to:",
        "What do these flags do:",
        "Can you explain:",
        "My stack:",
        "Things they love:",
        "**Things users love**",
        "Done:",
        "### Rejected",
        "From my notebook:",
    ],
)
def test_other_lists_found_nothing(head):
    assert found(("human", f"{head}\n\n- Export of the map as SVG\n- Login page on tablets")) == ()


def test_orders_in_own_notes_are_tasks_and_the_rest_is_not():
    notes = "From my notebook:\n\n1. Rename the legacy worker\n2. The espresso is better upstairs\n3. Coffee"
    assert one(notes) == [("todo", "Rename the legacy worker")]


def test_steps_that_come_back_as_tasks_are_mentions_of_them():
    steps = "It is complex because we need to:\n- Cancel the Paddle contract\n- Inform billing"
    (finding,) = found(("human", f"{steps}\n\nTODO: Add Paddle contract cancellation"))
    assert told(finding) == ("todo", "Add Paddle contract cancellation")
    assert [e.line_start for e in finding.evidence] == [2, 5]


VOICED = {
    "to the makers": ("Could you add a compact theme for small screens?", "Add a compact theme for small screens"),
    "of a thing": ("#88: please could the chart show two axes?", "Let the chart show two axes"),
}


@pytest.mark.parametrize(("text", "title"), VOICED.values(), ids=VOICED)
def test_what_a_quoted_user_asks_for_is_a_wish(text, title):
    assert one(f"Two reviews from the store:\n\n> {text}") == [("feature", title)]


@pytest.mark.parametrize("text", ["Could you tell me your address?", "Can you help me?", "Great app, could be worse"])
def test_what_a_quoted_user_only_says_is_none(text):
    assert one(f"Two reviews from the store:\n\n> {text}") == []
