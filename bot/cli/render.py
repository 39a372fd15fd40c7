"""The command render: findings in, tickets out as a tracker would be sent them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, get_args

import click

from bot.cli.exits import FINE, MISUSED, say
from bot.cli.options import verbose_option
from bot.cli.output import print_jsonl

if TYPE_CHECKING:
    from bot.model import Finding
    from connectors.rendering import Dialect

_DIALECTS = ("github", "gitlab", "jira-cloud", "jira-datacenter", "local")


@click.command()
@click.option("--tracker", type=click.Choice(_DIALECTS), required=True, help="Whose markup to write.")
@verbose_option
def render(tracker: str) -> int:
    """Print the tickets that would be filed for the findings on stdin, exactly as they would be sent.

    Reads what `extract --format jsonl` prints, and prints a line of JSON for each: id, title, body, labels.
    """
    from bot.publishing.finding_lines import BadLine, read_findings
    from connectors.rendering import Dialect

    dialect: Dialect = next(known for known in get_args(Dialect) if known == tracker)
    try:
        for row in _rows(read_findings(sys.stdin.buffer), dialect):
            print_jsonl([row])
    except BadLine as error:
        return say(f"stdin, {error}", code=MISUSED)
    return FINE


def _rows(findings: Iterator[tuple[str, Finding]], dialect: Dialect) -> Iterator[dict[str, object]]:
    from bot.publishing.drafts import draft
    from bot.publishing.finding_lines import marker_for
    from bot.settings import Labels
    from connectors.rendering import rendered

    for name, finding in findings:
        ticket = rendered(draft(finding, Labels(), marker_for(finding, dialect)), dialect)
        yield {"id": name, "title": ticket.title, "body": ticket.body, "labels": list(ticket.labels)}
