"""One action and its call: stored pending before it, settled after it, and done again when nobody knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from bot.model import Action
from bot.publishing import drafts, links, priorities, resolved
from bot.publishing.desk import Desk
from bot.publishing.label_names import has
from bot.publishing.mirror import mirror_own
from bot.store import findings, history, runs, tickets
from bot.store.quotes import Sighting
from bot.store.resolutions import resolution_of
from bot.store.runs import KnownAction
from bot.store.tickets import Verdict
from bot.store.times import to_text
from connectors.base import Change, Connector, Draft, Marker, Ticket
from connectors.document import Document

_UNDO = "undo of run "


def begin(desk: Desk, action: Action, run: str) -> KnownAction:
    """Stores an action as pending. Raises ``AlreadyTaken`` where it was begun before."""
    with desk.engine.begin() as db:
        quotes = findings.newest_quote(db, action.finding)
        return runs.begin_action(db, action, run, desk.now(), quotes=quotes)


def undo_reason(run: str) -> str:
    """The reason of a close; the note that people read is made from it, also when it has to be made again."""
    return f"{_UNDO}{run}"


def create(desk: Desk, action: KnownAction, connector: Connector) -> Ticket:
    """Files the ticket of a begun action and settles it."""
    with desk.engine.begin() as db:
        draft = _draft(db, desk, action)
    ticket = connector.create(draft)
    settle_create(desk, action, ticket, untouched=True)
    return ticket


def change(desk: Desk, action: KnownAction, connector: Connector, *, only_if_version: str = "") -> None:
    """Makes the change of a begun action and settles it. Doing it twice is the same as once."""
    with desk.engine.begin() as db:
        wanted = _change(db, action, desk, only_if_version)
    ticket = connector.change(action.ticket, wanted)
    _settle_change(desk, action, ticket)


def find(action: KnownAction, connector: Connector) -> Ticket | None:
    """The ticket that a create made before its outcome was lost, if it did."""
    # a day earlier than our own clock says: the tracker has another
    since = action.created_at - timedelta(days=1)
    return connector.find(Marker(fingerprint=action.fingerprint, action=action.id), since=since)


def settle_create(desk: Desk, action: KnownAction, ticket: Ticket, *, untouched: bool) -> None:
    """Notes that a create went through: the ticket, the finding's fate and the action, in one transaction."""
    with desk.engine.begin() as db:
        runs.end_action(db, action.id, "done", desk.now(), ticket=ticket.id)
        by_hand = findings.by_id(db, action.finding)[0].disposition == "approved"
        verdict: Verdict | None = "accepted" if by_hand else None
        mirror_own(db, action.target, ticket, desk.settings.labels, desk.now(), untouched=untouched, verdict=verdict)
        _note_priority(db, desk, action, ticket.id)
        findings.decide(db, action.finding, "filed", f"filed as {ticket.key}", generation=action.generation)
        findings.told(db, action.finding, action.quotes)


def _settle_change(desk: Desk, action: KnownAction, ticket: Ticket) -> None:
    # What somebody has judged before is not asked about again.
    reopened: Verdict = "untouched" if has(ticket.labels, desk.settings.labels.needs_review) else "accepted"
    verdicts: dict[str, Verdict] = {"reopen": reopened, "close": "undone"}
    if action.kind == "resolved" and ticket.state == "closed":
        # Closed by the bot itself: nobody's verdict, and yet done, so that a later mention is a recurrence.
        verdicts["resolved"] = "done"
    with desk.engine.begin() as db:
        before = tickets.find(db, action.target, action.ticket)
        # A person may have come in between our last look and our write.
        untouched = before is not None and before.is_untouched and ticket.previous_version in ("", before.version)
        untouched = untouched or action.kind == "close"
        runs.end_action(db, action.id, "done", desk.now(), ticket=ticket.id)
        mirror_own(
            db,
            action.target,
            ticket,
            desk.settings.labels,
            desk.now(),
            untouched=untouched,
            verdict=verdicts.get(action.kind),
        )
        if action.kind == "close":
            taken_back = action.reason.removeprefix(_UNDO)
            generation = action.generation + 1
            reason = f"taken back with run {taken_back}"
            findings.decide(db, action.finding, "held", reason, cause="undone", generation=generation)
        elif action.kind == "relabel":
            _note_priority(db, desk, action, ticket.id)
        elif action.kind != "link":
            mine = before is None or before.fingerprint is not None
            findings.decide(db, action.finding, "filed" if mine else "known", action.reason)
            findings.told(db, action.finding, action.quotes)


