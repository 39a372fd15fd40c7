"""One evaluation: all figures of a set of judged logs, ready to be shown or printed as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.evaluation.calibration import Bin, expected_error, reliability
from bot.evaluation.figures import Figures, by_detector, by_kind, by_log, confusion, total
from bot.evaluation.judging import Judged, JudgedLog, filed, judge
from bot.evaluation.judging import Read as ReadLog

WORST = 15  # misses and spurious findings that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """All figures; groups by name, ``places`` are "log:line: kind title" of what went wrong, worst first."""

    total: Figures
    filed: Figures
    kinds: dict[str, Figures]
    formats: dict[str, Figures]
    sources: dict[str, Figures]
    detectors: dict[str, Figures]
    confusion: dict[str, dict[str, int]]
    bins: list[Bin]
    error: float
    missed: list[str]
    spurious: list[str]

    def data(self) -> dict[str, object]:
        """The figures for programs."""
        groups = ("kinds", "formats", "sources", "detectors")
        return {
            "total": self.total.row(),
            "filed": self.filed.row(),
            **{group: {name: f.row() for name, f in getattr(self, group).items()} for group in groups},
            "confusion": self.confusion,
            "calibration": {
                "expected_error": round(self.error, 4),
                "bins": [
                    {"count": b.count, "confidence": round(b.confidence, 3), "right": round(b.right, 3)}
                    for b in self.bins
                ],
            },
            "missed": self.missed,
            "spurious": self.spurious,
        }


def evaluate(logs: Sequence[JudgedLog]) -> Evaluation:
    """All figures of the judged logs."""
    claims = [(log, claim) for log in logs for claim in log.claims]
    sure = [(claim.finding.confidence, claim.right) for _, claim in claims]
    wrong = sorted((c for c in claims if not c[1].right), key=lambda c: -c[1].finding.confidence)
    missed = [(log, label) for log in logs for label in log.missed]
    missed.sort(key=lambda m: -(m[1].confidence or (0.0, 0.0))[0])
    return Evaluation(
        total=total(logs),
        filed=total(map(filed, logs)),
        kinds=by_kind(logs),
        formats=by_log(logs, lambda log: log.format),
        sources=by_log(logs, lambda log: log.log.source),
        detectors=by_detector(logs),
        confusion=confusion(logs),
        bins=reliability(sure),
        error=expected_error(sure),
        missed=[f"{log.log.file}:{label.lines[0][0]}: {label.kind} {label.title}" for log, label in missed[:WORST]],
        spurious=[_place(log, claim) for log, claim in wrong[:WORST]],
    )


def _place(log: JudgedLog, claim: Judged) -> str:
    finding = claim.finding
    line = finding.evidence[0].line_start
    return f"{log.log.file}:{line}: {finding.confidence:.2f} {finding.kind} {finding.title} [{claim.cues[0]}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What leaving a detector or cue out changes: right and wrong claims fewer, over how many sources."""

    name: str
    right: int
    wrong: int
    sources: int


def ablate(logs: Sequence[ReadLog], names: Sequence[str]) -> list[Loss]:
    """For each name what is lost without it, in the order given."""
    before = [judge(log) for log in logs]
    return [_loss(name, before, [judge(log, without=frozenset({name})) for log in logs]) for name in names]


def _loss(name: str, before: Sequence[JudgedLog], after: Sequence[JudgedLog]) -> Loss:
    changes = []
    for old, new in zip(before, after, strict=True):
        right, wrong = (
            sum(c.right is kind for c in old.claims) - sum(c.right is kind for c in new.claims)
            for kind in (True, False)
        )
        changes.append((old.log.source, right, wrong))
    return Loss(
        name=name,
        right=sum(right for _, right, _ in changes),
        wrong=sum(wrong for _, _, wrong in changes),
        sources=len({source for source, right, _ in changes if right}),
    )
