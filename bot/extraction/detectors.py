"""The detectors in order of trust, own ones first, then those of other packages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from bot.extraction import (
    choices,
    commitments,
    deferrals,
    exchanges,
    leftovers,
    listing,
    markers,
    minutes,
    remarks,
    requests,
    symptoms,
    unsettled,
    wishes,
)
from bot.extraction.candidates import Candidate
from bot.extraction.transcript import Transcript

ENTRY_POINTS = "loose_ends.detectors"  # a function like ``propose``, by the detector's name

Propose = Callable[[Transcript], Iterator[Candidate]]

# Of two that claim the same words of a sentence, the first one listed wins.
DETECTORS: tuple[tuple[str, Propose], ...] = (
    ("marker", markers.propose),
    ("list", listing.propose),
    ("symptom", symptoms.propose),
    ("minutes", minutes.propose),
    ("wish", wishes.propose),
    ("commitment", commitments.propose),
    ("choice", choices.propose),
    ("deferral", deferrals.propose),
    ("request", requests.propose),
    ("leftover", leftovers.propose),
    ("exchange", exchanges.propose),
    ("unsettled", unsettled.propose),
    ("remark", remarks.propose),
)


@cache
def detectors() -> tuple[tuple[str, Propose], ...]:
    """All detectors that are installed. What another package's import raises is raised here."""
    from importlib.metadata import entry_points

    points = sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name)
    return (*DETECTORS, *((point.name, point.load()) for point in points))
