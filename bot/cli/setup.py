"""Commands for the first hour: init, check, demo."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.exits import FAILED, FINE, MISUSED, say
from bot.cli.options import config_option, desk_for, format_option, load, mask, now, verbose_option
from bot.cli.output import print_json, print_lines, print_table, progress

if TYPE_CHECKING:
    from bot.settings import Settings

_TRACKERS = ("local", "github", "gitlab", "jira")


@click.command()
@click.option("--tracker", type=click.Choice(_TRACKERS), default="local", show_default=True, help="Where tickets go.")
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default=Path("loose-ends.yaml"))
@verbose_option
def init(tracker: str, force: bool, file: Path) -> int:
    """Write a commented starter config to FILE (default: loose-ends.yaml)."""
    from bot.resources import config_dir
    from bot.settings.starters import starter

    # Editors complete and check the file by the schema that came with this installation.
    text = starter(tracker).replace("$schema=../schema.json", f"$schema={(config_dir() / 'schema.json').as_uri()}", 1)
    try:
        with file.open("w" if force else "x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        return say(f"{file}: is there already; choose another name, or overwrite it with --force", code=MISUSED)
    except OSError as error:
        return say(f"{file}: cannot be written: {error.strerror}", code=FAILED)
    print_lines([f"wrote {file}; edit it, then try: loose-ends check --config {file}"])
    return FINE


@click.command()
@config_option
@verbose_option
@format_option("table", "json")
def check(config: Path | None, format_: str) -> int:
    """Check config, sources, state and targets: what is wrong, and how to mend it."""
    rows = list(_check(load(config)))
    if format_ == "json":
        print_json(rows)
    else:
        columns = ("place", "result", "what", "mend")
        print_table(columns, [[row[column] for column in columns] for row in rows])
    return FAILED if any(row["result"] == "wrong" for row in rows) else FINE


def _row(place: str, result: str, what: str = "", mend: str = "") -> dict[str, str]:
    return {"place": place, "result": result, "what": what, "mend": mend}


def _check(settings: Settings) -> list[dict[str, str]]:
    from bot.store.engine import StateError, open_state

    rows = [_row("config", "fine", "read and valid"), *_check_sources(settings)]
    try:
        open_state(settings.state.path).dispose()
        rows.append(_row("state", "fine", str(settings.state.path)))
    except StateError as error:
        rows.append(_row("state", "wrong", str(error)))
    return [*rows, *_check_model(settings), *_check_targets(settings)]


def _check_model(settings: Settings) -> list[dict[str, str]]:
    from bot.matching.defaults import embedder_of
    from bot.matching.semantic import SemanticError

    try:
        embedder = embedder_of(settings.matching)
    except SemanticError as error:
        return [_row("semantic model", "wrong", str(error))]
    return [] if embedder is None else [_row("semantic model", "fine", embedder.name)]


def _check_sources(settings: Settings) -> list[dict[str, str]]:
    from bot.logs.sources import find_logs

    rows: list[dict[str, str]] = []
    for name, source in settings.sources.items():
        found = list(find_logs(str(source.path), include=source.include, exclude=source.exclude))
        problems = [item.problem for item in found if item.problem]
        rows += [_row(f"source {name}", "wrong", problem) for problem in problems]
        count = len(found) - len(problems)
        if count or not problems:
            mend = "" if count else "check path, include and exclude"
            rows.append(_row(f"source {name}", "fine" if count else "empty", f"{count} logs", mend))
    return rows


def _check_targets(settings: Settings) -> list[dict[str, str]]:
    from bot.publishing.connect import connect
    from connectors.base import ConnectorError

    rows: list[dict[str, str]] = []
    for target in connect(settings, os.environ, now, mask=mask).by_name.values():
        place = f"target {target.name}"
        if target.connector is None:
            rows.append(_row(place, "wrong", target.stopped))
            continue
        try:
            problems = target.connector.check()
        except ConnectorError as error:
            rows.append(_row(place, "wrong", str(error)))
            continue
        rows += [_row(place, "wrong" if p.fatal else "note", p.what, p.mend) for p in problems]
        if not problems:
            rows.append(_row(place, "fine", "ready"))
    return rows


@click.command()
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), help="Folder to use (default: a new one).")
@verbose_option
def demo(into: Path | None) -> int:
    """Run the bot on the sample logs into a local tracker in a scratch folder, and show what came of it."""
    from bot import pipeline
    from bot.cli.runs import print_plan, print_summary
    from bot.resources import config_dir
    from bot.settings import load_settings

    if into and into.exists() and any(into.iterdir()):
        return say(f"{into}: is not empty; name a new folder", code=MISUSED)
    folder = into or Path(tempfile.mkdtemp(prefix="loose-ends-demo-"))
    tickets, state = folder / "tickets", folder / "state.db"
    places = {
        "LOOSE_ENDS_TARGETS__TICKETS__PATH": str(tickets.absolute()),
        "LOOSE_ENDS_STATE__PATH": str(state.absolute()),
    }
    settings = load_settings(config_dir() / "demo.yaml", {"HOME": str(folder), **places})
    with desk_for(settings, "demo") as at, progress() as bars:
        first = pipeline.run(at, bars)
        again = pipeline.run(at, bars)
    print_lines(["What the run decided, and why:", ""])
    print_plan(first.plan.actions)
    print_lines([""])
    print_summary(first)
    print_lines(["", "The same run again, as cron would make it:", ""])
    print_summary(again)
    print_lines(["", f"The tickets lie in {tickets}, one Markdown file each; the state in {state}."])
    return say(*first.errors, *again.errors, code=FAILED if first.errors or again.errors else FINE)
