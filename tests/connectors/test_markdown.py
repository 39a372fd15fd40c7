"""The Markdown renderers: whatever a log says, the page shows it and does nothing."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connectors.base import Marker
from connectors.contract import HOSTILE, live_parts, visible_words
from connectors.document import BulletList, Code, CodeBlock, Heading, Link, Paragraph, Quote, Strong, Text
from connectors.markdown import to_markdown, to_title
from connectors.marker import parse_marker
from connectors.visible_text import one_line, visible

MARKER = Marker(fingerprint="v1-77", action="a1")
MARKUP = (
    "[ab](/u) [ab]: ~~ab~~ **ab** `ab` ab /close @ab #12 o/r#3 &5 $7 [ ] ( ) ![ ]( `` ``` ~~~ ` * ** _ __ \\ < > "
    "<b> <!-- --> & &amp; https://e.org www.e.org a@e.org :tada: 1. 2) - + = --- | # 漢字"
).split(" ")
OTHERS = (
    "\\# \\. !4 %6 ~x GH-8 </b> &#64; mailto: == :-: [^1] [x]: ## /label { } {+ +} {{ }} [~x] !x! f.py a_b deadbeef12 "
    "Wörter \u200b \u202e \ufeff \u200d 👩\u200d💻 \t \n \r \x00 \x1b[1m \x0b \u2028 \xa0"
).split(" ")
PIECES = [*MARKUP, *OTHERS]
texts = st.one_of(
    st.lists(st.sampled_from([*PIECES, " ", "\n", "\n    "]), max_size=8).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=5).map(" ".join),
    st.text(),
)
inlines = st.one_of(
    st.builds(lambda kind, text: kind(text), st.sampled_from((Text, Strong, Code)), texts),
    st.builds(Link, texts, st.sampled_from(("https://e.org/", "e:1"))),
)
lines = st.lists(inlines, max_size=4).map(tuple)
blocks = st.one_of(
    st.builds(Paragraph, lines),
    st.builds(Heading, texts),
    st.builds(Quote, texts, lines),
    st.builds(CodeBlock, texts),
    st.builds(BulletList, st.lists(lines, max_size=3).map(tuple)),
)
documents = st.lists(blocks, max_size=3).map(tuple)
flavors = st.sampled_from(("github", "gitlab", "local"))


def said(document):
    """The words of a document without blanks, as ``visible_words`` gives them."""
    out = []
    for block in document:
        match block:
            case Paragraph(parts):
                out += parts
            case Quote(text, caption):
                out += [*caption, Text(text)]
            case BulletList(items):
                out += [part for item in items for part in item]
            case _:
                out.append(Text(block.text))
    return "".join(re.sub(r"\s+", "", visible(part.text)) + dead_address(part) for part in out)


def dead_address(part):
    """The address of a link where a reader sees it: it leads nowhere, or there is nothing to click."""
    if not isinstance(part, Link) or (part.url.startswith("https:") and visible(part.text).strip()):
        return ""
    return part.url


@pytest.mark.parametrize("first", MARKUP)
def test_any_two_pieces_of_markup_show_their_words_and_do_nothing(first):
    pairs = [first + gap + second for second in MARKUP for gap in ("", " ")]
    document = (
        *(Paragraph((kind(pair),)) for pair in pairs for kind in (Text, Strong, Code)),
        *(Heading(pair) for pair in pairs),
        BulletList(tuple((Text(pair),) for pair in pairs)),
    )
    markdown = to_markdown(document, flavor="github", marker=MARKER)
    assert live_parts(markdown) == []
    assert visible_words(markdown) == said(document)


LIVE_WORDS = (
    "@ab #12 !4 %6 ~1 ~ab &5 $7 GH-8 o/r#3 :tada: www.e.org https://e.org a@e.org mailto:a &amp; [x] ~~ab~~1.".split()
)
HALVES = {
    "text, strong": lambda one, two: (Text(one), Strong(two)),
    "strong, text": lambda one, two: (Strong(one), Text(two)),
    "strong, strong": lambda one, two: (Strong(one), Strong(two)),
    "text, no link": lambda one, two: (Text(one), Link(two, "e:1")),
    "text, no code, text": lambda one, two: (Text(one), Code(" \0"), Text(two)),
    "code, text, strong": lambda one, two: (Code("a"), Text(one), Strong(two)),
}


@pytest.mark.parametrize("parted", HALVES.values(), ids=HALVES)
@pytest.mark.parametrize("word", LIVE_WORDS)
def test_a_word_does_nothing_where_two_parts_share_it(word, parted):
    document = tuple(Paragraph(parted(word[:at], word[at:])) for at in range(len(word) + 1))
    markdown = to_markdown(document, flavor="gitlab")
    assert live_parts(markdown) == []
    assert visible_words(markdown) == said(document)


BLOCKS = {
    "paragraph": Paragraph((Text("*a* <b>b</b> @c"),)),
    "heading": Heading("*a* <b>b</b> @c"),
    "quote": Quote("*a* <b>b</b> @c", (Text("Ada"),)),
    "bare quote": Quote("*a* <b>b</b> @c\n    *d*"),
    "code": CodeBlock("*a* <b>b</b> @c"),
    "list": BulletList(((Text("*a* <b>b</b> @c"),),)),
}


@pytest.mark.parametrize("second", BLOCKS)
@pytest.mark.parametrize("first", BLOCKS)
def test_blocks_keep_apart(first, second):
    document = (BLOCKS[first], BLOCKS[second])
    # Trackers trim bodies, which must not turn a leading verbatim block into markup.
    markdown = to_markdown(document, flavor="github").strip()
    assert live_parts(markdown) == []
    assert visible_words(markdown) == said(document)


@settings(max_examples=300)
@example((Paragraph((Link("[ab]:{+", "https://e.org/"),)),), "github")
@given(documents, flavors)
def test_any_document_shows_its_words_and_does_nothing(document, flavor):
    markdown = to_markdown(document, flavor=flavor, marker=MARKER)
    assert live_parts(markdown) == []
    assert visible_words(markdown) == said(document)


@given(documents, flavors)
def test_the_marker_is_read_back_from_any_document(document, flavor):
    assert parse_marker(to_markdown(document, flavor=flavor, marker=MARKER)) == MARKER
    assert parse_marker(to_markdown(document, flavor=flavor)) is None


@example((Paragraph((Text("~~ab~~"), Strong("1."))),), "github", 300)
@given(documents, flavors, st.integers(300, 900))
def test_a_document_over_the_limit_fits_and_does_nothing(document, flavor, limit):
    long = (*document, Quote("some words\n" * 100), Paragraph((Text("more words " * 100),)))
    markdown = to_markdown(long, flavor=flavor, marker=MARKER, limit=limit)
    assert len(markdown) <= limit
    assert live_parts(markdown) == []
    assert "(Cut short: this tracker takes at most" in markdown
    assert parse_marker(markdown) == MARKER


@given(texts, flavors, st.integers(10, 80))
def test_any_title_is_one_line_within_the_limit(text, flavor, limit):
    title = to_title(text, flavor=flavor, limit=limit)
    assert 0 < len(title) <= limit
    assert title == title.strip()
    assert visible(title).replace("\n", "") == title.replace("\u200b", "")


@given(texts)
def test_cleaning_twice_is_cleaning_once(text):
    assert visible(visible(text)) == visible(text)
    assert one_line(one_line(text)) == one_line(text)
    visible(text).encode()


@pytest.mark.parametrize("flavor", ["github", "gitlab", "local"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_leaves_no_line_that_could_be_a_quick_action(name, flavor):
    text = HOSTILE[name]
    markdown = to_markdown((Paragraph((Text(text),)), Quote(text), BulletList(((Text(text),),))), flavor=flavor)
    assert not re.search(r"(?m)^[\s\x00\ufeff]{0,3}/\w", markdown.replace("\r", ""))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("Ask @ada, please", "Ask `@ada`, please", id="mention"),
        pytest.param("an @ alone", "an @ alone", id="no mention"),
        pytest.param("(fixes #12)", "(fixes `#12`)", id="reference"),
        pytest.param("C# and 5 # 6", "C# and 5 # 6", id="no reference"),
        pytest.param('see "https://e.org/a_b?c=d".', 'see "`https://e.org/a_b?c=d`".', id="address"),
        pytest.param("in (src/app.py:12), read_all()", "in (`src/app.py:12`), `read_all()`", id="names of code"),
        pytest.param("ssh://host", "`ssh://host`", id="address of another scheme"),
        pytest.param("e.g. this. Then that", "e.g. this. Then that", id="sentences"),
        pytest.param("since 4f2a9c1d0b3e", "since `4f2a9c1d0b3e`", id="commit"),
        pytest.param("the facade decades ago", "the facade decades ago", id="hexadecimal words"),
        pytest.param("*so* <b> [x] a|b", r"\*so\* \<b> \[`x`\] a\|b", id="markup"),
        pytest.param("# one", r"\# one", id="heading"),
        pytest.param("12. one", r"12\. one", id="numbered list"),
        pytest.param("12.5 one", "12.5 one", id="number"),
        pytest.param("/close", r"\/close", id="quick action"),
        pytest.param("one\n\n---\ntwo", "one --- two", id="several lines"),
        pytest.param("R&D & &lt;", r"`R&D` & `&lt`;", id="entity"),
        pytest.param(r"C:\new", r"C:\\new", id="backslash"),
    ],
)
def test_text_is_escaped_where_it_must_be_and_readable_elsewhere(text, shown):
    assert to_markdown((Paragraph((Text(text),)),), flavor="local") == shown


@pytest.mark.parametrize(
    ("flavor", "shown"), [("github", "    @\u200bada a@b"), ("gitlab", "    @\u200bada a@b"), ("local", "    @ada a@b")]
)
def test_a_quoted_mention_cannot_come_alive_in_a_reply_by_mail(flavor, shown):
    assert to_markdown((Quote("@ada a@b", (Text("Ada"),)),), flavor=flavor) == f"Ada\n\n{shown}"


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        (Link("#12 [x]", "https://e.org/a(b)?c=d&e=f"), r"[`#12` \[`x`\]](https://e.org/a%28b%29?c=d&amp;e=f)"),
        (Link("x", "javascript:go()"), "x `javascript:go()`"),
        (Link("x", "https://"), "x `https://`"),
        (Link("", "https://e.org/"), "`https://e.org/`"),
        (Link("x", 'https://e.org/"\n<b>'), "[x](https://e.org/%22%0A%3Cb%3E)"),
    ],
)
def test_a_link_leads_to_the_web_or_is_none(link, shown):
    assert to_markdown((Paragraph((link,)),), flavor="github") == shown


def test_an_exclamation_mark_makes_no_image_of_a_link():
    markdown = to_markdown((Paragraph((Text("look!"), Link("x", "https://e.org/"))),), flavor="github")
    assert live_parts(markdown) == []
    assert markdown == r"look\![x](https://e.org/)"


def test_long_quoted_lines_are_broken_at_spaces_and_code_is_not():
    quote, code = Quote("word " * 40, (Text("Ada"),)), CodeBlock("word " * 40)
    lines = to_markdown((quote,), flavor="github").split("\n")[2:]
    assert [len(line) <= 114 for line in lines] == [True, True]
    assert len(to_markdown((Paragraph((Text("x"),)), code), flavor="github").split("\n")) == 3


@pytest.mark.parametrize(
    "body",
    ["", "x", "<!-- loose-ends: v1 fingerprint=v1-77 action=a1 -->\nx",
     "<!-- loose-ends: v2 fingerprint=v1-77 action=a1 -->",
     "<!-- loose-ends: v1 fingerprint=v1-77  action=a1 -->", " <!-- loose-ends: v1 fingerprint=v1-77 action=a1 -->",
     "<!-- loose-ends: v1 fingerprint= action=a1 -->", "x <!-- loose-ends: v1 fingerprint=v1-77 action=a1 -->"],
)  # fmt: skip
def test_what_is_not_a_marker_in_the_last_line_is_none(body):
    assert parse_marker(body) is None


def test_the_marker_is_read_whatever_blanks_a_tracker_adds():
    assert parse_marker("x\r\n\r\n<!-- loose-ends: v1 fingerprint=v1-77 action=a1 -->\r\n\n") == MARKER


@pytest.mark.parametrize(
    ("below", "found"),
    [("{}", True), ("{}\n\nOurs.", True), ("\nOurs.\n\n{}\nOurs.", True), ("Ours.", False), (" {}", False)],
)
def test_below_a_section_the_marker_stands_anywhere(below, found):
    line = "<!-- loose-ends: v1 fingerprint=v1-77 action=a1 -->"
    body = f"x\n<!-- loose-ends: section ends -->\n{below.format(line)}"
    assert parse_marker(body) == (MARKER if found else None)
    assert parse_marker(f"{line}\n{body}") == (MARKER if found else None)


@pytest.mark.parametrize("value", ["", "a b", "a-->", "a\nb", "x" * 129])
def test_a_marker_that_could_not_be_read_back_is_refused(value):
    with pytest.raises(ValueError, match="marker"):
        to_markdown((), flavor="github", marker=Marker(fingerprint=value, action="a1"))
