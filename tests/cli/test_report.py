"""The command report, at its edge: spans, formats, the page."""

import json

import pytest
from click.testing import CliRunner

from bot.cli import cli


@pytest.fixture
def report(project):
    project.log("monday.md", "TODO: configure connection pooling for the importer")
    project.run()

    def call(*arguments):
        config = str(project.folder / "loose-ends.yaml")
        return CliRunner().invoke(cli, ["report", "--config", config, "--since", "9999d", *arguments])

    return call


def test_a_table_for_each_part(report):
    shown = report().stdout
    for title in ("By week", "Held and dropped", "What people accept", "Thresholds in force", "Waiting for a person"):
        assert title in shown


def test_json_has_a_key_without_spaces_for_every_column(report):
    told = json.loads(report("--format", "json").stdout)
    assert told["weeks"][0] | {"filed": 1, "seen_again": 0} == told["weeks"][0]
    assert [row["file"] for row in told["thresholds"]] == [0.75, 0.75, 0.75]


def test_the_page_is_written_where_it_is_asked_for(report, tmp_path):
    result = report("--html", str(tmp_path / "report.html"))
    assert result.stdout == ""
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize("span", ["3x", "0d", "-1d", ""])
def test_a_span_that_is_none_is_told_in_one_line(report, span):
    result = report("--since", span)
    assert result.exit_code == 2
    assert "28d" in result.stderr
