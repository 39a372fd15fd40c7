from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import connector_options, place_options


def test_a_small_config_has_all_defaults_and_absolute_paths(config):
    settings = config.load()
    assert settings.sources["notes"].path == Path("/home/ada/logs")
    assert settings.targets["my-inbox"].path == config.folder / "tickets"
    assert settings.state.path == config.folder / ".loose-ends/state.db"
    assert (settings.filing.caps.per_run, settings.filing.recurrence) == (20, "reopen")


def test_one_target_without_routes_takes_everything(config):
    (route,) = config.load().routing
    assert (route.to, route.takes_everything) == ("my-inbox", True)


def test_routes_replace_the_one_that_takes_everything(config, good):
    settings = config.load(good + "routes:\n  - {when: {kind: bug}, to: my-inbox}\n  - {to: none}\n")
    assert [(route.to, route.when.kind) for route in settings.routing] == [("my-inbox", ("bug",)), ("none", ())]


def test_thresholds_can_differ_by_kind(config, good):
    settings = config.load(good + "filing: {thresholds: {todo: {file: 0.9}}}\n")
    assert settings.rules_for("todo").file == 0.9
    assert settings.rules_for("bug").file == settings.rules_for("feature").file == 0.75
    assert settings.rules_for("todo").hold == 0.4


@pytest.mark.parametrize(
    "text",
    [
        "filing:\n",
        "filing:\n  caps:\n",
        "routes:\n",
        "filing: {caps: {per_run: }}\n",
        "labels: ~\n",
        "state: {path: }\n",
    ],
)
def test_a_key_left_empty_has_its_default(config, good, text):
    assert config.load(good + text) == config.load(good)


def test_settings_cannot_be_changed(config):
    settings = config.load()
    with pytest.raises(ValidationError):
        settings.filing.caps.per_run = 3
    with pytest.raises(ValidationError):
        settings.state = None


def test_a_plug_ins_keys_reach_its_connector(config):
    text = "sources: {n: {path: a}}\ntargets: {t: {tracker: forgejo, repo: a/b, depth: 3, token_env: FORGE}}\n"
    assert connector_options(config.load(text).targets["t"]) == {"repo": "a/b", "depth": 3}


def test_connector_options_leave_out_what_is_not_set(config):
    text = "sources: {n: {path: a}}\ntargets: {t: {tracker: gitlab, project: 42, token_file: key}}\n"
    options = connector_options(config.load(text).targets["t"])
    assert options["project"] == "42"
    assert "token_file" not in options
    assert "base_url" not in options


def test_how_to_get_there_does_not_make_a_target_another_place(config):
    text = "sources: {{n: {{path: a}}}}\ntargets: {{t: {{tracker: gitlab, project: 42, token_file: key{}}}}}\n"
    near, far = (config.load(text.format(more)).targets["t"] for more in ("", ", timeout: 60, allow_public: true"))
    assert place_options(near) == place_options(far) == {"project": "42"}


def test_two_routes_compile_their_patterns(config, good):
    when = config.load(good + "routes: [{when: {text: slow start, path: 'team/*.md'}, to: none}]\n").routes[0].when
    assert when.text_matches.search("A SLOW  start again")
    assert when.path_matches.match("/srv/team/monday.md")
    assert not when.path_matches.match("/srv/team/old/monday.md")


def test_paths_start_at_the_folder_of_the_config_file(config, monkeypatch):
    monkeypatch.chdir("/")
    settings = config.load("sources: {n: {path: ../logs}}\ntargets: {t: {tracker: local, path: /srv/t}}\n")
    assert settings.sources["n"].path == config.folder / "../logs"
    assert settings.targets["t"].path == Path("/srv/t")


def test_text_that_other_yaml_readers_take_for_something_else_stays_text(config):
    text = "sources: {no: {path: 2026-05-01, exclude: [on, 1e]}}\ntargets: {t: {tracker: local}}\n"
    source = config.load(text).sources["no"]
    assert (source.path.name, source.exclude) == ("2026-05-01", ("on", "1e"))
