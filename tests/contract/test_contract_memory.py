"""A tracker in memory with a network that fails: it passes the contract, and each broken version of it does not."""

import copy
import hashlib
import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import Changes, Gone, RateLimited, Rejected, Ticket, Touched, Unavailable
from connectors.contract import ConnectorContract, live_parts
from connectors.markdown import to_markdown, to_title
from connectors.marker import parse_marker
from connectors.section import drafted, with_section

BOT, PERSON = "bot", "ada"


@dataclass
class Issue:
    number: int
    title: str
    body: str
    labels: list
    author: str
    created: int
    updated: int
    state: str = "open"
    closed_as: str | None = None
    closed: int = 0
    comments: list = field(default_factory=list)  # (author, id, text)


class Server:
    """The tracker: every write takes a tick of its clock."""

    def __init__(self):
        self.issues, self.ticks, self.fault = {}, itertools.count(1), ""
        self.numbers = itertools.count(1)

    def write(self, change, *, by_bot):
        fault, self.fault = (self.fault, "") if by_bot else ("", self.fault)
        if fault == "limit":
            raise RateLimited("too many requests", retry_at=at(1000))
        result = change()
        if fault == "lose":
            raise Unavailable("no answer")
        return result

    def file(self, title, body, labels, author):
        tick = next(self.ticks)
        number = next(self.numbers)
        self.issues[number] = Issue(number, title, body, list(labels), author, tick, tick)
        return self.issues[number]

    def edit(self, ticket_id, edit):
        if int(ticket_id) not in self.issues:
            raise Gone(f"no ticket {ticket_id}")
        issue = self.issues[int(ticket_id)]
        before = copy.deepcopy(issue)
        edit(issue)
        if issue != before:
            issue.updated = next(self.ticks)
        if issue.state != before.state:
            issue.closed = issue.updated
        return issue


def at(tick):
    return datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=tick)


class MemoryConnector:
    keeps_section = True
    sets_title = True

    def __init__(self, server):
        self.server, self.calls = server, 0

    def check(self):
        self.calls += 1
        return []

    def changed_since(self, cursor):
        self.calls += 1
        issues = sorted(self.server.issues.values(), key=lambda issue: (issue.updated, issue.number))
        changed = [issue for issue in issues if issue.updated > int(cursor or 0)]
        last = str(issues[-1].updated) if issues else cursor
        return Changes(tickets=[self.ticket(issue) for issue in changed], cursor=last)

    def find(self, marker, *, since=None):  # noqa: ARG002
        self.calls += 1
        tickets = [self.ticket(issue) for _, issue in sorted(self.server.issues.items())]
        return next((ticket for ticket in tickets if ticket.marker == marker), None)

    def create(self, draft):
        self.calls += 1
        body = drafted(draft, flavor="github", limit=Bench.body_limit)
        title = to_title(draft.title, flavor="github", limit=Bench.title_limit)
        file = lambda: self.server.file(title, body, draft.labels, BOT)  # noqa: E731
        return self.ticket(self.server.write(file, by_bot=True))

    def change(self, ticket_id, change):
        self.calls += 1
        found = []

        def edit(issue):
            found.append(self.ticket(issue).version)
            if change.only_if_version not in ("", found[0]):
                raise Touched(f"somebody edited ticket {ticket_id}")
            self.edit(issue, change)

        issue = self.server.write(lambda: self.server.edit(ticket_id, edit), by_bot=True)
        return replace(self.ticket(issue), previous_version=found[0])

    def edit(self, issue, change):
        issue.labels = [label for label in issue.labels if label not in change.remove_labels]
        issue.labels += [label for label in change.add_labels if label not in issue.labels]
        if change.state:
            issue.state, issue.closed_as = change.state, change.closed_as
        if change.title is not None:
            issue.title = to_title(change.title, flavor="github", limit=Bench.title_limit)
        if change.own_section is not None:
            if issue.author != BOT:
                raise Rejected("filed by somebody else")
            issue.body = with_section(issue.body, change.own_section, flavor="github", limit=Bench.body_limit)
        if change.sightings:
            self.comment(issue, "sightings", change.sightings, edit=True)
        if change.note:
            self.comment(issue, change.note_id, change.note, edit=False)

    def comment(self, issue, comment_id, document, *, edit):
        text = to_markdown(document, flavor="github", limit=Bench.body_limit)
        known = [known for _, known, _ in issue.comments]
        if comment_id not in known:
            issue.comments.append((BOT, comment_id, text))
        elif edit:
            issue.comments[known.index(comment_id)] = (BOT, comment_id, text)

    def ticket(self, issue):
        return Ticket(
            id=str(issue.number), key=f"#{issue.number}", url=f"https://tracker.example/{issue.number}",
            title=issue.title, body=issue.body, state=issue.state, labels=frozenset(issue.labels),
            version=hashlib.sha256(repr(issue).encode()).hexdigest(), created_at=at(issue.created),
            updated_at=at(issue.updated), closed_as=issue.closed_as, author=issue.author,
            closed_at=at(issue.closed) if issue.state == "closed" else None,
            marker=parse_marker(issue.body) if issue.author == BOT else None,
        )  # fmt: skip


