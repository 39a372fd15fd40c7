"""Names of resolutions and statuses, which every company spells in its own way, read freely."""

from __future__ import annotations

import re

from connectors.base import ClosedAs

NOT_PLANNED = frozenset(
    ("wontdo", "wontfix", "willnotdo", "willnotfix", "notplanned", "declined", "rejected", "invalid", "cancelled",
     "canceled", "abandoned", "obsolete", "notabug", "outofscope", "asdesigned", "worksasdesigned")
)  # fmt: skip
DUPLICATE = frozenset(("duplicate", "duplicated", "duplicateissue"))
# "Cannot Reproduce" and "Incomplete" are no refusal: a new report is just what such a ticket waits for.
DONE = frozenset(("done", "fixed", "resolved", "complete", "completed", "closed", "implemented"))


def folded(name: str) -> str:
    """Letters and digits of a name in one case: "Won't Do" and "wont-do" are the same."""
    return re.sub(r"[\W_]+", "", name.casefold())


def reason(status: str, resolution: str, *, wont_do: frozenset[str], has_original: bool) -> ClosedAs:
    """What a ticket was closed as. The status goes first: many workflows set one resolution for every end."""
    for name in (folded(status), folded(resolution)):
        if name in wont_do:
            return "not_planned"
        if name in DUPLICATE:
            return "duplicate"
    return "duplicate" if has_original else "done"


def spelled(label: str) -> str:
    """The label as Jira takes it, which is without blanks: "kind: bug" is "kind:bug", "seen again" "seen-again"."""
    return re.sub(r"\s+", "-", re.sub(r":\s+", ":", label.strip()))[:255]
