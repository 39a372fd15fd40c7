"""What reaches the terminal, and the exit codes of what is refused."""

import os
import subprocess
import sys

import pytest

from bot.cli import output
from bot.store.lock import run_lock

POOLING = "TODO: configure connection pooling for the importer"
COLUMNS = ("id", "kind", "priority", "title", "log", "reason")
ROW = ("3f2a", "todo", "medium", "Rotate the signing keys of the gateway " * 3, "notes/monday.md:7", "over the cap")


@pytest.fixture
def loose_ends(project):
    def call(*words):
        command = [sys.executable, "-m", "bot", *words]
        env = {name: value for name, value in os.environ.items() if not name.startswith("LOOSE_ENDS_")}
        return subprocess.run(
            command, check=False, cwd=project.folder, capture_output=True, timeout=60, env=env, text=True
        )

    return call


@pytest.mark.parametrize("width", [1, 20, 40, 60, 80, 120, 160, 400])
def test_no_width_loses_a_column_or_a_word(monkeypatch, capsys, width):
    monkeypatch.setattr(output, "WIDTH_OF_A_PIPE", width)
    output.print_table(COLUMNS, [ROW])
    shown = capsys.readouterr().out
    # Folding cuts inside of long words: what counts is that all of their letters are there.
    assert all(column in shown for column in COLUMNS)
    assert all(cell in shown for cell in ("3f2a", "todo", "medium"))
    assert shown.count("…") == 0
    letters = sorted("".join([*COLUMNS, *ROW]).replace(" ", ""))
    assert sorted("".join(shown.split())) == letters


@pytest.mark.parametrize(("width", "lines"), [(160, 3), (40, 7)], ids=["a table", "blocks"])
def test_rows_are_blocks_where_a_table_does_not_fit(monkeypatch, capsys, width, lines):
    monkeypatch.setattr(output, "WIDTH_OF_A_PIPE", width)
    output.print_table(COLUMNS, [(*ROW[:3], "Rotate the keys", *ROW[4:]), (*ROW[:3], "Add retries", *ROW[4:])])
    shown = capsys.readouterr().out
    assert shown.count("priority") == (1 if lines == 3 else 2)
    assert shown.count("\n") == (lines if lines == 3 else 2 * lines)


@pytest.mark.parametrize("width", [160, 10])
@pytest.mark.parametrize("mark", ["\x1b[31m", "\x07", "\r", "\x9b2J", "\u202e", "\u200b", "\ud800"])
def test_nothing_that_a_terminal_obeys_is_printed(monkeypatch, capsys, width, mark):
    monkeypatch.setattr(output, "WIDTH_OF_A_PIPE", width)
    output.print_table(("id", "title"), [("1", f"Rotate{mark} keys")])
    output.print_lines([f"Rotate{mark} keys"])
    shown = capsys.readouterr().out
    assert mark[0] not in shown
    assert shown.count("\ufffd") == 2


def test_square_brackets_are_text(capsys):
    output.print_table(("id", "title"), [("1", "[red]Rotate[/red] the [link=x]keys")])
    assert "[red]Rotate[/red] the [link=x]keys" in capsys.readouterr().out


def test_a_plan_is_not_written_over_what_is_none(project, loose_ends):
    notes = project.folder / "notes.json"
    notes.write_text('{"mine": true}')
    result = loose_ends("plan", "--out", "notes.json")
    assert result.returncode == 2
    assert result.stderr == "notes.json: is there and is not a plan; name another file\n"
    assert notes.read_text() == '{"mine": true}'
    assert not (project.folder / ".loose-ends").exists()


def test_a_format_that_is_none_is_a_wrong_config(project, loose_ends):
    file = project.config()
    file.write_text(file.read_text().replace("path: logs", "path: logs, format: papyrus"))
    result = loose_ends("run")
    assert result.returncode == 2
    assert result.stderr.startswith("sources.notes.format: ")
    assert result.stderr.count("\n") == 1


def test_the_demo_leaves_a_folder_that_is_in_use_alone(project, loose_ends):
    result = loose_ends("demo", "--into", "logs/..")
    assert (result.returncode, result.stdout) == (2, "")
    assert "is not empty" in result.stderr
    assert sorted(path.name for path in project.folder.iterdir()) == ["logs", "loose-ends.yaml"]


def test_a_run_beside_another_is_fine_and_a_decision_is_refused(project, loose_ends):
    project.log("monday.md", POOLING)
    run = project.run().run
    with run_lock(project.folder / ".loose-ends" / "state.db", "serve", project.now()):
        results = [loose_ends(*words) for words in (["run"], ["undo", run], ["held", "drop", "3f2a"])]
    assert [result.returncode for result in results] == [0, 1, 1]
    assert all("nothing done: the state is held by process" in result.stderr for result in results)
    assert [ticket.state for ticket in project.tickets()] == ["open"]
