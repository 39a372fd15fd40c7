"""Cases of the part of a body that the bot keeps up to date, for connectors that are ``KeepsSection``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from connectors.base import Change, Connector, KeepsSection, Rejected
from connectors.contract.bench import Bench, ShowsMarkup
from connectors.contract.ground import Ground, draft, marker, raised, words
from connectors.contract.hostile import HOSTILE
from connectors.document import Document, Quote, Task, TaskList, Text


class SectionCases(Ground):
    """What the bot keeps up to date in a body, and what it leaves alone there."""

    def _start(self, tmp_path: Path) -> tuple[Bench, Connector]:
        import pytest

        bench, connector = self.start(tmp_path)
        if not (isinstance(connector, KeepsSection) and connector.keeps_section):
            pytest.skip("this connector keeps no section")
        return bench, connector

    def test_a_section_is_replaced_and_the_rest_stays(self, tmp_path: Path) -> None:
        bench, connector = self._start(tmp_path)
        ticket = connector.create(replace(draft(), own_section=words("nothing waits")))
        assert "nothing waits" in ticket.body
        assert ticket.marker == marker()
        for text in ("one thing waits", "two things wait"):
            after = connector.change(ticket.id, Change(own_section=words(text)))
            assert after.body == ticket.body.replace("nothing waits", text)
            assert (after.title, after.labels, after.marker) == (ticket.title, ticket.labels, ticket.marker)
            assert self.seen(bench.connect(), ticket.id) == after

    def test_the_same_section_again_changes_nothing(self, tmp_path: Path) -> None:
        bench, connector = self._start(tmp_path)
        ticket_id = connector.create(replace(draft(), own_section=words("nothing waits"))).id
        tasks = (TaskList((Task("file-1", (Text("file"),)), Task("never-1", (Text("never"),), checked=True))),)
        ticket = connector.change(ticket_id, Change(own_section=tasks))
        assert bench.connect().change(ticket_id, Change(own_section=tasks)) == ticket

    def test_a_body_without_the_section_s_lines_is_left_alone(self, tmp_path: Path) -> None:
        bench, connector = self._start(tmp_path)
        ticket_id = connector.create(replace(draft(), own_section=words("nothing waits"))).id
        bench.person.edit_body(ticket_id, "Mine from now on.")
        before = self.seen(connector, ticket_id)
        change = Change(own_section=words("one thing waits"))
        assert raised(lambda: connector.change(ticket_id, change)) is Rejected
        assert self.seen(connector, ticket_id) == before

    def test_a_ticket_with_a_section_is_known_again_whatever_people_write_below_it(self, tmp_path: Path) -> None:
        bench, connector = self._start(tmp_path)
        ticket = connector.create(replace(draft(), own_section=words("nothing waits")))
        other = connector.create(draft(number=2)).body.rpartition("\n")[2]
        bench.person.edit_body(ticket.id, f"{ticket.body}\n\nOurs.\n\n{other}")
        found = bench.connect().find(marker())
        assert found is not None
        assert (found.id, found.marker) == (ticket.id, marker())

    def test_a_ticket_without_a_section_gets_none(self, tmp_path: Path) -> None:
        bench, connector = self._start(tmp_path)
        own = connector.create(draft())
        copied = connector.create(replace(draft(number=2), own_section=words("nothing waits"))).body
        theirs = bench.person.file_ticket("The door squeaks", copied)
        for ticket_id in (own.id, theirs):
            change = Change(own_section=words("one thing waits"))
            assert raised(lambda: connector.change(ticket_id, change)) is Rejected  # noqa: B023 - called at once

    def test_hostile_text_in_a_section_only_shows_and_cannot_end_it(self, tmp_path: Path) -> None:
        bench, connector = self._start(tmp_path)
        ticket = connector.create(replace(draft(), own_section=words("nothing waits")))
        for name, text in HOSTILE.items():
            section: Document = (Quote(f"{ticket.body}\n{text}"), TaskList((Task("file-1", (Text(text),)),)))
            after = connector.change(ticket.id, Change(own_section=section))
            assert (after.state, after.labels, after.marker) == ("open", ticket.labels, ticket.marker), name
            if isinstance(bench, ShowsMarkup):
                assert list(bench.live_parts(after.body)) == [], name
        assert connector.change(ticket.id, Change(own_section=words("nothing waits"))).body == ticket.body
