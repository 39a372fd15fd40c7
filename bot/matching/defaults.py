"""The thresholds where none are configured; fitted so that `same` is wrong at most once in fifty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.matching.decision import Thresholds
from bot.matching.semantic import Embedder

if TYPE_CHECKING:
    from bot.settings.models import Matching

MENTIONS = Thresholds(same=0.77, possible=0.05, lead=1.0)
# Of two reports only one in twenty is told twice, and what is most alike are parts of one plan: the same between
# reports is one that was posted again, under its own title.
TICKETS = Thresholds(same=0.4, possible=0.3, lead=1.0, titles=1.0)


def configured(given: Matching) -> Thresholds:
    """The thresholds of a config, for mentions."""
    return Thresholds(same=given.same, possible=given.possible, lead=given.lead)


def embedder_of(given: Matching) -> Embedder | None:
    """The sentence model of a config, None where it names none.

    Raises:
        SemanticError: the model cannot be used.
    """
    if given.semantic.model is None:
        return None
    from bot.matching.embedders import load

    return load(str(given.semantic.model))
