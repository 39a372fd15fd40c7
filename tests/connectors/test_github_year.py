"""A year in the life of a repository: people, the bot and the network do as they please, and the promises hold."""

from contextlib import ExitStack
from datetime import timedelta

from fake_github import TOKEN, Ada, FakeGitHub, on_the_net
from fake_http import Answer
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from connectors.base import Change, Draft, Gone, Marker, RateLimited, Unavailable
from connectors.document import Paragraph, Text
from connectors.github import connect
from connectors.marker import parse_marker

OWN = ("loose-ends", "needs-review")
THEIRS = ("urgent", "Team: Shop", "needs-review", "wontfix?")
SLOW_DOWN = Answer(403, {"message": "You have exceeded a secondary rate limit."}, {"Retry-After": "120"})
FAULTS = st.sampled_from(
    [(), (), (), ("lose",), ("502",), (SLOW_DOWN,), (None, "lose"), (None, SLOW_DOWN), ("lose", "502")]
)


def words(text):
    return (Paragraph((Text(text),)),)


class Year(RuleBasedStateMachine):
    tickets = Bundle("tickets")

    @initialize()
    def begin(self):
        self.stack = ExitStack()
        self.github = self.stack.enter_context(on_the_net(FakeGitHub(), described=False))
        self.ada = Ada(self.github)
        self.bot = self.connection()
        self.cursor, self.mirror, self.texts, self.labels = "", {}, {}, {}
        self.count = self.names = 0

    def teardown(self):
        if hasattr(self, "stack"):
            self.stack.close()

    def connection(self):
        return connect({"repo": "acme/shop", "token": TOKEN}, now=self.github.now, sleep=lambda _: None)

    def insist(self, call, after_doubt=lambda: None):
        """What the caller of a connector does: waits when told, and looks before it tries again."""
        for _ in range(5):
            try:
                return call()
            except RateLimited as error:
                self.github.time = max(self.github.time, error.retry_at)
            except Unavailable:
                if (found := after_doubt()) is not None:
                    return found
        raise AssertionError("it never went through")

    def note(self, ticket_id):
        issue = self.github.issues[int(ticket_id)]
        self.texts[ticket_id] = (issue.title, issue.body)
        return ticket_id

    def noted(self, ticket_id):
        comments = self.github.issues[int(ticket_id)].comments if int(ticket_id) in self.github.issues else ()
        return [comment.body for comment in comments if comment.body.endswith("note n1 -->")]

    @rule(target=tickets, faults=FAULTS)
    def the_bot_files(self, faults):
        self.count += 1
        marker = Marker(fingerprint=f"v1-{self.count}", action=f"a-{self.count}")
        draft = Draft(title=f"Stop {self.count}", body=words("It stops."), labels=OWN, marker=marker)
        since, self.github.faults = self.github.time, list(faults)
        ticket = self.insist(lambda: self.bot.create(draft), lambda: self.bot.find(marker, since=since))
        self.github.faults = []
        assert ticket.marker == marker
        self.labels[ticket.id] = set()
        return self.note(ticket.id)

    @rule(target=tickets)
    def a_person_files(self):
        ticket_id = self.ada.file_ticket("The door squeaks", "Every morning.")
        self.labels[ticket_id] = set()
        return self.note(ticket_id)

    @rule(
        ticket=tickets, faults=FAULTS, adds=st.sets(st.sampled_from(["seen again", *OWN])),
        state=st.sampled_from([None, "open", "closed"]), says=st.sampled_from(["", "note", "sightings"]),
    )  # fmt: skip
    def the_bot_changes(self, ticket, faults, adds, state, says):
        self.github.faults, noted = list(faults), self.noted(ticket)
        change = Change(
            add_labels=tuple(sorted(adds)), remove_labels=("needs-review",), state=state,
            closed_as="not_planned" if state == "closed" else None, note_id="n1",
            **({says: words(f"Seen at {self.github.time}")} if says else {}),
        )  # fmt: skip
        try:
            after = self.insist(lambda: self.bot.change(ticket, change))
        except Gone:
            assert int(ticket) not in self.github.issues
        else:
            assert after.labels >= adds - {"needs-review"}
            assert after.state == (state or after.state)
            assert self.noted(ticket)[: len(noted)] == noted
            self.labels[ticket].discard("needs-review")
        self.github.faults = []

    @rule(ticket=tickets, labels=st.lists(st.sampled_from(THEIRS), unique=True))
    def a_person_labels(self, ticket, labels):
        if int(ticket) in self.github.issues:
            self.ada.set_labels(ticket, labels)
            self.labels[ticket] = set(labels)

    @rule(ticket=tickets, title=st.sampled_from(["Another title", "Stop 1"]))
    def a_person_edits(self, ticket, title):
        if int(ticket) in self.github.issues:
            self.ada.edit_title(ticket, title)
            self.note(ticket)

    @rule(ticket=tickets, reason=st.sampled_from(["done", "not_planned", "duplicate", None]))
    def a_person_closes_or_reopens(self, ticket, reason):
        if int(ticket) in self.github.issues:
            self.ada.close(ticket, reason) if reason else self.ada.reopen(ticket)

    @rule(ticket=tickets)
    def a_person_comments(self, ticket):
        if int(ticket) in self.github.issues:
            self.ada.comment(ticket, "I have seen it, too.")

    @rule(ticket=consumes(tickets))
    def a_person_deletes(self, ticket):
        if int(ticket) in self.github.issues:
            self.ada.delete(ticket)

    @rule(label=st.sampled_from(THEIRS))
    def a_label_is_deleted(self, label):
        self.github.delete_label(label)
        for labels in self.labels.values():
            labels.discard(label)

    @rule()
    def the_repository_is_renamed(self):
        self.names += 1
        self.github.rename(f"acme/shop-{self.names}")

    @rule(minutes=st.sampled_from([1, 30, 60 * 24 * 30]))
    def time_passes(self, minutes):
        self.github.time += timedelta(minutes=minutes)

    @rule()
    def the_bot_starts_anew(self):
        self.bot = self.connection()

    @rule()
    def the_bot_looks(self):
        changes = self.bot.changed_since(self.cursor)
        self.cursor = changes.cursor
        self.mirror |= {ticket.id: ticket for ticket in changes.tickets}
        shown = {ticket.id: ticket.version for ticket in self.connection().changed_since("").tickets}
        assert {ticket_id: self.mirror[ticket_id].version for ticket_id in shown} == shown

    @invariant()
    def nothing_is_there_twice(self):
        issues = self.github.issues.values() if hasattr(self, "github") else ()
        own = [parse_marker(issue.body) for issue in issues if issue.author == "loose-bot"]
        assert len(own) == len(set(own))
        for issue in issues:
            said = [comment.body.rpartition("\n")[2] for comment in issue.comments if comment.author == "loose-bot"]
            assert len(said) == len(set(said))

    @invariant()
    def what_people_wrote_stays(self):
        for ticket_id, text in getattr(self, "texts", {}).items():
            issue = self.github.issues.get(int(ticket_id))
            if issue is not None:
                assert (issue.title, issue.body) == text
                assert set(issue.labels) >= self.labels[ticket_id]


Year.TestCase.settings = settings(
    max_examples=40, stateful_step_count=40, derandomize=True, deadline=None, database=None
)
TestYear = Year.TestCase
