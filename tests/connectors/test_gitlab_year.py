"""A year of life on GitLab: whatever people, the network and the limits do, the promises hold."""

from datetime import timedelta

import pytest
from fake_gitlab import ADA, BOT, TOKEN, FakeGitLab, refused
from fake_http import Answer, mount
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from connectors.base import Change, Draft, Gone, Marker, RateLimited, Unavailable
from connectors.document import Paragraph, Quote, Text
from connectors.gitlab import connect

OWN = ("loose-ends", "needs-review")
SAID = st.sampled_from(["it stops", "/close\n@all", "<!-- x", "#1 ~urgent", "/label ~done"])
FAULTS = st.sampled_from(
    [
        ("write", "lose"),
        ("write", Answer(502, b"Bad Gateway")),
        ("any", Answer(503, b"")),
        ("any", refused(429, "slow down", **{"Retry-After": "30"})),
        ("write", refused(429, "slow down")),
    ]
)
STEPS = st.sampled_from([timedelta(0), timedelta(microseconds=300), timedelta(seconds=1), timedelta(minutes=3)])


class Year(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.fake = FakeGitLab()
        self.mock = mount(self.fake, self.fake.url)
        self.connector = self.connected()
        self.filed = {}  # action -> ticket id
        self.written = {}  # iid -> title and body as they were last written, by the bot's create or by a person
        self.cursor, self.known, self.count, self.label_was_deleted = "", {}, 0, False

    def teardown(self):
        self.mock.stop()

    def connected(self):
        options = {"base_url": self.fake.url, "project": "acme/shop", "token": TOKEN}
        return connect(options, now=lambda: self.fake.now, sleep=lambda _: None)

    def patiently(self, call):
        """What the room around a connector does: waits, asks again; gives up with None."""
        for _ in range(5):
            try:
                return call()
            except RateLimited as error:
                self.fake.now = max(self.fake.now, error.retry_at)
            except Unavailable:
                continue
            except Gone:
                return None
        return None

    def issue(self, data):
        return self.fake.issues[data.draw(st.sampled_from(sorted(self.fake.issues)))]

    def note_down(self, issue):
        self.written[issue.iid] = (issue.title, issue.description)

    @rule(said=SAID)
    def the_bot_files(self, said):
        self.count += 1
        marker = Marker(fingerprint=f"v1-{self.count}", action=f"a-{self.count}")
        body = (Paragraph((Text(said),)), Quote(said))
        draft, since = Draft(title=said, body=body, labels=OWN, marker=marker), self.fake.now
        ticket = None
        for _ in range(5):
            try:
                ticket = self.connector.create(draft)
            except RateLimited as error:
                self.fake.now = max(self.fake.now, error.retry_at)
            except Unavailable:
                ticket = self.patiently(lambda: self.connector.find(marker, since=since))
            if ticket:
                break
        if ticket:
            self.filed[marker.action] = ticket.id
            assert (ticket.state, ticket.labels, ticket.marker) == ("open", set(OWN), marker)
        for issue in self.fake.issues.values():
            if issue.iid not in self.written:
                self.note_down(issue)

    @precondition(lambda self: self.filed)
    @rule(data=st.data(), said=SAID, state=st.sampled_from([None, "open", "closed"]))
    def the_bot_changes(self, data, said, state):
        ticket_id = data.draw(st.sampled_from(sorted(self.filed.values())))
        iid = int(ticket_id.partition("-")[2])
        theirs = set(self.fake.issues[iid].labels) - {*OWN, "seen"} if iid in self.fake.issues else set()
        words = (Paragraph((Text(said),)),)
        change = Change(
            add_labels=("seen",), remove_labels=("needs-review",), state=state, sightings=words, note=words, note_id="n"
        )
        after = self.patiently(lambda: self.connector.change(ticket_id, change))
        assert after is None or iid in self.fake.issues
        if after:
            assert theirs <= after.labels
            assert "seen" in after.labels
            assert state in (None, after.state)
            own = [note for note in self.fake.issues[iid].notes if note["author"] == BOT]
            assert len(own) <= 2

    @rule(title=st.sampled_from(["The door squeaks", "It is cold"]))
    def a_person_files(self, title):
        copied = next(iter(self.fake.issues.values())).description if self.fake.issues else "/close"
        self.note_down(self.fake.file(title, copied, ADA))

    @precondition(lambda self: self.fake.issues)
    @rule(data=st.data(), what=st.sampled_from(["title", "body", "labels", "comment", "close", "reopen", "delete"]))
    def a_person_edits(self, data, what):
        issue = self.issue(data)
        match what:
            case "title":
                self.fake.retitle(issue, f"Better title {self.count}")
            case "body":
                self.fake.edit(issue, description=f"Rewritten {self.count}")
            case "labels":
                self.fake.edit(issue, labels=[*issue.labels, f"theirs {len(issue.labels)}"])
            case "comment":
                self.fake.add_note(issue, ADA, "I see.")
            case "close":
                self.fake.close(issue)
            case "reopen":
                self.fake.reopen(issue)
            case "delete":
                del self.fake.issues[issue.iid]
        self.note_down(issue)

    @precondition(lambda self: self.fake.issues)
    @rule(data=st.data(), others=st.integers(0, 2))
    def a_person_comments_between_two_looks(self, data, others):
        for _ in range(others):
            self.note_down(self.fake.file("Meanwhile", "", ADA))
        self.the_bot_looks()
        issue = self.issue(data)
        before = self.known.get(f"4711-{issue.iid}")
        self.fake.add_note(issue, ADA, "I see.")
        self.the_bot_looks()
        assert before is None or self.known[before.id].version != before.version

    @rule()
    def the_project_is_renamed(self):
        self.fake.rename(f"acme/shop-{len(self.fake.paths)}")

    @rule()
    def a_label_is_deleted(self):
        self.fake.drop_label("needs-review")
        self.label_was_deleted = True

    @rule(fault=FAULTS)
    def trouble_comes(self, fault):
        self.fake.faults.append(fault)

    @rule(step=STEPS)
    def time_goes_on(self, step):
        self.fake.step = step
        self.fake.now += step * 40

    @rule()
    def the_bot_starts_anew(self):
        self.connector = self.connected()

    @rule()
    def the_bot_looks(self):
        changes = self.patiently(lambda: self.connector.changed_since(self.cursor))
        if changes is None:
            return
        self.cursor = changes.cursor
        self.known.update((ticket.id, ticket) for ticket in changes.tickets)
        self.fake.faults.clear()
        everything = {ticket.id: ticket for ticket in self.connected().changed_since("").tickets}
        assert everything.keys() == {f"4711-{iid}" for iid in self.fake.issues}
        for ticket in everything.values():
            known = self.known[ticket.id]
            assert (known.title, known.body, known.state) == (ticket.title, ticket.body, ticket.state)
            # deleting a label leaves no trace in the times of its issues, nor their number of comments
            assert self.label_was_deleted or known.version == ticket.version

    @invariant()
    def nothing_is_filed_twice(self):
        bodies = [issue.description for issue in self.fake.issues.values() if issue.author == BOT]
        marked = [body.rpartition("\n")[2] for body in bodies if "loose-ends: v1" in body]
        assert len(marked) == len(set(marked))

    @invariant()
    def titles_and_bodies_stay_as_people_left_them(self):
        for iid, written in self.written.items():
            if issue := self.fake.issues.get(iid):
                assert (issue.title, issue.description) == written

    @invariant()
    def nothing_that_was_said_acts(self):
        assert not [issue for issue in self.fake.issues.values() if {"urgent", "done"} & set(issue.labels)]


Year.TestCase.settings = settings(max_examples=45, stateful_step_count=25, deadline=None, derandomize=True)
TestYear = pytest.mark.timeout(60)(Year.TestCase)
