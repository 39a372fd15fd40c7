"""The part of a body that the bot keeps up to date, between two lines of its own; what stands around it is people's."""

from __future__ import annotations

from collections.abc import Callable

from connectors.base import Draft, Rejected
from connectors.document import Document
from connectors.markdown import Flavor, to_markdown
from connectors.marker import SECTION_END, marker_line

BEGIN = "<!-- loose-ends: section begins -->"
END = SECTION_END

_TASK = " <!-- loose-ends: task "
_LEAST_ROOM = 400


def drafted(draft: Draft, *, flavor: Flavor, limit: int) -> str:
    """The Markdown body of a new ticket, with its own section where the draft has one; the marker is its last line."""
    if draft.own_section is None:
        return to_markdown(draft.body, flavor=flavor, marker=draft.marker, limit=limit)
    intro = to_markdown(draft.body, flavor=flavor, limit=limit // 4)
    section = to_markdown(draft.own_section, flavor=flavor, limit=limit // 2)
    return "\n\n".join(part for part in (intro, BEGIN, section, END, marker_line(draft.marker)) if part)


def with_section(body: str, section: Document, *, flavor: Flavor, limit: int) -> str:
    """The body with this between its two lines; every other byte stays.

    Raises:
        Rejected: the two lines are not there, or people's text leaves no room.
    """

    def render(room: int) -> str:
        return to_markdown(section, flavor=flavor, limit=room)

    return replaced(body, render, begin=BEGIN, end=END, limit=limit, length=len)


def replaced(
    body: str,
    render: Callable[[int], str],
    *,
    begin: str,
    end: str,
    limit: int,
    length: Callable[[str], int],
    read: Callable[[str], str] = str.strip,
) -> str:
    """The body with what ``render`` makes between the first line that reads ``begin`` and the last that reads ``end``.

    ``render`` is told how much room there is, measured by ``length``.

    Raises:
        Rejected: the two lines are not there, or people's text leaves no room.
    """
    lines = body.split("\n")
    # The first and the last: a quote between them may hold the same words.
    first = next((at for at, line in enumerate(lines) if read(line) == begin), -1)
    last = next((at for at in range(len(lines) - 1, -1, -1) if read(lines[at]) == end), -1)
    if first < 0 or last <= first:
        raise Rejected("the lines between which the bot writes are gone from the body; it leaves the ticket alone")
    above, below = "\n".join(lines[: first + 1]), "\n".join(lines[last:])
    room = limit - length(above) - length(below) - 4
    if room < _LEAST_ROOM:
        raise Rejected("the text around the bot's part of the body leaves no room for it")
    return f"{above}\n\n{render(room)}\n\n{below}"


def ticked(body: str) -> frozenset[str]:
    """The markers of the tick boxes that are ticked; where they stand and what else is on their lines does not count.

    A quote is indented, so that no text of a log begins a line here.
    """
    found = set()
    for line in body.split("\n"):
        text = line.rstrip()
        if text.startswith(("- [x] ", "- [X] ")) and text.endswith(" -->") and _TASK in text:
            found.add(text.rpartition(_TASK)[2].removesuffix(" -->"))
    return frozenset(found)
