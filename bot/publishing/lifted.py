"""A person's no that no longer holds: lifted in the config, or by filing the loose end by hand since."""

from __future__ import annotations

from collections.abc import Sequence

from bot.settings import Settings
from bot.store.findings import KnownFinding
from bot.store.tickets import KnownTicket


def standing(known: KnownFinding, filed: Sequence[KnownTicket], settings: Settings) -> list[KnownTicket]:
    """Of a loose end's tickets (oldest first) those that count: without the ones whose rejection was lifted.

    A ticket's key lifts the rejection of that ticket; the id of a finding only its first, so that a second no holds.
    """
    rejected = [ticket for ticket in filed if ticket.verdict == "rejected"]
    lifted = {ticket.id for ticket in rejected if _is_named(ticket.key, settings)}
    if rejected and is_lifted(known, settings):
        lifted.add(rejected[0].id)
    newest = filed[-1].created_at if filed else None
    for ticket in rejected:
        # Filed once more since: somebody has thought better of it.
        if newest and ticket is not filed[-1] and ticket.verdict_at and newest >= ticket.verdict_at:
            lifted.add(ticket.id)
    return [ticket for ticket in filed if ticket.id not in lifted]


def is_lifted(known: KnownFinding, settings: Settings) -> bool:
    """Whether the config names this finding."""
    return known.id in settings.filing.lift_rejections


def _is_named(key: str, settings: Settings) -> bool:
    return key.casefold().lstrip("#") in {name.casefold().lstrip("#") for name in settings.filing.lift_rejections}
