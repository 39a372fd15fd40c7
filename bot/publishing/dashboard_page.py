"""What a dashboard shows. Nothing of it depends on the hour, so that a quiet run changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.publishing.acceptance import acceptance
from bot.publishing.drafts import caption
from bot.publishing.held import held
from bot.publishing.routes import route
from bot.publishing.waiting import day
from bot.settings import Labels, Settings
from bot.store import figures, findings, runs, tickets
from bot.store.findings import KnownFinding
from bot.store.verdicts import judged
from connectors.document import (
    Block,
    BulletList,
    Code,
    Document,
    Heading,
    Inline,
    Link,
    Paragraph,
    Quote,
    Strong,
    Task,
    TaskList,
    Text,
)

FILE, NEVER = "loose-ends-file-", "loose-ends-never-"
_DONE = "loose-ends-done-"
_MOST_HELD = 15
_MOST_FILED = 20
_MOST_DETECTORS = 12
_QUOTE = 500  # characters
_WEEK = timedelta(days=7)


def intro(labels: Labels) -> Document:
    """What stands above the section: how to use it, written once."""
    return (
        Paragraph(
            (
                Text("What the bot holds for a person, and what it did. Tick a box and the next run does it. "),
                Text("Where this tracker shows no boxes, add the name before the words to this ticket as a label. "),
                Text("Write whatever you like above and below the bot's part. To make it stop, add "),
                Code(labels.hands_off),
                Text("."),
            )
        ),
    )


def page(db: Connection, settings: Settings, target: str, now: datetime, ticked: Sequence[str]) -> Document:
    """The section of a target's dashboard. ``ticked`` are markers of boxes that were seen to lately."""
    return (
        *_waits(db, settings, target),
        *_done(db, ticked),
        *_filed(db, target, now),
        *_figures(db, target),
        *_acceptance(db),
    )


def _waits(db: Connection, settings: Settings, target: str) -> list[Block]:
    here = [known for known in held(db) if _place(db, known, settings) == target]
    here.sort(key=lambda known: (-round(known.confidence, 1), -known.last_seen.timestamp(), known.id))
    blocks: list[Block] = [Heading(f"Waits for you: {len(here) or 'nothing'}")]
    for known in here[:_MOST_HELD]:
        blocks += _one_held(db, known)
    if (more := len(here) - _MOST_HELD) > 0:
        blocks.append(Paragraph((Text(f"And {more} more; they come up here as these are settled."),)))
    return blocks


def _one_held(db: Connection, known: KnownFinding) -> list[Block]:
    quotes = findings.sightings(db, known.id)
    told = f" ({known.kind}, priority {known.priority}, confidence {known.confidence:.2f}). Held: {known.reason}."
    blocks: list[Block] = [Paragraph((Strong(known.title), Text(told)))]
    if quotes:
        said = quotes[0].evidence
        blocks.append(Quote(said.quote[:_QUOTE], caption(said)))
    file, never = Task(FILE + known.id, (Text("file it"),)), Task(NEVER + known.id, (Text("never file it"),))
    return [*blocks, TaskList((file, never))]


def _place(db: Connection, known: KnownFinding, settings: Settings) -> str:
    """Which dashboard shows it: that of its target, else the first there is."""
    finding = findings.as_finding(known, quotes := findings.sightings(db, known.id))
    to = route(finding, sorted({quote.source for quote in quotes}), settings)
    shown = [name for name, target in settings.targets.items() if target.dashboard]
    return to if to in shown else shown[0] if shown else ""


def _done(db: Connection, ticked: Sequence[str]) -> list[Block]:
    items = []
    for marker in ticked:
        found = findings.by_id(db, marker.removeprefix(FILE).removeprefix(NEVER))
        if found:
            words: tuple[Inline, ...] = (Strong(found[0].title), Text(f": {found[0].reason}"))
            items.append(Task(_DONE + found[0].id, words, checked=True))
    return [Heading("Done as you ticked"), TaskList(tuple(reversed(items)))] if items else []


def _filed(db: Connection, target: str, now: datetime) -> list[Block]:
    young = [t for t in tickets.ours(db) if t.target == target and t.created_at > now - _WEEK and t.state != "deleted"]
    young.sort(key=lambda ticket: (ticket.created_at, ticket.id), reverse=True)
    lines: list[tuple[Inline, ...]] = []
    for ticket in young[:_MOST_FILED]:
        known = findings.by_fingerprint(db, ticket.fingerprint or "")
        has_address = ticket.url.startswith(("http://", "https://"))
        name: Inline = Link(ticket.key, ticket.url) if has_address else Code(ticket.key)
        title = f" {known.title}" if known else ""
        lines.append((name, Text(f"{title}, {day(ticket.created_at)}: {ticket.verdict.replace('_', ' ')}")))
    if (more := len(young) - _MOST_FILED) > 0:
        lines.append((Text(f"and {more} more"),))
    heading = Heading(f"Filed in the last seven days: {len(young) or 'nothing'}")
    return [heading, BulletList(tuple(lines))] if lines else [heading]


def _figures(db: Connection, target: str) -> list[Block]:
    lines: list[tuple[Inline, ...]] = [(Text(f"{what}: {count}"),) for what, count in figures.kept_back(db).items()]
    left = [action for action in runs.pending(db) if action.target == target]
    if left:
        kinds = ", ".join(sorted({action.kind for action in left}))
        lines.append((Text(f"begun and not yet known to be done: {len(left)} ({kinds})"),))
    return [Heading("Not filed, and why"), BulletList(tuple(lines))] if lines else []


def _acceptance(db: Connection) -> list[Block]:
    shares = acceptance(judged(db)).detectors
    ranked = sorted(shares.items(), key=lambda pair: (-pair[1].reviews, pair[0]))[:_MOST_DETECTORS]
    lines: list[tuple[Inline, ...]] = [
        (Code(name), Text(f" {share.accepted} of {share.reviews} accepted")) for name, share in ranked
    ]
    return [Heading("What people said, by detector"), BulletList(tuple(lines))] if lines else []
