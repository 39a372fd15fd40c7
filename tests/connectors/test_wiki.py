"""The wiki renderer: whatever a log says, Jira's page shows it and does nothing."""

import re

import pytest
from hostile_documents import documents, said
from hypothesis import example, given
from hypothesis import strategies as st
from wiki_parts import live_wiki_parts, visible_wiki

from connectors.base import Marker
from connectors.contract import HOSTILE
from connectors.document import BulletList, Code, Heading, Link, Paragraph, Quote, Strong, Text
from connectors.reference import parse_reference
from connectors.wiki import to_wiki, unescaped, units

MARKER = Marker(fingerprint="v1-7.7:D", action="a-1")


@given(documents)
@example((Paragraph((Strong("a"), Text(":"), Text(")"))),))
@example((Paragraph((Text("http:"), Code("//e.org b"), Text("x"))),))
@example((Quote("a {noformat} b {Noformat:title=x}", ()),))
def test_any_document_shows_its_words_and_does_nothing(document):
    wiki = to_wiki(document, marker=MARKER)
    assert live_wiki_parts(wiki) == []
    assert visible_wiki(wiki) == said(document, brackets=True) + re.sub(r"\s", "", "Loose Ends reference: v1-7.7:D a-1")
    assert parse_reference(unescaped(wiki)) == MARKER


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_only_shows(text):
    document = (Paragraph((Text(text), Code(text))), Quote(text, (Strong(text),)), BulletList(((Text(text),),)))
    wiki = to_wiki(document)
    assert live_wiki_parts(wiki) == []
    assert visible_wiki(wiki) == said(document, brackets=True)


LIVE = {
    "mention": "ask [~ada]", "link": "see https://e.org", "image": "!x.png!", "macro": "{color:red}x",
    "struck": "a -b- c", "heading": "h1. x", "list": "* x\n# y", "key": "as OPS-7 says", "smiley": "fine :)",
    "table": "|a|b|", "end of block": "{noformat}\na {noformat}\n[~ada]", "line break": "a\\\\b", "entity": "&#64;",
}  # fmt: skip


@pytest.mark.parametrize("markup", LIVE.values(), ids=LIVE)
def test_the_judge_tells_live_markup(markup):
    assert live_wiki_parts(markup)


PLAIN = {
    "words": (Paragraph((Text("Said in a talk."),)), "Said in a talk."),
    "heading": (Heading("What"), "h3. What"),
    "bold, code": (Paragraph((Strong("Ada"), Text(" in "), Code("a.md"))), "*Ada* in {{a.md}}"),
    "link": (Paragraph((Link("OPS-3", "https://e.org/x?a=b&c"),)), r"[OPS\-3|https://e.org/x?a=b&c]"),
    "quote": (Quote("it stops\n  at 5", (Text("Ada:"),)), "Ada:\n\n{noformat}\nit stops\n  at 5\n{noformat}"),
    "list": (BulletList(((Text("a"),), (Text("b"),))), "* a\n* b"),
    "nothing": (Quote(" \n ", ()), ""),
    "inside a word": (Paragraph((Text("un"), Strong("do"), Text("ing"))), "undoing"),
}


@pytest.mark.parametrize(("block", "wiki"), PLAIN.values(), ids=PLAIN)
def test_each_block_has_its_markup(block, wiki):
    assert to_wiki((block,)) == wiki


@given(documents, st.integers(300, 600))
def test_a_text_over_the_limit_is_cut_and_keeps_its_last_line(document, limit):
    wiki = to_wiki((*document, Quote("\U0001f600word " * 400)), marker=MARKER, limit=limit)
    assert units(wiki) <= limit
    assert "Cut short" in wiki
    assert parse_reference(unescaped(wiki)) == MARKER
