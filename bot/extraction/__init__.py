"""Finds the loose ends of a conversation by rules: deterministic, without network, explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from bot.extraction import own_cues
from bot.extraction.candidates import Candidate
from bot.extraction.detectors import detectors
from bot.extraction.features import features
from bot.extraction.grammar import stems
from bot.extraction.nearby import evidence
from bot.extraction.own_cues import OwnCue
from bot.extraction.priority import priorities
from bot.extraction.probability import Calibration, calibrated, calibration, scaled
from bot.extraction.records import is_record
from bot.extraction.resolution import status
from bot.extraction.scoring import confidence
from bot.extraction.threads import Thread, thread
from bot.extraction.titles import title
from bot.extraction.transcript import Transcript, read
from bot.model import Conversation, Finding, Kind, Priority

_MOST_MENTIONS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A finding with what its confidence was worked out from; ``cues`` are "detector: cue" of all its mentions."""

    finding: Finding
    features: Mapping[str, float]
    cues: tuple[str, ...]


def extract(conversation: Conversation, *, own: Sequence[OwnCue] = ()) -> tuple[Finding, ...]:
    """All loose ends of a conversation in order of first mention, resolved and doubtful ones included.

    A pure function of what it is given: the turns may be the new part of a longer talk, or that part
    with earlier turns before it. ``own`` are cues that the user adds.
    """
    return tuple(examined.finding for examined in examine(conversation, own=own))


def examine(
    conversation: Conversation,
    *,
    own: Sequence[OwnCue] = (),
    without: frozenset[str] = frozenset(),
    weights: Calibration | None = None,
) -> tuple[Examined, ...]:
    """As ``extract``, with the features of each finding.

    ``without`` names detectors ("wish") and cues ("wish: would be nice") to leave out; ``weights`` stand in for
    the shipped ones.
    """
    transcript = read(conversation)
    threads = thread(_claimed(transcript, own, without), transcript)
    ranked = zip(threads, priorities(threads, transcript), strict=True)
    return tuple(_examined(t, level, signals, transcript, weights or calibration()) for t, (level, signals) in ranked)


def _claimed(
    transcript: Transcript, own: Sequence[OwnCue] = (), without: frozenset[str] = frozenset()
) -> list[Candidate]:
    """Candidates in order of speech, without those whose words a better detector has claimed."""
    kept: dict[int, list[Candidate]] = {}
    proposals = (candidate for _, propose in detectors() for candidate in propose(transcript))
    for proposal in chain(proposals, own_cues.propose(transcript, own)):
        if without and {proposal.detector, f"{proposal.detector}: {proposal.cue}"} & without:
            continue
        if proposal.act == "propose" and proposal.detector != "minutes" and is_record(proposal.passage, transcript):
            continue
        candidate = _yielding(proposal, kept)
        rivals = kept.setdefault(proposal.passage.order, [])
        if candidate and (
            candidate.act != "propose" or candidate.yields or not any(_beats(r, candidate) for r in rivals)
        ):
            rivals.append(candidate)
    return [c for order in sorted(kept) for c in sorted(kept[order], key=lambda c: c.at)]


def _yielding(candidate: Candidate, kept: Mapping[int, Sequence[Candidate]]) -> Candidate | None:
    """The last of a matter's candidates, pointing at what another detector found in the matter; all where none did."""
    if not any(
        r.act == "propose" and not r.scope and not r.refers for order in candidate.scope for r in kept.get(order, ())
    ):
        return candidate
    return replace(candidate, refers=True) if candidate.passage.order == candidate.scope[-1] else None


def _beats(first: Candidate, second: Candidate) -> bool:
    if first.act != "propose":
        return False
    if first.detector in ("marker", "list"):
        return True
    mine, theirs = stems(first.phrase), stems(second.phrase)
    return bool(mine & theirs) or second.refers


def _examined(
    thread: Thread, level: Priority, signals: list[str], transcript: Transcript, weights: Calibration | None
) -> Examined:
    verdict, doubts = confidence(thread, transcript)
    heading = title(thread, transcript)
    known = features(thread, transcript, verdict, doubts, heading)
    # Who adds a cue says how sure it is; what was learned knows nothing of it.
    is_own = any(c.detector == "own" for c in thread.mentions)
    is_marked = thread.mentions[0].detector == "marker"
    value = verdict
    if weights and not is_own:
        value = calibrated(verdict, weights.probability(scaled(known)), is_marked=is_marked)
    if weights and value < verdict:
        doubts = [*doubts, *(f"lowered: {name}" for name in weights.against(known))]
    state, transitions = status(thread, transcript)
    mentions = sorted([*thread.mentions, *thread.remarks], key=lambda c: c.passage.order)
    passages = list({c.passage.order: c.passage for c in mentions}.values())[:_MOST_MENTIONS]
    cues = dict.fromkeys(f'{c.detector}: "{c.cue}"' for c in mentions)
    finding = Finding(
        kind=_kind(thread),
        title=heading,
        confidence=value,
        priority=level,
        status=state,
        evidence=tuple(evidence(p, transcript) for p in passages),
        detectors=tuple(dict.fromkeys(c.detector for c in thread.mentions)),
        why=(*cues, *doubts, *signals, *transitions),
    )
    return Examined(
        finding=finding, features=known, cues=tuple(dict.fromkeys(f"{c.detector}: {c.cue}" for c in mentions))
    )


def _kind(thread: Thread) -> Kind:
    if thread.kind != "bug" and any(c.strength == "marker" and c.kind == "todo" for c in thread.mentions):
        return "todo"
    return thread.kind
