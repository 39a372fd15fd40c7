"""Notes of a release tell what was done, though in words of work."""

import pytest

from tests.extraction.talks import one

NOTES = {
    "who made it": "- fix: the crash on empty uploads by @ada in #12",
    "new in it": "Lantern v1.4 released\n\nWhat's new:\n- dark mode for the editor\n- fix: export fails on long names",
    "commit subjects": "Lantern 1.4 is released!\n\n- fix: export fails on long names\n- feat: add a dark mode",
}


@pytest.mark.parametrize("text", NOTES.values(), ids=NOTES)
def test_entries_of_a_release_are_done(text):
    assert one(text) == []


OPEN = {
    "before it": "Before 1.4 is released:\n\nTODO: fix the export of long names",
    "about it": "Since 1.4 was released the export fails on long names.",
    "a list of wishes": "Features we still need:\n- dark mode for the editor",
}


@pytest.mark.parametrize("text", OPEN.values(), ids=OPEN)
def test_what_is_said_of_a_release_is_found(text):
    assert len(one(text)) == 1
