"""The GitLab connector over a real socket, library and all."""

import pytest
from fake_gitlab import TOKEN, FakeGitLab
from fake_http import Answer, served

from connectors.base import Change, Denied, Draft, Marker, Unavailable
from connectors.document import Paragraph, Text
from connectors.gitlab import connect

MARKER = Marker(fingerprint="v1-7f", action="a1")
WORDS = (Paragraph((Text("It stops."),)),)
DRAFT = Draft(title="Export stops", body=WORDS, labels=("loose-ends",), marker=MARKER)


@pytest.fixture
def fake():
    gitlab = FakeGitLab()
    with served(gitlab) as gitlab.url:
        yield gitlab


def connected(fake):
    options = {"base_url": fake.url, "project": "acme/shop", "token": TOKEN, "timeout": 5}
    return connect(options, now=lambda: fake.now, sleep=lambda _: None)


def test_a_ticket_is_filed_changed_and_listed(fake):
    connector = connected(fake)
    assert connector.check() == []
    ticket = connector.create(DRAFT)
    change = Change(sightings=WORDS, add_labels=("seen: again",), state="closed")
    after = connector.change(ticket.id, change)
    assert (after.labels, after.state) == ({"loose-ends", "seen: again"}, "closed")
    assert list(connected(fake).changed_since("").tickets) == [after]
    assert len(fake.requests) == connector.calls + 2


def test_a_line_that_is_cut_after_the_post_leaves_one_ticket(fake):
    connector = connected(fake)
    connector.check()
    fake.faults = [("write", "lose")]
    with pytest.raises(Unavailable, match="the connection failed or was cut"):
        connector.create(DRAFT)
    found = connector.find(MARKER)
    assert found
    assert [issue.iid for issue in fake.issues.values()] == [1]


def test_a_redirect_to_another_host_gets_no_token(fake):
    connector = connected(fake)
    elsewhere = fake.url.replace("localhost", "127.0.0.1") + "/api/v4/projects/4711/issues"
    fake.faults = [("any", Answer(302, b"", {"Location": elsewhere}))]
    with pytest.raises(Denied, match=r"refused to follow 127\.0\.0\.1"):
        connector.changed_since("")
    assert len(fake.requests) == 1


def test_a_redirect_within_the_host_is_followed_for_reading(fake):
    connector = connected(fake)
    ticket = connector.create(DRAFT)
    fake.faults = [("any", Answer(301, b"", {"Location": f"{fake.url}/api/v4/projects/4711/issues?per_page=100"}))]
    assert [one.id for one in connector.changed_since("").tickets] == [ticket.id]
