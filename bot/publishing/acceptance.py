"""How many of the bot's tickets people accept, by who found them, and what that does to the filing thresholds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from bot.model import Kind
from bot.publishing.drafts import confidence_band
from bot.settings import Learning, Settings, Threshold
from bot.store.verdicts import Judged, judged

_Z = 1.96  # of a 95 % interval
K = TypeVar("K", str, tuple[str, Kind])
_STEP = 0.05  # thresholds rise in steps, so that they do not move with every verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Accepted and rejected tickets of one group. ``lower`` bounds the true share from below (95 %)."""

    accepted: int
    rejected: int

    @property
    def reviews(self) -> int:
        return self.accepted + self.rejected

    @property
    def lower(self) -> float:
        return wilson_lower(self.accepted, self.reviews)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Shares by detector, kind, source and confidence band; every group in a fixed order."""

    detectors: Mapping[str, Share]
    kinds: Mapping[str, Share]
    sources: Mapping[str, Share]
    bands: Mapping[str, Share]

    def groups(self) -> list[tuple[str, str, Share]]:
        """Every group as what it is grouped by, its name, and its share."""
        by = {"detector": self.detectors, "kind": self.kinds, "source": self.sources, "confidence": self.bands}
        return [(what, name, share) for what, shares in by.items() for name, share in shares.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """The threshold of a detector's findings of a kind is this much higher, and the share that is the reason."""

    detector: str
    kind: Kind
    by: float
    share: Share

    def told(self, configured: Threshold) -> str:
        """One line for people."""
        share = self.share
        return (
            f"{self.kind} found by {self.detector}: filed from {risen(configured, self.by).file:.2f} on instead of "
            f"{configured.file:.2f}, since people accepted {share.accepted} of {share.reviews} "
            f"(surely {share.lower:.0%})"
        )


def wilson_lower(hits: int, count: int) -> float:
    """The lower end of the 95 % Wilson interval of a share; 0 where nothing was counted.

    Source: https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval
    """
    if not count:
        return 0.0
    share, square = hits / count, _Z * _Z
    middle = share + square / (2 * count)
    spread = _Z * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    return max(0.0, (middle - spread) / (1 + square / count))


def acceptance(verdicts: Sequence[Judged]) -> Acceptance:
    """The shares of all groups that have a verdict."""
    return Acceptance(
        detectors=_shares((d, v.accepted) for v in verdicts for d in v.finding.detectors),
        kinds=_shares((v.finding.kind, v.accepted) for v in verdicts),
        sources=_shares((v.finding.source, v.accepted) for v in verdicts),
        bands=_shares((confidence_band(v.finding.confidence), v.accepted) for v in verdicts),
    )


def rises(db: Connection, settings: Settings, now: datetime) -> list[Rise]:
    """The thresholds that people's verdicts raise at this time, by detector and kind."""
    rules = settings.learning
    if not rules.enabled:
        return []
    young = [verdict for verdict in judged(db) if verdict.at > now - rules.memory]
    shares = _shares(((d, v.finding.kind), v.accepted) for v in young for d in v.finding.detectors)
    found = [
        Rise(detector=detector, kind=kind, by=by, share=share)
        for (detector, kind), share in shares.items()
        if (by := _rise(share, rules))
    ]
    return [rise for rise in found if risen(settings.rules_for(rise.kind), rise.by) != settings.rules_for(rise.kind)]


def _rise(share: Share, rules: Learning) -> float:
    if share.reviews < rules.reviews or share.lower >= rules.floor:
        return 0.0
    steps = math.ceil(round((rules.floor - share.lower) / _STEP, 6))
    return min(rules.max_rise, steps * _STEP)


def risen(configured: Threshold, by: float) -> Threshold:
    """The threshold with the filing confidence so much higher, 1 at most; what was held before still is."""
    return Threshold(file=max(configured.file, min(1.0, round(configured.file + by, 4))), hold=configured.hold)


def rise_for(found: Sequence[Rise], kind: Kind, detectors: Sequence[str]) -> Rise | None:
    """The rise that holds for a finding: the least among its detectors, for the most trusted vouches for it."""
    by_detector = {rise.detector: rise for rise in found if rise.kind == kind}
    if not detectors or any(detector not in by_detector for detector in detectors):
        return None
    return min((by_detector[detector] for detector in detectors), key=lambda rise: (rise.by, rise.detector))


def _shares(counted: Iterable[tuple[K, bool]]) -> dict[K, Share]:
    accepted, every = Counter[K](), Counter[K]()
    for key, yes in counted:
        every[key] += 1
        accepted[key] += yes
    ranked = sorted(every, key=str)
    return {key: Share(accepted=accepted[key], rejected=every[key] - accepted[key]) for key in ranked}
