"""A task said again in other words: "Proration" in a list, "get rid of the sleep" after a HACK about that sleep."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.extraction.candidates import Candidate
from bot.extraction.grammar import leading_verb, stems

_DEFINITE = re.compile(r"(?:the|that|this|those|these) ", re.IGNORECASE)
_ALIKE = (
    frozenset({"remove", "delete", "drop", "get rid of", "rip out", "kill", "turn off", "disable", "revert"}),
    frozenset({"add", "introduce", "implement", "build", "create", "write", "set up", "support"}),
    frozenset({"change", "switch", "replace", "swap", "move", "migrate", "convert", "port"}),
    frozenset({"update", "upgrade", "bump", "raise", "increase"}),
)
_ABOUT = (frozenset({"test", "coverag"}), frozenset({"doc", "document", "readm", "changelog"}))
_REMOVING = _ALIKE[0]


def is_restated(
    candidate: Candidate, mine: frozenset[str], mentions: Iterable[Candidate], known: frozenset[str]
) -> bool:
    """Whether ``candidate`` (content words ``mine``) names, in short, the task of ``mentions`` (words ``known``)."""
    found = leading_verb(candidate.phrase, listed=True)
    if found is None:
        return candidate.detector in ("marker", "list") and bool(mine) and mine <= known
    thing = stems(found[2])
    if not thing or not thing <= known or not _DEFINITE.match(found[2]):
        return False
    before = list(mentions)
    verbs = {other[0] for m in before if (other := leading_verb(m.phrase, listed=True))}
    if any(found[0] in alike and alike & verbs for alike in _ALIKE) or found[0] in verbs:
        return True
    return found[0] in _REMOVING and any(m.strength == "marker" for m in before)


def is_other_work(mine: frozenset[str], known: frozenset[str]) -> bool:
    """Whether one of the two is to test or describe what the other builds or changes."""
    return any(bool(mine & words) != bool(known & words) for words in _ABOUT)


def same_place(candidate: Candidate, mine: frozenset[str], names: frozenset[str], known: frozenset[str]) -> bool:
    """Whether both speak of the same identifier and share a word besides the words of its name."""
    shared = names & set(candidate.names)
    return bool(shared) and bool((mine & known) - stems(" ".join(shared)))
