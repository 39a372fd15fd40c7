"""The renderer to the Atlassian Document Format, and its reader."""

import json
import re

import pytest
from hostile_documents import documents, said
from hypothesis import given
from hypothesis import strategies as st

from connectors.adf import size, to_adf, to_text
from connectors.base import Marker
from connectors.contract import HOSTILE
from connectors.document import BulletList, Code, Heading, Link, Paragraph, Quote, Strong, Text
from connectors.reference import parse_reference

MARKER = Marker(fingerprint="v1-77", action="a1")
ALLOWED = {
    "doc": {"heading", "paragraph", "codeBlock", "bulletList"}, "bulletList": {"listItem"}, "listItem": {"paragraph"},
    "heading": {"text"}, "paragraph": {"text"}, "codeBlock": {"text"},
}  # fmt: skip


def wrong_nodes(node):
    """What Jira would refuse, or act on: other nodes than ours, empty ones, other marks, unseen characters."""
    if node["type"] == "text":
        marks = [mark["type"] for mark in node.get("marks", ())]
        bad = not node["text"] or re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\ufeff]", node["text"])
        return [node] if bad or len(marks) > 1 or not {*marks} <= {"strong", "code", "link"} else []
    children = node["content"]
    bad = [child for child in children if child["type"] not in ALLOWED[node["type"]]]
    empty = [node] if not children and node["type"] != "doc" else []
    return empty + bad + [wrong for child in children for wrong in wrong_nodes(child)]


def links(node):
    marks = [mark["attrs"]["href"] for mark in node.get("marks", ()) if mark["type"] == "link"]
    return marks + [link for child in node.get("content", ()) for link in links(child)]


def without_bullets(text):
    return re.sub(r"[\s\u200b]+", "", re.sub(r"(?m)^- ", "", text))


@given(documents)
def test_any_document_is_made_of_our_own_nodes_and_shows_its_words(document):
    adf = json.loads(json.dumps(to_adf(document)))
    assert wrong_nodes(adf) == []
    assert all(link == "https://e.org/a%7Cb%5Dc" for link in links(adf))
    assert re.sub(r"[\s\u200b-]+", "", to_text(adf)) == said(document).replace("-", "")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_makes_no_link(text):
    adf = to_adf((Paragraph((Text(text), Strong(text), Code(text))), Quote(text, (Text(text),)), Heading(text)))
    assert wrong_nodes(adf) == []
    assert links(adf) == []


@given(documents, st.integers(900, 1500))
def test_a_document_over_the_limit_is_cut_and_keeps_its_last_line(document, limit):
    adf = to_adf((*document, Quote('\U0001f600"word" ' * 400)), marker=MARKER, limit=limit)
    assert size(adf) <= limit
    assert "Cut short" in to_text(adf)
    assert parse_reference(to_text(adf)) == MARKER


def test_a_link_leads_only_to_the_web():
    parts = (Link("OPS-3", "https://e.org/browse/OPS-3"), Text(" "), Link("here", "javascript:go()"))
    adf = to_adf((Paragraph(parts),))
    assert links(adf) == ["https://e.org/browse/OPS-3"]
    assert to_text(adf) == "OPS-3 here javascript:go()"


def test_a_list_reads_as_lines():
    assert to_text(to_adf((BulletList(((Text("a"),), (Text("b"),))), Paragraph((Text("c"),))))) == "- a\n- b\n\nc"


def nodes(kind, *content, **attrs):
    return {"type": kind, "content": list(content), "attrs": attrs}


WORD = {"type": "text", "text": "word"}
WRITTEN_BY_PEOPLE = {
    "mention": (nodes("paragraph", {"type": "mention", "attrs": {"text": "@Ada", "id": "1"}}, WORD), "@Adaword"),
    "line break": (nodes("paragraph", WORD, {"type": "hardBreak"}, WORD), "word\nword"),
    "panel": (nodes("panel", nodes("paragraph", WORD), nodes("paragraph", WORD)), "word\n\nword"),
    "table": (nodes("table", nodes("tableRow", nodes("tableCell", nodes("paragraph", WORD)))), "word"),
    "nested list": (nodes("bulletList", nodes("listItem", nodes("paragraph", WORD),
        nodes("bulletList", nodes("listItem", nodes("paragraph", WORD))))), "- word\n  - word"),
    "tasks": (nodes("taskList", nodes("taskItem", WORD)), "- word"),
    "card": (nodes("paragraph", {"type": "inlineCard", "attrs": {"url": "https://e.org"}}), "https://e.org"),
    "media": (nodes("mediaSingle", {"type": "media", "attrs": {}}), ""),
    "unknown": (nodes("novelty", WORD), "word"),
    "broken": ({"type": "paragraph", "content": "x"}, ""),
}  # fmt: skip


@pytest.mark.parametrize(("node", "text"), WRITTEN_BY_PEOPLE.values(), ids=WRITTEN_BY_PEOPLE)
def test_what_people_write_is_read(node, text):
    assert to_text(nodes("doc", node)) == text


@pytest.mark.parametrize("adf", [None, "text", 3, [], {"type": "doc"}], ids=str)
def test_what_is_no_document_has_no_text(adf):
    assert to_text(adf) == ""


def test_nesting_beyond_reason_ends():
    node = nodes("paragraph", WORD)
    for _ in range(900):
        node = nodes("panel", node)
    assert to_text(node) == ""
