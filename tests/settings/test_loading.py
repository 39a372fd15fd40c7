import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.settings import ConfigError, Settings, load_settings
from bot.settings.loading import parse_settings

GOOD = "sources: {n: {path: logs}}\ntargets: {t: {tracker: local}}\n"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n" for before, name in zip("abcdef", "bcdefg", strict=True)
)

TEXTS = [  # (id, text, the one message)
    ("empty", "", ": empty; write a starter with `loose-ends init`"),
    ("only comments", "# nothing yet\n", ": empty; write a starter with `loose-ends init`"),
    ("a list", "- a\n", ":1: expected keys such as 'sources:' and 'targets:'"),
    ("a word", "hello\n", ":1: expected keys such as 'sources:' and 'targets:'"),
    ("syntax", GOOD + "state: {path: a\nx: 1\n", ":4: not YAML: expected ',' or '}', but got ':'"),
    ("tab", GOOD + "\tstate: 1\n", ":3: not YAML: found character '\\t' that cannot start any token"),
    ("open quote", GOOD + "state: 'a\n", ":4: not YAML: found unexpected end of stream"),
    ("control character", GOOD + "# \x01\n", ":3: a character that YAML does not allow (a control character?)"),
    ("two documents", GOOD + "---\na: 1\n", ":3: a second document ('---'); the config is one"),
    ("tag", GOOD + "state: !!python/name:os.system\n", ":3: tags (!...) are not used here"),
    ("endless alias", GOOD + "state: &a {path: *a}\n", ":3: an alias (*) before its anchor (&)"),
    ("alias bomb", BOMB, ":5: more than 20000 values"),
    ("deep", "a: " + "[" * 30 + "]" * 30, ":1: nested more than 20 deep"),
    ("very deep", "{a: " * 20_000, ":1: nested more than 20 deep"),
    ("half a character", GOOD + 'state: "\\ud800"\n', ":3: an escape that stands for no character (half of a pair)"),
    ("list as key", GOOD + "[a, b]: 1\n", ":3: a key must be one word"),
]


def outcome(text, environ=None):
    """The settings, or else the lines that say what is wrong."""
    try:
        return parsed(text, environ)
    except ConfigError as error:
        return error.problems


def are_clear(outcome, *starts):
    if isinstance(outcome, Settings):
        return True
    return bool(outcome) and all(line.startswith(starts) and "\n" not in line for line in outcome)


def parsed(text, environ=None):
    return parse_settings(text, file=Path("c.yaml"), folder=Path("/f"), home=Path("/h"), environ=environ or {})


@pytest.mark.parametrize(("text", "message"), [row[1:] for row in TEXTS], ids=[row[0] for row in TEXTS])
def test_what_is_no_config_is_told_by_line(config, text, message):
    assert config.problems(text) == [f"loose-ends.yaml{message}"]


def test_aliases_within_bounds_are_expanded(config):
    text = "sources: {a: &a {path: logs}, b: *a}\ntargets: {t: {tracker: local}}\n"
    assert config.load(text).sources["a"] == config.load(text).sources["b"]


def test_a_variable_changes_one_use_of_an_alias_only(config):
    text = "sources: {a: &a {path: logs}, b: *a}\ntargets: {t: {tracker: local}}\n"
    settings = config.load(text, LOOSE_ENDS_SOURCES__B__FORMAT="markdown")
    assert (settings.sources["a"].format, settings.sources["b"].format) == ("auto", "markdown")


@pytest.mark.parametrize(("raw", "line"), [(b"\xff\xfea\x00", ":1"), (b"a: 1\nb: \xe9\n", ":2")])
def test_other_encodings_are_named_by_line(config, raw, line):
    config.file.write_bytes(raw)
    with pytest.raises(ConfigError) as caught:
        load_settings(config.file, {})
    assert caught.value.problems == (f"{config.file}{line}: not UTF-8 text; save the file as UTF-8",)


def test_a_byte_order_mark_and_windows_line_ends_are_read(config):
    config.file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_settings(config.file, {}).targets["t"]


def test_a_file_of_any_size_is_not_read(config):
    config.file.write_bytes(b"#" * 300_000)
    with pytest.raises(ConfigError, match="larger than 256 KiB; is this the config"):
        load_settings(config.file, {})


def test_a_missing_file_says_how_to_make_one(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path / "none.yaml", {})
    assert str(caught.value).endswith("none.yaml: no such file; write one with `loose-ends init`")


def test_folders_pipes_and_link_loops_are_no_config(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    for name, message in [(".", "not a file"), ("pipe", "not a file"), ("loop", "Too many levels of symbolic links")]:
        with pytest.raises(ConfigError, match=message):
            load_settings(tmp_path / name, {})


def test_a_name_that_no_file_can_have_is_told(tmp_path):
    with pytest.raises(ConfigError, match="not a file name"):
        load_settings(tmp_path / "a\0b", {})


WORDS = st.sampled_from(
    "sources targets routes filing labels schedule state path tracker local github repo when to kind cron caps per_run"
    " thresholds bug file hold token _cli_parse_args true null 5 0.5 -1 .inf ~ n t none /x+/ *a &a !x ? --- | >".split()
)
MARKUP = st.sampled_from([": ", "\n", "\n  ", "\n    ", "- ", "{", "}", "[", "]", ", ", '"', "'", "#", "\t", "%"])
NEARLY_YAML = st.lists(WORDS | MARKUP | st.text(max_size=3), max_size=40).map("".join)


@given(st.text() | NEARLY_YAML, st.booleans())
@example("a: !<", False)
@example('"\\U99999999"', False)
@example("_cli_parse_args: true", True)
def test_any_text_gives_settings_or_clear_lines(text, is_added):
    assert are_clear(outcome(GOOD + text if is_added else text), "c.yaml")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=12,
)
NAMES = st.lists(WORDS.map(str.upper) | st.sampled_from("0 1 9 99999999 _".split()), min_size=1, max_size=4).map(
    "__".join
)


@given(st.dictionaries(NAMES, st.text(max_size=8) | JSON.map(str), max_size=3))
def test_any_environment_gives_settings_or_clear_lines(variables):
    environ = {f"LOOSE_ENDS_{name}": value for name, value in variables.items()}
    assert are_clear(outcome(GOOD, environ), "LOOSE_ENDS_", "c.yaml")
