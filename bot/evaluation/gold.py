"""Labelled conversations: which loose ends a careful reader finds in a log, one JSON line for each log."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.model import Kind, Priority, Status


class GoldError(Exception):
    """A gold file that cannot be used; the message says which line and why."""


class Label(BaseModel):
    """One labelled loose end; ``lines`` are 1-based inclusive spans of the log, first mention first.

    Optional ones count neither as missed nor as wrong. Resolved ones are decoys: to claim them as open is wrong.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: Kind
    title: str
    lines: tuple[tuple[int, int], ...] = Field(min_length=1)
    priority: Priority | None = None
    confidence: tuple[float, float] | None = None
    status: Status = "open"
    optional: bool = False

    @property
    def wanted(self) -> bool:
        """Whether a finding is missed where there is none."""
        return not self.optional and self.status != "resolved"


class LabelledLog(BaseModel):
    """A log with its labels; ``file`` is looked for beside the gold file and in the folder above it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    file: str
    findings: tuple[Label, ...]
    source: str = ""  # where it comes from; logs of one source are never split in training
    path: Path = Path()


def load(gold: Path) -> list[LabelledLog]:
    """The labelled logs of a gold file. Raises GoldError."""
    try:
        rows = gold.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise GoldError(f"{gold}: cannot be read: {error.strerror or error}") from error
    return [_row(gold, number, row) for number, row in enumerate(rows, 1) if row.strip()]


def _row(gold: Path, number: int, row: str) -> LabelledLog:
    try:
        log = LabelledLog.model_validate(json.loads(row))
    except (ValueError, ValidationError) as error:
        reason = str(error).split("\n")[0]
        raise GoldError(f"{gold}:{number}: not a labelled log: {reason}: see the format in the README") from error
    here = gold.resolve().parent
    places = [folder / log.file for folder in (here, here.parent, here.parent / "logs")]
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        raise GoldError(f"{gold}:{number}: {log.file}: no such log beside the gold file or in the folder above it")
    return log.model_copy(update={"path": path, "source": log.source or _source(path)})


def _source(path: Path) -> str:
    """The first word of the name, which logs of one origin share; the folder where names are mere numbers or dates."""
    word = re.split(r"[-_.]", path.name)[0].lower()
    return word if word.isalpha() else path.parent.name


def folds(sources: Sequence[str], count: int) -> list[int]:
    """A fold from 0 to ``count`` - 1 for each source: sources are never split, and folds about equal in size."""
    sizes = [0] * count
    chosen: dict[str, int] = {}
    for source in sorted(set(sources), key=lambda s: (-sources.count(s), s)):
        chosen[source] = min(range(count), key=lambda fold: (sizes[fold], fold))
        sizes[chosen[source]] += sources.count(source)
    return [chosen[source] for source in sources]
