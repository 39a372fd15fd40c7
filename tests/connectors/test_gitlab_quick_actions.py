"""No text makes GitLab act: the rule by which it looks for quick actions, held against what is sent to it."""

import re

import pytest
from fake_gitlab import ADA, COMMANDS, FakeGitLab
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Change, Marker
from connectors.document import BulletList, Code, CodeBlock, Heading, Link, Paragraph, Quote, Strong, Text
from connectors.gitlab.comments import wanted
from connectors.markdown import to_markdown

PIECES = st.sampled_from(
    (
        *("/close", "/label ~x", "/CLOSE ", "\r", "\n", "\r\n", "\u2028", "\ufeff", "\0", "\u200b", " ", "\t", "```"),
        *(
            "~~~",
            "<!--",
            "-->",
            "<details>",
            "</details>",
            "<pre>",
            ">>>",
            "> ",
            "- ",
            "`",
            "\\",
            "1. ",
            "word",
            "@all",
        ),
    )
)
TEXT = st.lists(PIECES, max_size=12).map("".join)
INLINE = st.one_of(
    *(st.builds(kind, TEXT) for kind in (Text, Strong, Code)), st.builds(Link, TEXT, st.just("https://x.org"))
)
LINE = st.lists(INLINE, max_size=3).map(tuple)
BLOCK = st.one_of(
    st.builds(Paragraph, LINE),
    st.builds(Heading, TEXT),
    st.builds(Quote, TEXT, LINE),
    st.builds(CodeBlock, TEXT),
    st.builds(BulletList, st.lists(LINE, max_size=3).map(tuple)),
)
MARKER = Marker(fingerprint="v1-7f", action="a1")


def commands(text):
    """What GitLab finds at the beginnings of lines: it takes carriage returns out first, and a command in any case."""
    lines = re.sub("[\r\0\ufeff]", "", text).split("\n")
    return [line for line in lines if re.match(rf"/(?:{'|'.join(COMMANDS)})(?: |\s*$)", line, re.IGNORECASE)]


@pytest.mark.parametrize(
    ("text", "is_command"),
    [
        ("/close", True),
        ("one\n/CLOSE \ntwo", True),
        ("one\r\n/close\r\n", True),
        ("\r/close", True),
        ("~~~\n/close\n~~~", True),
        ("<!--\n/close\n-->", True),
        (" /close", False),
        ("    /close", False),
        ("> /close", False),
        ("- /close", False),
        ("\\/close", False),
        ("`/close`", False),
        ("/closed", False),
        ("/close/x", False),
        ("say /close", False),
    ],
)
def test_the_rule_tells_commands_from_other_lines(text, is_command):
    assert bool(commands(text)) == is_command
    fake = FakeGitLab()
    issue = fake.file("title", text, ADA)
    assert (issue.closed is not None) == is_command


@given(document=st.lists(BLOCK, max_size=4).map(tuple), limit=st.sampled_from([None, 400]))
def test_no_body_holds_a_command(document, limit):
    body = to_markdown(document, flavor="gitlab", marker=MARKER, limit=limit)
    assert commands(body) == []
    assert not [line for line in body.replace("\r", "").split("\n") if line.startswith("/")]
    assert FakeGitLab().file("title", body, ADA).description == body


@given(document=st.lists(BLOCK, max_size=4).map(tuple))
def test_no_comment_holds_a_command(document):
    for comment in wanted(Change(sightings=document, note=document, note_id="n1")):
        assert commands(comment.body) == []
        assert comment.body.rpartition("\n")[2] == comment.mark
