import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.resources import config_dir
from bot.settings import TRACKERS, Settings, load_settings, starter
from bot.settings.schema import main, outputs

SHIPPED = sorted(config_dir().rglob("*.yaml"))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_every_shipped_config_loads(file):
    assert load_settings(file, {"HOME": "/home/ada"}).routing


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_every_shipped_config_names_its_schema_for_editors(file):
    first = file.read_text(encoding="utf-8").split("\n")[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (file.parent / first.partition("=")[2]).resolve() == config_dir() / "schema.json"


@pytest.mark.parametrize("tracker", TRACKERS)
def test_a_starter_loads_where_it_is_written(config, tracker):
    settings = config.load(starter(tracker))
    assert [target.tracker for target in settings.targets.values()] == [tracker]


def test_there_is_no_starter_for_an_unknown_tracker():
    with pytest.raises(ValueError, match="no starter for 'bugs'; there is one for local, github, gitlab, jira"):
        starter("bugs")


def test_the_default_config_shows_every_key_with_its_default():
    file = config_dir() / "default.yaml"
    shown = YAML(typ="safe", pure=True).load(file)
    least = {"sources": {"notes": {"path": "~/logs"}}, "targets": {"inbox": {"tracker": "local"}}}
    full = Settings(**{**least, "targets": {"inbox": {"tracker": "local", "path": "tickets"}}}).model_dump(mode="json")
    assert shown == full


def test_generated_files_are_fresh():
    assert main(["--check"]) == 0


def test_a_stale_file_fails_the_check(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("bot.settings.schema.config_dir", lambda: tmp_path)
    assert main(["--check"]) == 1
    assert "schema.json: stale; run" in capsys.readouterr().err
    assert (main([]), main(["--check"])) == (0, 0)
    assert main(["--force"]) == 2


def test_the_schema_knows_every_section_and_forbids_others():
    schema = json.loads(outputs()[config_dir() / "schema.json"])
    assert set(schema["properties"]) == set(Settings.model_fields)
    closed = [name for name, part in schema["$defs"].items() if part.get("additionalProperties") is False]
    assert set(schema["$defs"]) - set(closed) == {"PluginTarget"}


def test_the_reference_describes_every_key():
    text = Path(config_dir() / "REFERENCE.md").read_text(encoding="utf-8")
    for key in ("sources", "per_run", "token_file", "max_confidence", "at_start", "hands_off", "issue_type"):
        assert f"| `{key}` |" in text
    assert "| None |" not in text


SESSIONS = sorted((config_dir() / "samples").rglob("*.jsonl"))


@pytest.mark.parametrize("file", SESSIONS, ids=lambda file: file.stem)
def test_a_sample_session_is_one_chain_of_records(file):
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").removesuffix("\n").split("\n")]
    chained = [record for record in records if "uuid" in record]
    assert [record["parentUuid"] for record in chained] == [None, *(record["uuid"] for record in chained[:-1])]
    assert len({record["sessionId"] for record in chained}) == 1
