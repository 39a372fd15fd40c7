"""A sentence in a talk of its own says that something filed is done: known by likeness, told on its ticket."""

import pytest

FILED = {
    "crash": "The app crashes when saving an empty file.",
    "pooling": "TODO: configure connection pooling for the importer",
    "keys": "TODO: rotate the signing keys of the gateway",
    "retries": "TODO: add retries to the uploader",
}
KEYS = {"crash": "App crashes", "pooling": "onfigure connection", "keys": "otate the signing", "retries": "dd retries"}


@pytest.fixture
def filed(project):
    project.log("monday.md", *FILED.values())
    project.run()
    project.wait(days=1)
    assert len(project.tickets()) == 4
    return project


def said_done(project):
    return sorted(
        name
        for name, words in KEYS.items()
        for ticket in project.tickets()
        if words in ticket.title and "maybe-resolved" in ticket.labels
    )


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("The crash when saving an empty file is fixed now.", ["crash"]),
        ("I've fixed the crash when saving an empty file.", ["crash"]),
        ("Connection pooling for the importer is done.", ["pooling"]),
        ("I have rotated the signing keys of the gateway.", ["keys"]),
        ("By the way, I added retries to the uploader.", ["retries"]),
        ("The signing keys of the gateway are rotated.", ["keys"]),
        ("I noticed that the app crashes when saving an empty file.", []),
        ("We discussed connection pooling for the importer.", []),
        ("When the crash when saving an empty file is fixed, we ship.", []),
        ("Connection pooling for the importer is done, but only in staging.", []),
        ("The build is fixed.", []),
        ("I fixed the importer.", []),
        ("All is done.", []),
        ("I hope that the crash when saving an empty file is fixed.", []),
        ("Is the crash when saving an empty file fixed?", []),
        ("The crash when saving an empty file is not fixed.", []),
        ("I added retries to the downloader.", []),
    ],
)
def test_only_what_is_meant_is_said_to_be_done(filed, text, meant):
    filed.log("tuesday.md", text)
    filed.run()
    assert said_done(filed) == meant
    assert len(filed.tickets()) == 4


def test_an_assistant_s_report_counts_and_is_quoted(filed):
    filed.log("tuesday.md", "What did you do?")
    log = filed.folder / "logs" / "tuesday.md"
    log.write_text(log.read_text().replace("I see.", "I rotated the signing keys of the gateway."))
    filed.touch(log)
    filed.run()
    text = next((filed.folder / "tickets").glob("*signing*")).read_text()
    assert said_done(filed) == ["keys"]
    assert "`notes/tuesday.md` says on 2026-03-03 that this is done" in text


def test_a_claim_is_told_once(filed):
    filed.log("tuesday.md", "Connection pooling for the importer is done.")
    filed.run()
    filed.more("tuesday.md", "and lunch was good")
    assert filed.plan().actions == ()


def test_a_claim_before_anything_is_filed_changes_nothing(project):
    project.log("monday.md", "Connection pooling for the importer is done.")
    assert project.run().outcome.done == {}
