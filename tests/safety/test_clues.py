import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.safety import anchors
from bot.safety.clues import Clues, Vocabulary, least_run, places_of, word_of
from bot.safety.providers import APART, DISTINCT, INFIX
from bot.safety.redaction import find_secrets, vocabulary
from tests.safety.cases import LOOK_ALIKES, secrets

EVERYTHING = Clues(words=frozenset(word_of(word) for word in vocabulary().literals), longest=10**9)
PREFIXES = [prefix for shape in (*DISTINCT, *APART) for prefix in shape.prefixes.split()]
MARKS = ["=", ": ", " is ", " ", "\n", "\r\n", '"', "'", "|", "/", "//", "://", "@", "-", "--", ".", "\\n", "\\", "`"]
WORDS = [*anchors.WORDS, "пароль", "ключ", "密码", "clé", "hasło", "TO\u212aEN", "İ", "api", "seed", "phrase", "dbPass"]
RUNS = st.sampled_from(
    ["a1b2", "0123456789abcdef", "Zk9-_", string.ascii_uppercase, string.ascii_letters + string.digits]
).flatmap(lambda letters: st.text(letters, max_size=90))


def spans(text: str, clues: Clues | None = None) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.kind) for span in find_secrets(text, clues)]


@pytest.mark.parametrize("text", [*(case.text for case in secrets()), *LOOK_ALIKES])
def test_a_rule_that_is_not_asked_would_not_have_found_anything(text):
    assert spans(text) == spans(text, EVERYTHING)


PIECES = st.sampled_from(
    [case.text for case in secrets()] + list(LOOK_ALIKES) + [literal for _, literal, _ in INFIX]
) | st.sampled_from(MARKS + WORDS)
TOKENS = st.builds(str.__add__, st.sampled_from(PREFIXES), RUNS)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES | TOKENS | RUNS | st.text(max_size=6), max_size=14).map("".join))
def test_in_any_mix_of_secrets_and_talk_the_clues_leave_out_nothing(text):
    assert spans(text) == spans(text, EVERYTHING)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS + MARKS) | st.text(max_size=4), max_size=20).map("".join))
def test_anchors_are_found_as_one_search_for_all_of_them_finds_them(text):
    lowered = text.replace("İ", "I").lower()
    clues = vocabulary().clues(lowered)
    assert list(anchors.anchors(lowered, clues)) == [match.span() for match in anchors.ANCHOR.finditer(lowered)]


@pytest.mark.parametrize(
    ("pattern", "least"),
    [
        ("[A-Za-z0-9]{20,}", 20),
        (r"(?:v0_)?[0-9a-f]{30,}", 30),
        (r"[\w-]{12,30}\.[\w-]{20,}", 20),
        (r"\d{12,}(?:/\d{99,})?:[0-9a-f]{30,}", 30),
        (r"\w{20,}(?:\.[\w-]{40,}){0,8}", 20),
        (r"(?=[A-Z]{0,15}[0-9])[A-Z0-9]{14,}", 14),
        (r"[\w.+/=-]{30,}", 0),
        ("x", 0),
    ],
)
def test_the_run_that_a_pattern_asks_for(pattern, least):
    assert least_run(pattern) == least


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([shape.rest for shape in (*DISTINCT, *APART)] + [rule for _, _, rule in INFIX]), st.data())
def test_every_match_of_a_rule_has_the_run_that_is_asked_for(pattern, data):
    token = data.draw(st.from_regex(re.compile(pattern, re.ASCII)))
    assert max(map(len, re.findall("[A-Za-z0-9_-]+", token)), default=0) >= least_run(pattern)


@pytest.mark.parametrize(
    ("literal", "word"),
    [("ghp_", "ghp_"), ("hooks.slack.com/services/", "services"), ("sudo -S", "sudo"), ("AKIA", "akia"), ("$", "")],
)
def test_the_word_by_which_a_literal_is_known(literal, word):
    assert word_of(literal) == word


def test_a_vocabulary_tells_which_literals_a_text_holds_and_its_longest_run():
    known = Vocabulary(["curl", "ghp_", "pass"])
    clues = known.clues("use éghp_1 or bypass-it")
    assert clues == Clues(words=frozenset({"ghp_", "pass"}), longest=9)
    assert known.clues("use éghp_1 or bypass-it") == clues


def test_places_come_in_order_and_once():
    assert places_of(["ana", "b", "an"], "banana") == [0, 1, 3]
