"""The bot's own part of a description, between two lines that people may see: Jira hides nothing."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.adf import size, to_adf, to_text
from connectors.base import Draft, Rejected
from connectors.document import Document, Paragraph, Text
from connectors.reference import SECTION_END
from connectors.section import replaced
from connectors.wiki import to_wiki, unescaped, units

BEGIN = "Loose Ends keeps what follows up to date, down to its other line."
END = SECTION_END


def whole(draft: Draft) -> Document:
    """The body of a draft with its own section between the two lines."""
    if draft.own_section is None:
        return draft.body
    return (*draft.body, Paragraph((Text(BEGIN),)), *draft.own_section, Paragraph((Text(END),)))


def with_section(description: object, section: Document, *, is_cloud: bool, limit: int) -> object:
    """The description with this section, as this Jira takes it; everything around it stays.

    Raises:
        Rejected: the two lines are gone, or what people wrote leaves no room.
    """
    if is_cloud:
        return _in_adf(description, section, limit)
    text = description if isinstance(description, str) else ""
    return replaced(
        text,
        lambda room: to_wiki(section, limit=room),
        begin=BEGIN,
        end=END,
        limit=limit,
        length=units,
        read=lambda line: unescaped(line).strip(),
    )


def _in_adf(description: object, section: Document, limit: int) -> Mapping[str, object]:
    content = description.get("content") if isinstance(description, dict) else None
    nodes = content if isinstance(content, list) else []
    told = [to_text(node).strip() for node in nodes]
    first = told.index(BEGIN) if BEGIN in told else -1
    last = len(told) - 1 - told[::-1].index(END) if END in told else -1
    if first < 0 or last <= first or not isinstance(description, dict):
        raise Rejected("the lines between which the bot writes are gone from the description; it leaves it alone")
    around = {**description, "content": [*nodes[: first + 1], *nodes[last:]]}
    room = limit - size(around)
    if room < 400:
        raise Rejected("the text around the bot's part of the description leaves no room for it")
    made = to_adf(section, limit=room)["content"]
    return {**description, "content": [*nodes[: first + 1], *(made if isinstance(made, list) else []), *nodes[last:]]}
