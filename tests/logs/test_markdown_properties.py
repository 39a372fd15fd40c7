import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.logs.base import LogError
from bot.logs.incremental import read_new

STYLES = {
    "bold inline": lambda who, text: [f"**{who}:** {text[0]}", *text[1:], ""],
    "bold colon outside": lambda who, text: [f"**{who}**: {text[0]}", *text[1:], ""],
    "bold alone": lambda who, text: [f"**{who}**", "", *text, ""],
    "bold alone, rules between": lambda who, text: ["---", "", f"**{who}**", "", *text, ""],
    "heading": lambda who, text: [f"## {who}", "", *text, ""],
    "heading with emoji and rule": lambda who, text: ["---", "", f"## 🤖 {who}", "", *text, ""],
    "small heading with colon": lambda who, text: [f"### {who}:", *text],
    "plain": lambda who, text: [f"{who}: {text[0]}", *text[1:]],
    "plain alone": lambda who, text: [f"{who}:", *text, ""],
    "said": lambda who, text: [f"{who} said:", *text, ""],
    "specstory": lambda who, text: [f"_**{who} (2026-03-04 05:06Z)**_", "", *text, ""],
    "with time": lambda who, text: [f"**{who}** (2026-03-04 05:06):", *text, ""],
    "time first": lambda who, text: [f"[05:06] **{who}:** {text[0]}", *text[1:], ""],
    "indented": lambda who, text: ["", *(f"  {line}" for line in [f"**{who}:** {text[0]}", *text[1:]]), ""],
    "quoted": lambda who, text: [f"> **{who}:** {text[0]}", *(f"> {line}" for line in text[1:]), ""],
}
PAIRS = [("User", "Claude"), ("Human", "Assistant"), ("You", "ChatGPT"), ("Maya", "Claude"), ("Rashid", "GPT-4o")]

words = st.text(st.sampled_from("abcxyz漢語 .,;!?()\u2028\x85\x0b😀"), min_size=1, max_size=12)
sentences = words.map(lambda text: f"so {text} it".strip())
fenced = st.lists(sentences, max_size=3).map(
    lambda body: ["```py", "**User:** quoted", "", "## Assistant", *body, "```"]
)
texts = st.lists(sentences.map(lambda line: [line]) | st.just([""]) | fenced, max_size=3).map(
    lambda parts: ["I have first words", *(line for part in parts for line in part), "last words"]
)
talks = st.lists(texts, min_size=2, max_size=7)


def render(style, pair, talk, newline):
    lines = ["# A title", "", "**Purpose:** to show a style", ""]
    for number, text in enumerate(talk):
        lines.extend(STYLES[style](pair[number % 2], text))
    return newline.join(lines)


def heard(reading):
    return [
        (turn.role, turn.speaker, number, line)
        for conversation in reading.conversations
        for turn in conversation.turns
        for number, line in zip(turn.lines, turn.text.split("\n"), strict=True)
        if line.strip()
    ]


@pytest.mark.parametrize("style", STYLES)
@settings(max_examples=40, deadline=None)
@given(talk=talks, pair=st.sampled_from(PAIRS), newline=st.sampled_from(["\n", "\r\n"]))
def test_every_style_gives_the_turns_that_were_written_with_true_lines(style, talk, pair, newline):
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "talk.md"
        log.write_bytes(render(style, pair, talk, newline).encode())
        turns = read_new(log, name="talk.md").conversations[0].turns
        file_lines = [line.removesuffix("\r") for line in log.read_bytes().decode().split("\n")]
    assert [turn.text.split("\n") for turn in turns] == talk
    assert [turn.role for turn in turns] == ["human" if number % 2 == 0 else "assistant" for number in range(len(talk))]
    for turn in turns:
        for number, line in zip(turn.lines, turn.text.split("\n"), strict=True):
            assert file_lines[number - 1].endswith(line)


@pytest.mark.parametrize("style", STYLES)
@settings(max_examples=60, deadline=None)
@given(data=st.data(), talk=talks, pair=st.sampled_from(PAIRS), newline=st.sampled_from(["\n", "\r\n"]))
def test_reading_in_two_steps_hears_what_one_step_hears(style, data, talk, pair, newline):
    content = render(style, pair, talk, newline).encode()
    split = data.draw(st.integers(0, len(content)))
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "talk.md"
        log.write_bytes(content)
        whole = read_new(log, name="talk.md")
        log.write_bytes(content[:split])
        try:
            first = read_new(log, name="talk.md", settled=False)
        except LogError:
            first = None
        log.write_bytes(content)
        second = read_new(log, name="talk.md", cursor=first and first.cursor)
    before = heard(first) if first and second.change in ("grown", "unchanged") else []
    assert before + heard(second) == heard(whole)
    assert {c.id for c in second.conversations} <= {c.id for c in whole.conversations}


@settings(max_examples=60, deadline=None)
@given(talk=talks, pair=st.sampled_from(PAIRS))
def test_a_cursor_holds_no_word_of_the_log(talk, pair):
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "talk.md"
        log.write_text(render("bold inline", pair, talk, "\n"))
        kept = json.dumps(json.loads(read_new(log, name="talk.md").cursor.to_json()))
    assert not any(word in kept for word in ("Maya", "Rashid", "A title", "Purpose", "first words", "last words"))
