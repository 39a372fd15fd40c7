"""How a run keeps trying: within its budget, never past its deadline, and never twice what may have been done."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bot.publishing.patience import Budget, Patient
from connectors.base import Change, Denied, Draft, Marker, RateLimited, Unavailable

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
DRAFT = Draft(title="T", body=(), labels=(), marker=Marker(fingerprint="v1-a", action="a-1"))


class Desk:
    """A tracker that fails as told, and a clock that moves when somebody waits."""

    calls = 0

    def __init__(self, *failures, seconds=300.0, attempts=4, stop=False):
        self.failures, self.time, self.waited, self.tries = list(failures), START, [], 0
        budget = Budget(
            attempts=attempts, seconds=seconds, until=START + timedelta(minutes=10), now=lambda: self.time,
            pause=self.pause, random=Random(1),
        )  # fmt: skip
        self.stop = stop
        self.patient = Patient("inbox", self, budget)

    def pause(self, seconds):
        self.waited.append(seconds)
        self.time += timedelta(seconds=seconds)
        return self.stop

    def answer(self, *_, **__):
        self.tries += 1
        if self.failures:
            raise self.failures.pop(0)
        return "done"

    check = changed_since = find = create = change = answer


def limited(seconds):
    return RateLimited("too many requests", retry_at=START + timedelta(seconds=seconds))


CALLS = {
    "check": lambda patient: patient.check(),
    "changed_since": lambda patient: patient.changed_since(""),
    "find": lambda patient: patient.find(DRAFT.marker),
    "create": lambda patient: patient.create(DRAFT),
    "change": lambda patient: patient.change("1", Change(add_labels=("a",))),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_it_waits_as_long_as_the_tracker_says(call):
    desk = Desk(limited(42))
    assert call(desk.patient) == "done"
    assert desk.waited == [42]


@pytest.mark.parametrize("name", [name for name in CALLS if name != "create"])
def test_what_is_safe_is_tried_again_after_growing_random_pauses(name):
    desk = Desk(*[Unavailable("502")] * 3)
    assert CALLS[name](desk.patient) == "done"
    assert len(desk.waited) == 3
    assert all(0 <= wait <= 2**number for number, wait in enumerate(desk.waited))


def test_a_create_without_an_answer_is_never_sent_again():
    desk = Desk(Unavailable("502"))
    with pytest.raises(Unavailable):
        desk.patient.create(DRAFT)
    assert desk.tries == 1


def test_a_change_on_condition_without_an_answer_is_not_sent_again():
    desk = Desk(Unavailable("502"))
    with pytest.raises(Unavailable):
        desk.patient.change("1", Change(state="closed", only_if_version="v"))
    assert desk.tries == 1


def test_what_will_not_get_better_is_told_at_once():
    desk = Desk(Denied("403"))
    with pytest.raises(Denied):
        desk.patient.check()
    assert (desk.tries, desk.waited) == (1, [])


def test_it_gives_up_after_so_many_tries():
    desk = Desk(*[Unavailable("502")] * 9, attempts=3)
    with pytest.raises(Unavailable):
        desk.patient.check()
    assert desk.tries == 3


def test_a_wait_longer_than_the_budget_is_left_to_the_next_run():
    desk = Desk(limited(200), seconds=300)
    desk.patient.check()
    desk.failures = [limited(400)]
    with pytest.raises(RateLimited):
        desk.patient.check()
    assert desk.waited == [200]


def test_nothing_waits_past_the_deadline():
    desk = Desk(limited(601), seconds=10_000)
    with pytest.raises(RateLimited):
        desk.patient.check()
    assert desk.waited == []


def test_a_run_that_is_asked_to_stop_does_not_try_again():
    desk = Desk(limited(42), stop=True)
    with pytest.raises(RateLimited):
        desk.patient.create(DRAFT)
    assert desk.tries == 1


def test_the_wait_is_told(caplog):
    Desk(limited(42)).patient.check()
    assert "target inbox: too many requests; trying again in 42 s" in caplog.text
