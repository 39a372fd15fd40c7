import pytest

from tests.extraction.talks import found

PRIORITIES = {
    "asap": ("We need to switch to Redis sessions ASAP.", "high"),
    "today": ("I have to fix the login page today.", "high"),
    "users": ("Users are reporting that the export button does nothing.", "high"),
    "production": ("The API is down in production.", "high"),
    "security": ("There's an SQL injection issue in the search form.", "high"),
    "data loss": ("The sync keeps losing user data.", "high"),
    "someday": ("Someday I want to replace the build script.", "low"),
    "nice to have": ("TODO: Animate the logo (nice to have)", "low"),
    "far date": ("We should port the app to Windows, that's a Q3 2031 project.", "low"),
    "remembered": ("I just remembered we have a bug where the footer overlaps the map.", "low"),
    "none": ("I need to migrate the CI to GitHub Actions.", "medium"),
    "audience": ("Guests can't open the booking page.", "high"),
    "how many": ("Several guests were booked into the same slot, the calendar shows the wrong day.", "high"),
    "money": ("Subscribers are charged twice at checkout.", "high"),
    "laid open": ("The API token is in the logs in plain text.", "high"),
    "unguarded": ("TODO: The export route has no auth check", "high"),
    "anyone": ("FIXME: anyone on the network can read the settings page", "high"),
    "this evening": ("I'll fix the login redirect this evening.", "high"),
    "before shipping": ("We have to remove the debug menu before we ship.", "high"),
    "small": ("Two small things. The footer overlaps the map.", "low"),
    "no hurry": ("It would be great to have a dark mode in the editor. No hurry, though.", "low"),
    "next in line": ("We should add an audit log. That's a next year thing.", "low"),
    "in the report": ("The app crashes in the Q3 report.", "medium"),
    "like production": ("We should make the staging database look like production.", "medium"),
    "of today": ("TODO: Write up the review of today's release", "medium"),
    "right now": ("Right now the build uses an old compiler, I need to upgrade it.", "medium"),
    "denied": ("The footer overlaps the map, it's not urgent.", "low"),
}


@pytest.mark.parametrize(("text", "wanted"), PRIORITIES.values(), ids=PRIORITIES)
def test_priority_follows_stated_signals(text, wanted):
    (finding,) = found(("human", text))
    assert finding.priority == wanted
    assert wanted == "medium" or any(reason.startswith((wanted, "with", "mends")) for reason in finding.why)


AROUND = {
    "next sentence": ("The importer skips rows with umlauts. It has to be fixed before the launch.", "high"),
    "who met it": ("The importer crashes on empty rows. Three customers wrote to us about it.", "high"),
    "new topic": ("The importer crashes on empty rows. Also, is the office closed today?", "medium"),
    "other thing": ("The importer crashes on empty rows. The colours we can leave for later.", "medium"),
}


@pytest.mark.parametrize(("text", "wanted"), AROUND.values(), ids=AROUND)
def test_sentences_that_still_speak_of_it_set_the_priority(text, wanted):
    assert found(("human", text))[0].priority == wanted


def test_the_sentence_above_a_list_says_how_urgent_it_is():
    text = "TODO: Rotate the keys\nTODO: Pin the base image"
    assert [f.priority for f in found(("human", f"Those are the top priority.\n\n{text}"))] == ["high", "high"]
    assert [f.priority for f in found(("human", f"The rest is a top priority of Ann's.\n\n{text}"))] == ["medium"] * 2


ANSWERS = {
    "put off": ("Agreed, but it happens once a year. Not this sprint.", "low"),
    "by name": ("Okay. The importer thing has to be done this week.", "high"),
    "someone else": ("Thanks. What is on the menu tonight?", "medium"),
}


@pytest.mark.parametrize(("answer", "wanted"), ANSWERS.values(), ids=ANSWERS)
def test_the_next_turn_sets_the_priority_of_the_last_thing_said(answer, wanted):
    talk = [("human", "The importer crashes on empty rows."), ("assistant", "I see."), ("human", answer)]
    assert found(*talk)[0].priority == wanted


def test_urgent_words_about_all_faults_reach_each_of_them():
    talk = [
        ("human", "The API returns a 500 on /orders."),
        ("assistant", "Hm."),
        ("human", "I must focus on these production issues first."),
    ]
    assert [f.priority for f in found(*talk)] == ["high"]


def test_a_task_has_the_priority_of_the_fault_it_mends():
    bug = "I just remembered we have a bug where players can't delete their account."
    findings = found(("human", f"{bug}\n\nTODO: Implement account deletion for players"))
    assert [f.priority for f in findings] == ["low", "low"]


def test_a_pointer_in_a_title_gets_the_name_it_stands_for():
    talk = [
        ("human", "It's about the `/api/orders` endpoint."),
        ("assistant", "Yes?"),
        ("human", "I need to add paging to this endpoint."),
    ]
    assert found(*talk)[0].title == "Add paging to /api/orders"


def test_the_place_of_a_fault_told_later_is_in_the_title():
    talk = [
        ("human", "Users are reporting random timeouts."),
        ("assistant", "Where?"),
        ("human", "It's just the `/api/orders` endpoint."),
    ]
    assert found(*talk)[0].title == "Random timeouts on /api/orders endpoint"


def test_a_second_symptom_joins_the_first():
    text = "We have a bug where users can't leave a lobby. The button is there but nothing happens."
    assert [f.title for f in found(("human", text))] == ["Users can't leave a lobby: button does nothing"]


LONG = "I need to migrate " + "the very old and rather convoluted reporting database " * 4 + "to PostgreSQL."


@pytest.mark.parametrize("text", [LONG, "TODO: " + "x" * 300, "The app crashes " + "when `" + "y" * 200 + "` is set."])
def test_titles_stay_below_eighty_characters(text):
    assert all(0 < len(f.title) < 80 for f in found(("human", text)))


def test_titles_depend_on_the_loose_end_alone():
    alone = found(("human", "TODO: Pin the base image"))
    among = found(("human", "TODO: Rotate the keys\nTODO: Pin the base image\n\nThe API is down."))
    assert alone[0].title in [f.title for f in among]
