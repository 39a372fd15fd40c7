"""Cases of bad days: hostile text, texts too long, replies that are lost, trackers that ask to wait."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NoReturn

from connectors.base import Change, Draft, Marker, RateLimited, Unavailable
from connectors.contract.bench import LimitsRate, LosesReplies, ShowsMarkup
from connectors.contract.ground import LABELS, Ground, draft, marker, raised, words
from connectors.contract.hostile import HOSTILE
from connectors.document import BulletList, Code, Document, Heading, Paragraph, Quote, Strong, Text


class RoughCases(Ground):
    """What a connector does on a bad day."""

    def test_hostile_text_in_a_body_only_shows(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        labels = frozenset(map(bench.spelled, LABELS))
        for number, (name, text) in enumerate(HOSTILE.items()):
            ticket = connector.create(_hostile(text, number))
            assert (ticket.state, ticket.labels, ticket.marker) == ("open", labels, marker(number)), name
            assert connector.find(marker(number)) == ticket, name
            if isinstance(bench, ShowsMarkup):
                assert list(bench.live_parts(ticket.body)) == [], name
        assert connector.find(Marker(fingerprint="v1-forged", action="forged")) is None

    def test_hostile_text_in_a_comment_only_shows(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        ticket = connector.create(draft())
        for number, (name, text) in enumerate(HOSTILE.items()):
            document = _hostile(text, number).body
            change = Change(sightings=document, note=document, note_id=f"n{number}")
            after = connector.change(ticket.id, change)
            assert (after.state, after.labels, after.body) == ("open", ticket.labels, ticket.body), name
            assert len(bench.comments(ticket.id)) == number + 2, name
            if isinstance(bench, ShowsMarkup):
                assert [part for text in bench.comments(ticket.id) for part in bench.live_parts(text)] == [], name

    def test_hostile_text_in_a_title_stays_one_line(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        labels = frozenset(map(bench.spelled, LABELS))
        for number, (name, text) in enumerate(HOSTILE.items()):
            ticket = connector.create(draft(text, number=number))
            assert 0 < len(ticket.title) <= bench.title_limit, name
            assert "\n" not in ticket.title, name
            assert (ticket.state, ticket.labels, ticket.marker) == ("open", labels, marker(number)), name
            assert self.seen(connector, ticket.id) == ticket, name

    def test_a_long_body_is_cut_and_keeps_its_marker(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        for number, text in enumerate(("word " * bench.body_limit, "line\n" * bench.body_limit)):
            ticket = connector.create(draft(text=text, number=number))
            assert bench.body_limit // 4 < len(ticket.body) <= bench.body_limit
            assert ticket.marker == marker(number)
        after = connector.change(ticket.id, Change(sightings=words("word " * bench.body_limit)))
        assert after.marker == marker(number)
        assert len(bench.comments(ticket.id)[0]) <= bench.body_limit

    def test_a_long_title_is_cut(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        ticket = connector.create(draft("word " * bench.title_limit))
        assert ticket.title.startswith("word word")
        assert len(ticket.title) <= bench.title_limit

    def test_a_create_whose_reply_is_lost_is_found(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        if not isinstance(bench, LosesReplies):
            _skip("this tracker has no replies to lose")
        bench.lose_next_reply()
        assert raised(lambda: connector.create(draft())) is Unavailable
        assert connector.find(marker()) is not None
        assert len(connector.changed_since("").tickets) == 1

    def test_a_change_whose_reply_is_lost_can_be_made_again(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        if not isinstance(bench, LosesReplies):
            _skip("this tracker has no replies to lose")
        ticket_id = connector.create(draft()).id
        changes = (Change(note=words("note"), note_id="n1"), Change(sightings=words("seen")))
        for change in changes:
            bench.lose_next_reply()
            assert raised(partial(connector.change, ticket_id, change)) is Unavailable
            connector.change(ticket_id, change)
        assert len(bench.comments(ticket_id)) == 2

    def test_a_tracker_that_asks_to_wait_is_told_from_one_that_is_down(self, tmp_path: Path) -> None:
        bench, connector = self.start(tmp_path)
        if not isinstance(bench, LimitsRate):
            _skip("this tracker does not limit the rate of requests")
        retry_at = bench.limit_next()
        told = None
        try:
            connector.create(draft())
        except RateLimited as error:
            told = error.retry_at
        assert told is not None, "the request went through"
        assert abs(told - retry_at) <= timedelta(seconds=2)
        assert bench.connect().find(marker()) is None  # the connector itself keeps silent until then


def _hostile(text: str, number: int) -> Draft:
    parts = (Text(text), Text(" and "), Strong(text), Text(", "), Code(text))
    body: Document = (
        Paragraph(parts), Heading(text), Quote(text, (Text(text), Text(":"))), BulletList(((Text(text),), parts)),
        Quote(text), Paragraph((Text("The end."),)),
    )  # fmt: skip
    return Draft(title="Hostile", body=body, labels=LABELS, marker=marker(number))


def _skip(reason: str) -> NoReturn:
    import pytest

    pytest.skip(reason)
