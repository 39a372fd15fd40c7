"""Counts over judged logs, and the shares that are read from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.evaluation.judging import Judged, JudgedLog


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Counts of one group of claims and labels.

    ``wanted`` are the labels that must be found, ``hit`` those that were; ``right`` of the ``claimed`` have an open
    label, optional ones included; ``resolved`` were claimed though labelled resolved. ``kinds``, ``statuses``
    and ``titles`` count agreement over the hits.
    """

    wanted: int = 0
    hit: int = 0
    claimed: int = 0
    right: int = 0
    resolved: int = 0
    kinds: int = 0
    statuses: int = 0
    titles: int = 0

    @property
    def recall(self) -> float:
        return self.hit / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.claimed if self.claimed else 1.0

    def share(self, count: int) -> float:
        """A count of agreement over the hits."""
        return count / self.hit if self.hit else 1.0

    def row(self) -> dict[str, float | int]:
        """The figures for people and programs, shares rounded to thousandths."""
        shares = {
            "recall": self.recall,
            "precision": self.precision,
            "kind": self.share(self.kinds),
            "status": self.share(self.statuses),
            "title": self.share(self.titles),
        }
        counts = {"wanted": self.wanted, "hit": self.hit, "claimed": self.claimed, "right": self.right}
        return counts | {"resolved": self.resolved} | {name: round(value, 3) for name, value in shares.items()}


def total(logs: Iterable[JudgedLog]) -> Figures:
    """The figures of all logs together."""
    found = list(logs)
    return _count([claim for log in found for claim in log.claims], sum(len(log.missed) for log in found))


def by_log(logs: Iterable[JudgedLog], group: Callable[[JudgedLog], str]) -> dict[str, Figures]:
    """The figures of groups of logs, by the group's name."""
    groups: dict[str, list[JudgedLog]] = {}
    for log in logs:
        groups.setdefault(group(log), []).append(log)
    return {name: total(groups[name]) for name in sorted(groups)}


def by_kind(logs: Sequence[JudgedLog]) -> dict[str, Figures]:
    """By kind: the label's where there is one, else the claim's."""
    claims: dict[str, list[Judged]] = {}
    for log in logs:
        for claim in log.claims:
            claims.setdefault(claim.label.kind if claim.label else claim.finding.kind, []).append(claim)
    missed: Counter[str] = Counter(label.kind for log in logs for label in log.missed)
    return {name: _count(claims.get(name, []), missed[name]) for name in sorted({*claims, *missed})}


def by_detector(logs: Sequence[JudgedLog]) -> dict[str, Figures]:
    """By the detectors of the claims; what nobody claimed belongs to no detector, so recall says nothing here."""
    claims: dict[str, list[Judged]] = {}
    for log in logs:
        for claim in log.claims:
            for detector in claim.finding.detectors:
                claims.setdefault(detector, []).append(claim)
    return {name: _count(claims[name], 0) for name in sorted(claims)}


def confusion(logs: Iterable[JudgedLog]) -> dict[str, dict[str, int]]:
    """How often a label's kind (outer) was claimed as which kind (inner), right claims only."""
    table: Counter[tuple[str, str]] = Counter(
        (claim.label.kind, claim.finding.kind) for log in logs for claim in log.claims if claim.label and claim.right
    )
    kinds = ("bug", "todo", "feature")
    return {labelled: {claimed: table[labelled, claimed] for claimed in kinds} for labelled in kinds}


def _count(claims: Sequence[Judged], missed: int) -> Figures:
    hits = [claim for claim in claims if claim.label is not None and claim.label.wanted]
    return Figures(
        wanted=len(hits) + missed,
        hit=len(hits),
        claimed=len(claims),
        right=sum(claim.right for claim in claims),
        resolved=sum(claim.label is not None and claim.label.status == "resolved" for claim in claims),
        kinds=sum(claim.label is not None and claim.finding.kind == claim.label.kind for claim in hits),
        statuses=sum(claim.label is not None and claim.finding.status == claim.label.status for claim in hits),
        titles=sum(claim.telling for claim in hits),
    )
