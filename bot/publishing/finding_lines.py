"""Findings as lines of JSON, the way ``extract --format jsonl`` prints them, read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from bot.matching.fingerprint import fingerprint, short_id
from bot.model import Evidence, Finding, Kind, Priority, Role, Status
from connectors.base import Marker


class BadLine(Exception):
    """A line is no finding; the message says which, and what is wrong."""


class _Quote(msgspec.Struct):
    file: str
    line_start: int
    line_end: int
    quote: str
    speaker: str = ""
    role: Role = "human"
    time: datetime | None = None


class _Line(msgspec.Struct):
    kind: Kind
    title: str
    evidence: Annotated[list[_Quote], msgspec.Meta(min_length=1)]
    id: str = ""
    confidence: float = 1.0
    priority: Priority = "medium"
    status: Status = "open"
    fingerprint: str = ""
    detectors: list[str] = []
    why: list[str] = []


def read_findings(lines: Iterable[bytes]) -> Iterator[tuple[str, Finding]]:
    """The findings with their ids, line by line; blank lines are passed over.

    Raises:
        BadLine: a line is no JSON, or lacks ``kind``, ``title`` or ``evidence``.
    """
    decoder = msgspec.json.Decoder(_Line)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            read = decoder.decode(line)
        except msgspec.MsgspecError as error:
            raise BadLine(f"line {number}: {error}; expected what `extract --format jsonl` prints") from error
        except UnicodeDecodeError as error:
            raise BadLine(f"line {number}: not UTF-8") from error
        finding = _finding(read)
        yield read.id or short_id(finding.fingerprint), finding


def marker_for(finding: Finding, place: str) -> Marker:
    """A marker such as a ticket in ``place`` would get; the action in it is named by the run that files it."""
    return Marker(fingerprint=finding.fingerprint, action=short_id(f"{place} {finding.fingerprint}"))


def _finding(line: _Line) -> Finding:
    return Finding(
        kind=line.kind,
        title=line.title,
        confidence=line.confidence,
        priority=line.priority,
        status=line.status,
        evidence=tuple(_evidence(quote) for quote in line.evidence),
        detectors=tuple(line.detectors),
        # the last reason is what `extract` adds of the rules
        why=tuple(reason for reason in line.why if not reason.startswith(("file: ", "hold: ", "drop: "))),
        fingerprint=line.fingerprint or fingerprint(line.kind, line.title),
    )


def _evidence(quote: _Quote) -> Evidence:
    time = quote.time if quote.time is None or quote.time.tzinfo else quote.time.replace(tzinfo=UTC)
    return Evidence(
        log=quote.file,
        conversation="",
        line_start=quote.line_start,
        line_end=quote.line_end,
        role=quote.role,
        speaker="" if quote.speaker == quote.role else quote.speaker,
        quote=quote.quote,
        time=time,
    )
