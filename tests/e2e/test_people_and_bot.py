"""People and the bot at work on the same tickets, in any order: what the bot promises holds after every run.

A few plays for each tracker in the normal suite. For thousands of steps, with plays that differ each time::

    LOOSE_ENDS_STEPS=5000 HYPOTHESIS_PROFILE=default pytest tests/e2e/test_people_and_bot.py -n 2
"""

import os
import re
import tempfile
from collections import defaultdict
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from people import TRACKERS, Town

from bot import pipeline
from bot.publishing import held, reviewing
from bot.publishing.dashboard import TITLE
from bot.store import tickets
from connectors.wiki import unescaped

STEPS = int(os.environ.get("LOOSE_ENDS_STEPS", "60"))  # for each tracker
SAID = {
    "pooling": ("TODO: pool the importer's connections", "TODO: Pool the connections of the importer!"),
    "keys": ("TODO: rotate the signing keys of the gateway", "TODO: rotate the gateway's signing keys"),
    "retry": ("TODO: document the retry policy of the price feed", "TODO: document the price feed's retry policy"),
}  # fmt: skip
WISHES = {
    "Add a dark theme in the report viewer": "Users keep asking for a dark theme in the report viewer.",
    "Add an export to CSV of the price list": "It would be nice to have an export to CSV of the price list.",
}
CONFIG = """filing:
  caps: {per_run: 500, per_day: 5000}
  thresholds: {feature: {file: 0.99, hold: 0.1}}
"""
SOLVED = " Done: that is finished now, I have just done it."
THEIRS = ("theirs", "accepted", "rejected", "hands-off")
picks = st.integers(0, 5)


