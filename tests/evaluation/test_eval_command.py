import json

import pytest
from click.testing import CliRunner

from bot.cli import cli

TALK = "**User:**\n\nThe upload page crashes on large files.\n\n**Assistant:**\n\nI see.\n"
ROW = {"file": "talk.md", "findings": [{"kind": "bug", "title": "Upload page crashes", "lines": [[3, 3]]}]}


@pytest.fixture
def run(tmp_path):
    (tmp_path / "talk.md").write_text(TALK, encoding="utf-8")
    (tmp_path / "gold.jsonl").write_text(json.dumps(ROW), encoding="utf-8")

    def call(*arguments):
        return CliRunner().invoke(
            cli, ["eval", str(tmp_path / "gold.jsonl"), *map(str, arguments)], standalone_mode=False
        )

    return call


def test_eval_prints_all_figures(run):
    result = run()
    assert result.return_value == 0
    for heading in ("in all", "kind", "format", "source", "detector", "expected calibration error", "worst misses:"):
        assert heading in result.stdout


def test_eval_as_json(run):
    data = json.loads(run("--format", "json", "--filed").stdout)
    assert data["total"] == data["filed"]
    assert data["total"]["recall"] == 1.0


def test_eval_without_a_detector(run):
    (row,) = json.loads(run("--format", "json", "--without", "symptom").stdout)
    assert row == {"without": "symptom", "right": 1, "wrong": 0, "sources": 1}


def test_eval_without_all_tries_each(run):
    rows = json.loads(run("--format", "json", "--without", "all").stdout)
    assert [row["without"] for row in rows] == ["symptom", "symptom: fault verb"]


def test_eval_writes_a_page_and_weights(run, tmp_path):
    run("--html", tmp_path / "page.html")
    run("--calibrate", tmp_path / "weights.json")
    assert "<svg" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "weights.json").read_text(encoding="utf-8"))["weights"] is not None


def test_a_missing_gold_file_is_told_in_one_line(tmp_path):
    result = CliRunner().invoke(cli, ["eval", str(tmp_path / "none.jsonl")], standalone_mode=False)
    assert result.return_value == 2
    assert "none.jsonl: cannot be read: No such file or directory" in result.output


def test_explain_shows_the_talk_with_its_marks(tmp_path):
    (tmp_path / "talk.md").write_text(TALK, encoding="utf-8")
    result = CliRunner().invoke(cli, ["extract", "--explain", str(tmp_path / "talk.md")], standalone_mode=False)
    lines = result.stdout.split("\n")
    assert any(line.split()[:2] == ["1", "The"] for line in lines)
    assert any("1> file bug" in line and "Upload page crashes on large files" in line for line in lines)
    assert any('symptom: "fault verb"' in line for line in lines)
