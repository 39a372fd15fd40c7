"""Commands that show what the bot knows and what waits for a person: status, held."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.exits import FINE, PARTLY, say
from bot.cli.options import config_option, desk, format_option, load, now, verbose_option
from bot.cli.output import print_json, print_jsonl, print_lines, print_table

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.publishing.desk import Desk
    from bot.settings import Settings
    from bot.store.findings import KnownFinding
    from bot.store.logs import KnownLog


@click.command()
@config_option
@verbose_option
@format_option("table", "json")
def status(config: Path | None, format_: str) -> int:
    """Show what was read, found, filed and held, what people said to it, and what is left to do."""
    from bot.store.engine import open_state

    settings = load(config)
    engine = open_state(settings.state.path)
    with engine.begin() as db:
        known = _status(db) | _learned(db, settings)
    if format_ == "json":
        print_json(known)
    else:
        _print_status(known)
    return FINE


def _status(db: Connection) -> dict[str, object]:
    from bot.store import findings, logs, runs, tickets

    latest = runs.latest(db, 5)
    waiting = [
        {"id": a.id, "kind": a.kind, "target": a.target, "age_seconds": int((now() - a.created_at).total_seconds())}
        for a in runs.pending(db)
    ]
    return {
        "runs": [
            {"run": r.id, "command": r.command, "finished": r.finished_at is not None, "summary": dict(r.summary)}
            for r in latest
        ],
        "logs": [_log_row(log) for log in logs.every(db)],
        "findings": findings.count_by(db, "disposition"),
        "tickets": tickets.count_by_verdict(db),
        "filed": [
            {
                "target": t.target,
                "ticket": t.key,
                "state": t.state,
                "verdict": t.verdict,
                "title": t.title,
                "url": t.url,
            }
            for t in tickets.ours(db)
        ],
        "pending": waiting,
    }


def _learned(db: Connection, settings: Settings) -> dict[str, object]:
    from bot.publishing.acceptance import acceptance, rises
    from bot.store.verdicts import judged

    shares = acceptance(judged(db)).groups()
    return {
        "acceptance": [
            {"by": by, "name": name, "accepted": s.accepted, "rejected": s.rejected, "surely": round(s.lower, 3)}
            for by, name, s in shares
        ],
        "thresholds": [rise.told(settings.rules_for(rise.kind)) for rise in rises(db, settings, now())],
    }


def _log_row(log: KnownLog) -> dict[str, object]:
    return {
        "log": log.path,
        "source": log.source,
        "outcome": log.outcome,
        "format": log.format,
        "conversations": log.conversations,
        "turns": dict(log.turns),
        "not_understood": list(log.not_understood),
        "problem": log.problem,
    }


def _print_status(known: dict[str, object]) -> None:
    for name, columns in _TABLES.items():
        rows = known[name]
        assert isinstance(rows, list)
        print_lines([f"{name}: {len(rows)}" if rows else f"{name}: none"])
        if rows:
            print_table(columns, [[_cell(row[column]) for column in columns] for row in rows])
        print_lines([""])
    raised = known["thresholds"]
    assert isinstance(raised, list)
    print_lines([f"threshold raised: {line}" for line in raised])
    for name in ("findings", "tickets"):
        counts = known[name]
        assert isinstance(counts, dict)
        told = ", ".join(f"{count} {word.replace('_', ' ')}" for word, count in counts.items())
        print_lines([f"{name}: {told or 'none'}"])


_TABLES = {
    "runs": ("run", "command", "finished"),
    "logs": ("log", "outcome", "format", "conversations", "turns", "not_understood", "problem"),
    "filed": ("target", "ticket", "state", "verdict", "title"),
    "acceptance": ("by", "name", "accepted", "rejected", "surely"),
    "pending": ("id", "kind", "target", "age_seconds"),
}


def _cell(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case dict():
            return ", ".join(f"{count} {word}" for word, count in sorted(value.items()))
        case list():
            return "; ".join(f"{item['count']} {item['what']} (line {item['line']})" for item in value)
        case _:
            return str(value)


@click.group(invoke_without_command=True)
@config_option
@verbose_option
@format_option("table", "json", "jsonl")
@click.pass_context
def held(context: click.Context, config: Path | None, format_: str) -> int:
    """List what waits for a person; `held file ID...` files it, `held drop ID...` never will."""
    context.obj = config
    return FINE if context.invoked_subcommand is not None else print_held(config, format_)


def print_held(config: Path | None, format_: str) -> int:
    from bot.publishing.held import held as all_held
    from bot.store.engine import open_state

    settings = load(config)
    with open_state(settings.state.path).begin() as db:
        rows = [_held_row(db, known, settings) for known in all_held(db)]
    if format_ == "json":
        print_json(rows)
    elif format_ == "jsonl":
        print_jsonl(rows)
    elif rows:
        columns = ("id", "kind", "priority", "confidence", "title", "log", "reason")
        print_table(columns, [[row[column] for column in columns] for row in rows])
    else:
        print_lines(["Nothing is held."])
    return FINE


def _held_row(db: Connection, known: KnownFinding, settings: Settings) -> dict[str, object]:
    from bot.store import findings

    first = findings.sightings(db, known.id)[0].evidence
    return {
        "id": known.id,
        "kind": known.kind,
        "priority": known.priority,
        "confidence": known.confidence,
        "title": known.title,
        "log": f"{first.log}:{first.line_start}",
        "quote": first.quote,
        "before": first.before,
        "after": first.after,
        "reason": known.reason,
        "due": _due(db, known, settings),
    }


def _due(db: Connection, known: KnownFinding, settings: Settings) -> str:
    """The day on which what was put off comes back, "" for anything else."""
    if known.cause != "deferred":
        return ""
    from bot.publishing.due import due_of
    from bot.store import findings

    found = due_of(findings.sightings(db, known.id), settings)
    return found.at.date().isoformat() if found else ""


@held.command("list")
@click.pass_context
def list_held(context: click.Context) -> int:
    """The same as `held` alone."""
    assert context.parent is not None
    return print_held(context.obj, context.parent.params["format_"])


_ids = click.argument("ids", nargs=-1, required=True, metavar="ID...")


@held.command("file")
@_ids
@click.pass_context
def file_held(context: click.Context, ids: tuple[str, ...]) -> int:
    """File these findings now, whatever the thresholds and caps say."""
    from bot import pipeline
    from bot.cli.runs import print_plan
    from bot.publishing import held as by_hand

    with desk(context.obj, "held file") as at:
        wanted = _wanted(at, ids)
        with at.engine.begin() as db:
            for known in wanted:
                by_hand.approve(db, known, now())
        summary = pipeline.file_by_hand(at, [known.id for known in wanted])
    print_plan(summary.plan.actions)
    say(*summary.errors)
    return PARTLY if summary.errors else FINE


@held.command("drop")
@_ids
@click.pass_context
def drop_held(context: click.Context, ids: tuple[str, ...]) -> int:
    """Never file these findings, nor hold them again."""
    from bot.publishing import held as by_hand

    with desk(context.obj, "held drop") as at:
        wanted = _wanted(at, ids)
        with at.engine.begin() as db:
            for known in wanted:
                by_hand.refuse(db, known, now())
    print_lines([f"dropped {known.id}  {known.title}" for known in wanted])
    return FINE


def _wanted(at: Desk, ids: tuple[str, ...]) -> list[KnownFinding]:
    from bot.publishing import held as by_hand

    with at.engine.begin() as db:
        return by_hand.find(db, ids)
