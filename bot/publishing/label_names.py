"""When two spellings of a label are one label."""

from __future__ import annotations

from collections.abc import Iterable


def has(labels: Iterable[str], wanted: str) -> bool:
    """Whether a label is among these, as trackers compare them."""
    return spelled_alike(wanted) in map(spelled_alike, labels)


def spelled_alike(label: str) -> str:
    """The form that spellings of one label share: trackers keep the case that people type; Jira takes no spaces."""
    return label.casefold().replace(" ", "").replace("-", "").replace("_", "")
