"""Cases of everyday life: filing, finding, changing, and what people do meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from connectors.base import Change, ClosedAs, Gone, Marker, Touched
from connectors.contract.bench import Person
from connectors.contract.ground import LABELS, Ground, draft, marker, raised, words

EDITS: dict[str, Callable[[Person, str], None]] = {
    "title": lambda person, ticket: person.edit_title(ticket, "Quite another title"),
    "body": lambda person, ticket: person.edit_body(ticket, "Quite another body"),
    "labels": lambda person, ticket: person.set_labels(ticket, ["loose-ends", "accepted"]),
    "state": lambda person, ticket: person.close(ticket, "done"),
    "comment": lambda person, ticket: person.comment(ticket, "I have seen this, too."),
}


class EverydayCases(Ground):
    """What a connector does on a good day."""

    def test_an_empty_tracker_is_in_order_and_has_nothing_to_tell(self, tmp_path: Path) -> None:
        _, connector = self.start(tmp_path)
        assert [problem for problem in connector.check() if problem.fatal] == []
        assert list(connector.changed_since("").tickets) == []
        assert connector.find(marker()) is None

    def test_a_new_ticket_is_as_it_was_drafted(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        ticket = connector.create(draft())
        assert ticket.title == "Export stops at row 1000"
        assert "it stops at row 1000" in ticket.body
        assert (ticket.state, ticket.closed_as, ticket.closed_at) == ("open", None, None)
        assert ticket.labels == set(map(bench.spelled, LABELS))
        assert ticket.marker == marker()
        assert ticket.created_at.tzinfo
        assert ticket.updated_at == ticket.created_at

    def test_a_new_ticket_is_found_by_its_marker_from_elsewhere(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        connector.create(draft(number=2))
        ticket = connector.create(draft())
        assert bench.connect().find(marker()) == ticket

    def test_a_new_ticket_is_found_though_the_clock_of_the_tracker_is_days_behind(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        tickets = [connector.create(draft(number=number)) for number in (1, 2, 3)]
        later = tickets[1].created_at + timedelta(days=3)
        found = bench.connect().find(marker(2), since=later)
        assert found is not None
        assert found.id == tickets[1].id

    def test_a_marker_is_found_whole_or_not_at_all(self, tmp_path: Path) -> None:
        _, connector = self.start(tmp_path)
        connector.create(draft(number=1))
        assert connector.find(Marker(fingerprint=marker(1).fingerprint, action="a-other")) is None
        assert connector.find(Marker(fingerprint="v1-other", action=marker(1).action)) is None
        assert connector.find(Marker(fingerprint=marker(1).fingerprint[:-1], action=marker(1).action)) is None

    def test_tickets_are_listed_once_filed(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        tickets = [connector.create(draft(number=number)) for number in (1, 2, 3)]
        listed = bench.connect().changed_since("").tickets
        assert {ticket.id: ticket for ticket in listed} == {ticket.id: ticket for ticket in tickets}
        assert [ticket.updated_at for ticket in listed] == sorted(ticket.updated_at for ticket in listed)

    def test_the_cursor_goes_on_where_it_stood(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        first = connector.create(draft(number=1))
        changes = connector.changed_since("")
        second = connector.create(draft(number=2))
        after = {ticket.id: ticket.version for ticket in bench.connect().changed_since(changes.cursor).tickets}
        assert after[second.id] == second.version
        assert after.get(first.id, first.version) == first.version

    def test_the_ticket_of_a_person_is_listed_without_a_marker(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        ticket_id = bench.person.file_ticket("The door squeaks", "Every morning.")
        ticket = self.seen(connector, ticket_id)
        assert (ticket.title, ticket.state, ticket.marker) == ("The door squeaks", "open", None)
        assert "Every morning." in ticket.body

    def test_a_marker_that_a_person_wrote_counts_nothing(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        line = connector.create(draft()).body.rpartition("\n")[2]
        forged = line.replace(marker().action, "a-0009")
        for body in (forged, f"{forged}\n\nThe end.", f"Hello.\n\n{forged}"):
            ticket_id = bench.person.file_ticket("Not the bot's", body)
            assert self.seen(connector, ticket_id).marker is None
        assert connector.find(Marker(fingerprint=marker().fingerprint, action="a-0009")) is None

    def test_a_body_that_a_person_copied_makes_no_ticket_of_the_bot(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        ticket = connector.create(draft())
        copy_id = bench.person.file_ticket("The same elsewhere", ticket.body)
        assert self.seen(connector, copy_id).marker is None
        assert connector.find(marker()) == self.seen(connector, ticket.id)
        bench.person.delete(ticket.id)
        assert connector.find(marker()) is None

    def test_a_body_without_its_marker_is_not_found(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        ticket = connector.create(draft())
        bench.person.edit_body(ticket.id, f"{ticket.body}\n\nand more")
        assert self.seen(connector, ticket.id).marker == (None if bench.marker_in_body else marker())
        assert (connector.find(marker()) is None) == bench.marker_in_body

    def test_title_and_body_belong_to_people(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        ticket_id = connector.create(draft()).id
        bench.person.edit_title(ticket_id, "A better title")
        bench.person.edit_body(ticket_id, "Rewritten.")
        change = Change(
            add_labels=("seen",),
            state="closed",
            closed_as="done",
            sightings=words("s"),
            note=words("n"),
            note_id="n1",
        )
        for after in (connector.change(ticket_id, change), self.seen(connector, ticket_id)):
            assert (after.title, after.body.strip()) == ("A better title", "Rewritten.")

    def test_labels_are_added_and_removed_one_by_one(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        ticket_id = connector.create(draft()).id
        bench.person.set_labels(ticket_id, list(map(bench.spelled, [*LABELS, "theirs", "more: theirs"])))
        change = Change(add_labels=("seen again", "loose-ends"), remove_labels=("needs-review", "never there"))
        for _ in range(2):
            after = connector.change(ticket_id, change)
            kept = ("loose-ends", "kind: bug", "theirs", "more: theirs", "seen again")
            assert after.labels == set(map(bench.spelled, kept))
        assert self.seen(connector, ticket_id) == after

    def test_an_empty_change_changes_nothing(self, tmp_path: Path) -> None:
        _, connector = self.start(tmp_path)
        ticket = connector.create(draft())
        assert connector.change(ticket.id, Change()) == ticket

    def test_sightings_are_one_comment_edited_in_place(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        ticket_id = connector.create(draft()).id
        connector.change(ticket_id, Change(sightings=words("seen twice")))
        bench.person.comment(ticket_id, "Thank you.")
        bench.connect().change(ticket_id, Change(sightings=words("seen thrice")))
        comments = bench.comments(ticket_id)
        assert len(comments) == 2
        assert "seen thrice" in comments[0]
        assert "seen twice" not in "".join(comments)
        assert "Thank you." in comments[1]

    def test_a_note_is_written_once(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        ticket_id = connector.create(draft()).id
        for connection in (connector, bench.connect()):
            for note_id in ("n1", "n12"):
                connection.change(ticket_id, Change(note=words(f"note {note_id}"), note_id=note_id))
        connector.change(ticket_id, Change(sightings=words("seen twice")))
        comments = bench.comments(ticket_id)
        assert len(comments) == 3
        assert "note n1" in comments[0]
        assert "note n12" in comments[1]
        assert "seen twice" in comments[2]

    def test_a_ticket_of_a_person_can_be_commented_on(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        ticket_id = bench.person.file_ticket("The door squeaks", "Every morning.")
        change = Change(sightings=words("seen twice"), add_labels=("seen again",))
        after = connector.change(ticket_id, change)
        assert (after.title, after.body.strip(), after.marker) == ("The door squeaks", "Every morning.", None)
        assert after.labels == {bench.spelled("seen again")}
        assert len(bench.comments(ticket_id)) == 1

    def test_the_answer_to_a_write_names_the_original_as_a_listing_does(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        ticket, _ = connector.create(draft(number=1)), connector.create(draft(number=2))
        bench.person.close(ticket.id, "duplicate")
        after = connector.change(ticket.id, Change(sightings=words("seen twice")))
        assert after.duplicate_of == self.seen(connector, ticket.id).duplicate_of

    def test_closing_and_reopening_come_back(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        ticket_id = connector.create(draft()).id
        reasons: tuple[ClosedAs, ...] = ("done", "not_planned")
        for reason in reasons:
            for _ in range(2):
                after = connector.change(ticket_id, Change(state="closed", closed_as=reason))
            assert (after.state, after.closed_as) == ("closed", reason if reason in bench.reasons else None)
            assert after.closed_at
            assert after.closed_at.tzinfo
            after = connector.change(ticket_id, Change(state="open"))
            assert (after.state, after.closed_as, after.closed_at) == ("open", None, None)
            assert self.seen(connector, ticket_id) == after

    def test_what_a_person_closes_and_reopens_is_seen(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        ticket_id = connector.create(draft()).id
        reasons: tuple[ClosedAs, ...] = ("done", "not_planned", "duplicate")
        for reason in reasons:
            bench.person.close(ticket_id, reason)
            ticket = self.seen(connector, ticket_id)
            assert (ticket.state, ticket.closed_as) == ("closed", reason if reason in bench.reasons else None)
            bench.person.reopen(ticket_id)
            ticket = self.seen(connector, ticket_id)
            assert (ticket.state, ticket.closed_as) == ("open", None)

    def test_closed_at_stays_when_the_bot_writes_after(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        for ticket_id in (connector.create(draft()).id, bench.person.file_ticket("The door squeaks", "Always.")):
            bench.person.close(ticket_id, "done")
            before = self.seen(connector, ticket_id)
            for change in (Change(sightings=words("seen twice")), Change(add_labels=("seen again",))):
                after = connector.change(ticket_id, change)
                assert (after.state, after.closed_at) == ("closed", before.closed_at)
                assert self.seen(bench.connect(), ticket_id).closed_at == before.closed_at

    def test_every_edit_of_a_person_is_listed_with_a_new_version(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        ticket = connector.create(draft())
        connector.create(draft(number=2))
        version, cursor = ticket.version, connector.changed_since("").cursor
        for name, edit in EDITS.items():
            edit(bench.person, ticket.id)
            changes = connector.changed_since(cursor)
            seen = {changed.id: changed.version for changed in changes.tickets}
            assert seen.get(ticket.id, version) != version, f"the new {name} was not seen"
            version, cursor = seen[ticket.id], changes.cursor

    def test_the_version_after_a_write_holds_until_somebody_edits(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        ticket = connector.create(draft())
        changes = (Change(add_labels=("a",)), Change(sightings=words("s")), Change(state="closed", closed_as="done"))
        for change in changes:
            cursor = connector.changed_since("").cursor
            after = connector.change(ticket.id, change)
            assert after.version != ticket.version
            assert [t.version for t in connector.changed_since(cursor).tickets if t.id == ticket.id] == [after.version]
            assert self.seen(bench.connect(), ticket.id).version == after.version
            ticket = after

    def test_the_answer_to_a_write_tells_the_version_before_or_none(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        ticket_id = connector.create(draft()).id
        for name, edit in EDITS.items():
            edit(bench.person, ticket_id)
            found = self.seen(connector, ticket_id).version
            after = connector.change(ticket_id, Change(sightings=words(f"a person gave it another {name}")))
            assert after.previous_version in ("", found), name
            again = connector.change(ticket_id, Change(add_labels=(f"after {name}",)))
            assert again.previous_version in ("", after.version), name

    def test_a_change_on_condition_is_not_made_once_a_person_edited(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        ticket = connector.create(draft())
        for name, edit in EDITS.items():
            edit(bench.person, ticket.id)
            found, comments = self.seen(connector, ticket.id), bench.comments(ticket.id)
            change = Change(
                add_labels=(f"after {name}",), state="open", sightings=words(name), only_if_version=ticket.version
            )
            assert raised(partial(connector.change, ticket.id, change)) is Touched, name
            assert (self.seen(connector, ticket.id), bench.comments(ticket.id)) == (found, comments), name
            ticket = connector.change(ticket.id, replace(change, only_if_version=found.version))
            assert bench.spelled(f"after {name}") in ticket.labels

    def test_a_change_on_condition_to_a_deleted_ticket_is_lost_like_any(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        ticket = connector.create(draft())
        bench.person.delete(ticket.id)
        change = Change(add_labels=("a",), only_if_version=ticket.version)
        assert raised(lambda: connector.change(ticket.id, change)) is Gone

    def test_a_deleted_ticket_is_told_or_refused(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        ticket, kept = connector.create(draft(number=1)), connector.create(draft(number=2))
        cursor = connector.changed_since("").cursor
        bench.person.delete(ticket.id)
        told = {changed.id: changed.state for changed in connector.changed_since(cursor).tickets}
        assert told.get(ticket.id, "deleted") == "deleted"
        assert told.get(kept.id, "open") == "open"
        assert connector.find(marker(1)) is None
        assert raised(lambda: connector.change(ticket.id, Change(add_labels=("a",)))) is Gone

    def test_a_number_is_not_given_again(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        ticket = connector.create(draft(number=1))
        bench.person.delete(ticket.id)
        again = bench.connect().create(draft(number=1))
        assert again.id != ticket.id
        assert again.key != ticket.key

    def test_a_ticket_filed_twice_is_found_as_the_first(self, tmp_path: Path) -> None:
        _, connector = self.start(tmp_path)
        first, second = connector.create(draft()), connector.create(draft())
        assert first.id != second.id
        found = connector.find(marker())
        assert found is not None
        assert found.id == first.id

    def test_requests_are_counted(self, tmp_path: Path) -> None:
        _, connector = self.start(tmp_path)
        counts = [connector.calls]
        ticket = connector.create(draft())
        counts.append(connector.calls)
        connector.change(ticket.id, Change(add_labels=("a",)))
        counts.append(connector.calls)
        connector.changed_since("")
        counts.append(connector.calls)
        assert counts == sorted(counts)
        assert counts[-1] == 0 or len(set(counts)) == len(counts)
