import pytest

from bot.settings import ConfigError, resolve_token

TEXT = "sources: {{n: {{path: a}}}}\ntargets: {{gh: {{tracker: github, repo: a/b, {}}}}}\n"


def target(config, place):
    return config.load(TEXT.format(place)).targets["gh"]


def test_a_token_comes_from_its_variable(config):
    assert resolve_token(target(config, "token_env: HUB"), {"HUB": " abc\n"}) == "abc"


@pytest.mark.parametrize("raw", [b"abc", b"abc\n", b"\xef\xbb\xbfabc\r\n"])
def test_a_token_comes_from_its_file_beside_the_config(config, raw):
    (config.folder / "key").write_bytes(raw)
    assert resolve_token(target(config, "token_file: key"), {}) == "abc"


def test_the_local_tracker_needs_no_token(config):
    assert resolve_token(config.load().targets["my-inbox"], {}) == ""


@pytest.mark.parametrize("environ", [{}, {"HUB": ""}, {"HUB": "  \n"}])
def test_a_missing_variable_is_named(config, environ):
    with pytest.raises(ConfigError) as caught:
        resolve_token(target(config, "token_env: HUB"), environ, name="gh")
    assert caught.value.problems == ("targets.gh.token_env: the variable HUB is not set or empty",)


FILES = [(None, "No such file or directory"), (b"\n", "empty"), (b"\xff\xff", "not text")]


@pytest.mark.parametrize(("raw", "why"), FILES)
def test_a_file_without_a_token_is_named(config, raw, why):
    file = config.folder / "key"
    if raw is not None:
        file.write_bytes(raw)
    with pytest.raises(ConfigError) as caught:
        resolve_token(target(config, "token_file: key"), {}, name="gh")
    assert caught.value.problems == (f"targets.gh.token_file: {file}: {why}",)


def test_more_than_a_token_is_refused_and_not_repeated(config):
    with pytest.raises(ConfigError) as caught:
        resolve_token(target(config, "token_env: HUB"), {"HUB": "user hidden"})
    assert caught.value.problems == ("token_env: expected the token and nothing else",)
