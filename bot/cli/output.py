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


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A plain table on stdout, as wide as the terminal; where that is too narrow, a block of lines for each row."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else WIDTH_OF_A_PIPE, highlight=False)
    cells = [[printable(_cell(value)) for value in row] for row in rows]
    widths = [max(len(line[index]) for line in [columns, *cells]) for index in range(len(columns))]
    folded = [column in _FOLDED for column in columns]
    least = sum(min(width, _LEAST_FOLDED) if fold else width for width, fold in zip(widths, folded, strict=True))
    if least + 2 * len(columns) > console.width:
        _print_blocks(columns, cells)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        numbers = bool(rows) and all(isinstance(row[index], (int, float)) for row in rows)
        least_wide = min(widths[index], _LEAST_FOLDED) if folded[index] else widths[index]
        table.add_column(column, justify="right" if numbers else "left", overflow="fold", min_width=least_wide)
    for line in cells:
        table.add_row(*map(Text, line))
    console.print(table)


_FOLDED = ("title", "reason", "log", "problem", "what", "mend", "not_understood", "turns")
_LEAST_FOLDED = 24


def _print_blocks(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    label = max(map(len, columns))
    for line in cells:
        for column, cell in zip(columns, line, strict=True):
            click.echo(f"{column:<{label}}  {cell}".rstrip())
        click.echo()


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
