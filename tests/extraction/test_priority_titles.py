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
    "denied": ("The footer overlaps the map, it's not urgent.", "low"),
}


@pytest.mark.parametrize(("text", "wanted"), PRIORITIES.values(), ids=PRIORITIES)
def test_priority_follows_stated_signals(text, wanted):
    (finding,) = found(("human", text))
    assert finding.priority == wanted
    assert wanted == "medium" or any(reason.startswith((wanted, "with", "mends")) for reason in finding.why)


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
