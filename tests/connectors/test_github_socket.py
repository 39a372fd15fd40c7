"""GitHub over a real socket: the library, the transport and the network together, and the ticket as it is sent."""

import os
from pathlib import Path

import pytest
from fake_github import TOKEN, FakeGitHub
from fake_http import served

from connectors.base import Change, Draft, Marker, Unavailable
from connectors.document import BulletList, Code, Heading, Link, Paragraph, Quote, Strong, Text
from connectors.github import connect

GOLDEN = Path(__file__).parent / "golden" / "github_ticket.md"
MARKER = Marker(fingerprint="v1-c0ffee", action="a1")


@pytest.fixture
def github():
    fake = FakeGitHub()
    with served(fake) as fake.api:
        yield fake


def connector_to(fake):
    options = {"repo": "acme/shop", "token": TOKEN, "base_url": fake.api, "seconds_between_writes": 0}
    return connect(options, now=fake.now)


def draft():
    body = (
        Paragraph((Text("A wish that came up in a talk about #7 and @octavia."),)),
        Heading("Where it was said"),
        Quote("Could it sort by date?\nfixes #7\n<!-- hidden -->", (Strong("Grace"), Text(", "), Code("logs/june.md"))),
        BulletList(((Text("found by "), Code("wish")), (Text("see also "), Link("#3", "https://example.org/3")))),
    )
    return Draft(title="Sort by date: @octavia #7", body=body, labels=("loose-ends", "kind: feature"), marker=MARKER)


def test_a_filed_ticket_and_its_comments_read_like_the_golden_file(github):
    connector = connector_to(github)
    ticket = connector.create(draft())
    said = (Paragraph((Text("Said again: closes #7."),)),)
    connector.change(ticket.id, Change(sightings=said, note=said, note_id="n1"))
    comments = [comment.body for comment in github.issues[1].comments]
    text = "\n~~~~~\n".join([ticket.title, ", ".join(sorted(ticket.labels)), ticket.body, *comments]) + "\n"
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(text)
    assert text == GOLDEN.read_text()


def test_a_ticket_whose_answer_the_network_swallowed_is_found(github):
    connector = connector_to(github)
    github.faults = ["lose"]
    with pytest.raises(Unavailable, match="the connection failed or was cut"):
        connector.create(draft())
    assert connector.find(MARKER).id == "1"
    assert len([path for method, path, _ in github.log if method == "POST"]) == 1


def test_names_with_odd_characters_are_spelled_right_on_the_way(github):
    connector = connector_to(github)
    ticket = connector.create(draft())
    odd = ("a/b", "50% off?", "größer & #1", "c+d e", "..")
    assert connector.change(ticket.id, Change(add_labels=odd)).labels == {"loose-ends", "kind: feature", *odd}
    assert connector.change(ticket.id, Change(remove_labels=odd[:4])).labels == {"loose-ends", "kind: feature", ".."}


def test_words_beyond_ascii_come_back_as_they_were(github):
    github.file("Größe, 大きさ, 📏", "Body – ünïcode", "ada")
    (ticket,) = connector_to(github).changed_since("").tickets
    assert (ticket.title, ticket.body) == ("Größe, 大きさ, 📏", "Body – ünïcode")


def test_nothing_listens_there(github):
    options = {"repo": "acme/shop", "token": TOKEN, "base_url": "http://127.0.0.1:9"}
    with pytest.raises(Unavailable):
        connect(options, now=github.now).changed_since("")