def _note_priority(db: Connection, desk: Desk, action: KnownAction, ticket_id: str) -> None:
    """Remembers the priority label that the bot has just set, unless it was a person's by then."""
    ticket, labels = tickets.find(db, action.target, ticket_id), desk.settings.labels
    if ticket is None:
        return
    if action.kind == "create":
        own: str | None = priorities.of_new(ticket, labels) if ticket.is_untouched else None
    else:
        own = priorities.after_step(ticket, labels)
    tickets.save(db, replace(ticket, own_priority=own))


def _draft(db: Connection, desk: Desk, action: KnownAction) -> Draft:
    known = findings.by_id(db, action.finding)[0]
    finding = findings.as_finding(known, findings.sightings(db, action.finding))
    earlier = tickets.with_fingerprint(db, action.fingerprint)
    marker = Marker(fingerprint=action.fingerprint, action=action.id)
    similar, related = links.of(db, action)
    return drafts.draft(
        finding,
        desk.settings.labels,
        marker,
        follows=earlier[-1].key if earlier else "",
        similar=similar,
        related=related,
        by_hand=known.disposition == "approved",
    )


def _change(db: Connection, action: KnownAction, desk: Desk, only_if_version: str) -> Change:
    if action.kind in ("sighting", "resolved", "relabel", "link"):
        return _small_change(db, action, desk)
    if action.kind == "close":
        note = drafts.undo_note(action.reason.removeprefix(_UNDO))
        return Change(
            state="closed", closed_as="not_planned", note=note, note_id=action.id, only_if_version=only_if_version
        )
    quotes = findings.sightings(db, action.finding)
    closed = tickets.find(db, action.target, action.ticket)
    on = to_text(closed.closed_at)[:10] if closed and closed.closed_at else "an earlier day"
    note = drafts.recurrence_note([quote.evidence for quote in quotes if not quote.told], on)
    return Change(note=note, note_id=action.id, state="open" if action.kind == "reopen" else None)


def _small_change(db: Connection, action: KnownAction, desk: Desk) -> Change:
    ticket = tickets.find(db, action.target, action.ticket)
    label = desk.settings.labels.maybe_resolved
    if action.kind == "relabel":
        add, remove = priorities.step(ticket, desk.settings.labels) if ticket else ((), ())
        return Change(add_labels=add, remove_labels=remove, only_if_version=ticket.version if ticket else "")
    if action.kind == "link":
        return Change(sightings=_sightings(db, action, desk))
    if action.kind == "sighting":
        gone = (label,) if ticket and resolved.is_overtaken(db, action.finding, ticket, label, desk.now()) else ()
        return Change(sightings=_sightings(db, action, desk), remove_labels=gone)
    unwanted = ticket is not None and resolved.label_was_removed(db, ticket, label)
    closes = desk.settings.filing.resolved == "close"
    return Change(
        sightings=_sightings(db, action, desk),
        add_labels=() if unwanted else (label,),
        state="closed" if closes else None,
        closed_as="done" if closes else None,
    )


def _sightings(db: Connection, action: KnownAction, desk: Desk) -> Document:
    quotes = _all_quotes(db, action)
    known = findings.by_id(db, action.finding)[0]
    talks = len({quote.evidence.conversation for quote in quotes})
    first, last = to_text(quotes[0].seen)[:10], to_text(quotes[-1].seen)[:10]
    again = action.kind != "link" or history.mentions_since_filing(db, known.id, action.target, action.ticket)
    newest = [quote.evidence for quote in quotes] if again else []
    done = resolution_of(db, known.id, desk.now()) if desk.settings.filing.resolved != "ignore" else None
    log, on = (done.log, to_text(done.at)[:10]) if done else ("", "")
    back = links.back(db, known.id, action.target)
    whole = findings.as_finding(known, quotes)
    return drafts.sightings_comment(whole, newest, talks, first, last, done=log, on=on, related=back)


def _all_quotes(db: Connection, action: KnownAction) -> list[Sighting]:
    """The quotes that a ticket's comment tells of: its own, and those of tickets that are duplicates of it."""
    ticket = tickets.find(db, action.target, action.ticket)
    ids = {action.finding}
    if ticket is not None:
        for one in (ticket, *tickets.duplicates_of(db, ticket)):
            known = findings.by_fingerprint(db, one.fingerprint or "")
            ids |= {known.id} if known else set()
    quotes = [quote for name in sorted(ids) for quote in findings.sightings(db, name)]
    return sorted(quotes, key=lambda quote: quote.seen)
