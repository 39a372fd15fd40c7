"""How likely a finding is right: the features' weights, learned from judged findings, added up into a probability."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

PRIOR = "prior"  # log odds among the features that were not learned
_BESIDE = 0.25  # the share of what was learned beside a prior
FILE = "calibration.json"  # made by `loose-ends eval --calibrate`
_MOST, _LEAST = 0.98, 0.02  # verdicts beyond are taken for these, whose odds are finite
_LIFT, _HIGHEST = 0.15, 0.9  # how far, and how high, a confidence may rise above the verdict of the weight table
_RISING = 0.65  # verdicts below are for what should be held or dropped; they never rise
_NEAR = 0.8  # a probability of at least this share of the verdict bears it out
_NEAR_MARKED = 0.7  # the same where somebody marked the work as such: the wording of a marker tells little of its worth
TALKS = ("advice", "agent", "minutes", "notes", "people")
_TOLD = 0.3  # weights from here on are worth telling


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Weights by feature, what is not listed weighs nothing; ``scales`` correct their sum by the sort of talk.

    A scale is a shift and a factor of the log odds, learned on sources that the weights had not seen.
    """

    weights: Mapping[str, float]
    scales: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def odds(self, features: Mapping[str, float]) -> float:
        """The sum of the weights of ``scaled`` features: log odds before the scale.

        Where there is a prior, it counts for more than what was learned from all sorts of talk.
        """
        learned = sum(self.weights.get(name, 0.0) * value for name, value in features.items())
        return features[PRIOR] + _BESIDE * learned if PRIOR in features else learned

    def probability(self, features: Mapping[str, float]) -> float:
        """The share of findings with such ``scaled`` features that were right, as learned."""
        shift, factor = self.scales.get(talk_of(features), (0.0, 1.0))
        return 1 / (1 + math.exp(-shift - factor * self.odds(features)))

    def against(self, features: Mapping[str, float]) -> list[str]:
        """The features that speak most against the finding, heaviest first."""
        found = [(self.weights.get(name, 0.0) * value, name) for name, value in features.items()]
        return [name for weight, name in sorted(found) if weight <= -_TOLD and name not in ("bias", "score")][:3]


def scaled(features: Mapping[str, float]) -> dict[str, float]:
    """The features as they are weighed: the weight table's verdict as log odds."""
    verdict = min(_MOST, max(_LEAST, features["score"]))
    return {**features, "score": math.log(verdict / (1 - verdict)) / 3}


def talk_of(features: Mapping[str, float]) -> str:
    """The sort of talk that features tell of."""
    return next((kind for kind in TALKS if f"talk {kind}" in features), TALKS[0])


def verdict_of(features: Mapping[str, float]) -> float:
    """The weight table's verdict of ``scaled`` features."""
    return 1 / (1 + math.exp(-3 * features["score"]))


def calibrated(verdict: float, probability: float, *, is_marked: bool = False) -> float:
    """The confidence: the weight table's verdict where experience bears it out, which keeps the guideline's order."""
    if probability < verdict * (_NEAR_MARKED if is_marked else _NEAR):
        return round(probability, 2)
    lifted = min(probability, verdict + _LIFT, _HIGHEST) if verdict >= _RISING else verdict
    return round(max(verdict, lifted), 2)


@lru_cache(maxsize=1)
def calibration() -> Calibration | None:
    """The shipped weights; None where the file is missing, and confidence is the weight table's verdict then."""
    file = files("bot.extraction") / FILE
    if not file.is_file():
        return None
    data = json.loads(file.read_text("utf-8"))
    scales = {talk: (shift, factor) for talk, (shift, factor) in data.get("scales", {}).items()}
    return Calibration(weights=data["weights"], scales=scales)
