"""What texts are compared by."""

import pytest

from bot.matching.entry import make_entry
from bot.matching.markup import plain
from bot.matching.terms import terms_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("colour settings", "color settings"),
        ("initialise the photos", "Initialize images"),
        ("the centre's behaviour", "center behavior"),
        ("directories", "folder"),
        ("doesn't start", "does not start"),
    ],
)
def test_spellings_and_synonyms_are_one(one, other):
    assert set(terms_of(one).order) == set(terms_of(other).order)


@pytest.mark.parametrize(
    ("one", "other"), [("upload", "download"), ("public", "private"), ("login", "logout"), ("windows", "linux")]
)
def test_what_means_another_thing_stays_apart(one, other):
    assert terms_of(one).order != terms_of(other).order


@pytest.mark.parametrize(
    ("text", "name", "pieces"),
    [
        ("FileStorage.size is wrong", "filestorage.size", {"file", "storag", "size"}),
        ("max_page_size", "max_page_size", {"maximum", "page", "size"}),
        ("iOS and eBook", "", {"ios", "ebook"}),
    ],
)
def test_names_in_code_stay_whole_and_are_taken_apart(text, name, pieces):
    found = terms_of(text)
    assert (name in found.names) == bool(name)
    assert pieces <= set(found.order)


def test_errors_are_known_by_type_and_code():
    found = terms_of("java.io.FileNotFoundException, ECONNRESET, exit code 137, Error in general")
    assert {"filenotfoundexception", "econnreset", "code 137"} == found.errors


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<!-- template --> {code:java}x{code}", "x"),
        ("[a page|https://example.org/a?b=c]", "a page"),
        ("![shot](https://example.org/x.png)", "shot"),
        ("at 2024-05-06T07:08:09Z by 0xdeadbeef", "at by"),
        ("h3. Steps", "Steps"),
    ],
)
def test_markup_and_noise_are_taken_off(text, left):
    assert " ".join(plain(text).split()) == left


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Add dark mode", "feature"),
        ("Web: Support dark mode", "feature"),
        ("Adding a row crashes", "bug"),
        ("Rotate keys", ""),
    ],
)
def test_a_title_tells_its_kind(title, kind):
    assert make_entry("1", title, "").kind == kind


@pytest.mark.timeout(10)
@pytest.mark.parametrize("unit", ["[", "<a ", "{code", "a.", "A", "at x(", "#", "0x", "http://", "'t "])
def test_long_runs_cost_linear_time(unit):
    assert make_entry("1", unit * 200, unit * 200_000).length >= 0
