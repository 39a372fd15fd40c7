"""Which mentions are of one loose end: a task said again is the same one, its neighbour is not."""

import pytest

from tests.extraction.talks import found

APART = {
    "another part": ("TODO: rename the cache of the importer", "TODO: rename the schema of the importer"),
    "another place": ("TODO: rotate the token of the ledger", "TODO: rotate the token of the gateway"),
    "another deed": ("TODO: archive the index of the catalogue", "TODO: rebuild the index of the glossary"),
}
SAME = {
    "word for word": ("TODO: rename the cache of the importer", "TODO: rename the cache of the importer"),
    "more of it": ("TODO: rename the cache", "TODO: rename the cache of the importer"),
    "in prose": ("TODO: rename the cache of the importer", "I still have to rename the importer's cache."),
}


@pytest.mark.parametrize(("first", "then"), APART.values(), ids=APART)
def test_two_marked_tasks_that_differ_in_what_they_name_are_two(first, then):
    assert len(found(("human", first), ("assistant", "I see."), ("human", then))) == 2


@pytest.mark.parametrize(("first", "then"), SAME.values(), ids=SAME)
def test_a_task_said_again_is_one(first, then):
    assert len(found(("human", first), ("assistant", "I see."), ("human", then))) == 1
