"""From judged findings to probabilities: training the weights, and telling how far probabilities can be trusted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.evaluation.gold import folds
from bot.evaluation.judging import JudgedLog, Read, judge
from bot.evaluation.logistic import Example, fit, platt, sigmoid
from bot.extraction.probability import PRIOR, TALKS, Calibration, calibrated, scaled, talk_of, verdict_of

BINS = 10
_PENALTY = 10.0
_LEAST_SOURCES = 3
_FOLDS = 8


def examples(logs: Iterable[JudgedLog]) -> list[Example]:
    """The claims as examples. Each source weighs about as the square root of its size: none drowns the others."""
    rows = [(log.log.source, claim) for log in logs for claim in log.claims]
    sizes = Counter(source for source, _ in rows)
    mean = sum(size**0.5 for size in sizes.values()) / max(1, len(rows))
    return [
        Example(features=scaled(claim.features), right=claim.right, weight=sizes[source] ** -0.5 / mean, source=source)
        for source, claim in rows
    ]


def train(rows: Sequence[Example]) -> Calibration:
    """Weights from all examples, scales from what weights make of sources that they have not seen."""
    return Calibration(weights=_weights(rows), scales=scales(rows, unseen_odds(rows)))


def unseen_odds(rows: Sequence[Example]) -> list[float]:
    """For each example the log odds by weights that have seen nothing of its source."""
    fold = folds([row.source for row in rows], _FOLDS)
    out = [0.0] * len(rows)
    for number in sorted(set(fold)):
        seen = Calibration(weights=_weights([row for row, at in zip(rows, fold, strict=True) if at != number]))
        for n, row in enumerate(rows):
            if fold[n] == number:
                out[n] = seen.odds(row.features)
    return out


def scales(rows: Sequence[Example], odds: Sequence[float]) -> dict[str, tuple[float, float]]:
    """Shift and factor of the odds for each sort of talk (Platt's way)."""
    found = {}
    for talk in TALKS:
        points = [
            (x, row.right, row.weight) for row, x in zip(rows, odds, strict=True) if talk_of(row.features) == talk
        ]
        found[talk] = platt(points)
    return found


def _weights(rows: Sequence[Example]) -> dict[str, float]:
    learned = [replace(row, features={k: v for k, v in row.features.items() if k != PRIOR}) for row in rows]
    return fit(learned, penalty=_PENALTY, least=_LEAST_SOURCES)


def file_text(calibration: Calibration, rows: Sequence[Example]) -> str:
    """The data file of the weights, with what they were learned from."""
    learned = {"examples": len(rows), "right": sum(row.right for row in rows), "sources": len({r.source for r in rows})}
    data = {"learned_from": learned, "scales": dict(calibration.scales), "weights": dict(calibration.weights)}
    return json.dumps(data, indent=0, sort_keys=True) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Claims of about the same confidence: how sure they were in the mean, and which share was right."""

    count: int
    confidence: float
    right: float


def reliability(claims: Sequence[tuple[float, bool]]) -> list[Bin]:
    """The claims, (confidence, right) each, in bins of a tenth; empty bins are left out."""
    bins = []
    for number in range(BINS):
        inside = [c for c in claims if min(BINS - 1, int(c[0] * BINS)) == number]
        if inside:
            mean = sum(confidence for confidence, _ in inside) / len(inside)
            bins.append(Bin(count=len(inside), confidence=mean, right=sum(r for _, r in inside) / len(inside)))
    return bins


def expected_error(claims: Sequence[tuple[float, bool]]) -> float:
    """The expected calibration error: the mean distance of confidence and share of right ones, by the bins' sizes."""
    return sum(b.count * abs(b.confidence - b.right) for b in reliability(claims)) / max(1, len(claims))


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """The weights as the text of their file, and the calibration error without them and on sources held out."""

    text: str
    examples: int
    weights: int
    error_before: float
    error_held_out: float


def calibrate(logs: Sequence[Read]) -> Learned:
    """Learns from all claims of the logs, whatever their confidence."""
    rows = examples(judge(log, every=True) for log in logs)
    verdicts = [verdict_of(row.features) for row in rows]
    odds = unseen_odds(rows)
    learned = Calibration(weights=_weights(rows), scales=scales(rows, odds))
    sure = [
        calibrated(verdict, sigmoid(shift + factor * x))
        for row, verdict, x in zip(rows, verdicts, odds, strict=True)
        for shift, factor in [learned.scales[talk_of(row.features)]]
    ]
    return Learned(
        text=file_text(learned, rows),
        examples=len(rows),
        weights=len(learned.weights),
        error_before=expected_error([(v, row.right) for v, row in zip(verdicts, rows, strict=True)]),
        error_held_out=expected_error([(s, row.right) for s, row in zip(sure, rows, strict=True)]),
    )
