"""Commands that make a run, or take one back: plan, apply, run, serve, undo."""

from __future__ import annotations

import logging
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.exits import FAILED, FINE, PARTLY, say
from bot.cli.options import config_option, desk, desk_for, format_option, learn_option, load, verbose_option
from bot.cli.output import print_json, print_lines, print_table, progress

if TYPE_CHECKING:
    from bot.model import Action
    from bot.pipeline import Summary

_log = logging.getLogger(__name__)
_wait_option = click.option(
    "--wait", type=click.FloatRange(min=0), default=0, metavar="SECONDS", help="Wait so long for another run to end."
)


@click.command()
@config_option
@verbose_option
@format_option("table", "json")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the plan to a file for `apply`.")
@_wait_option
@learn_option
def plan(config: Path | None, format_: str, out: Path | None, wait: float, learn: bool) -> int:
    """Show what a run would do, and why. Logs are read and remembered; no ticket is touched."""
    from bot import pipeline
    from bot.publishing.plan_file import may_be_written, to_json

    if out is not None:
        may_be_written(out)
    with desk(config, "plan", wait=wait, learn=learn) as at, progress() as bars:
        summary = pipeline.plan(at, bars)
    if out is not None:
        out.write_text(to_json(summary.plan), encoding="utf-8")
    if format_ == "json":
        print_json({**summary.as_json(), "plan": [asdict(action) for action in summary.plan.actions]})
    else:
        print_plan(summary.plan.actions)
        say(*summary.learned, *summary.taken.notes, *summary.errors)
        if out is not None:
            say(f"written to {out}; carry it out with: loose-ends apply {out}")
    return _exit_code(summary)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@config_option
@verbose_option
@format_option("table", "json")
@_wait_option
@learn_option
def apply(file: Path, config: Path | None, format_: str, wait: float, learn: bool) -> int:
    """Carry out a plan that `plan --out FILE` wrote, exactly; a stale one is refused."""
    from bot import pipeline
    from bot.publishing.plan_file import read_plan
    from bot.service import Stop

    agreed = read_plan(file)
    stop = Stop()
    stop.on_signals()
    with desk(config, "apply", wait=wait, stopping=stop, learn=learn) as at, progress() as bars:
        summary = pipeline.apply(at, agreed, bars)
    return _print_summary(summary, format_)


@click.command()
@config_option
@verbose_option
@format_option("table", "json")
@_wait_option
@learn_option
def run(config: Path | None, format_: str, wait: float, learn: bool) -> int:
    """One pass, for cron: read what is new, plan, and carry the plan out."""
    from bot import pipeline
    from bot.service import Stop
    from bot.store.lock import Locked

    stop = Stop()
    stop.on_signals()
    try:
        with desk(config, "run", wait=wait, stopping=stop, learn=learn) as at, progress() as bars:
            summary = pipeline.run(at, bars)
    except Locked as error:
        # For cron: the other run does what this one would have done.
        return say(f"nothing done: the state is {error}", code=FINE)
    return _print_summary(summary, format_)


@click.command()
@config_option
@verbose_option
def serve(config: Path | None) -> int:
    """Run on the schedule of the config until SIGTERM or SIGINT."""
    from bot import pipeline
    from bot.service import Stop
    from bot.service import serve as keep_serving
    from bot.store.lock import Locked

    settings = load(config)
    stop = Stop()
    stop.on_signals()

    def run_once() -> None:
        told = False
        while not stop():
            try:
                with desk_for(settings, "serve", wait=1, stopping=stop) as at:
                    _print_summary(pipeline.run(at), "table")
            except Locked as error:
                # A run of the schedule is never left out: it waits for the other one to end.
                if not told:
                    say(f"waiting: the state is {error}")
                told = True
            else:
                return

    def run_once_and_tell() -> None:
        try:
            run_once()
        except Exception as error:  # noqa: BLE001 - one bad run must not end the service; it is told and the next one comes
            from bot.cli.exits import explain

            explain(error)

    say(f"serving on '{settings.schedule.cron}' ({settings.schedule.time_zone}); stop with SIGTERM or Ctrl-C")
    keep_serving(settings.schedule, run_once_and_tell, stop)
    say("stopped")
    return FINE