class Ada:
    def __init__(self, server):
        self.server = server

    def file_ticket(self, title, body):
        return str(self.server.file(title, body, [], PERSON).number)

    def set(self, ticket_id, **values):
        self.server.edit(ticket_id, lambda issue: vars(issue).update(values))

    def edit_title(self, ticket_id, title):
        self.set(ticket_id, title=title)

    def edit_body(self, ticket_id, body):
        self.set(ticket_id, body=body)

    def set_labels(self, ticket_id, labels):
        self.set(ticket_id, labels=list(labels))

    def close(self, ticket_id, reason):
        self.set(ticket_id, state="closed", closed_as=reason)

    def reopen(self, ticket_id):
        self.set(ticket_id, state="open", closed_as=None)

    def comment(self, ticket_id, text):
        self.server.edit(ticket_id, lambda issue: issue.comments.append((PERSON, "", text)))

    def delete(self, ticket_id):
        del self.server.issues[int(ticket_id)]


class Bench:
    title_limit, body_limit = 120, 4000
    reasons = frozenset(("done", "not_planned", "duplicate"))
    marker_in_body = True

    def __init__(self, connector=MemoryConnector):
        self.server, self.connector = Server(), connector
        self.person = Ada(self.server)

    def connect(self):
        return self.connector(self.server)

    def comments(self, ticket_id):
        return [text for _, _, text in self.server.issues[int(ticket_id)].comments]

    def live_parts(self, markup):
        return live_parts(markup)

    def spelled(self, label):
        return label

    def lose_next_reply(self):
        self.server.fault = "lose"

    def limit_next(self):
        self.server.fault = "limit"
        return at(1000)


class TestMemory(ConnectorContract):
    def make(self, tmp_path):  # noqa: ARG002
        return Bench()


class TrustsAnyMarker(MemoryConnector):
    def ticket(self, issue):
        return replace(super().ticket(issue), marker=parse_marker(issue.body))


class TrustsAMarkerAnywhere(MemoryConnector):
    def ticket(self, issue):
        markers = [parse_marker(line) for line in issue.body.split("\n")]
        return replace(super().ticket(issue), marker=next(filter(None, markers), None))


class FindsByFingerprintAlone(MemoryConnector):
    def find(self, marker, *, since=None):  # noqa: ARG002
        tickets = self.changed_since("").tickets
        return next((one for one in tickets if one.marker and one.marker.fingerprint == marker.fingerprint), None)


class FindsTheNewest(MemoryConnector):
    def find(self, marker, *, since=None):  # noqa: ARG002
        return next((one for one in reversed(self.changed_since("").tickets) if one.marker == marker), None)


class ReplacesLabels(MemoryConnector):
    def edit(self, issue, change):
        super().edit(issue, change)
        issue.labels = list(change.add_labels) or issue.labels


class RewritesTheBody(MemoryConnector):
    def edit(self, issue, change):
        super().edit(issue, change)
        issue.body += "\nSeen again."


class SendsTitlesAsTheyAre(MemoryConnector):
    def edit(self, issue, change):
        super().edit(issue, change)
        issue.title = change.title or issue.title


class CommentsAnew(MemoryConnector):
    def comment(self, issue, comment_id, document, *, edit):  # noqa: ARG002
        issue.comments.append((BOT, comment_id, to_markdown(document, flavor="github", limit=Bench.body_limit)))


class ForgetsTheReason(MemoryConnector):
    def edit(self, issue, change):
        super().edit(issue, replace(change, closed_as=None))


class ListsOnlyNewTickets(MemoryConnector):
    def changed_since(self, cursor):
        changes = super().changed_since(cursor)
        new = [ticket for ticket in changes.tickets if ticket.updated_at == ticket.created_at or not cursor]
        return replace(changes, tickets=new)


