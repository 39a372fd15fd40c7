import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings.patterns import path_pattern, text_pattern

TEXTS = [  # (pattern, text, fits)
    ("log in", "cannot LOG   in today", True),
    ("log in", "the log into which", False),
    ("log", "catalog", False),
    ("c++", "our C++ build", True),
    ("a.b", "axb", False),
    ("/time[sd]? ?out/", "it TIMED OUT", True),
    ("/^late$/", "too late", False),
    ("/", "either/or", False),
    ("//", "see http://x", False),
    ("/(?:cpu|gpu) fan/", "the gpu fan", True),
    (r"/\bv\d{1,3}\.\d+/", "since v2.11", True),
    ("/a(?:b|c)?d/", "acd", True),
    ("/[()|*+]{2}x/", "(*x", True),
]


@pytest.mark.parametrize(("pattern", "text", "fits"), TEXTS)
def test_words_and_expressions_fit(pattern, text, fits):
    assert bool(text_pattern(pattern).search(text)) is fits


PATHS = [
    ("*.md", "/srv/logs/a.md", True),
    ("*.md", "a.md.bak", False),
    ("team/*", "/srv/team/a.md", True),
    ("team/*", "/srv/team/x/a.md", False),
    ("team/*", "/srv/steam/a.md", False),
    ("team/**", "/srv/team/x/a.md", True),
    ("**/x/**/*.md", "x/a.md", True),
    ("**/x/**/*.md", "a/x/b/c/a.md", True),
    ("/srv/*.md", "/srv/a.md", True),
    ("/srv/*.md", "/mnt/srv/a.md", False),
    ("a?.md", "ab.md", True),
    ("a?.md", "a/.md", False),
    ("a[1].md", "a[1].md", True),
]


@pytest.mark.parametrize(("glob", "path", "fits"), PATHS)
def test_globs_fit_paths(glob, path, fits):
    assert bool(path_pattern(glob).match(path)) is fits


SLOW = ["/(a+)+/", "/(a|a)*b/", "/(?:a|ab)+c/", "/(a?){30}b/", "/(?P<x>a*)*/", "/((a*b))*/", "/x(.*)*$/", r"/(a)\1/",
        "/(?P<q>a)(?P=q)/", "/.*x/", "/x+y+z+/", "/x.{0,999}y.{0,999}z.{0,999}/", "/(a{2}){3,}/"]  # fmt: skip


@pytest.mark.parametrize("pattern", [*SLOW, "/(/", "/[a/", "/*a/", "/a{9999999999}/", "x" * 201, " ", ""])
def test_slow_or_wrong_expressions_are_refused(pattern):
    with pytest.raises(ValueError, match=r"[a-z]"):
        text_pattern(pattern)


@given(st.lists(st.sampled_from([*"ab()|*+?{}[]^$.\\", "{2,}", "{3}", "(?:", "a*", "b+"]), max_size=14).map("".join))
def test_accepted_expressions_are_fast_on_text_made_to_be_slow(pattern):
    try:
        compiled = text_pattern(f"/{pattern}/")
    except ValueError:
        return
    started = time.process_time()
    for text in ("a" * 400, "ab" * 200 + "!", "b" * 400):
        compiled.search(text)
    assert time.process_time() - started < 2


def test_a_glob_is_bounded():
    with pytest.raises(ValueError, match="12 stars"):
        path_pattern("*a" * 13)
