"""The command ``eval``: how well extraction does on labelled conversations, what each cue gives, and calibration."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.exits import FINE, MISUSED, PARTLY, say
from bot.cli.options import format_option, verbose_option
from bot.cli.output import print_json, print_lines, print_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.evaluation.evaluation import Evaluation
    from bot.evaluation.figures import Figures
    from bot.evaluation.judging import Read

_COLUMNS = ("wanted", "hit", "claimed", "right", "recall", "precision", "kind", "status", "title")


@click.command(name="eval")
@click.argument("gold", nargs=-1, required=True, metavar="GOLD...", type=click.Path(path_type=Path))
@verbose_option
@format_option("table", "json")
@click.option("--filed", "only_filed", is_flag=True, help="Judge only what the default rules would file.")
@click.option(
    "--without",
    multiple=True,
    metavar="NAME",
    help='Leave out a detector ("wish") or cue ("wish: would be nice") and tell what that changes; "all" tries each.',
)
@click.option("--calibrate", type=click.Path(path_type=Path), metavar="FILE", help="Learn the weights and write them.")
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write the figures as a page with plots.")
def evaluate(
    gold: tuple[Path, ...],
    format_: str,
    only_filed: bool,
    without: tuple[str, ...],
    calibrate: Path | None,
    html: Path | None,
) -> int:
    """Measure extraction against labelled conversations.

    GOLD is a JSON-lines file: {"file": log, "findings": [{"kind", "title", "lines", "status", "optional", ...}]}.
    """
    from bot.evaluation.gold import GoldError, load
    from bot.evaluation.judging import read

    problems: list[str] = []
    try:
        logs = list(read((log for path in gold for log in load(path)), problems))
    except GoldError as error:
        return say(str(error), code=MISUSED)
    say(*problems)
    if calibrate:
        _calibrate(logs, calibrate, format_)
    elif without:
        _ablate(logs, without, format_)
    else:
        _measure(logs, html, format_, only_filed=only_filed)
    return PARTLY if problems else FINE


def _measure(logs: Sequence[Read], html: Path | None, format_: str, *, only_filed: bool) -> None:
    from bot.evaluation.evaluation import evaluate as evaluate_logs
    from bot.evaluation.judging import filed, judge
    from bot.evaluation.page import page

    judged = [judge(log) for log in logs]
    evaluation = evaluate_logs([filed(log) for log in judged] if only_filed else judged)
    if html:
        html.write_text(page(evaluation), encoding="utf-8")
        say(f"written: {html}")
    if format_ == "json":
        print_json(evaluation.data())
    else:
        _print(evaluation)


def _print(evaluation: Evaluation) -> None:
    _print_group("in all", {"printed": evaluation.total, "filed": evaluation.filed})
    for name in ("kinds", "formats", "sources", "detectors"):
        _print_group(name.removesuffix("s"), getattr(evaluation, name))
    kinds = list(evaluation.confusion)
    print_lines([""])
    rows = [[kind, *evaluation.confusion[kind].values()] for kind in kinds]
    print_table(("labelled as", *(f"claimed {k}" for k in kinds)), rows)
    bins = [[b.count, b.confidence, b.right] for b in evaluation.bins]
    print_lines(["", f"expected calibration error {evaluation.error:.3f}"])
    print_table(("claims", "confidence", "right"), bins)
    print_lines(["", "worst misses:", *(f"  {place}" for place in evaluation.missed)])
    print_lines(["", "worst spurious findings:", *(f"  {place}" for place in evaluation.spurious)])


def _print_group(title: str, groups: Mapping[str, Figures]) -> None:
    print_lines([""])
    print_table((title, *_COLUMNS), [[name, *(f.row()[column] for column in _COLUMNS)] for name, f in groups.items()])


def _ablate(logs: Sequence[Read], names: Sequence[str], format_: str) -> None:
    from bot.evaluation.evaluation import ablate
    from bot.evaluation.judging import judge

    if "all" in names:
        found = {cue for log in logs for claim in judge(log).claims for cue in claim.cues}
        names = sorted({*found, *(cue.split(":")[0] for cue in found)})
    losses = ablate(logs, names)
    rows = [{"without": x.name, "right": x.right, "wrong": x.wrong, "sources": x.sources} for x in losses]
    if format_ == "json":
        print_json(rows)
    else:
        print_table(("without", "right lost", "wrong lost", "sources"), [list(row.values()) for row in rows])


def _calibrate(logs: Sequence[Read], file: Path, format_: str) -> None:
    from bot.evaluation.calibration import calibrate

    learned = calibrate(logs)
    file.write_text(learned.text, encoding="utf-8")
    row = {
        "examples": learned.examples,
        "weights": learned.weights,
        "error_before": round(learned.error_before, 4),
        "error_held_out": round(learned.error_held_out, 4),
    }
    if format_ == "json":
        print_json(row)
    else:
        print_table(tuple(row), [list(row.values())])
    say(f"written: {file}")
