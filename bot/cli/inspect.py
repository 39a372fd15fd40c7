"""Commands that need no config, state or network: logs, extract, redact."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import click

from bot.cli.exits import FAILED, FINE, PARTLY, say
from bot.cli.jobs import looked_at
from bot.cli.options import format_option, verbose_option
from bot.cli.output import print_json, print_jsonl, print_table
from bot.logs.base import LogError, UnknownFormat
from bot.logs.incremental import read_parts
from bot.logs.sources import Found, find_logs
from bot.logs.summary import LogSummary, describe
from bot.logs.versions import newer_versions
from bot.matching.fingerprint import fingerprint, short_id

if TYPE_CHECKING:
    from bot.model import Conversation, Finding, Turn

T = TypeVar("T")

_paths = click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=str))
_log_format = click.option("--log-format", default="auto", show_default=True, help="Format of the logs.")


class _Logs:
    """The logs that the paths stand for, read one by one; those that cannot be read are told and counted."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        self._paths = paths
        self.read = 0
        self.failed = 0
        self.passed_over = 0

    def each(self, look: Callable[[Found], T], *, jobs: int = 1) -> Iterator[T]:
        for path in self._paths:
            found = list(find_logs(path))
            if not found:
                say(f"{path}: no logs in it")
            for log in found:
                if log.problem:
                    self._fail(log.problem)
            sound = [log for log in found if not log.problem]
            for log, seen in zip(sound, looked_at(look, sound, jobs=jobs), strict=True):
                if isinstance(seen, UnknownFormat):
                    self._pass_over(log, str(seen))
                elif isinstance(seen, LogError):
                    self._fail(str(seen))
                else:
                    self.read += 1
                    yield seen
        if self.passed_over:
            say(f"{self.passed_over} files that are no conversations passed over")

    def _pass_over(self, log: Found, problem: str) -> None:
        """In a folder lies much that is no log; a file that was named should be one."""
        if log.named:
            self._fail(problem)
        else:
            self.passed_over += 1

    def _fail(self, problem: str) -> None:
        self.failed += 1
        say(problem)

    @property
    def exit_code(self) -> int:
        if not self.failed:
            return FINE
        return PARTLY if self.read else FAILED


@click.command()
@_paths
@_log_format
@verbose_option
@format_option("table", "json", "jsonl")
@click.option("--all", "everything", is_flag=True, help="Also what would be dropped, with the reason.")
@click.option("--explain", is_flag=True, help="Show the conversations with the words marked that made each finding.")
@click.option(
    "--jobs",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Processes to read with; 0, the default, takes one a processor, up to 4, for large logs.",
)
def extract(paths: tuple[str, ...], log_format: str, format_: str, everything: bool, explain: bool, jobs: int) -> int:
    """Print the loose ends in logs, with what the default rules would do with each."""
    logs = _Logs(paths)
    if explain:
        for _ in logs.each(lambda log: _explain(log, log_format=log_format, everything=everything)):
            pass
        return logs.exit_code
    rows: list[dict[str, object]] = []
    for found in logs.each(partial(_rows_of, log_format=log_format, everything=everything), jobs=jobs):
        if format_ == "jsonl":
            print_jsonl(found)
        else:
            rows += found
    if format_ != "jsonl":
        _print_findings(rows, format_)
    return logs.exit_code


def _rows_of(log: Found, *, log_format: str, everything: bool) -> list[dict[str, object]]:
    """The loose ends of a log, read part by part: what a later part says of one takes the place of what was found."""
    from bot.context import kept

    rows: dict[tuple[object, ...], dict[str, object]] = {}
    earlier: dict[str, list[Turn]] = {}
    for reading in read_parts(log.log, name=log.name, format=log_format):
        if reading.change == "rewritten":
            rows, earlier = {}, {}
        for part in reading.conversations:
            talk = replace(part, turns=(*earlier[part.id], *part.turns)) if part.id in earlier else part
            found = _findings(talk, everything=everything)
            for number, finding in enumerate(found):
                if finding.evidence and finding.evidence[0].log != talk.log and not talk.in_pieces:
                    continue  # a thread over several logs is told where it was first mentioned
                first = finding.evidence[0].line_start if finding.evidence else number
                rows[talk.id, finding.fingerprint, first] = _ruled_row(finding)
            if reading.more and not reading.whole_talks:
                earlier[talk.id] = kept(talk, found)
    return [row for row in rows.values() if everything or row["action"] != "drop"]