class PeopleAndBot(RuleBasedStateMachine):
    tracker = "local"

    @initialize()
    def begin(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.town = Town(self.scratch.name, self.tracker, target=", dashboard: true", filing=CONFIG)
        self.rewritten = False  # has anybody written over a body, and so over its marker?
        self.people = {}  # ticket id -> title, body, as people left them or as they were filed
        self.labels = defaultdict(set)  # ticket id -> labels that people put there
        self.filed = defaultdict(set)  # fingerprint -> ids of its tickets, also of those that are gone
        self.never, self.wanted = set(), set()  # titles of held findings, by what people said in the dashboard

    def teardown(self):
        if hasattr(self, "town"):
            self.town.close()
            self.scratch.cleanup()

    # people

    @rule(subject=st.sampled_from(sorted(SAID)), wording=st.integers(0, 1), solved=st.booleans())
    def talk(self, subject, wording, solved):
        self.town.say(SAID[subject][wording], *([SOLVED] if solved else []))

    @rule(wish=st.sampled_from(sorted(WISHES.values())))
    def wish(self, wish):
        self.town.say(wish)

    def dashboard(self):
        shown = [one for one in self.town.tickets().values() if one.title == TITLE and one.state == "open"]
        assert len(shown) <= 1, "two dashboards"
        return shown[0] if shown else None

    @precondition(lambda self: self.dashboard())
    @rule(title=st.sampled_from(sorted(WISHES)), word=st.sampled_from(["file", "never"]))
    def tick(self, title, word):
        shown = self.dashboard()
        found = re.search(rf"loose-ends-{word}-([0-9a-f]+)", unescaped(shown.body).partition(title)[2])
        if title not in shown.body or not found or "Done as" in shown.body.partition(title)[0]:
            return
        self.town.wait(0.1)
        marker = found[0]
        if self.tracker in ("jira", "jira-datacenter"):
            self.town.person.set_labels(shown.id, sorted({*shown.labels, marker}))
        else:
            lines = shown.body.split("\n")
            done = [line.replace("- [ ]", "- [x]") if f"task {marker} " in line else line for line in lines]
            self.town.person.edit_body(shown.id, "\n".join(done))
        (self.never if word == "never" else self.wanted).add(title)

    @precondition(lambda self: self.tracker != "jira" and self.dashboard())
    @rule()
    def write_above_the_dashboard(self):
        shown = self.dashboard()
        self.town.wait(0.1)
        self.town.person.edit_body(shown.id, "Ours.\n\n" + shown.body)

    @precondition(lambda self: self.tracker != "jira" and self.dashboard())
    @rule()
    def write_below_the_dashboard(self):
        shown = self.dashboard()
        self.town.wait(0.1)
        self.town.person.edit_body(shown.id, shown.body + "\n\nOurs.")

    @rule(number=picks, word=st.sampled_from(["accept", "reject", "retitle", "duplicate", "file", "never"]))
    def say_at_the_terminal(self, number, word):
        with self.town.at_desk() as desk:
            with desk.engine.begin() as db:
                every = reviewing.waiting(db, desk.settings)
            items = [item for item in every if bool(item.ticket) == (word not in ("file", "never"))]
            if not items:
                return
            item = items[number % len(items)]
            self.town.wait(0.1)
            # What was cut off may have been done, or not.
            with suppress(reviewing.CannotReview):
                self.review(desk, item, word)
        if item.ticket and item.ticket.id in self.people and item.ticket.id in self.town.tickets():
            if word == "retitle":
                self.people.pop(item.ticket.id)
            here = {label.casefold() for label in self.town.tickets()[item.ticket.id].labels}
            self.labels[item.ticket.id] |= here & {"accepted", "rejected"}
        self.look()

    def review(self, desk, item, word):
        if word == "retitle":
            reviewing.correct(desk, item, title=f"{item.title} at once")
        elif word == "duplicate":
            with desk.engine.begin() as db:
                keys = [ticket.key for ticket in tickets.ours(db)]
            reviewing.mark_duplicate(desk, item, keys[0])
        elif item.ticket:
            {"accept": reviewing.accept, "reject": reviewing.reject}[word](desk, item.ticket)
        else:
            (self.never if word == "never" else self.wanted).add(item.title)
            with desk.engine.begin() as db:
                {"file": held.approve, "never": held.refuse}[word](db, item.finding, desk.now())
            if word == "file":
                pipeline.file_by_hand(desk, [item.finding.id])

    # Without the marker, or the ticket itself, a new state cannot know what an old one knew.
    @precondition(lambda self: not self.rewritten)
    @rule()
    def lose_the_state(self):
        for part in (self.town.folder / ".loose-ends").glob("state.db*"):
            part.unlink()
        there = self.town.tickets()
        self.never = set()
        for names in self.filed.values():
            names.intersection_update(there)

    def pick(self, number):
        there = self.town.tickets()
        known = [name for name in sorted(self.people) if name in there and there[name].title != TITLE]
        return known[number % len(known)] if known else None

    def touch(self, number, act):
        if name := self.pick(number):
            self.town.wait(0.1)
            act(name, self.town.tickets()[name])
            self.look()

    @precondition(lambda self: self.people)
    @rule(number=picks, reason=st.integers(0, 2))
    def close(self, number, reason):
        reason = self.town.reasons[reason % len(self.town.reasons)]
        self.touch(number, lambda name, ticket: ticket.state == "open" and self.town.person.close(name, reason))

    @precondition(lambda self: self.people)
    @rule(number=picks)
    def reopen(self, number):
        self.touch(number, lambda name, ticket: ticket.state == "closed" and self.town.person.reopen(name))

    @precondition(lambda self: self.people)
    @rule(number=picks, label=st.sampled_from(THEIRS))
    def put_label(self, number, label):
        def act(name, ticket):
            self.labels[name].add(label)
            self.town.person.set_labels(name, sorted({*ticket.labels, label}))

        self.touch(number, act)

    @precondition(lambda self: self.people)
    @rule(number=picks)
    def take_all_labels(self, number):
        def act(name, _):
            self.labels[name].clear()
            self.town.person.set_labels(name, ["loose-ends"])

        self.touch(number, act)

    @precondition(lambda self: self.people)
    @rule(number=picks, what=st.sampled_from(["title", "body", "comment"]))
    def write(self, number, what):
        def act(name, ticket):
            if what == "title":
                self.town.person.edit_title(name, f"{ticket.title} indeed")
            elif what == "body":
                self.rewritten = True
                self.town.person.edit_body(name, "Quite another body.")
            else:
                self.town.person.comment(name, "I have seen this, too.")

        if name := self.pick(number):
            self.people.pop(name)
            self.touch_named(name, act)

    def touch_named(self, name, act):
        self.town.wait(0.1)
        act(name, self.town.tickets()[name])
        self.look()

    @precondition(lambda self: self.people)
    @rule(number=picks)
    def delete(self, number):
        if name := self.pick(number):
            self.town.wait(0.1)
            self.town.person.delete(name)

    @rule(hours=st.sampled_from([1, 26, 200]))
    def time_passes(self, hours):
        self.town.wait(hours)

    # the network, and the bot

    @precondition(lambda self: self.tracker != "local")
    @rule()
    def lose_the_next_answer(self):
        self.town.line.cut = True

    @rule()
    def run(self):
        before = self.town.tickets()
        summary, pending = self.town.run()
        assert all("no answer" in error or "unknown" in error for error in summary.errors), summary.errors
        self.hold_to_promises(before, self.town.tickets())
        if not summary.errors and not pending:
            # What one log says is done another may have brought up: that is told by the run after.
            self.town.run()
            again, _ = self.town.run()
            assert not again.outcome.done.total(), f"it has not come to rest: {again.plan.actions}"

    def above(self, ticket):
        return unescaped(ticket.body).partition("Waits for you")[0]

    def below(self, ticket):
        return re.split("section ends -->|what stands above up to date.", unescaped(ticket.body))[-1]

    def look(self):
        """Takes tickets as people have just left them for what they are to be."""
        for name, ticket in self.town.tickets().items():
            self.people.setdefault(name, (ticket.title, ticket.body))
            if ticket.marker:
                self.filed[ticket.marker.fingerprint].add(name)

    def hold_to_promises(self, before, after):
        for name, ticket in after.items():
            if ticket.title == TITLE:
                outside = self.above(before[name]) if name in before else ""
                assert self.above(ticket) == outside or not outside, "something around the dashboard's part is gone"
                assert name not in before or self.below(ticket) == self.below(before[name]), "what stood below is gone"
            elif name in self.people:
                assert (ticket.title, ticket.body) == self.people[name], "a title or body was changed"
            spelled = {label.casefold() for label in ticket.labels}
            assert self.labels[name] <= spelled, f"a person's label is gone: {self.labels[name] - spelled}"
            old = before.get(name)
            if old and "hands-off" in old.labels:
                assert ticket == old, "it did not keep its hands off"
            if old and old.state == "closed" and ticket.state == "open":
                assert "rejected" not in old.labels, "opened again what people turned down"
                assert old.closed_as in (None, "done"), "opened again what people turned down"
            assert ticket.title not in self.never - self.wanted, "filed what was never to be filed"
        self.look()
        for fingerprint, names in self.filed.items():
            assert len(names) == 1, f"{fingerprint} has two tickets: {names}"


@pytest.mark.timeout(0 if STEPS > 100 else 120)
@pytest.mark.parametrize("tracker", TRACKERS)
def test_promises_hold_whatever_people_do(tracker):
    steps = min(STEPS // 4, 40)
    play = type(f"Play{tracker.title()}", (PeopleAndBot,), {"tracker": tracker})
    run_state_machine_as_test(
        play,
        settings=settings(
            max_examples=max(4, STEPS // steps),
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
