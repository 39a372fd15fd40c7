"""Commands that need no config, state or network: logs, extract, redact."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.exits import FAILED, FINE, PARTLY, say
from bot.cli.options import format_option, verbose_option
from bot.cli.output import print_json, print_jsonl, print_table

if TYPE_CHECKING:
    from bot.model import Conversation, Finding

_paths = click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
_log_format = click.option("--log-format", default="auto", show_default=True, help="Format of the logs.")


@click.command()
@_paths
@_log_format
@verbose_option
@format_option("table", "json", "jsonl")
@click.option("--all", "everything", is_flag=True, help="Also what would be dropped, with the reason.")
def extract(paths: tuple[Path, ...], log_format: str, format_: str, everything: bool) -> int:
    """Print the loose ends in logs, with what the default rules would do with each."""
    rows: list[dict[str, object]] = []
    read, failed = 0, 0
    for path in _logs(paths):
        if isinstance(path, str):
            failed += 1
            say(path)
            continue
        try:
            conversations = _read(path, log_format)
        except Exception as error:  # noqa: BLE001 - re-raised when it is not the log's fault
            failed += 1
            say(_why(error))
            continue
        read += 1
        for conversation in conversations:
            rows += _rows(conversation, str(path), everything=everything)
    _print_findings(rows, format_)
    return _exit_code(read, failed)


def _logs(paths: tuple[Path, ...]) -> Iterator[Path | str]:
    """Every log file meant by the paths, or in its place the reason why there is none."""
    from bot.logs import find_logs

    for path in paths:
        if path.is_dir():
            for found in find_logs(path):
                yield found.problem or found.path
        else:
            yield path


def _read(path: Path, log_format: str) -> tuple[Conversation, ...]:
    from bot.logs import read_new

    return read_new(path, name=str(path), format=log_format).conversations


def _why(error: Exception) -> str:
    from bot.logs import LogError

    if isinstance(error, LogError):
        return str(error)
    raise error


def _rows(conversation: Conversation, file: str, *, everything: bool) -> Iterator[dict[str, object]]:
    from bot.extraction import extract as extract_findings
    from bot.intake import fingerprinted
    from bot.publishing.rules import rule
    from bot.safety import redact_conversation
    from bot.settings import Threshold

    clean, _ = redact_conversation(conversation)
    for finding in map(fingerprinted, extract_findings(clean)):
        decision = rule(finding, Threshold())
        if everything or decision.ruling != "drop":
            reasons = [*finding.why, f"{decision.ruling}: {decision.reason}"]
            yield _row(finding, conversation, file) | {"action": decision.ruling, "why": reasons}


def _row(finding: Finding, conversation: Conversation, file: str) -> dict[str, object]:
    name = f"{finding.fingerprint}\x1f{conversation.id}"
    return {
        "id": hashlib.sha256(name.encode()).hexdigest()[:12],
        "kind": finding.kind,
        "title": finding.title,
        "confidence": finding.confidence,
        "priority": finding.priority,
        "status": finding.status,
        "action": "",
        "fingerprint": finding.fingerprint,
        "evidence": [
            {
                "file": file,
                "line_start": e.line_start,
                "line_end": e.line_end,
                "speaker": e.speaker or e.role,
                "role": e.role,
                "quote": e.quote,
                "time": e.time.isoformat() if e.time else None,
            }
            for e in finding.evidence
        ],
        "detectors": list(finding.detectors),
        "why": [],
    }


def _print_findings(rows: list[dict[str, object]], format_: str) -> None:
    if format_ == "json":
        print_json(rows)
    elif format_ == "jsonl":
        print_jsonl(rows)
    elif rows:
        columns = ("action", "kind", "priority", "status", "confidence", "title")
        table = [[*(row[column] for column in columns), _place(row)] for row in rows]
        print_table((*columns[:4], "conf.", "title", "log"), table)
    else:
        say("no loose ends found")


def _place(row: dict[str, object]) -> str:
    evidence = row["evidence"]
    assert isinstance(evidence, list)
    return f"{evidence[0]['file']}:{evidence[0]['line_start']}"


@click.command()
@_paths
@_log_format
@verbose_option
@format_option("table", "json", "jsonl")
def logs(paths: tuple[Path, ...], log_format: str, format_: str) -> int:
    """Show what each log is and how it is understood: turns by speaker, span of time, what was skipped."""
    from bot.logs import describe

    rows: list[dict[str, object]] = []
    failed = 0
    for path in _logs(paths):
        if isinstance(path, str):
            failed += 1
            say(path)
            continue
        try:
            rows.append(describe(path, format=log_format).as_row())
        except Exception as error:  # noqa: BLE001 - re-raised when it is not the log's fault
            failed += 1
            say(_why(error))
    if format_ == "json":
        print_json(rows)
    elif format_ == "jsonl":
        print_jsonl(rows)
    else:
        _print_logs(rows)
    return _exit_code(len(rows), failed)


def _print_logs(rows: list[dict[str, object]]) -> None:
    roles = ("human", "assistant", "tool", "system")
    table: list[list[object]] = []
    for row in rows:
        turns, skipped = row["turns"], row["not_understood"]
        assert isinstance(turns, dict)
        assert isinstance(skipped, list)
        counts = [turns.get(role, 0) for role in roles]
        span = f"{str(row['first'] or '')[:10]}..{str(row['last'] or '')[:10]}" if row["first"] else ""
        table.append(
            [row["file"], row["format"], row["conversations"], *counts, span, sum(s["count"] for s in skipped)]
        )
    print_table(("log", "format", "talks", *roles, "span", "skipped"), table)


@click.command()
@verbose_option
def redact() -> int:
    """Copy stdin to stdout with the secrets in it replaced; line numbers stay as they are."""
    from bot.safety import redact as redact_text

    # Bytes in, bytes out: what is no text must come through as it is, whatever the locale.
    text = sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
    sys.stdout.buffer.write(redact_text(text).encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()
    return FINE


def _exit_code(read: int, failed: int) -> int:
    if not failed:
        return FINE
    return PARTLY if read else FAILED
