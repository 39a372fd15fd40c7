"""The command ``match`` on files: its lines, its limits, and what it says of bad input."""

import json

import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.cli.exits import explain
from bot.matching.semantic import SemanticError

TICKETS = [
    {"id": 1, "title": "Export to CSV drops the last row", "body": "The final row of the report is left out."},
    {"id": 2, "title": "Login hangs after a wrong password", "body": None},
    {"id": "X-3", "title": "Add paging to the audit log", "created": "2024-01-02T03:04:05Z", "author": 7},
    {
        "id": 4,
        "title": "CSV export drops the last row",
        "body": "The last row of a report is missing.",
        "duplicate_of": 1,
    },
]
MENTIONS = [
    {"id": "a", "kind": "bug", "title": "Last row missing in CSV export", "quote": "export drops the final row"},
    {"id": "b", "kind": "todo", "title": "Water the plants", "quote": "somebody has to water the plants"},
]


@pytest.fixture
def run(tmp_path):
    def call(*options, tickets=TICKETS, mentions=None):
        (tmp_path / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in tickets))
        args = ["match", str(tmp_path / "t.jsonl"), *options]
        if mentions is not None:
            (tmp_path / "m.jsonl").write_text("".join(json.dumps(row) + "\n" for row in mentions))
            args += ["--mentions", str(tmp_path / "m.jsonl")]
        return CliRunner().invoke(cli, args, standalone_mode=False)

    return call


def test_a_line_for_each_mention_in_order(run):
    first, second = map(json.loads, run("--format", "jsonl", mentions=MENTIONS).stdout.splitlines())
    assert list(first) == ["id", "decision", "candidates", "why"]
    assert (first["id"], first["candidates"][0][0]) in (("a", "1"), ("a", "4"))
    assert first["decision"] == "same"
    assert second["decision"] == "new"


def test_without_mentions_each_ticket_is_compared_with_earlier_ones(run):
    rows = [json.loads(line) for line in run("--format", "jsonl").stdout.splitlines()]
    assert [row["id"] for row in rows] == ["1", "2", "X-3", "4"]
    assert rows[0]["candidates"] == []
    assert rows[3]["candidates"][0][0] == "1"


def test_projects_are_kept_apart(run):
    rows = [{**TICKETS[0], "project": "p"}]
    (line,) = run("--format", "jsonl", tickets=rows, mentions=[{**MENTIONS[0], "project": "q"}]).stdout.splitlines()
    assert json.loads(line)["candidates"] == []


def test_limits_can_be_tried(run):
    found = run("--format", "jsonl", "--same", "1", "--possible", "0", mentions=MENTIONS[:1]).stdout
    assert [json.loads(line)["decision"] for line in found.splitlines()] == ["possible"]


def test_thresholds_are_told_on_the_marked_duplicates(run):
    rows = json.loads(run("--thresholds", "--format", "json").stdout)
    assert [row["threshold"] for row in rows] == sorted(row["threshold"] for row in rows)
    assert all(row["same"] == row["right"] + row["other"] for row in rows)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "t.jsonl:1:"),
        ('{"id": 1}', "missing required field `title`"),
        ('{"id": 1, "title": "a"}\n{"id": "1", "title": "b"}', "t.jsonl:2: the id 1 was there before"),
    ],
)
def test_a_bad_line_is_named(tmp_path, line, told):
    (tmp_path / "t.jsonl").write_text(line + "\n")
    result = CliRunner().invoke(cli, ["match", str(tmp_path / "t.jsonl")], standalone_mode=False)
    assert result.return_value == 2
    assert told in result.stderr


def test_thresholds_need_marked_duplicates(run):
    result = run("--thresholds", tickets=TICKETS[:3])
    assert (result.return_value, "no line has duplicate_of" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("title", "decision"),
    [
        ("Audit log: add the paging", "same"),
        ("Add paging to the audit log of payments", "possible"),
        ("Remove paging from the audit log", "possible"),
    ],
    ids=["posted again", "another part", "the opposite"],
)
def test_a_report_is_the_same_as_an_earlier_one_only_under_its_title(run, title, decision):
    body = "The audit log loads all of its rows at once, so the page needs a minute in AuditLog.render."
    known = [*TICKETS[:2], {**TICKETS[2], "body": body}]
    last = run("--format", "jsonl", "--possible", "0.05", tickets=[*known, {"id": 5, "title": title, "body": body}])
    assert json.loads(last.stdout.splitlines()[-1])["decision"] == decision


def test_a_sentence_model_ranks_a_ticket_in_wholly_other_words(run):
    asked = [{"id": "a", "title": "Sign-in spins forever", "quote": "sign-in spins when I mistype my credentials"}]
    alone, together = (
        json.loads(run("--format", "jsonl", *more, mentions=asked).stdout) for more in ((), ("--semantic", "builtin"))
    )
    assert (alone["candidates"], alone["decision"]) == ([], "new")
    assert together["candidates"][0][0] == "2"


def test_a_sentence_model_that_is_not_there_is_told(run, tmp_path):
    result = run("--semantic", str(tmp_path / "nowhere"))
    assert isinstance(result.exception, SemanticError)
    assert explain(result.exception) == 2
