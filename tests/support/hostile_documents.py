"""Documents of hostile pieces for the renderers to Jira's markups, and the words that a reader must see of them."""

import re
from urllib.parse import quote

from hypothesis import strategies as st

from connectors.document import BulletList, Code, CodeBlock, Heading, Link, Paragraph, Quote, Strong, Text
from connectors.visible_text import visible

PIECES = (
    "[~ada] [^x] [a|b] {noformat} {NOFORMAT} {code} {color:red} !x.png! h1. bq. * # - ---- -- --- || | _a_ *b* ??c?? "
    "+d+ ^e^ ~f~ {{g}} \\ \\\\ &lt; &#64; & :) :D :P ;) (y) (/) <3 www.e.org https://e.org mailto:a a@b.de OPS-7 @ada "
    "{quote} {anchor:x} \\{ \\- 漢字 \u200b \u202e \x00 \r \u2028 x"
).split(" ")
texts = st.one_of(
    st.lists(st.sampled_from([*PIECES, " ", "\n"]), max_size=8).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=5).map(" ".join),
    st.text(),
)
inlines = st.one_of(
    st.builds(lambda kind, text: kind(text), st.sampled_from((Text, Strong, Code)), texts),
    st.builds(Link, texts, st.sampled_from(("https://e.org/a|b]c", "e:1"))),
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


def said(document, *, brackets=False):
    """The words of a document without blanks; where a link has no label to click on, its address too.

    With ``brackets`` that goes for labels with brackets and the like as well.
    """
    parts = []
    for block in document:
        match block:
            case Paragraph(inner):
                parts += inner
            case Quote(text, caption):
                parts += [*caption, Text(text)]
            case BulletList(items):
                parts += [part for item in items for part in item]
            case _:
                parts.append(Text(block.text))
    words = (visible(part.text) + address(part, brackets=brackets) for part in parts)
    return re.sub(r"[\s\u200b]+", "", "".join(words))


def address(part, *, brackets):
    if not isinstance(part, Link):
        return ""
    if not part.url.startswith("https:") or not visible(part.text).strip():
        return part.url
    odd = re.search(r"[\[\]|{}!^~:;\\&<]|^\s*(?:h[1-6]|bq)\.", visible(part.text))
    return quote(part.url, safe=":/") if brackets and odd else ""
