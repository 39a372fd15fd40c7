"""Tickets as the state keeps them, and what people's changes to them mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection

from bot.matching.entry import Entry, make_entry
from bot.matching.fingerprint import title_key
from bot.matching.markup import LONGEST
from bot.matching.semantic import Embedder
from bot.publishing.label_names import has
from bot.publishing.priorities import still_own
from bot.settings import Labels
from bot.store import corpus_changes, findings, tickets
from bot.store.corpora import digest, digests, of_target
from bot.store.tickets import KnownTicket, Verdict
from connectors.base import Gone, MovedAway, Ticket


def mirror(db: Connection, target: str, ticket: Ticket, labels: Labels, now: datetime, *, who: str = "tracker") -> bool:
    """Stores a ticket as the tracker shows it, with the verdict that people gave on it; says whether that is news."""
    old = tickets.find(db, target, ticket.id)
    if ticket.state == "deleted" and old is not None:
        if old.state != "deleted":
            mirror_deleted(db, target, ticket.id, now)
        return old.state != "deleted"
    seen = _known(target, ticket, old)
    fingerprint = seen.fingerprint
    if fingerprint is None:
        return tickets.save(db, seen)
    seen = replace(seen, own_priority=still_own(db, seen, old, labels))
    verdict = _verdict(seen, labels, old)
    if old is None or verdict != old.verdict:
        seen = replace(seen, verdict=verdict, verdict_at=None if verdict == "untouched" else now.replace(microsecond=0))
        # A yes that is taken back is a word, too.
        if verdict not in ("untouched", "undone") or (old is not None and old.verdict == "accepted"):
            finding = findings.by_fingerprint(db, fingerprint)
            tickets.add_review(db, seen, finding.id if finding else None, now, who=who)
    return tickets.save(db, seen)


def take_up(db: Connection, target: str, seen: Sequence[Ticket], embedder: Embedder | None = None) -> None:
    """Takes tickets into what findings are compared with, everybody's; what did not change costs next to nothing.

    Without the ``embedder`` their vectors are made when they are read back.
    """
    corpus = of_target(target)
    latest = {ticket.id: ticket for ticket in seen}
    corpus_changes.take_out(db, corpus, [ticket.id for ticket in latest.values() if ticket.state == "deleted"])
    wanted = {t.id: digest(t.title, t.body) for t in latest.values() if t.state != "deleted"}
    known = digests(db, corpus, list(wanted))
    changed = [latest[name] for name, made_from in wanted.items() if known.get(name) != made_from]
    corpus_changes.put(db, corpus, ((_entry(ticket), wanted[ticket.id]) for ticket in changed))
    if embedder is not None:
        # Imported where it is needed: the extra brings what it imports.
        from bot.store import vectors

        vectors.take_out(db, corpus, [name for name in latest if name not in wanted])
        lacking = vectors.lacking(db, corpus, embedder.name, wanted)
        vectors.put(db, corpus, embedder, ((_entry(latest[name]), wanted[name]) for name in lacking))


def begin(db: Connection, target: str, embedder: Embedder | None) -> bool:
    """Whether all tickets of a target must be read again, since a sentence model is new there."""
    if embedder is None:
        return False
    from bot.store import vectors

    return vectors.begin(db, of_target(target), embedder.name)


def _entry(ticket: Ticket) -> Entry:
    # People paste secrets into tickets; a term is as good a place to leak one as a sentence.
    # Compiling the rules takes longer than a run in which no ticket changed.
    from bot.safety.redaction import redact

    # Cut after that: half a secret is none to the rules.
    text = redact(f"{ticket.title}\n{ticket.body}")[:LONGEST]
    title, _, body = text.partition("\n")
    return make_entry(ticket.id, title, body, created=ticket.created_at, author=ticket.author)


def mirror_own(
    db: Connection,
    target: str,
    ticket: Ticket,
    labels: Labels,
    now: datetime,
    *,
    untouched: bool,
    verdict: Verdict | None = None,
) -> None:
    """Stores a ticket after the bot's own write, which is never taken for a person's word.

    ``untouched`` says that no person had touched it before; ``verdict`` is what holds from now on, None for no change.
    """
    old = tickets.find(db, target, ticket.id)
    seen = _known(target, ticket, old)
    if untouched:
        seen = replace(seen, own_version=ticket.version)
    if old is not None and has(old.labels, labels.needs_review) and not has(seen.labels, labels.needs_review):
        # Taken off just before our write: kept until the next look, which reads that as the person's word.
        seen = replace(seen, labels=tuple(sorted((*seen.labels, labels.needs_review))))
    if verdict is not None:
        seen = replace(seen, verdict=verdict, verdict_at=None if verdict == "untouched" else now.replace(microsecond=0))
    tickets.save(db, seen)
    take_up(db, target, [ticket])


def mirror_gone(db: Connection, target: str, ticket_id: str, error: Gone, now: datetime) -> None:
    """Notes that a ticket is gone, as far as it was known: deleted, or moved to where the bot does not see it."""
    old = tickets.find(db, target, ticket_id)
    if old is None or not isinstance(error, MovedAway):
        mirror_deleted(db, target, ticket_id, now)
        return
    # As with a duplicate of something elsewhere: people follow it there, and nobody has said no.
    at = now.replace(microsecond=0)
    moved = replace(old, state="closed", closed_as="duplicate", closed_at=at)
    tickets.save(db, replace(moved, verdict="duplicate", verdict_at=at) if old.fingerprint else moved)


def mirror_deleted(db: Connection, target: str, ticket_id: str, now: datetime) -> None:
    """Notes that a ticket is gone: most trackers tell only when it is touched. Deleting says no."""
    old = tickets.find(db, target, ticket_id)
    if old is None:
        return
    if old.fingerprint is None:
        tickets.save(db, replace(old, state="deleted"))
        return
    gone = replace(old, state="deleted", verdict="rejected", verdict_at=now.replace(microsecond=0))
    finding = findings.by_fingerprint(db, old.fingerprint or "")
    tickets.add_review(db, gone, finding.id if finding else None, now)
    tickets.save(db, gone)


def _known(target: str, ticket: Ticket, old: KnownTicket | None) -> KnownTicket:
    marker = ticket.marker
    closed_as, duplicate_of = ticket.closed_as, ticket.duplicate_of
    if old is not None and old.verdict == "duplicate" and ticket.state == "closed" and closed_as in (None, "duplicate"):
        # Of which ticket it is a duplicate a person may have told us only, or told a tracker that keeps no reasons.
        closed_as, duplicate_of = "duplicate", duplicate_of or old.duplicate_of
    return KnownTicket(
        target=target,
        id=ticket.id,
        key=ticket.key,
        url=ticket.url,
        title=ticket.title,
        title_key=title_key(ticket.title),
        state=ticket.state,
        closed_as=closed_as,
        closed_at=_whole(ticket.closed_at) if ticket.closed_at else None,
        duplicate_of=duplicate_of,
        labels=tuple(sorted(ticket.labels)),
        version=ticket.version,
        own_version=old.own_version if old else None,
        # A person may cut the marker out of the body; what we once knew of the ticket stays true.
        fingerprint=marker.fingerprint if marker else old.fingerprint if old else None,
        action=marker.action if marker else old.action if old else None,
        author=ticket.author,
        created_at=_whole(ticket.created_at),
        updated_at=_whole(ticket.updated_at),
        verdict=old.verdict if old else "untouched",
        verdict_at=old.verdict_at if old else None,
        own_priority=old.own_priority if old else None,
    )


def _whole(time: datetime) -> datetime:
    return time.astimezone(UTC).replace(microsecond=0)


def _verdict(ticket: KnownTicket, labels: Labels, old: KnownTicket | None) -> Verdict:
    """What people did to one of the bot's tickets: design.md's table "Review with labels", strongest first."""
    if old is not None and old.verdict == "undone" and ticket.is_untouched:
        return "undone"
    if has(ticket.labels, labels.hands_off):
        return "hands_off"
    if ticket.state == "deleted" or has(ticket.labels, labels.rejected) or ticket.closed_as == "not_planned":
        return "rejected"
    if ticket.state == "closed":
        return "duplicate" if ticket.closed_as == "duplicate" else "done"
    # A label that was never there, or has another name since, was not taken off by anybody.
    reviewed = old is not None and (old.verdict == "accepted" or has(old.labels, labels.needs_review))
    if has(ticket.labels, labels.accepted) or (reviewed and not has(ticket.labels, labels.needs_review)):
        return "accepted"
    return "untouched"
