"""Which finding is which label: greedy, one to one, by overlapping lines; same kind first, then the nearer title."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.evaluation.gold import Label
from bot.model import Finding

SPANS = 4  # mentions of a finding that may touch a label's lines
_IDLE = frozenset("a an the to of in on for with by and or is are be not it that this add todo fixme".split())


def pair(findings: Sequence[Finding], labels: Sequence[Label]) -> dict[int, int]:
    """The index of the label for the index of each finding that has one."""
    grades = [
        (finding.kind == label.kind, likeness(finding.title, label.title), -f, -n)
        for f, finding in enumerate(findings)
        for n, label in enumerate(labels)
        if touches(finding, label)
    ]
    taken: dict[int, int] = {}
    for _, _, f, n in sorted(grades, reverse=True):
        if -f not in taken and -n not in taken.values():
            taken[-f] = -n
    return taken


def touches(finding: Finding, label: Label) -> bool:
    """Whether one of the first mentions stands on a labelled line."""
    spans = [(mention.line_start, mention.line_end) for mention in finding.evidence[:SPANS]]
    return any(start <= last and first <= end for start, end in spans for first, last in label.lines)


def likeness(one: str, other: str) -> float:
    """The share of the shorter title's words of consequence that the other title has too, 0 to 1."""
    a, b = (frozenset(re.findall(r"[^\W_]+", title.lower())) - _IDLE for title in (one, other))
    return len(a & b) / max(1, min(len(a), len(b)))
