"""The same loose end has the same fingerprint however it is put; another one has another."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.fingerprint import fingerprint, title_key

sys.path.insert(0, str(Path(__file__).parent))
from rewordings import DIFFERENT, SAME


@pytest.mark.parametrize(("kind", "one", "other"), SAME, ids=[one for _, one, _ in SAME])
def test_a_rewording_of_no_consequence_keeps_the_fingerprint(kind, one, other):
    assert fingerprint(kind, one) == fingerprint(kind, other)


@pytest.mark.parametrize(("kind", "one", "other"), DIFFERENT, ids=[f"{one} | {other}" for _, one, other in DIFFERENT])
def test_another_meaning_has_another_fingerprint(kind, one, other):
    assert fingerprint(kind, one) != fingerprint(kind, other)


def test_kinds_are_told_apart_but_share_the_title_key():
    title = "Close the sessions in all workers"
    assert len({fingerprint(kind, title) for kind in ("bug", "todo", "feature")}) == 3
    assert title_key(title) == title_key(title.lower() + "!")


@pytest.mark.parametrize("form", ["cookie", "cookies", "Cookies"])
def test_number_of_a_noun_does_not_matter(form):
    assert fingerprint("bug", f"Session {form} leak") == fingerprint("bug", "session cookie leaks")


def test_a_title_of_nothing_but_an_id_keeps_the_id():
    assert fingerprint("todo", "Fix #12") != fingerprint("todo", "Fix #13")


_words = st.lists(st.text(alphabet="abcdefghijklmnop", min_size=4, max_size=9), min_size=2, max_size=8, unique=True)


@given(_words, st.randoms(use_true_random=False))
def test_case_punctuation_and_word_order_do_not_matter(found, random):
    shuffled = random.sample(found, len(found))
    dressed = "  ".join(word.upper() if random.random() < 0.5 else word for word in shuffled) + "?!"
    assert fingerprint("todo", " ".join(found)) == fingerprint("todo", dressed)


@given(st.text(max_size=300))
def test_any_text_has_a_fingerprint_that_names_its_version(text):
    assert fingerprint("bug", text).startswith("v1-")


@pytest.mark.timeout(10)
@pytest.mark.parametrize("unit", ["a", "/a", "1.", "-1", "#1 ", "a.b/", "\\", "~/", "4", "http://"])
def test_long_runs_cost_linear_time(unit):
    assert fingerprint("bug", unit * 20_000)
