"""Tables, JSON and progress. Log text is printed as text: nothing in it reaches a terminal as a command."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import click

WIDTH_OF_A_PIPE = 160


def printable(text: str) -> str:
    """One line without control and direction characters, which a terminal would obey."""
    return "".join(
        " " if c in "\n\t" else c if unicodedata.category(c) not in ("Cc", "Cf", "Cs") else "\ufffd" for c in text
    )


def print_json(data: object) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def print_jsonl(rows: Sequence[Mapping[str, object]]) -> None:
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False))


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]], *, title: str = "") -> None:
    """A plain table on stdout, as wide as the terminal; numbers are put to the right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", title_justify="left", title=title or None)
    for index, column in enumerate(columns):
        numbers = bool(rows) and all(isinstance(row[index], (int, float)) for row in rows)
        wide = column in ("title", "reason", "log", "problem")
        table.add_column(column, justify="right" if numbers else "left", overflow="fold", no_wrap=not wide)
    for row in rows:
        table.add_row(*(Text(printable(_cell(value))) for value in row))
    tty = sys.stdout.isatty()
    Console(file=sys.stdout, width=None if tty else WIDTH_OF_A_PIPE, highlight=False).print(table)


def _cell(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def print_lines(lines: Sequence[str]) -> None:
    for line in lines:
        click.echo(printable(line))


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each stage on a terminal; silence anywhere else."""
    if not sys.stderr.isatty():
        yield lambda _stage, _done, _all: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<8}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, every: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=every)
            bars.update(tasks[stage], completed=done, total=every)

        yield show
