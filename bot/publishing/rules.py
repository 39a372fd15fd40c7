"""What becomes of a finding by the filing rules: filed, held for a person, or dropped, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.model import FILE_FROM, HOLD_FROM, Finding, Ruling


class Bounds(Protocol):
    """The confidences, 0 to 1, from which on a finding is filed, or held."""

    @property
    def file(self) -> float: ...
    @property
    def hold(self) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Defaults:
    file: float = FILE_FROM
    hold: float = HOLD_FROM


_DEFAULTS = _Defaults()


@dataclass(frozen=True, slots=True)
class Decision:
    """A ruling and the reason that people read."""

    ruling: Ruling
    reason: str


def rule(finding: Finding, threshold: Bounds = _DEFAULTS) -> Decision:
    """The ruling for a finding of a kind with these thresholds, by default those of a config that sets none."""
    if finding.status == "resolved":
        return Decision("drop", "resolved in the conversation")
    sure = f"confidence {finding.confidence:.2f}"
    if finding.confidence >= threshold.file:
        return Decision("file", f"{sure} reaches {threshold.file:.2f} for a {finding.kind}")
    if finding.confidence >= threshold.hold:
        return Decision("hold", f"{sure} is under {threshold.file:.2f} for a {finding.kind}")
    return Decision("drop", f"{sure} is under {threshold.hold:.2f} for a {finding.kind}")
