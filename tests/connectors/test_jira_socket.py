"""Jira over a real socket: the library, the transport and the network together, and the ticket as it is sent."""

import json
import os
from pathlib import Path

import pytest
from fake_http import served
from fake_jira import FakeJira, options

from connectors.base import Change, Draft, Marker, Unavailable
from connectors.document import BulletList, Code, Heading, Link, Paragraph, Quote, Strong, Text
from connectors.jira import connect

GOLDEN = Path(__file__).parent / "golden"
MARKER = Marker(fingerprint="v1-c0ffee", action="a1")


@pytest.fixture(params=["cloud", "datacenter"])
def jira(request):
    fake = FakeJira(cloud=request.param == "cloud")
    with served(fake) as fake.site:
        yield fake


def draft():
    body = (
        Paragraph((Text("A wish that came up in a talk about OPS-7 and [~octavia]."),)),
        Heading("Where it was said"),
        Quote("Could it sort by date?\n{noformat}\n!x.png!", (Strong("Grace"), Text(", "), Code("logs/june-2.md"))),
        BulletList(((Text("found by "), Code("wish")), (Text("see also "), Link("OPS-3", "https://example.org/3")))),
    )
    return Draft(title="Sort by *date*", body=body, labels=("loose-ends", "kind: feature"), marker=MARKER)


def test_a_filed_ticket_and_its_comments_read_like_the_golden_file(jira):
    connector = connect(options(jira), now=jira.now)
    ticket = connector.create(draft())
    said = (Paragraph((Text("Said again: see {code} and https://example.org."),)),)
    connector.change(ticket.id, Change(sightings=said, note=said, note_id="n-1"))
    issue = jira.issues[int(ticket.id)]
    bodies = [issue.description, *(note.body for note in issue.comments)]
    shown = [json.dumps(body, indent=1) if jira.cloud else body for body in bodies]
    text = "\n~~~~~\n".join([ticket.title, ", ".join(sorted(ticket.labels)), *shown]) + "\n"
    golden = GOLDEN / f"jira_{'cloud' if jira.cloud else 'datacenter'}_ticket.txt"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(text)
    assert text == golden.read_text()


def test_a_ticket_whose_answer_the_network_swallowed_is_found(jira):
    connector = connect(options(jira), now=jira.now)
    jira.faults = ["reset"]
    with pytest.raises(Unavailable, match="the connection failed or was cut"):
        connector.create(draft())
    assert connector.find(MARKER).key == "OPS-1"
    assert len([path for method, path, _ in jira.log if method == "POST"]) == 1


def test_words_beyond_ascii_come_back_as_they_were(jira):
    words = "Größe, 大きさ, 📏"
    jira.required = [("customfield_1", "Größe", {"type": "string"}, [])]
    connector = connect(options(jira, fields={"größe": words}), now=jira.now)
    ticket = connector.create(draft())
    assert jira.issues[int(ticket.id)].more == {"customfield_1": words}
    assert connector.change(ticket.id, Change(add_labels=(words, "a/b", "50%?"))).labels >= {"a/b", "50%?"}


def test_nothing_listens_there():
    fake = FakeJira()
    fake.site = "http://localhost:9"
    with pytest.raises(Unavailable, match="connection"):
        connect(options(fake), now=fake.now).changed_since("")


def test_a_netrc_file_signs_no_request(jira, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine localhost login ada password private\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    seen = []
    answer = jira.answer
    jira.answer = lambda request: seen.append(request.headers.get("authorization", "")) or answer(request)
    connect(options(jira), now=jira.now).create(draft())
    assert len(set(seen)) == 2  # our own, and none at all where somebody without an account is played
    assert "" in seen
