"""What each threshold would have done on the duplicates that a team marked itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from bot.matching.decision import Match
from bot.matching.export import Item

STEPS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Decisions at a threshold: how many would be ``same``, and how many of these the team had marked so.

    ``found`` is the share of the marked duplicates that would be called the same as a right ticket.
    """

    threshold: float
    same: int
    right: int
    other: int
    found: float

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def try_thresholds(matches: Sequence[tuple[Item, Match]], known: Sequence[Item]) -> list[Trial]:
    """A trial for each step. Vetoes and leads hold as in earnest."""
    originals = {item.entry.id: item.original for item in (*known, *(item for item, _ in matches)) if item.original}
    marked = sum(bool(item.original) for item, _ in matches)
    return [_try(matches, originals, marked, step) for step in STEPS]


def _try(matches: Sequence[tuple[Item, Match]], originals: dict[str, str], marked: int, step: float) -> Trial:
    same = right = 0
    for item, found in matches:
        if not found.candidates or found.candidates[0].score < step or found.against:
            continue
        same += 1
        right += _root(item.entry.id, originals) == _root(found.candidates[0].id, originals)
    share = round(right / marked, 4) if marked else 0.0
    return Trial(threshold=step, same=same, right=right, other=same - right, found=share)


def _root(name: str, originals: dict[str, str]) -> str:
    seen = {name}
    while (original := originals.get(name)) and original not in seen:
        seen.add(original)
        name = original
    return name