def _explain(log: Found, *, log_format: str, everything: bool) -> None:
    from bot.cli.explain import print_explained
    from bot.extraction import extract as extract_findings
    from bot.publishing.rules import rule
    from bot.safety.redaction import redact_conversation

    for reading in read_parts(log.log, name=log.name, format=log_format):
        for conversation in reading.conversations:
            clean, _ = redact_conversation(conversation)
            ruled = [(f, rule(f)) for f in extract_findings(clean)]
            shown = [(f, r.ruling, r.reason) for f, r in ruled if everything or r.ruling != "drop"]
            print_explained(clean, shown)


def _findings(conversation: Conversation, *, everything: bool) -> list[Finding]:
    from bot.extraction import extract as extract_findings
    from bot.publishing.rules import rule
    from bot.safety.exposure import is_exposed
    from bot.safety.redaction import redact_conversation

    # Most talks hold nothing, and looking for secrets costs more than looking for loose ends.
    found = extract_findings(conversation)
    if not everything:
        found = tuple(finding for finding in found if rule(finding).ruling != "drop")
    if found and is_exposed(conversation, found):
        found = extract_findings(redact_conversation(conversation)[0])
    return [replace(plain, fingerprint=fingerprint(plain.kind, plain.title)) for plain in found]


def _ruled_row(finding: Finding) -> dict[str, object]:
    from bot.publishing.rules import rule

    decision = rule(finding)
    reasons = [*finding.why, f"{decision.ruling}: {decision.reason}"]
    return _row(finding) | {"action": decision.ruling, "why": reasons}


def _row(finding: Finding) -> dict[str, object]:
    return {
        "id": short_id(finding.fingerprint),
        "kind": finding.kind,
        "title": finding.title,
        "confidence": finding.confidence,
        "priority": finding.priority,
        "status": finding.status,
        "action": "",
        "fingerprint": finding.fingerprint,
        "evidence": [
            {
                "file": e.log,
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
    elif rows:
        columns = ("action", "kind", "priority", "status", "confidence", "title")
        table = [[*(row[column] for column in columns), _place(row), _last_reason(row)] for row in rows]
        print_table((*columns[:4], "conf.", "title", "log", "reason"), table)
    else:
        say("no loose ends found")


def _last_reason(row: dict[str, object]) -> str:
    why = row["why"]
    assert isinstance(why, list)
    return str(why[-1]).partition(": ")[2]


def _place(row: dict[str, object]) -> str:
    evidence = row["evidence"]
    assert isinstance(evidence, list)
    return f"{evidence[0]['file']}:{evidence[0]['line_start']}"


@click.command()
@_paths
@_log_format
@verbose_option
@format_option("table", "json", "jsonl")
def logs(paths: tuple[str, ...], log_format: str, format_: str) -> int:
    """Show what each log is and how it is understood: turns by speaker, span of time, what was skipped."""
    found = _Logs(paths)
    rows = [_log_row(log) for log in found.each(lambda log: describe(log.log, name=log.name, format=log_format))]
    if format_ == "json":
        print_json(rows)
    elif format_ == "jsonl":
        print_jsonl(rows)
    elif rows:
        _print_logs(rows)
    for problem in newer_versions(_versions_by_format(rows)):
        say(problem)
    return found.exit_code


def _versions_by_format(rows: list[dict[str, object]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        versions = row["versions"]
        assert isinstance(versions, list)
        found.setdefault(str(row["format"]), []).extend(versions)
    return found


def _log_row(log: LogSummary) -> dict[str, object]:
    return {
        "file": log.file,
        "format": log.format,
        "conversations": log.conversations,
        "turns": log.turns,
        "first": log.first.isoformat() if log.first else None,
        "last": log.last.isoformat() if log.last else None,
        "bytes": log.bytes,
        "not_understood": [{"what": item.what, "count": item.count, "line": item.line} for item in log.not_understood],
        "versions": list(log.versions),
    }


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
            [row["file"], _with_versions(row), row["conversations"], *counts, span, sum(s["count"] for s in skipped)]
        )
    print_table(("log", "format", "talks", *roles, "span", "skipped"), table)


def _with_versions(row: dict[str, object]) -> str:
    versions = row["versions"]
    assert isinstance(versions, list)
    more = f" (+{len(versions) - 1})" if len(versions) > 1 else ""
    return f"{row['format']} {versions[-1]}{more}" if versions else str(row["format"])


@click.command()
@verbose_option
def redact() -> int:
    """Copy stdin to stdout with the secrets in it replaced; line numbers stay as they are."""
    from bot.safety.redaction import redact as redact_text

    # Bytes in, bytes out: what is no text must come through as it is, whatever the locale.
    text = sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
    sys.stdout.buffer.write(redact_text(text).encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()
    return FINE
