"""Scores findings against labelled conversations: greedy, one to one, by overlap of lines.

A finding is right when its evidence (the first ``SPANS`` mentions) touches the lines of a label that no better finding
has taken: same kind first, then the nearer title. Findings that say resolved claim nothing and are left out. Labels
with status resolved are decoys: a finding on one is wrong. Optional labels count neither as missed nor as wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypedDict, cast

from bot.model import Finding

SPANS = 4
_IDLE_WORDS = frozenset("a an the to of in on for with by and or is are it that this when todo fixme".split())


class Label(TypedDict):
    """One labelled loose end; ``lines`` are 1-based inclusive spans, first mention first."""

    kind: Literal["bug", "todo", "feature"]
    title: str
    lines: list[list[int]]
    priority: Literal["high", "medium", "low"] | None
    confidence: list[float]
    status: Literal["open", "resolved", "deferred"]
    optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledLog:
    path: Path
    labels: tuple[Label, ...]


@dataclass(slots=True, kw_only=True)
class Score:
    """Counts over any number of conversations; ``notes`` names each miss and each wrong finding."""

    wanted: int = 0
    hit: int = 0
    filed: int = 0
    right: int = 0
    kinds: int = 0
    titles: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.hit / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.filed if self.filed else 1.0

    def __add__(self, other: Score) -> Score:
        counts = ("wanted", "hit", "filed", "right", "kinds", "titles")
        sums = {name: getattr(self, name) + getattr(other, name) for name in counts}
        return Score(**sums, notes=[*self.notes, *other.notes])


def load(folder: Path) -> list[LabelledLog]:
    """The labelled logs that ``gold.jsonl`` of the folder lists."""
    rows = [json.loads(row) for row in (folder / "gold.jsonl").read_text(encoding="utf-8").split("\n") if row]
    return [LabelledLog(path=folder / row["file"], labels=tuple(cast(list[Label], row["findings"]))) for row in rows]


def touches(finding: Finding, label: Label) -> bool:
    spans = [(mention.line_start, mention.line_end) for mention in finding.evidence[:SPANS]]
    return any(start <= last and first <= end for start, end in spans for first, last in label["lines"])


def likeness(one: str, other: str) -> float:
    """Share of the shorter title's words of consequence that the other title has too, 0 to 1."""
    a, b = (set(re.findall(r"[^\W_]+", title.lower())) - _IDLE_WORDS for title in (one, other))
    return len(a & b) / max(1, min(len(a), len(b)))


def pair(findings: Sequence[Finding], labels: Sequence[Label]) -> dict[int, int]:
    """Index of the finding for each index of a label that has one."""
    grades = [
        (finding.kind == label["kind"], likeness(finding.title, label["title"]), -f, -n)
        for f, finding in enumerate(findings)
        for n, label in enumerate(labels)
        if touches(finding, label)
    ]
    taken: dict[int, int] = {}
    for _, _, f, n in sorted(grades, reverse=True):
        if -n not in taken and -f not in taken.values():
            taken[-n] = -f
    return taken


def score(name: str, findings: Iterable[Finding], labels: Sequence[Label]) -> Score:
    """Score the findings of one conversation; ``name`` leads each note."""
    claims = [finding for finding in findings if finding.status != "resolved"]
    pairs = pair(claims, labels)
    right = {f for n, f in pairs.items() if labels[n]["status"] != "resolved"}
    wanted = [n for n, label in enumerate(labels) if not label["optional"] and label["status"] != "resolved"]
    hits = [(claims[pairs[n]], labels[n]) for n in wanted if n in pairs]
    missed = [labels[n] for n in wanted if n not in pairs]
    wrong = [claim for f, claim in enumerate(claims) if f not in right]
    return Score(
        wanted=len(wanted),
        hit=len(hits),
        filed=len(claims),
        right=len(right),
        kinds=sum(claim.kind == label["kind"] for claim, label in hits),
        titles=sum(likeness(claim.title, label["title"]) >= 0.5 for claim, label in hits),
        notes=[f"{name}:{label['lines'][0][0]}: missed: {label['kind']} {label['title']}" for label in missed]
        + [f"{name}:{claim.evidence[0].line_start}: wrong: {claim.kind} {claim.title}" for claim in wrong],
    )
