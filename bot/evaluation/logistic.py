"""Logistic regression in plain Python: small data, no dependency, the same weights on every machine."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_ROUNDS = 400
_STEP = 0.5
_LEAN = 15.0  # examples that it takes to move the factor of a scale half way from 1
_DIGITS = 3  # of a shipped weight; more would only record the noise


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A judged candidate: its features, whether it was right, how much it counts, and the source it comes from."""

    features: Mapping[str, float]
    right: bool
    weight: float
    source: str


def fit(examples: Sequence[Example], *, penalty: float, least: int) -> dict[str, float]:
    """Weights by feature, L2 penalised except for the bias.

    A feature counts only if it occurs in ``least`` sources: what one source alone has is its manner of speaking.
    """
    sources: dict[str, set[str]] = {}
    for example in examples:
        for name in example.features:
            sources.setdefault(name, set()).add(example.source)
    names = sorted(name for name, found in sources.items() if len(found) >= least or name == "bias")
    number = {name: n for n, name in enumerate(names)}
    rows = [
        ([(number[f], v) for f, v in e.features.items() if f in number], float(e.right), e.weight) for e in examples
    ]
    weights = _descend(rows, [0.0 if name == "bias" else penalty for name in names])
    return {name: round(weights[n], _DIGITS) for name, n in number.items() if round(weights[n], _DIGITS)}


def _descend(rows: Sequence[tuple[list[tuple[int, float]], float, float]], penalties: Sequence[float]) -> list[float]:
    """Full-batch descent with a step of its own for each weight (AdaGrad)."""
    weights, squares = [0.0] * len(penalties), [1e-8] * len(penalties)
    for _ in range(_ROUNDS):
        slopes = [p * w for p, w in zip(penalties, weights, strict=True)]
        for active, right, weight in rows:
            miss = weight * (sigmoid(sum(weights[n] * value for n, value in active)) - right)
            for n, value in active:
                slopes[n] += miss * value
        for n, slope in enumerate(slopes):
            squares[n] += slope * slope
            weights[n] -= _STEP * slope / math.sqrt(squares[n])
    return weights


def platt(points: Sequence[tuple[float, bool, float]]) -> tuple[float, float]:
    """Shift and factor that turn log odds into those of a probability; a point is (odds, right, weight).

    The factor leans to 1, the shift to 0, which is what they are without points.
    """
    shift, factor = 0.0, 1.0
    total = sum(weight for _, _, weight in points) + 1e-9
    for _ in range(_ROUNDS * 5):
        down, steep = 0.0, _LEAN * (factor - 1)
        for odds, right, weight in points:
            miss = weight * (sigmoid(shift + factor * odds) - right)
            down, steep = down + miss, steep + miss * odds
        shift -= 0.3 * (down + shift) / (total + _LEAN)
        factor -= 0.1 * steep / (total + _LEAN)
    return round(shift, _DIGITS), round(factor, _DIGITS)


def sigmoid(value: float) -> float:
    """The probability that stands for a sum of weights."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))
