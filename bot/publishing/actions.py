"""Making actions: an action's id follows from what it does, so the same action has the same id on any machine."""

from __future__ import annotations

import hashlib

from bot.model import Action, ActionKind
from bot.store.findings import KnownFinding
from bot.store.tickets import KnownTicket


def make_action(
    kind: ActionKind,
    known: KnownFinding,
    reason: str,
    *,
    target: str = "",
    ticket: KnownTicket | None = None,
    cause: str = "",
    similar: tuple[str, ...] = (),
    detail: str = "",
) -> Action:
    """An action on a loose end. ``detail`` tells two actions of one kind apart (how many quotes were known)."""
    place = ticket.target if ticket else target
    parts = (kind, place, ticket.id if ticket else "", known.fingerprint, str(known.generation), detail)
    return Action(
        id=hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16],
        kind=kind,
        target=place,
        finding=known.id,
        fingerprint=known.fingerprint,
        finding_kind=known.kind,
        title=known.title,
        confidence=known.confidence,
        priority=known.priority,
        reason=reason,
        ticket=ticket.id if ticket else "",
        ticket_key=ticket.key if ticket else "",
        generation=known.generation,
        similar=similar,
        cause=cause,
    )
