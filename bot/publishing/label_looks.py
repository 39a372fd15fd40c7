"""What the bot's labels look like in a tracker that gives labels a colour and a description."""

from __future__ import annotations

from typing import Final

from bot.settings import Labels

_QUIET: Final = "c5def5"
_KINDS: Final = {"bug": "d73a4a", "todo": "fbca04", "feature": "a2eeef"}
_PRIORITIES: Final = {"high": "b60205", "medium": "d4a017", "low": "bfdadc"}
_BANDS: Final = {"high": "0e8a16", "medium": "7fb77e", "low": "c2e0c6"}


def label_looks(labels: Labels) -> dict[str, list[str]]:
    """Every label that the bot may set or look for, with its colour in six hex digits and its description."""
    looks = {
        labels.base: ["5319e7", "Filed by Loose Ends"],
        labels.needs_review: ["f9d0c4", "Filed by the bot; nobody has judged it yet"],
        labels.accepted: ["0e8a16", "A person says: this ticket is right"],
        labels.rejected: ["e4e669", "A person says: never file this again"],
        labels.hands_off: ["000000", "The bot leaves this ticket alone"],
        labels.possible_duplicate: ["cfd3d7", "The bot knows a ticket that may be the same"],
        labels.maybe_resolved: ["bfe5bf", "A later conversation says that it is done"],
    }
    looks[labels.maybe_resolved] = ["bfd4f2", "A later log says that it is done; please check"]
    looks |= {labels.kind.format(kind=kind): [color, f"Kind of loose end: {kind}"] for kind, color in _KINDS.items()}
    looks |= {
        labels.priority.format(priority=name): [color, f"Priority that the bot read from the talk: {name}"]
        for name, color in _PRIORITIES.items()
    }
    looks |= {
        labels.confidence.format(band=band): [color, f"How sure the bot is: {band}"] for band, color in _BANDS.items()
    }
    return looks | {name: [_QUIET, ""] for name in labels.extra if name not in looks}
