"""Cases of titles that a person gives through the bot, for connectors that are ``SetsTitle``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from connectors.base import Change, Connector, SetsTitle, Touched
from connectors.contract.bench import Bench
from connectors.contract.ground import Ground, draft, raised
from connectors.contract.hostile import HOSTILE


class TitleCases(Ground):
    """Another title, and nothing but that."""

    def _titled(self, tmp_path: Path) -> tuple[Bench, Connector]:
        import pytest

        bench, connector = self.start(tmp_path)
        if not (isinstance(connector, SetsTitle) and connector.sets_title):
            pytest.skip("this connector sets no titles")
        return bench, connector

    def test_another_title_changes_nothing_else(self, tmp_path: Path) -> None:
        bench, connector = self._titled(tmp_path)
        before = connector.create(draft())
        after = connector.change(before.id, Change(title="Export stops early"))
        assert after.title == "Export stops early"
        assert after.version != before.version
        unchanged = replace(after, title=before.title, version=before.version, updated_at=before.updated_at)
        assert replace(unchanged, url=before.url) == before
        assert self.seen(bench.connect(), before.id) == after

    def test_the_title_that_it_has_changes_nothing(self, tmp_path: Path) -> None:
        _, connector = self._titled(tmp_path)
        before = connector.create(draft())
        assert connector.change(before.id, Change(title=before.title)) == before

    def test_another_title_comes_with_labels_in_one_change(self, tmp_path: Path) -> None:
        bench, connector = self._titled(tmp_path)
        ticket_id = connector.create(draft()).id
        after = connector.change(ticket_id, Change(title="Export stops early", add_labels=("accepted",)))
        assert (after.title, bench.spelled("accepted") in after.labels) == ("Export stops early", True)

    def test_a_title_on_condition_is_not_set_once_a_person_edited(self, tmp_path: Path) -> None:
        bench, connector = self._titled(tmp_path)
        ticket = connector.create(draft())
        bench.person.edit_title(ticket.id, "Theirs")
        change = Change(title="Ours", only_if_version=ticket.version)
        assert raised(lambda: connector.change(ticket.id, change)) is Touched
        assert self.seen(connector, ticket.id).title == "Theirs"

    def test_hostile_text_in_another_title_stays_one_line(self, tmp_path: Path) -> None:
        bench, connector = self._titled(tmp_path)
        ticket = connector.create(draft())
        for name, text in {**HOSTILE, "long": "word " * bench.title_limit, "blank": " "}.items():
            after = connector.change(ticket.id, Change(title=text))
            assert 0 < len(after.title) <= bench.title_limit, name
            assert "\n" not in after.title, name
            assert (after.state, after.labels, after.body) == ("open", ticket.labels, ticket.body), name
            assert self.seen(connector, ticket.id) == after, name
