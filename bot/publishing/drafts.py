"""What the bot writes: the ticket once, its one comment of sightings, and notes. Log text goes in as data."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Evidence, Finding, Kind
from bot.settings import Labels
from connectors.base import Draft, Marker
from connectors.document import Block, BulletList, Code, Document, Heading, Inline, Link, Paragraph, Quote, Strong, Text

_ROLES = {"": "a person", "user": "a person", "human": "a person", "you": "a person", "assistant": "an assistant"}
_QUOTES_IN_TICKET = 5
_QUOTES_IN_COMMENT = 3
_LOGS_IN_COMMENT = 10

_WHAT: dict[Kind, str] = {
    "bug": "A bug, described by ",
    "todo": "A task, taken on or marked by ",
    "feature": "A wish, brought up by ",
}


def draft(
    finding: Finding,
    labels: Labels,
    marker: Marker,
    *,
    follows: str = "",
    similar: Sequence[tuple[str, str]] = (),
    related: Sequence[tuple[str, str]] = (),
    by_hand: bool = False,
) -> Draft:
    """The ticket of a finding; filed ``by_hand``, it was judged before it is there.

    ``follows`` is the key of the ticket that it was filed as before, ``similar`` are keys and addresses of tickets that
    it is possibly the same as, ``related`` of those that are another thing of the same matter.
    """
    return Draft(
        title=finding.title,
        body=_body(finding, labels, follows, similar, related),
        labels=(*ticket_labels(finding, labels, by_hand=by_hand), *((labels.possible_duplicate,) if similar else ())),
        marker=marker,
        priority=finding.priority,
    )


def _body(
    finding: Finding,
    labels: Labels,
    follows: str,
    similar: Sequence[tuple[str, str]],
    related: Sequence[tuple[str, str]],
) -> Document:
    blocks: list[Block] = [_statement(finding)]
    if follows:
        blocks.append(
            Paragraph((Text("It was filed before as "), Code(follows), Text(" and has come up again since.")))
        )
    for heading, links in (("Possibly the same as", similar), ("Related", related)):
        if links:
            blocks += [Heading(heading), BulletList(tuple((_link(key, url),) for key, url in links))]
    blocks += [Heading("Where it was said"), *_quotes(finding.evidence[:_QUOTES_IN_TICKET])]
    more = len(finding.evidence) - _QUOTES_IN_TICKET
    if more > 0:
        blocks.append(Paragraph((Text(f"And {more} more {'mention' if more == 1 else 'mentions'}."),)))
    blocks += [Heading("Why it was filed"), BulletList(_reasons(finding)), Heading("Is it right?"), _how_to(labels)]
    return tuple(blocks)


def _statement(finding: Finding) -> Paragraph:
    first = finding.evidence[0]
    on = f" on {first.time.day} {first.time:%B %Y}" if first.time else ""
    talks = len({(item.log, item.conversation) for item in finding.evidence})
    end = "and still open when that conversation ended." if talks == 1 else "and still open."
    if finding.status == "deferred":
        end = "and put off, but not dropped."
    count = len(finding.evidence)
    where = f"in {talks} conversations" if talks > 1 else "there"
    often = f" It was mentioned {count} times {where}." if count > 1 else ""
    who = _ROLES.get(first.speaker.casefold(), first.speaker)
    return Paragraph((Text(_WHAT[finding.kind]), Text(who), Text(f"{on} in "), Code(first.log), Text(f" {end}{often}")))


def _link(key: str, url: str) -> Inline:
    return Link(key, url) if url.startswith(("http://", "https://")) else Code(key)


def _reasons(finding: Finding) -> tuple[tuple[Inline, ...], ...]:
    detectors = ", ".join(finding.detectors)
    return (
        *((Text(reason),) for reason in finding.why),
        (Text("found by "), Code(detectors)),
        (Text(f"confidence {finding.confidence:.2f}, priority {finding.priority}"),),
    )


def _how_to(labels: Labels) -> BulletList:
    return BulletList(
        (
            (
                Strong("Yes: "),
                Text("remove the label "),
                Code(labels.needs_review),
                Text(" or add "),
                Code(labels.accepted),
            ),
            (Strong("No: "), Text("add "), Code(labels.rejected), Text(" or close it as not planned; it stays away")),
            (Strong("Leave me alone: "), Text("add "), Code(labels.hands_off), Text("; the bot keeps off this ticket")),
        )
    )


def _quotes(items: Sequence[Evidence]) -> list[Quote]:
    return [Quote(item.quote, caption(item)) for item in items]


def caption(item: Evidence) -> tuple[Inline, ...]:
    """Who said it, where it stands, and when."""
    who = f"{item.speaker} ({item.role})" if item.speaker and item.speaker.casefold() != item.role else item.role
    lines = (
        f"line {item.line_start}" if item.line_start == item.line_end else f"lines {item.line_start}-{item.line_end}"
    )
    when = f", {item.time:%Y-%m-%d %H:%M} UTC" if item.time else ""
    return (Text(f"{who}, "), Code(item.log), Text(f" {lines}{when}"))


def ticket_labels(finding: Finding, labels: Labels, *, by_hand: bool = False) -> tuple[str, ...]:
    """The labels a new ticket carries, each once, in a fixed order."""
    named = (
        labels.base,
        labels.accepted if by_hand else labels.needs_review,
        labels.kind.format(kind=finding.kind),
        labels.priority.format(priority=finding.priority),
        labels.confidence.format(band=confidence_band(finding.confidence)),
        *labels.extra,
    )
    return tuple(dict.fromkeys(label for label in named if label))


def confidence_band(confidence: float) -> str:
    """``high`` from 0.9, ``medium`` from 0.75, else ``low``."""
    return "high" if confidence >= 0.9 else "medium" if confidence >= 0.75 else "low"


def sightings_comment(
    finding: Finding,
    newest: Sequence[Evidence],
    conversations: int,
    first: str,
    last: str,
    *,
    done: str = "",
    on: str = "",
    related: Sequence[tuple[str, str]] = (),
) -> Document:
    """The bot's one comment: how often, since when, and the newest quotes. Edited in place, so it tells the whole.

    ``done`` is the log that says that it is done, on the day ``on``; ``related`` are keys and addresses of tickets that
    point to this one. Nothing in ``newest`` means that it was not mentioned since.
    """
    count = len(finding.evidence)
    times, talks = "time" if count == 1 else "times", "conversation" if conversations == 1 else "conversations"
    summary = f"Mentioned {count} {times} in {conversations} {talks}, first on {first}, last on {last}."
    shown = list(newest)[-_QUOTES_IN_COMMENT:]
    quoted = {item.log for item in shown}
    further = tuple(dict.fromkeys(item.log for item in reversed(newest) if item.log not in quoted))
    blocks: list[Block] = []
    if done:
        told = Text(f" says on {on} that this is done. Please close it if that is so.")
        blocks.append(Paragraph((Strong("Maybe resolved. "), Code(done), told)))
    if shown:
        blocks += [Paragraph((Strong("Seen again. "), Text(summary))), *_quotes(shown)]
    if further:
        blocks += [Paragraph((Text("Also in, newest first:"),)), _log_list(further)]
    if related:
        blocks += [Paragraph((Strong("Related"),)), BulletList(tuple((_link(key, url),) for key, url in related))]
    return tuple(blocks)


def _log_list(logs: Sequence[str]) -> BulletList:
    shown: list[tuple[Inline, ...]] = [(Code(log),) for log in logs[:_LOGS_IN_COMMENT]]
    if len(logs) > _LOGS_IN_COMMENT:
        shown.append((Text(f"and {len(logs) - _LOGS_IN_COMMENT} more"),))
    return BulletList(tuple(shown))


def recurrence_note(newest: Sequence[Evidence], closed_on: str) -> Document:
    """Says that a loose end closed as done has come up since."""
    told = f"This was closed as done on {closed_on}, and has been mentioned since:"
    return (Paragraph((Text(told),)), *_quotes(list(newest)[-_QUOTES_IN_COMMENT:]))


def undo_note(run: str) -> Document:
    """Says why the bot closes a ticket that it had filed."""
    return (Paragraph((Text("Taken back: the run "), Code(run), Text(" that filed this ticket was undone."))),)
