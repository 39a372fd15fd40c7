"""Walking a listing that changes while it is read: no item is lost, whatever is updated between two pages."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from connectors.listing import Page, walk

START = datetime(2026, 3, 2, tzinfo=UTC)
SIZE = 3


class Tracker:
    """Items with times of update in whole seconds; ``edits`` are made between pages."""

    def __init__(self, times, edits=()):
        self.updated = {str(number): START + timedelta(seconds=second) for number, second in enumerate(times)}
        self.edits, self.fetched = list(edits), 0
        self.clock = START + timedelta(seconds=1000)

    def fetch(self, since, page):
        self.fetched += 1
        rows = sorted(self.updated.items(), key=lambda row: (row[1], int(row[0])))
        rows = [row for row in rows if since is None or row[1] >= since]
        part = rows[(page - 1) * SIZE : page * SIZE]
        if self.edits:
            name = str(self.edits.pop() % max(1, len(self.updated)))
            if name in self.updated:
                self.clock += timedelta(seconds=1)
                self.updated[name] = self.clock
        return Page(items=[(name, time, (name, time)) for name, time in part], full=len(part) == SIZE)


@given(st.lists(st.integers(0, 30), max_size=40, unique=True), st.lists(st.integers(0, 40), max_size=12))
def test_every_item_is_read_in_its_last_version(times, edits):
    tracker = Tracker(times, edits)
    seen = dict(walk(tracker.fetch, None))
    assert set(seen) == set(tracker.updated)
    late = {name for name, time in tracker.updated.items() if seen[name] != time}
    assert all(tracker.updated[name] > START + timedelta(seconds=1000) for name in late), "it comes with the next look"


@given(st.lists(st.integers(0, 2), max_size=20))
def test_many_items_of_one_moment_are_all_read(times):
    tracker = Tracker(times)
    assert dict(walk(tracker.fetch, None)) == tracker.updated


@given(st.lists(st.integers(0, 30), max_size=40, unique=True), st.integers(0, 30))
def test_only_what_is_newer_is_read_and_no_more_pages_than_needed(times, second):
    tracker = Tracker(times)
    since = START + timedelta(seconds=second)
    got = [name for name, _ in walk(tracker.fetch, since)]
    assert got == sorted((n for n, t in tracker.updated.items() if t >= since), key=lambda n: tracker.updated[n])
    assert tracker.fetched <= len(got) // (SIZE - 1) + 1
