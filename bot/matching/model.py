"""The learned weights of the signals: how much each says, fitted on real trackers (see the data file)."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

Purpose = Literal["mention", "ticket"]


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic regression over named signals."""

    bias: float
    weights: Mapping[str, float]

    def score(self, signals: Mapping[str, float]) -> float:
        """0 to 1: how surely the two are the same."""
        height = self.bias + math.fsum(weight * signals.get(name, 0.0) for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, height))))


@cache
def learned(purpose: Purpose, *, semantic: bool = False) -> Model:
    """The weights for mentions against tickets, or for tickets against earlier ones; ``semantic`` with vectors."""
    text = resources.files(__package__).joinpath("weights.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)[f"{purpose}_semantic" if semantic else purpose]
    return Model(found["bias"], found["weights"])