@click.command()
@click.argument("run_id", metavar="RUN")
@config_option
@verbose_option
@format_option("table", "json")
def undo(run_id: str, config: Path | None, format_: str) -> int:
    """Close the tickets that a run created, with a comment. What a person has touched is left, and named."""
    from bot import pipeline
    from bot.store import runs

    with desk(config, f"undo {run_id}") as at:
        with at.engine.begin() as db:
            known = runs.find(db, run_id)
            latest = [row.id for row in runs.latest(db, 3)]
        if known is None:
            hint = f"; the latest are {', '.join(latest)}" if latest else ""
            return say(f"{run_id}: no such run{hint}", code=2)
        taken_back, summary = pipeline.undo(at, run_id)
    if format_ == "json":
        print_json({"run": summary.run, "undone": run_id, "tickets": [asdict(item) for item in taken_back]})
    else:
        rows = [(t.target, t.key, t.title, "closed" if t.closed else "left", t.reason) for t in taken_back]
        print_table(("target", "ticket", "title", "what", "reason"), rows)
        closed = sum(t.closed for t in taken_back)
        print_lines([f"{closed} closed, {len(taken_back) - closed} left"])
    say(*summary.errors)
    return PARTLY if summary.errors else FINE


def print_plan(actions: tuple[Action, ...]) -> None:
    """The table that people read before they say yes."""
    if not actions:
        print_lines(["Nothing to do."])
        return
    rows = [
        (a.kind, a.finding, a.finding_kind, a.priority, a.confidence, a.ticket_key or a.target, a.title, a.reason)
        for a in actions
    ]
    print_table(("action", "finding", "kind", "priority", "conf.", "where", "title", "reason"), rows)


def _print_summary(summary: Summary, format_: str) -> int:
    if format_ == "json":
        print_json(summary.as_json())
    else:
        print_summary(summary)
        say(*summary.errors)
    return _exit_code(summary)


def print_summary(summary: Summary) -> None:
    """What a run read, found and did, in a few lines."""
    taken, done = summary.taken, summary.outcome.done
    found = ", ".join(f"{taken.findings[status]} {status}" for status in ("open", "deferred", "resolved"))
    found += f"; {taken.joined} the same as others in other words" if taken.joined else ""
    did = [f"{done['create']} filed", f"{done['held']} held", f"{done['dropped']} dropped"]
    did += [f"{done[kind]} {word}" for kind, word in _FURTHER.items() if done[kind]]
    lines = [
        f"Run {summary.run}",
        f"  logs      {taken.read} read, {taken.unchanged} unchanged, {taken.skipped} skipped, {taken.failed} failed",
        f"  findings  {found}",
        f"  actions   {', '.join(did)}",
    ]
    lines += [f"  learned   {line}" for line in summary.learned]
    lines += [f"  note      {note}" for note in taken.notes]
    if taken.left or summary.outcome.left:
        lines.append(f"  left      {taken.left} logs and {summary.outcome.left} actions for the next run")
    if taken.secrets:
        lines.append(f"  secrets   {taken.secrets} redacted")
    lines += [f"  calls     {count} to {name}" for name, count in summary.calls.items() if count]
    print_lines(lines)


_FURTHER = {
    "sighting": "seen again",
    "reopen": "reopened",
    "comment": "commented",
    "relabel": "made more urgent",
    "resolved": "said to be done",
    "link": "linked",
    "none": "known already",
}


def _exit_code(summary: Summary) -> int:
    if not summary.errors:
        return PARTLY if summary.outcome.left or summary.taken.left else FINE
    worked = summary.taken.read or summary.taken.unchanged or sum(summary.outcome.done.values())
    return PARTLY if worked else FAILED
