"""A conversation with marks: which words of it made which finding, and what spoke for and against."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bot.cli.output import WIDTH_OF_A_PIPE, printable

if TYPE_CHECKING:
    from rich.console import Console

    from bot.model import Conversation, Evidence, Finding, Turn

_SHOWN = 3  # lines of a turn without marks
_AROUND = 1  # lines shown on either side of a marked one
_COLOURS = {"file": "bold green", "hold": "bold yellow", "drop": "dim"}

Ruled = tuple["Finding", str, str]  # with its ruling and the reason for it


def print_explained(conversation: Conversation, findings: Sequence[Ruled]) -> None:
    """Prints the talk on stdout, marked lines with the number of their finding and the findings below their first."""
    from rich.console import Console
    from rich.text import Text

    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else WIDTH_OF_A_PIPE, highlight=False)
    console.print(Text(printable(f"{conversation.log} ({conversation.format})"), style="bold"))
    told: set[int] = set()
    skipped = 0
    for turn in conversation.turns:
        marks = _marks(turn, findings)
        if turn.role in ("tool", "system") and not marks:
            skipped += 1
            continue
        if skipped:
            console.print(Text(f"        … {skipped} turns of tools or system", style="dim"))
            skipped = 0
        _print_turn(console, turn, marks)
        for number in sorted({n for found in marks.values() for n in found} - told):
            told.add(number)
            _print_finding(console, number, findings[number])
    console.print()


def _print_turn(console: Console, turn: Turn, marks: dict[int, list[int]]) -> None:
    from rich.text import Text

    lines = turn.text.split("\n")
    console.print(Text(printable(f"{turn.lines[0]:>6}  {turn.speaker or turn.role}:"), style="bold cyan"))
    for number, before in _shown(len(lines), marks):
        if before:
            console.print(Text("        …", style="dim"))
        found = marks.get(number)
        label = ",".join(str(n + 1) for n in found) if found else ""
        text = Text(f"{label:>6}  ", style="bold magenta")
        text.append(printable(lines[number]), style="reverse" if found else "")
        console.print(text)


def _shown(count: int, marks: dict[int, list[int]]) -> Iterator[tuple[int, bool]]:
    """The lines to show, each with whether lines before it are left out."""
    near = {n for mark in marks for n in range(mark - _AROUND, mark + _AROUND + 1)}
    wanted = sorted(n for n in near | set(range(_SHOWN)) if 0 <= n < count)
    for at, number in enumerate(wanted):
        yield number, at > 0 and number > wanted[at - 1] + 1


def _print_finding(console: Console, number: int, ruled: Ruled) -> None:
    from rich.text import Text

    finding, ruling, reason = ruled
    said = f"{ruling} {finding.kind}, {finding.priority}, {finding.status}, {finding.confidence:.2f}: "
    line = Text(f"{number + 1:>6}> {said}", style=_COLOURS[ruling])
    console.print(line.append(printable(finding.title)))
    for why in (*finding.why, reason):
        console.print(Text(printable(f"          {why}"), style="dim"))


def _marks(turn: Turn, findings: Sequence[Ruled]) -> dict[int, list[int]]:
    """For each marked line of the turn, counted from 0, the numbers of its findings."""
    lines = turn.text.split("\n")
    is_record = turn.lines[0] == turn.lines[-1]
    marks: dict[int, list[int]] = {}
    for number, (finding, _, _) in enumerate(findings):
        for evidence in finding.evidence:
            if evidence.role != turn.role or not turn.lines[0] <= evidence.line_end <= turn.lines[-1]:
                continue
            for line, text in enumerate(lines):
                if _stands(evidence, turn.lines[line], text.strip(), is_record=is_record):
                    marks.setdefault(line, []).append(number)
    return {line: sorted(set(found)) for line, found in marks.items()}


def _stands(evidence: Evidence, place: int, text: str, *, is_record: bool) -> bool:
    """Whether the evidence stands on the line; in logs with a record a line its words must be there too."""
    if not text or not evidence.line_start <= place <= evidence.line_end:
        return False
    return not is_record or evidence.quote.split("\n")[0].strip() in text or text in evidence.quote
