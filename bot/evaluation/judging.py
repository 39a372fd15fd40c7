"""Reads labelled logs, extracts from them and judges each finding against the labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.evaluation.gold import Label, LabelledLog
from bot.evaluation.pairing import likeness, pair
from bot.extraction import Examined, examine
from bot.extraction.probability import Calibration
from bot.logs.base import LogError
from bot.logs.incremental import read_new
from bot.model import Conversation, Finding
from bot.publishing.rules import rule
from bot.safety.redaction import redact_conversation

TITLE_LIKENESS = 0.5  # from here on a title says the same as the person's


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A finding with its label, if it has one; ``right`` means a label that is still open."""

    finding: Finding
    features: Mapping[str, float]
    cues: tuple[str, ...]
    label: Label | None

    @property
    def right(self) -> bool:
        return self.label is not None and self.label.status != "resolved"

    @property
    def ruling(self) -> str:
        """What the default rules do with it: file, hold or drop."""
        return rule(self.finding).ruling

    @property
    def telling(self) -> bool:
        """Whether the title says what the person's title says."""
        return self.label is not None and likeness(self.finding.title, self.label.title) >= TITLE_LIKENESS


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedLog:
    """One log: what was claimed in it, and the wanted labels that nothing was found for."""

    log: LabelledLog
    format: str
    claims: tuple[Judged, ...]
    missed: tuple[Label, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A labelled log as read and redacted, for extracting from it more than once."""

    log: LabelledLog
    talks: tuple[Conversation, ...]


def read(logs: Iterable[LabelledLog], problems: list[str]) -> Iterator[Read]:
    """The logs one by one; what cannot be read is told in ``problems`` and counts as read without any talk."""
    for log in logs:
        try:
            talks = read_new(log.path, name=log.file).conversations
        except LogError as error:
            problems.append(str(error))
            talks = ()
        yield Read(log=log, talks=tuple(redact_conversation(talk)[0] for talk in talks))


def judge(
    log: Read, *, without: frozenset[str] = frozenset(), weights: Calibration | None = None, every: bool = False
) -> JudgedLog:
    """The claims of a log. Resolved findings claim nothing; with ``every`` those that would be dropped count too."""
    found = [e for talk in log.talks for e in examine(talk, without=without, weights=weights)]
    claims = [e for e in found if e.finding.status != "resolved"]
    if not every:
        claims = [e for e in claims if rule(e.finding).ruling != "drop"]
    return _against(log, claims)


def filed(judged: JudgedLog) -> JudgedLog:
    """The same log with the claims alone that the default rules file."""
    claims = [
        Examined(finding=c.finding, features=c.features, cues=c.cues) for c in judged.claims if c.ruling == "file"
    ]
    return _against(Read(log=judged.log, talks=()), claims, judged.format)


def _against(log: Read, claims: Sequence[Examined], form: str = "") -> JudgedLog:
    labels = log.log.findings
    pairs = pair([e.finding for e in claims], labels)
    return JudgedLog(
        log=log.log,
        format=form or (log.talks[0].format if log.talks else "not read"),
        claims=tuple(
            Judged(finding=e.finding, features=e.features, cues=e.cues, label=labels[pairs[n]] if n in pairs else None)
            for n, e in enumerate(claims)
        ),
        missed=tuple(label for n, label in enumerate(labels) if label.wanted and n not in pairs.values()),
    )
