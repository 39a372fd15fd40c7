"""From judged findings to probabilities: training the weights, and telling how far probabilities can be trusted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.evaluation.gold import folds
from bot.evaluation.judging import JudgedLog, Read, judge
from bot.evaluation.logistic import Example, fit
from bot.extraction.probability import Calibration, calibrated, scaled, verdict_of

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
    """Weights from all examples."""
    return Calibration(weights=fit(rows, penalty=_PENALTY, least=_LEAST_SOURCES))


def held_out(rows: Sequence[Example]) -> list[float]:
    """For each example the probability by weights that have seen nothing of its source."""
    fold = folds([row.source for row in rows], _FOLDS)
    out = [0.0] * len(rows)
    for number in range(_FOLDS):
        if number not in fold:
            continue
        weights = train([row for row, at in zip(rows, fold, strict=True) if at != number])
        for n, row in enumerate(rows):
            if fold[n] == number:
                out[n] = weights.probability(row.features)
    return out


def file_text(calibration: Calibration, rows: Sequence[Example]) -> str:
    """The data file of the weights, with what they were learned from."""
    learned = {"examples": len(rows), "right": sum(row.right for row in rows), "sources": len({r.source for r in rows})}
    return json.dumps({"learned_from": learned, "weights": dict(calibration.weights)}, indent=0, sort_keys=True) + "\n"


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
    sure = [calibrated(v, p) for v, p in zip(verdicts, held_out(rows), strict=True)]
    weights = train(rows)
    return Learned(
        text=file_text(weights, rows),
        examples=len(rows),
        weights=len(weights.weights),
        error_before=expected_error([(v, row.right) for v, row in zip(verdicts, rows, strict=True)]),
        error_held_out=expected_error([(s, row.right) for s, row in zip(sure, rows, strict=True)]),
    )