class VersionOfTheTitle(MemoryConnector):
    def ticket(self, issue):
        return replace(super().ticket(issue), version=issue.title)


class RetriesCreates(MemoryConnector):
    def create(self, draft):
        try:
            return super().create(draft)
        except Unavailable:
            return super().create(draft)


class PassesTextThrough(MemoryConnector):
    def create(self, draft):
        ticket = super().create(draft)
        issue = self.server.issues[int(ticket.id)]
        texts = "".join(getattr(block, "text", "") for block in draft.body)
        issue.body = texts + "\n\n" + issue.body
        return self.ticket(issue)


class SendsLongBodies(MemoryConnector):
    def create(self, draft):
        body = to_markdown(draft.body, flavor="github", marker=draft.marker)[: Bench.body_limit]
        title = to_title(draft.title, flavor="github", limit=Bench.title_limit)
        return self.ticket(self.server.file(title, body, draft.labels, BOT))


class CallsEverythingDown(MemoryConnector):
    def create(self, draft):
        try:
            return super().create(draft)
        except RateLimited as error:
            raise Unavailable(str(error)) from error


class MakesLostTickets(MemoryConnector):
    def change(self, ticket_id, change):
        if int(ticket_id) not in self.server.issues:
            raise Unavailable("404")
        return super().change(ticket_id, change)


class ClosedWhenLastUpdated(MemoryConnector):
    def ticket(self, issue):
        return replace(super().ticket(issue), closed_at=at(issue.updated) if issue.state == "closed" else None)


class TellsTheVersionAfter(MemoryConnector):
    def change(self, ticket_id, change):
        ticket = super().change(ticket_id, change)
        return replace(ticket, previous_version=ticket.version)


class KnowsNoCondition(MemoryConnector):
    def change(self, ticket_id, change):
        return super().change(ticket_id, replace(change, only_if_version=""))


class ChecksAfterTheWrite(MemoryConnector):
    def change(self, ticket_id, change):
        ticket = super().change(ticket_id, replace(change, only_if_version=""))
        if change.only_if_version not in ("", ticket.previous_version):
            raise Touched("too late")
        return ticket


FAULTS = {
    TrustsAnyMarker: "test_a_marker_that_a_person_wrote_counts_nothing",
    TrustsAMarkerAnywhere: "test_a_body_without_its_marker_is_not_found",
    FindsByFingerprintAlone: "test_a_marker_is_found_whole_or_not_at_all",
    FindsTheNewest: "test_a_ticket_filed_twice_is_found_as_the_first",
    ReplacesLabels: "test_labels_are_added_and_removed_one_by_one",
    RewritesTheBody: "test_title_and_body_belong_to_people",
    SendsTitlesAsTheyAre: "test_hostile_text_in_another_title_stays_one_line",
    CommentsAnew: "test_a_note_is_written_once",
    ForgetsTheReason: "test_closing_and_reopening_come_back",
    ListsOnlyNewTickets: "test_every_edit_of_a_person_is_listed_with_a_new_version",
    VersionOfTheTitle: "test_the_version_after_a_write_holds_until_somebody_edits",
    RetriesCreates: "test_a_create_whose_reply_is_lost_is_found",
    PassesTextThrough: "test_hostile_text_in_a_body_only_shows",
    SendsLongBodies: "test_a_long_body_is_cut_and_keeps_its_marker",
    CallsEverythingDown: "test_a_tracker_that_asks_to_wait_is_told_from_one_that_is_down",
    ClosedWhenLastUpdated: "test_closed_at_stays_when_the_bot_writes_after",
    TellsTheVersionAfter: "test_the_answer_to_a_write_tells_the_version_before_or_none",
    KnowsNoCondition: "test_a_change_on_condition_is_not_made_once_a_person_edited",
    ChecksAfterTheWrite: "test_a_change_on_condition_is_not_made_once_a_person_edited",
    MakesLostTickets: "test_a_deleted_ticket_is_told_or_refused",
}


@pytest.mark.parametrize("broken", FAULTS, ids=lambda broken: broken.__name__)
def test_the_contract_catches_a_broken_connector(broken, tmp_path):
    class Case(ConnectorContract):
        def make(self, tmp_path):  # noqa: ARG002
            return Bench(broken)

    with pytest.raises((AssertionError, Unavailable)):
        getattr(Case(), FAULTS[broken])(tmp_path)
