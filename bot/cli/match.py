"""The command ``match``: is it already a ticket? On files, without config, state or network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.exits import FINE, MISUSED, say
from bot.cli.options import format_option, verbose_option
from bot.cli.output import print_json, print_jsonl, print_lines, print_table, progress

if TYPE_CHECKING:
    from bot.matching.decision import Match, Thresholds
    from bot.matching.entry import Entry
    from bot.matching.export import Item
    from bot.matching.nearest import MemoryMeaning
    from bot.matching.semantic import Embedder

_SHOWN = 3  # candidates in a table


@click.command()
@click.argument("tickets", metavar="TICKETS.jsonl", type=click.Path(path_type=Path))
@click.option("--mentions", metavar="M.jsonl", type=click.Path(path_type=Path), help="Findings to look up.")
@click.option("--same", type=click.FloatRange(0, 1), help="Score from which on it is the same.")
@click.option("--possible", type=click.FloatRange(0, 1), help="Score from which on it is possibly the same.")
@click.option("--lead", type=click.FloatRange(0), help="How far, in log odds, the best must be ahead to be the same.")
@click.option("--thresholds", is_flag=True, help="Show what each threshold would have done on the marked duplicates.")
@click.option("--semantic", metavar="MODEL", help="Compare meanings, too: builtin, or the folder of a sentence model.")
@verbose_option
@format_option("table", "json", "jsonl")
def match(
    tickets: Path,
    mentions: Path | None,
    same: float | None,
    possible: float | None,
    lead: float | None,
    thresholds: bool,
    semantic: str | None,
    format_: str,
) -> int:
    """Tell for each mention which ticket it is, or for each ticket which earlier one.

    Lines of TICKETS.jsonl: id, title, body, created, closed, author, project, duplicate_of; of M.jsonl: id, kind,
    title, quote, project. Only id and title must be there. Tickets are in the order in which they were filed.
    """
    from bot.matching.defaults import MENTIONS, TICKETS
    from bot.matching.export import BadExport, read_items

    try:
        known = list(read_items(tickets))
        asked = list(read_items(mentions)) if mentions else None
    except BadExport as error:
        return say(str(error), code=MISUSED)
    if thresholds and not any(item.original for item in asked or known):
        return say(f"{mentions or tickets}: no line has duplicate_of; nothing to compare thresholds with", code=MISUSED)
    limits = _limits(MENTIONS if asked is not None else TICKETS, same, possible, lead)
    rows = list(_matches(known, asked, limits, _embedder(semantic)))
    if thresholds:
        return _print_thresholds(rows, asked if asked is not None else known, known, format_)
    _print([_row(item, found) for item, found in rows], format_)
    return FINE


def _limits(default: Thresholds, same: float | None, possible: float | None, lead: float | None) -> Thresholds:
    from dataclasses import replace

    given = {"same": same, "possible": possible, "lead": lead}
    return replace(default, **{name: value for name, value in given.items() if value is not None})


def _embedder(model: str | None) -> Embedder | None:
    if model is None:
        return None
    from bot.matching.embedders import load

    return load(model)


class _Known:
    """The tickets of a project, with their vectors if there is a model."""

    def __init__(self, embedder: Embedder | None) -> None:
        from bot.matching.memory import MemoryIndex

        self.index = MemoryIndex()
        self.meaning: MemoryMeaning | None = None
        if embedder is not None:
            from bot.matching.nearest import MemoryMeaning

            self.meaning = MemoryMeaning(embedder)

    def add(self, entry: Entry) -> None:
        self.index.add(entry)
        if self.meaning is not None:
            self.meaning.add(entry)


def _matches(
    known: list[Item], asked: list[Item] | None, limits: Thresholds, embedder: Embedder | None
) -> Iterator[tuple[Item, Match]]:
    from bot.matching.decision import match as decide
    from bot.matching.model import learned

    projects = {item.project: _Known(embedder) for item in (*known, *(asked or ()))}
    model = learned("ticket" if asked is None else "mention", semantic=embedder is not None)
    before = [] if asked is None else known
    todo = known if asked is None else asked
    with progress() as show:
        for done, item in enumerate(before):
            show("take up", done, len(before))
            projects[item.project].add(item.entry)
        for done, item in enumerate(todo):
            show("match", done, len(todo))
            corpus = projects[item.project]
            yield item, decide(corpus.index, item.entry, model, limits, corpus.meaning)
            if asked is None:
                corpus.add(item.entry)


def _row(item: Item, found: Match) -> dict[str, object]:
    return {
        "id": item.entry.id,
        "decision": found.decision,
        "candidates": [[candidate.id, candidate.score] for candidate in found.candidates],
        "why": found.why,
    }


def _print(rows: list[dict[str, object]], format_: str) -> None:
    if format_ == "json":
        print_json(rows)
    elif format_ == "jsonl":
        print_jsonl(rows)
    else:
        told = [row for row in rows if row["decision"] != "new"]
        if told:
            print_table(("id", "decision", "candidates", "reason"), [_cells(row) for row in told])
        count = {name: sum(row["decision"] == name for row in rows) for name in ("same", "possible", "new")}
        say(f"{len(rows)} looked up: {count['same']} same, {count['possible']} possible, {count['new']} new")


def _cells(row: dict[str, object]) -> list[object]:
    candidates = row["candidates"]
    assert isinstance(candidates, list)
    shown = ", ".join(f"{name} {score:.2f}" for name, score in candidates[:_SHOWN])
    return [row["id"], row["decision"], shown, row["why"]]


def _print_thresholds(rows: list[tuple[Item, Match]], asked: list[Item], known: list[Item], format_: str) -> int:
    from bot.matching.trial import try_thresholds

    trials = try_thresholds(rows, known)
    if format_ == "json":
        print_json([trial.as_json() for trial in trials])
    elif format_ == "jsonl":
        print_jsonl([trial.as_json() for trial in trials])
    else:
        columns = ("same from", "called same", "marked", "not marked", "share of the marked found")
        print_table(columns, [[t.threshold, t.same, t.right, t.other, t.found] for t in trials])
        marked = sum(bool(item.original) for item in asked)
        print_lines([f"{marked} marked as duplicates; what is not marked may be one that nobody saw: look at some."])
    return FINE
