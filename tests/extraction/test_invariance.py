"""Changes to a conversation that must change nothing, or exactly one thing, whatever the findings are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.extraction import extract
from tests.extraction.talks import found, talk, told

LOOSE = [
    "The upload page crashes on large files.",
    "I need to migrate the CI to GitHub Actions.",
    "Users have been asking for a dark mode.",
    "TODO: Pin the base image",
    "We should probably add paging to the orders API.",
]
CHATTER = ["Thanks a lot!", "Have a nice day.", "What is your favourite editor?", "Haha, good one."]


@pytest.mark.parametrize("text", LOOSE)
def test_appended_chatter_keeps_findings_and_lines(text):
    before = extract(talk(("human", text)))
    after = extract(talk(("human", text), ("assistant", "You're welcome!"), *[("human", c) for c in CHATTER]))
    assert before == after != ()


@pytest.mark.parametrize("text", LOOSE)
@pytest.mark.parametrize("wrap", ["> {}", "```\n{}\n```", "<log>\n{}\n</log>"], ids=["quote", "fence", "tag"])
def test_other_zones_found_nothing(text, wrap):
    quoted = wrap.replace("{}", text if "log" not in wrap else f"2026-01-02 03:04:05 {text}")
    assert found(("human", f"Look:\n\n{quoted}")) == ()


@pytest.mark.parametrize("text", LOOSE)
@pytest.mark.parametrize("role", ["assistant", "tool", "system"])
def test_other_roles_found_nothing(text, role):
    assert extract(talk(("human", "Go on."), (role, text), ("human", "Nice."))) == ()


@pytest.mark.parametrize("text", LOOSE)
def test_dress_changes_no_title(text):
    variants = [text.replace("'", "’"), f"{text}  ", f"\n\n{text}\n", f"Hey!\n\n{text}", text.replace(" ", "  ", 1)]
    assert {tuple(map(told, found(("human", v)))) for v in variants} == {tuple(map(told, found(("human", text))))}


def test_a_hard_wrap_inside_a_sentence_changes_only_lines():
    (finding,) = found(("human", "I think the upload page of the customer portal always\ncrashes on large files."))
    assert finding.title == "Upload page of the customer portal always crashes on large files"
    assert (finding.evidence[0].line_start, finding.evidence[0].line_end) == (1, 2)


def test_said_three_times_is_one_finding():
    talk_ = [
        ("human", "Users have been asking for a dark mode."),
        ("human", "We should add a dark mode."),
        ("human", "TODO: Add dark mode"),
    ]
    (finding,) = found(*talk_)
    assert (finding.kind, [e.line_start for e in finding.evidence]) == ("todo", [1, 3, 5])


def test_quotes_are_verbatim():
    text = "Hi!   The **upload**  page crashes\ton `big.bin`."
    assert found(("human", text))[0].evidence[0].quote in text


ROLES = st.sampled_from(["human", "assistant", "tool", "system"])
PIECES = st.sampled_from(
    [
        *LOOSE,
        *CHATTER,
        "```",
        "- [ ] ",
        "> ",
        "TODO",
        "`",
        "(",
        "**",
        "it",
        "that",
        "I should add that.",
        ":",
        "\n",
        "- a\n- b",
        "\x00",
        "\u202e",
        "é" * 40,
    ]
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=8).map(" ".join), st.lists(PIECES, max_size=8).map("\n".join), st.text(max_size=200)
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(ROLES, TEXTS), max_size=6))
def test_any_text_is_read_the_same_twice_and_quoted_from_its_lines(said):
    conversation = talk(*said)
    findings = extract(conversation)
    assert findings == extract(conversation)
    texts = {line: t for turn in conversation.turns for line, t in zip(turn.lines, turn.text.split("\n"), strict=True)}
    for finding in findings:
        assert 0 < len(finding.title) < 80
        assert 0 <= finding.confidence <= 1
        for mention in finding.evidence:
            around = "\n".join(texts[n] for n in range(mention.line_start, mention.line_end + 1))
            assert mention.quote in around


HUGE = {
    "one line": "a " * 500_000,
    "no spaces": "x" * 1_000_000,
    "spaces": " " * 1_000_000,
    "backticks": "`" * 300_000,
    "cue words": "the app can't the app can't " * 20_000,
    "sentences": "We should maybe. " * 20_000,
    "items": "- it is\n" * 50_000,
    "quotes": '"' * 200_000,
    "stars": "**a" * 100_000,
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_a_huge_turn_takes_seconds_at_most(text):
    extract(talk(("human", text), ("assistant", text[:200_000])))
