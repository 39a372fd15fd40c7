import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.keys import key_file_text
from bot.extraction.cues import KEYS_FILE, gate, gate_sources
from bot.extraction.gates import Gate, words
from bot.extraction.needs import needs
from bot.extraction.spelling import plain
from tests.extraction.talks import found

PATTERNS = {
    "word": (r"\bcrash\b", "It CRASHES, a crash"),
    "choice": (r"\b(?:hangs|freezes)\b", "it freezes"),
    "common start": (r"\b(?:has|have|had) to\b", "you had to"),
    "optional": (r"\bnever (?:ever )?works\b", "never ever works"),
    "repeat": (r"(?:very ){1,3}slow", "very very slow"),
    "class": (r"optimi[sz]e", "to optimize"),
    "look-around": (r"(?<!not )\bbroken(?= again)", "broken again"),
    "case": (r"TODO", "todo"),
    "spelling of chats": (r"\bdon't work\b", "they dont work"),
    "curly quotes": (r"\bdon't work\b", "they don\u2019t work"),
    "emphasis": (r"\bnot working\b", "is **not** _working_"),
    "emphasis within a word": (r"\bworks\b", "it wor**k**s"),
    "ranges": (r"\bv[2-4]\b", "in v3"),
    "look-ahead": (r"^(?=.{1,9} would help)", "a map would help"),
    "beyond ASCII": (r"\u2705|\bdone\b", "\u2705 all"),
    "two parts": (r"\bnext \w+ release\b", "the next minor release"),
}


@pytest.mark.parametrize(("pattern", "text"), PATTERNS.values(), ids=PATTERNS)
def test_what_matches_passes_the_gate(pattern, text):
    assert re.search(pattern, plain(text), re.IGNORECASE)
    assert Gate({"it": pattern}, {}).mask(text)


@pytest.mark.parametrize(
    "pattern",
    [
        *(r"\bcrash\b", r"\b(?:hangs|freezes)\b", r"optimi[sz]e", r"\bqui\b", r"\b(?:is|to)\b"),
        *(r"\bquiet (?:dog|cat)\b", r"\u2705", r"(?:loud|noisy)? ?music"),
    ],
)
def test_what_cannot_match_is_kept_out(pattern):
    assert not Gate({"it": pattern}, {}).mask("A quiet sentence.")


@pytest.mark.parametrize("pattern", [r"\w+", r"x?", r"(?:a|never)", r"[^a]{3}"])
def test_where_nothing_is_needed_all_passes(pattern):
    assert needs(pattern) == ()
    assert Gate({"it": pattern}, {}).mask("")


LOOSE = (
    r"a(?:b|c)c ?a",
    r"(?:ab)?ca+b",
    r"b(?:a|bc|cab)c",
    r"\bab\b|\bc(?=a)",
    r"(?:a |b'){1,2}c\b",
    r"^ca|[a-c]b_?c$",
)


@given(st.text(alphabet="abc '*_\n\u2019", max_size=12), st.sampled_from(LOOSE))
def test_the_gate_loses_no_match(text, pattern):
    if re.search(pattern, plain(text)):
        assert Gate({"it": pattern}, {}).mask(text)


def test_words_are_lower_case_and_parted_by_marks():
    assert words("Don\u2019t go-NOW (v2)") >= {b"don't", b"go", b"now", b"v2"}


def test_every_cue_has_a_bit_of_its_own():
    bits = gate().bits
    assert set(bits) == set(gate_sources())
    assert len(set(bits.values())) == len(bits)


def test_the_file_of_keys_is_fresh():
    file = files("bot.extraction") / "cues" / KEYS_FILE
    assert file.read_text("utf-8") == key_file_text(), "run python -m bot.evaluation.keys"


def test_letters_of_a_cue_in_another_case_found_a_finding_all_the_same():
    assert [f.kind for f in found(("human", "THE EXPORT CRASHES"))] == ["bug"]
