"""A year in the life of a Jira project: people, the bot and the network do as they please, and the promises hold."""

from contextlib import ExitStack
from datetime import timedelta

from fake_http import Answer
from fake_jira import BOT, Ada, FakeJira, on_the_net, options
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from connectors.adf import to_text
from connectors.base import Change, Draft, Gone, Marker, RateLimited, Unavailable
from connectors.document import Paragraph, Text
from connectors.jira import connect

OWN = ("loose-ends", "needs-review")
THEIRS = ("urgent", "team-shop", "needs-review", "wontfix?")
SLOW_DOWN = Answer(429, {"errorMessages": ["Rate limit exceeded."]}, {"Retry-After": "120"})
FAULTS = st.sampled_from(
    [(), (), (), ("lose",), ("down",), ("reset",), (SLOW_DOWN,), (None, "lose"), (None, SLOW_DOWN), ("lose", "down")]
)


def words(text):
    return (Paragraph((Text(text),)),)


class Year(RuleBasedStateMachine):
    tickets = Bundle("tickets")

    @initialize(cloud=st.booleans())
    def begin(self, cloud):
        self.stack = ExitStack()
        self.jira = self.stack.enter_context(on_the_net(FakeJira(cloud=cloud), described=False))
        self.ada = Ada(self.jira)
        self.bot = self.connection()
        self.cursor, self.mirror, self.texts, self.labels = "", {}, {}, {}
        self.count = 0

    def teardown(self):
        if hasattr(self, "stack"):
            self.stack.close()

    def connection(self):
        return connect(options(self.jira), now=self.jira.now, sleep=lambda _: None)

    def insist(self, call, after_doubt=lambda: None):
        """What the caller of a connector does: waits when told, and looks before it tries again."""
        for _ in range(5):
            try:
                return call()
            except RateLimited as error:
                self.jira.time = max(self.jira.time, error.retry_at)
            except Unavailable:
                if (found := self.insist(after_doubt)) is not None:
                    return found
        raise AssertionError("it never went through")

    def note(self, ticket_id):
        issue = self.jira.issues[int(ticket_id)]
        self.texts[ticket_id] = (issue.summary, issue.description)
        return ticket_id

    def own_comments(self, ticket_id):
        issue = self.jira.issues.get(int(ticket_id))
        bodies = [one.body for one in issue.comments if one.author == BOT] if issue else []
        return [(to_text(body) if self.jira.cloud else body).rpartition("\n")[2] for body in bodies]

    @rule(target=tickets, faults=FAULTS, fresh=st.booleans())
    def the_bot_files(self, faults, fresh):
        self.count += 1
        marker = Marker(fingerprint=f"v1-{self.count}", action=f"a-{self.count}")
        draft = Draft(title=f"Stop {self.count}", body=words("It stops."), labels=OWN, marker=marker)
        since, self.jira.faults = self.jira.time - timedelta(days=1), list(faults)
        finder = self.connection() if fresh else self.bot
        ticket = self.insist(lambda: self.bot.create(draft), lambda: finder.find(marker, since=since))
        self.jira.faults = []
        assert ticket.marker == marker
        self.labels[ticket.id] = set()
        return self.note(ticket.id)

    @rule(target=tickets)
    def a_person_files(self):
        ticket_id = self.ada.file_ticket("The door squeaks", "Every morning.")
        self.labels[ticket_id] = set()
        return self.note(ticket_id)

    @rule(
        ticket=tickets, faults=FAULTS, adds=st.sets(st.sampled_from(["seen-again", *OWN])),
        state=st.sampled_from([None, "open", "closed"]), says=st.sampled_from(["", "note", "sightings"]),
    )  # fmt: skip
    def the_bot_changes(self, ticket, faults, adds, state, says):
        self.jira.faults, before = list(faults), self.own_comments(ticket)
        change = Change(
            add_labels=tuple(sorted(adds)), remove_labels=("needs-review",), state=state,
            closed_as="not_planned" if state == "closed" else None, note_id="n1",
            **({says: words(f"Seen at {self.jira.time}")} if says else {}),
        )  # fmt: skip
        try:
            after = self.insist(lambda: self.bot.change(ticket, change))
        except Gone:
            assert int(ticket) not in self.jira.issues
        else:
            assert after.labels >= adds - {"needs-review"}
            assert after.state == (state or after.state)
            assert self.own_comments(ticket)[: len(before)] == before
            self.labels[ticket].discard("needs-review")
        self.jira.faults = []

    @rule(ticket=tickets, labels=st.lists(st.sampled_from(THEIRS), unique=True))
    def a_person_labels(self, ticket, labels):
        if int(ticket) in self.jira.issues:
            self.ada.set_labels(ticket, labels)
            self.labels[ticket] = set(labels)

    @rule(ticket=tickets, title=st.sampled_from(["Another title", "Stop 1"]), body=st.sampled_from(["", "Rewritten."]))
    def a_person_edits(self, ticket, title, body):
        if int(ticket) in self.jira.issues:
            self.ada.edit_title(ticket, title)
            if body:
                self.ada.edit_body(ticket, body)
            self.note(ticket)

    @rule(ticket=tickets, reason=st.sampled_from(["done", "not_planned", "duplicate", None]))
    def a_person_closes_or_reopens(self, ticket, reason):
        if int(ticket) in self.jira.issues:
            self.ada.close(ticket, reason) if reason else self.ada.reopen(ticket)

    @rule(ticket=tickets)
    def a_person_comments(self, ticket):
        if int(ticket) in self.jira.issues:
            self.ada.comment(ticket, "I have seen it, too.\n\nLoose Ends reference: sightings")

    @rule(ticket=tickets)
    def a_person_moves_it_to_another_project(self, ticket):
        if int(ticket) in self.jira.issues:
            self.ada.move(ticket)

    @rule(ticket=consumes(tickets))
    def a_person_deletes(self, ticket):
        if int(ticket) in self.jira.issues:
            self.ada.delete(ticket)

    @rule(minutes=st.sampled_from([1, 30, 60 * 24 * 30]))
    def time_passes(self, minutes):
        self.jira.time += timedelta(minutes=minutes)

    @rule()
    def the_search_falls_behind(self):
        self.jira.lag = True

    @rule()
    def the_search_catches_up(self):
        self.jira.lag = False
        self.jira.catch_up()

    @rule(fresh=st.booleans())
    def the_bot_looks(self, fresh):
        if fresh:
            self.bot = self.connection()
        changes = self.insist(lambda: self.bot.changed_since(self.cursor))
        self.cursor = changes.cursor
        assert changes.problems == ()
        for ticket in changes.tickets:
            self.mirror[ticket.id] = ticket
        if not self.jira.lag:
            fresh_look = {ticket.id: ticket for ticket in self.connection().changed_since("").tickets}
            here = {name for name, issue in self.jira.issues.items() if issue.key.startswith("OPS-")}
            known = {name: ticket for name, ticket in self.mirror.items() if int(name) in here}
            assert known == fresh_look

    @invariant()
    def no_marker_is_filed_twice(self):
        if not hasattr(self, "jira"):
            return
        markers = [str(issue.properties) for issue in self.jira.issues.values() if issue.properties]
        assert len(markers) == len(set(markers))

    @invariant()
    def what_people_wrote_stays(self):
        for issue in self.jira.issues.values() if hasattr(self, "jira") else ():
            assert self.texts[str(issue.id)] == (issue.summary, issue.description)
            assert self.labels[str(issue.id)] <= set(issue.labels)
            comments = self.own_comments(str(issue.id))
            assert len(comments) == len(set(comments))


Year.TestCase.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)
TestYear = Year.TestCase
