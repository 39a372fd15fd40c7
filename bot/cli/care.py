"""Care of the state: state check, state backup, state rebuild."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.exits import FAILED, FINE, PARTLY, say
from bot.cli.options import config_option, desk_on, format_option, load, now, verbose_option
from bot.cli.output import print_json, print_lines, print_table, progress

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.findings import KnownFinding


@click.group()
@config_option
@verbose_option
@click.pass_context
def state(context: click.Context, config: Path | None) -> None:
    """Check, back up or rebuild what the bot remembers between runs."""
    context.obj = config


@state.command("check")
@format_option("table", "json")
@click.pass_context
def check_state(context: click.Context, format_: str) -> int:
    """Say whether the state is whole: the database, what points at what, cursors, actions without an end."""
    from bot.store.checkup import check
    from bot.store.engine import open_state

    path = load(context.obj).state.path
    if not path.exists():
        return say(f"{path}: there is no state yet; the first run makes it", code=FINE)
    engine = open_state(path)
    with engine.begin() as db:
        found = check(db, now())
    rows = [{"result": one.result, "what": one.what, "mend": one.mend} for one in found]
    if format_ == "json":
        print_json(rows)
    elif rows:
        print_table(("result", "what", "mend"), [list(row.values()) for row in rows])
    else:
        print_lines([f"{path}: whole"])
    return FAILED if any(one.result == "wrong" for one in found) else FINE


@state.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
@click.pass_context
def backup(context: click.Context, file: Path, force: bool) -> int:
    """Copy the state to FILE, also while a run is at work. To restore it, put it in the place of state.path."""
    from bot.store.backup import BackupError, back_up

    path = load(context.obj).state.path
    try:
        size = back_up(path, file, overwrite=force)
    except BackupError as error:
        return say(str(error), code=FAILED)
    print_lines([f"{file}: {size:,} bytes; restore it by putting it in the place of {path}"])
    return FINE


@state.command()
@click.pass_context
def rebuild(context: click.Context) -> int:
    """Make the state anew from logs and trackers: tickets are known again by their markers. Nothing is filed.

    The old one is kept beside it. What people dropped by hand is carried over as far as it can still be read.
    """
    from bot import pipeline
    from bot.store.lock import run_lock

    settings = load(context.obj)
    path = settings.state.path
    unfinished = path.with_name(f"{path.name}.rebuilding")
    # Made beside the old one, which stays in its place until the new one is whole.
    with run_lock(path, "state rebuild", now()):
        refused = _refused(path)
        for part in _parts(unfinished):
            part.unlink()
        elsewhere = settings.model_copy(update={"state": settings.state.model_copy(update={"path": unfinished})})
        with desk_on(elsewhere) as at, progress() as bars:
            made = pipeline.rebuild(at, refused, bars)
        kept = path.with_name(f"{path.name}.before-{now():%Y%m%d-%H%M%S}") if path.exists() else None
        if kept:
            _move(path, kept)
        _move(unfinished, path)
    if kept:
        print_lines([f"The old state is kept as {kept}"])
    print_lines(
        [
            f"{made.taken.read} logs read, {made.tickets} tickets known, {made.ours} of them filed by the bot",
            f"{made.carried} of {len(refused)} findings that were dropped by hand are dropped again",
            f"The next run would file {made.to_file}; see: loose-ends plan",
        ]
    )
    say(*made.errors)
    return PARTLY if made.errors else FINE


def _refused(path: Path) -> list[tuple[KnownFinding, datetime]]:
    """What people dropped by hand and when, from a state that may be damaged."""
    from sqlalchemy.exc import SQLAlchemyError

    from bot.store import findings, verdicts
    from bot.store.engine import StateError, open_state

    if path.exists():
        with suppress(StateError, SQLAlchemyError), open_state(path).begin() as db:
            when = verdicts.refused_at(db)
            return [(k, when.get(k.id, k.last_seen)) for k in findings.with_disposition(db, "refused")]
    return []


def _parts(state: Path) -> list[Path]:
    # The log of a database belongs to it: left behind it would be read into the new one.
    return [part for end in ("-wal", "-shm", "") if (part := state.with_name(state.name + end)).exists()]


def _move(state: Path, to: Path) -> None:
    for part in _parts(state):
        part.rename(to.with_name(to.name + part.name.removeprefix(state.name)))
