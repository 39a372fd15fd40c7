import os
import signal
from functools import partial
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.cli.jobs import looked_at
from bot.logs.base import UnknownFormat
from bot.logs.sources import find_logs


def extracted(folder, *options):
    return CliRunner().invoke(cli, ["extract", str(folder), "--all", "--format", "jsonl", *options])


def test_several_processes_print_what_one_does_in_the_same_order(tmp_path):
    for number in range(6):
        text = f"**User:** TODO: rename part {number} of the importer\n\n**Assistant:** Later.\n\n**User:** Fine.\n"
        (tmp_path / f"{number}.md").write_text(text)
    (tmp_path / "3b.md").write_text("# Only a note\n")
    alone, together = extracted(tmp_path, "--jobs", "1"), extracted(tmp_path, "--jobs", "3")
    assert alone.stdout.count("\n") == 6
    assert (together.stdout, together.stderr) == (alone.stdout, alone.stderr)


def name_of(log, refused):
    if log.name.endswith(refused):
        raise UnknownFormat(f"{log.name}: no log")
    return Path(log.name).name


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_cannot_be_read_stands_in_its_place(tmp_path, jobs):
    for name in ("a.md", "b.md", "c.md"):
        (tmp_path / name).write_text("x")
    found = list(looked_at(partial(name_of, refused="b.md"), list(find_logs(str(tmp_path))), jobs=jobs))
    assert (found[0], str(found[1])[-12:], found[2]) == ("a.md", "b.md: no log", "c.md")


def end_at_once(_log):
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_was_killed_is_told_in_one_line(tmp_path):
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("x")
    with pytest.raises(click.ClickException, match="--jobs 1"):
        list(looked_at(end_at_once, list(find_logs(str(tmp_path))), jobs=2))
