"""The command report: what was read, found and filed by week, what people accept, and what that changes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.exits import FINE, say
from bot.cli.options import config_option, format_option, load, now, verbose_option
from bot.cli.output import print_json, print_lines, print_table

if TYPE_CHECKING:
    from bot.publishing.report_tables import Table


def _span(_ctx: click.Context, _param: click.Parameter, value: str) -> timedelta:
    from pydantic import TypeAdapter, ValidationError

    from bot.settings.sources import Span

    try:
        span: timedelta = TypeAdapter(Span).validate_python(value)
    except ValidationError as error:
        raise click.BadParameter(f"{value}: expected a span such as 28d, 12h or 90m") from error
    if not span:
        raise click.BadParameter("expected more than no time, such as 28d")
    return span


def _rows(table: Table) -> list[dict[str, object]]:
    keys = [column.replace(" ", "_") for column in table.columns]
    return [dict(zip(keys, row, strict=True)) for row in table.rows]


@click.command()
@config_option
@verbose_option
@format_option("table", "json")
@click.option("--since", callback=_span, metavar="SPAN", default="28d", show_default=True, help="How far back.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write it as a page.")
def report(config: Path | None, format_: str, since: timedelta, html: Path | None) -> int:
    """Show what was read, found, filed, held and dropped by week, what people accept, and the thresholds in force."""
    from bot.publishing.report import make_report
    from bot.publishing.report_tables import heading, tables
    from bot.store.engine import open_state

    settings = load(config)
    with open_state(settings.state.path).begin() as db:
        made = make_report(db, settings, now(), since)
    shown = tables(made)
    if html is not None:
        from bot.publishing.report_page import page

        html.write_text(page(made), encoding="utf-8")
        say(f"written to {html}")
    if format_ == "json":
        span = {"start": made.start.isoformat(), "end": made.end.isoformat()}
        print_json(span | {table.name: _rows(table) for table in shown})
    elif html is None:
        print_lines([heading(made)])
        for table in shown:
            print_lines(["", table.title if table.rows else f"{table.title}: {table.empty.lower()}"])
            if table.rows:
                print_table(table.columns, table.rows)
    return FINE
