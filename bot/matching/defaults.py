"""The thresholds where none are configured; fitted so that `same` is wrong at most once in fifty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.matching.decision import Thresholds

if TYPE_CHECKING:
    from bot.settings.models import Matching

MENTIONS = Thresholds(same=0.77, possible=0.05, lead=1.0)
TICKETS = Thresholds(same=0.85, possible=0.3, lead=1.0)


def configured(given: Matching) -> Thresholds:
    """The thresholds of a config, for mentions."""
    return Thresholds(same=given.same, possible=given.possible, lead=given.lead)
