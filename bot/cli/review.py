"""The command that goes through what waits for a person, one at a time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.exits import FINE, MISUSED, PARTLY, say
from bot.cli.options import config_option, desk_for, format_option, load, now, verbose_option
from bot.cli.output import print_json, print_jsonl, print_lines, print_table, printable

if TYPE_CHECKING:
    from rich.console import Console

    from bot.publishing.desk import Desk
    from bot.publishing.reviewing import Waiting
    from bot.settings import Settings
    from bot.store.quotes import Sighting

_LOCK_SECONDS = 30.0  # to wait for a run to end before a word is carried out
_QUOTES = 3
_QUOTE_LINES = 12


@click.command()
@config_option
@verbose_option
@format_option("table", "json", "jsonl")
@click.option("--list", "only_list", is_flag=True, help="Print what waits and ask nothing.")
def review(config: Path | None, format_: str, only_list: bool) -> int:
    """Go through what waits for a person: new tickets and held findings, with their quotes, a key for each answer."""
    settings = load(config)
    if only_list:
        _print_waiting(_waiting(settings), format_)
        return FINE
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return say("review asks at a terminal; to print what waits: loose-ends review --list", code=MISUSED)
    session = _Session(settings)
    items = _waiting(settings)
    try:
        for number, item in enumerate(items, 1):
            if not session.ask(item, number, len(items)):
                break
    finally:
        # Also for who leaves by Ctrl-C: what was said before is done.
        told = ", ".join(f"{count} {word}" for word, count in session.done.items() if count)
        print_lines([told or ("Nothing done." if items else "Nothing waits.")])
    return PARTLY if session.failed else FINE


def _waiting(settings: Settings) -> list[Waiting]:
    from bot.publishing.reviewing import waiting
    from bot.store.engine import open_state

    engine = open_state(settings.state.path)
    try:
        with engine.begin() as db:
            return waiting(db, settings)
    finally:
        engine.dispose()


def _print_waiting(items: list[Waiting], format_: str) -> None:
    rows = [_row(item) for item in items]
    if format_ == "json":
        print_json(rows)
    elif format_ == "jsonl":
        print_jsonl(rows)
    elif rows:
        columns = ("id", "ticket", "kind", "priority", "confidence", "title", "log", "reason")
        print_table(columns, [[row[column] for column in columns] for row in rows])
    else:
        print_lines(["Nothing waits."])


def _row(item: Waiting) -> dict[str, object]:
    known, first = item.finding, item.quotes[0].evidence
    return {
        "id": known.id,
        "ticket": item.ticket.key if item.ticket else "",
        "target": item.ticket.target if item.ticket else "",
        "url": item.ticket.url if item.ticket else "",
        "kind": known.kind,
        "priority": known.priority,
        "confidence": known.confidence,
        "title": item.title,
        "log": f"{first.log}:{first.line_start}",
        "quote": first.quote,
        "before": first.before,
        "after": first.after,
        "reason": known.reason,
        "why": list(known.why),
    }


@dataclass
class _Session:
    """One sitting. The state is locked for each answer only, so that scheduled runs go on meanwhile."""

    settings: Settings
    done: dict[str, int] = field(default_factory=dict)
    failed: bool = False

    def ask(self, item: Waiting, number: int, every: int) -> bool:
        """Shows an item and does what the keys say, until one settles it; False to stop."""
        while True:
            _show(item, f"{number} of {every}")
            choices = _TICKET_KEYS if item.ticket else _HELD_KEYS
            print_lines(["", "  ".join(f"[{key}] {word}" for key, word in choices.items())])
            key = _key(choices)
            if key in ("s", "q"):
                return key == "s"
            if key in ("t", "k", "p"):
                item = self._edit(item, key)
                continue
            if self._settle(item, key):
                return True

    def _settle(self, item: Waiting, key: str) -> bool:
        original = click.prompt("Duplicate of", default="", show_default=False).strip() if key == "d" else ""
        if key == "d" and not original:
            return False
        word = {"a": "accepted", "r": "rejected", "d": "duplicate"}[key]
        if self._do(lambda desk: _carry_out(desk, item, key, original)):
            self.done[word] = self.done.get(word, 0) + 1
            return True
        return False

    def _edit(self, item: Waiting, key: str) -> Waiting:
        from bot.publishing import reviewing

        if key == "t":
            title = click.prompt("Title", default=item.title).strip()
            return self._corrected(item, lambda desk: reviewing.correct(desk, item, title=title))
        if key == "k":
            kind = reviewing.KINDS[_number("Kind", reviewing.KINDS)]
            return self._corrected(item, lambda desk: reviewing.correct(desk, item, kind=kind))
        priority = reviewing.PRIORITIES[_number("Priority", reviewing.PRIORITIES)]
        return self._corrected(item, lambda desk: reviewing.correct(desk, item, priority=priority))

    def _corrected(self, item: Waiting, correct: Callable[[Desk], Waiting]) -> Waiting:
        result = [item]

        def do(desk: Desk) -> None:
            result[0] = correct(desk)

        self._do(do)
        return result[0]

    def _do(self, act: Callable[[Desk], None]) -> bool:
        """Carries a word out; what stands in the way is told in a line, and the item is asked again."""
        from bot.publishing.reviewing import CannotReview
        from bot.store.lock import Locked

        try:
            with desk_for(self.settings, "review", wait=_LOCK_SECONDS) as desk:
                act(desk)
        except CannotReview as error:
            say(str(error))
        except Locked as error:
            say(f"not done: the state is {error}; try again")
        else:
            return True
        self.failed = True
        return False


_TICKET_KEYS = {
    "a": "accept", "r": "reject", "t": "title", "k": "kind", "p": "priority", "d": "duplicate of", "s": "skip",
    "q": "quit",
}  # fmt: skip
_HELD_KEYS = {
    "a": "file it", "r": "never", "t": "title", "k": "kind", "p": "priority", "d": "duplicate of", "s": "skip",
    "q": "quit",
}  # fmt: skip


def _carry_out(desk: Desk, item: Waiting, key: str, original: str) -> None:
    from bot import pipeline
    from bot.publishing import held, reviewing

    if key == "d":
        found = reviewing.mark_duplicate(desk, item, original)
        print_lines([f"a duplicate of {found.key}  {found.title}"])
    elif item.ticket is not None:
        (reviewing.accept if key == "a" else reviewing.reject)(desk, item.ticket)
        print_lines([f"{'accepted' if key == 'a' else 'rejected'}  {item.ticket.key}"])
    elif key == "r":
        with desk.engine.begin() as db:
            held.refuse(db, item.finding, now())
        print_lines([f"never filed  {item.finding.id}"])
    else:
        with desk.engine.begin() as db:
            held.approve(db, item.finding, now())
        summary = pipeline.file_by_hand(desk, [item.finding.id])
        print_lines([f"filed as {ticket}" for ticket, _, _ in summary.outcome.tickets])
        if not summary.outcome.tickets:
            why = "; ".join([*summary.errors, *(action.reason for action in summary.plan.actions)])
            raise reviewing.CannotReview(f"not filed yet: {why or 'its target cannot be reached'}")


def _show(item: Waiting, where: str) -> None:
    from rich.console import Console
    from rich.text import Text

    from bot.publishing.reviewing import headline

    console = Console(highlight=False)
    console.rule(where, align="left")
    console.print(Text(printable(item.title), style="bold"))
    for name, value in headline(item):
        _print_beside(console, f"{name:<9}", value)
    for quote in item.quotes[:_QUOTES]:
        _show_quote(console, quote)
    if (more := len(item.quotes) - _QUOTES) > 0:
        console.print(Text(f"and {more} more", style="dim"))


def _show_quote(console: Console, quote: Sighting) -> None:
    from rich.text import Text

    said = quote.evidence
    lines = str(said.line_start) if said.line_start == said.line_end else f"{said.line_start}-{said.line_end}"
    who = f"{said.speaker or said.role} in {said.log}:{lines}, {quote.seen:%d %b %Y %H:%M} UTC"
    console.print()
    console.print(Text(printable(who), style="dim"))
    quoted = "\n".join(said.quote.split("\n")[:_QUOTE_LINES])
    for mark, text in (("    ", said.before), ("  | ", quoted), ("    ", said.after)):
        for line in text.split("\n") if text else ():
            _print_beside(console, mark, line, style="dim" if mark.isspace() else "")


def _print_beside(console: Console, mark: str, text: str, *, style: str = "") -> None:
    """A text with a mark on its left, below which it is never wrapped."""
    from rich.table import Column, Table
    from rich.text import Text

    row = Table.grid(Column(width=len(mark)), Column(overflow="fold"))
    row.add_row(Text(mark, style="dim"), Text(printable(text), style=style))
    console.print(row)


def _number(name: str, choices: tuple[str, ...]) -> int:
    print_lines([f"{name}: " + "  ".join(f"[{index}] {choice}" for index, choice in enumerate(choices, 1))])
    return int(_key({str(index): choice for index, choice in enumerate(choices, 1)})) - 1


def _key(choices: dict[str, str]) -> str:
    while True:
        pressed = click.getchar().lower()
        if pressed in choices:
            return pressed
        if pressed in ("\x03", "\x04", "\x1b"):
            raise click.Abort
