"""The same loose end has the same fingerprint however it is put; another one has another."""

import sys
from datetime import date
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


PARTS = "importer mailer scheduler tokenizer gateway ledger sidebar uploader".split()
FAULTS = "crashes hangs leaks flickers".split()
_ids = st.one_of(
    st.integers(1, 10**9).map(str),
    st.integers(1, 10**6).map("#{}".format),
    st.uuids().map(str),
    st.dates(date(1990, 1, 1)).map("{} 08:15".format),
    st.integers(2**32, 2**48).map(lambda number: f"0x{number:x}"),
    st.binary(min_size=20, max_size=20).map(bytes.hex).filter(lambda text: not text.isdigit() and not text.isalpha()),
    st.tuples(st.integers(2, 999), st.sampled_from(("ms", " seconds", " MB", "%"))).map("{0[0]}{0[1]}".format),
)


@given(st.sampled_from(PARTS), st.sampled_from(FAULTS), _ids, _ids)
def test_ids_dates_and_quantities_do_not_matter(part, fault, one, other):
    first, second = (f"{part} {fault} after {some}" for some in (one, other))
    assert fingerprint("bug", first) == fingerprint("bug", second)


@given(st.lists(st.sampled_from(PARTS), min_size=2, max_size=2, unique=True), st.sampled_from(FAULTS), _ids)
def test_another_component_matters_whatever_the_numbers(parts, fault, some):
    one, other = (fingerprint("bug", f"{part} {fault} after {some}") for part in parts)
    assert one != other


@given(
    st.sampled_from(PARTS),
    st.sampled_from(("not", "never", "no longer", "don't", "doesn't", "cannot", "without")),
    st.sampled_from(("restart", "retry", "login", "sync")),
)
def test_a_negation_matters_however_it_is_put(part, negation, thing):
    assert fingerprint("bug", f"{part} works {negation} {thing}") != fingerprint("bug", f"{part} works {thing}")


@given(
    st.sampled_from(PARTS),
    st.sampled_from(("Python 3.", "v2.", "iOS ", "Postgres ")),
    st.lists(st.integers(1, 99), min_size=2, max_size=2, unique=True),
)
def test_another_version_matters(part, product, versions):
    one, other = (fingerprint("bug", f"{part} fails on {product}{number}") for number in versions)
    assert one != other


@given(st.text(max_size=300))
def test_any_text_has_a_fingerprint_that_names_its_version(text):
    assert fingerprint("bug", text).startswith("v1-")


@pytest.mark.timeout(10)
@pytest.mark.parametrize("unit", ["a", "/a", "1.", "-1", "#1 ", "a.b/", "\\", "~/", "4", "http://"])
def test_long_runs_cost_linear_time(unit):
    assert fingerprint("bug", unit * 20_000)
