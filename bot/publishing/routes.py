"""Which target a finding goes to: the first route whose conditions all hold."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.model import Finding
from bot.settings import Settings, When

NOWHERE = "none"  # the route target that drops
_LONGEST_TEXT = 10_000  # characters a route's expression is run over


def route(finding: Finding, sources: Sequence[str], settings: Settings) -> str | None:
    """The target's name, ``NOWHERE`` where a route says so, None where no route fits.

    ``sources`` are the names of the sources whose logs the finding's quotes come from.
    """
    return next((way.to for way in settings.routing if _fits(finding, sources, way.when)), None)


def _fits(finding: Finding, sources: Sequence[str], when: When) -> bool:
    return (
        (not when.kind or finding.kind in when.kind)
        and (not when.priority or finding.priority in when.priority)
        and (when.min_confidence is None or finding.confidence >= when.min_confidence)
        and (when.max_confidence is None or finding.confidence <= when.max_confidence)
        and (not when.source or any(source in when.source for source in sources))
        and (when.path_matches is None or any(when.path_matches.match(e.log) for e in finding.evidence))
        and (when.text_matches is None or _says(finding, when.text_matches))
    )


def _says(finding: Finding, wanted: re.Pattern[str]) -> bool:
    said = (finding.title, *(e.quote for e in finding.evidence))
    return any(wanted.search(text[:_LONGEST_TEXT]) for text in said)
