"""The commented configs that ``loose-ends init`` writes."""

from __future__ import annotations

from typing import Final

from bot.resources import config_dir

TRACKERS: Final = ("local", "github", "gitlab", "jira")


def starter(tracker: str) -> str:
    """The text of a commented config for one of :data:`TRACKERS`; ValueError for any other name.

    Its first line tells editors where the schema of this installation lies.
    """
    if tracker not in TRACKERS:
        raise ValueError(f"no starter for '{tracker}'; there is one for {', '.join(TRACKERS)}")
    text = (config_dir() / "starters" / f"{tracker}.yaml").read_text(encoding="utf-8")
    return text.replace("$schema=../schema.json", f"$schema={config_dir() / 'schema.json'}", 1)
