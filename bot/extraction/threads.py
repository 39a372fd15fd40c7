"""A thread is one loose end with all its mentions; candidates in order of speech are joined into threads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate

from bot.extraction.candidates import Candidate
from bot.extraction.cues import pattern
from bot.extraction.grammar import stems
from bot.extraction.reference import meant
from bot.extraction.restated import is_other_work, is_restated, same_place
from bot.extraction.takeup import is_pronoun, named, named_proposal, of_sentence_before, taken_up
from bot.extraction.transcript import Passage, Transcript
from bot.model import Kind


@dataclass(slots=True, kw_only=True, eq=False)
class Thread:
    """One loose end. ``mentions`` say what it is, ``remarks`` what was said about it; both in order of speech.

    ``outcome`` is the last remark that closed or reopened it.
    """

    kind: Kind
    mentions: list[Candidate]
    remarks: list[Candidate] = field(default_factory=list)
    outcome: Candidate | None = None
    parent: Thread | None = None
    stems: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    component: str = ""

    @property
    def last(self) -> int:
        """The turn it was last spoken of."""
        return self.latest.turn

    @property
    def latest(self) -> Passage:
        """The passage it was last spoken of."""
        named = self.mentions[-1].passage
        told = self.remarks[-1].passage if self.remarks else named
        return told if told.order > named.order else named

    @property
    def inherited(self) -> list[Candidate]:
        """Remarks on the wish above a list, which hold for its items; the first few tell all that more would."""
        return self.parent.remarks[:_INHERITED] if self.parent else []

    def add(self, candidate: Candidate) -> None:
        """Joins a mention; a reference back brings no words of its own."""
        self.mentions.append(candidate)
        self.names |= frozenset(candidate.names)
        if not candidate.refers:
            self.stems |= stems(candidate.phrase)

    def remark(self, candidate: Candidate) -> None:
        """Joins what was said about it."""
        self.remarks.append(candidate)
        if candidate.act in ("close", "reopen"):
            self.outcome = candidate


_INHERITED = 50
_MENDING = frozenset("fix debug investigate resolve address sort solve patch repair correct look".split())
_NEAR = 2  # human turns back that "it" and "that" may reach
_REACH = 200  # loose ends back that anything said may belong to
_WORDINGS = 50  # mentions whose verbs a task is known by; later ones only say it again
_WISHES = 1000  # loose ends back, items of the same list among them, that the wish above a list may be
_TOPIC = 6  # human turns that a remark may come after the last loose end, with no other one in between


def thread(candidates: Iterable[Candidate], transcript: Transcript) -> list[Thread]:
    """Joins candidates, given in order of speech, into threads in order of first mention."""
    threads: list[Thread] = []
    numbers = list(accumulate(int(turn.role == "human") for turn in transcript.conversation.turns))
    for candidate in candidates:
        recent = _by_recency(threads)
        near = [t for t in reversed(recent) if numbers[candidate.passage.turn] - numbers[t.last] <= _NEAR]
        if candidate.act != "propose":
            topic = [t for t in recent[-1:] if numbers[candidate.passage.turn] - numbers[t.last] <= _TOPIC]
            spoken_of = near or topic
            if candidate.act == "close":
                spoken_of = [t for t in spoken_of if not _is_laid_aside(t, candidate)]
            _remark(candidate, spoken_of, threads, transcript)
            continue
        if candidate.scope and _joined(candidate, recent):
            continue
        if candidate.refers and (
            proposal := _named(candidate, near, transcript) or _agreed(candidate, near, transcript)
        ):
            del threads[len(threads) - _only_pointed(threads[-1:], candidate) :]
            threads.append(_start(proposal, threads))
            threads[-1].mentions.append(candidate)
            continue
        if candidate.cue == "let's" and not is_pronoun(candidate):
            continue
        if candidate.refers and candidate.verb not in _MENDING:
            before = transcript.before(candidate.passage)
            spoken = [t for t in near if t.mentions[-1].passage.order >= before]
            named_before = None if spoken else of_sentence_before(candidate, transcript)
            if named_before:
                threads.append(_start(named_before, threads))
                continue
        home = _home(candidate, near, threads)
        if home is not None:
            home.add(candidate)
        elif candidate.refers and candidate.detector != "symptom":
            if proposal := taken_up(candidate, transcript):
                threads.append(_start(proposal, threads))
                threads[-1].mentions.append(candidate)
        else:
            threads.append(_start(candidate, threads))
    return threads


def _is_laid_aside(known: Thread, candidate: Candidate) -> bool:
    """Whether people put it off in an earlier turn and said no more of it: a bare "works now" is of something else."""
    last = max([*known.mentions, *known.remarks], key=lambda c: c.passage.order)
    puts_off = last.act in ("defer", "schedule") or last.cue in ("put off", "on the pile")
    return puts_off and last.passage.turn < candidate.passage.turn


def _joined(candidate: Candidate, recent: list[Thread]) -> bool:
    """Whether an unsettled matter has found its place: what was heard in it before; nowhere, where it only yields."""
    spoken = (t for t in reversed(recent) if any(m.passage.order in candidate.scope for m in t.mentions[:_WORDINGS]))
    home = next(spoken, None)
    if home is not None:
        home.add(candidate)
    return home is not None or candidate.yields


def _only_pointed(last: list[Thread], candidate: Candidate) -> bool:
    """Whether what was kept a moment ago is the idea that ``candidate`` takes up: "The digest! Put it on the list."."""
    first = [t.mentions[0] for t in last]
    return any(
        c.scope and candidate.passage.order in c.scope and c.passage.turn == candidate.passage.turn for c in first
    )


def _named(candidate: Candidate, near: list[Thread], transcript: Transcript) -> Candidate | None:
    """The assistant's idea that the words around "I'll add that" name, unless they name a known loose end as well."""
    if candidate.detector != "commitment" or candidate.verb in _MENDING:
        return None
    told = named(candidate, transcript)
    known = max((len(t.stems & told) for t in near if t.kind != "bug"), default=0)
    return named_proposal(candidate, transcript, known)


def _agreed(candidate: Candidate, near: list[Thread], transcript: Transcript) -> Candidate | None:
    """The assistant's own idea, where the person opens with "good point" and the assistant was not assenting itself."""
    said = transcript.turns[candidate.passage.turn]
    if candidate.detector != "commitment" or candidate.passage.order > said[0].order + 1:
        return None
    before = transcript.turns[candidate.passage.turn - 1] if candidate.passage.turn else ()
    if not before or pattern("assents").match(before[0].text):
        return None
    if pattern("agrees").match(said[0].text):
        return taken_up(candidate, transcript)
    proposal = taken_up(candidate, transcript) if pattern("takeup_yes").match(said[0].text) else None
    return proposal if proposal and not any(t.stems & stems(proposal.phrase) for t in near) else None


def _by_recency(threads: list[Thread]) -> list[Thread]:
    """The last ones, latest at the end; a taken-up proposal stands before the words that take it up."""
    return sorted(threads[-_REACH:], key=lambda t: t.latest.order)


def _start(candidate: Candidate, threads: list[Thread]) -> Thread:
    parent = None
    if candidate.strength == "imagined":
        earlier = (t for t in reversed(threads[-_WISHES:]) if t.kind == candidate.kind and t.mentions[0].group < 0)
        parent = next((t for t in earlier if candidate.passage.turn - t.last <= 2), None)
    return Thread(
        kind=candidate.kind,
        mentions=[candidate],
        parent=parent,
        stems=stems(candidate.phrase),
        names=frozenset(candidate.names),
    )


def _remark(candidate: Candidate, near: list[Thread], threads: list[Thread], transcript: Transcript) -> None:
    for target in meant(candidate, near, threads, transcript):
        known = target.parent if target.parent is not None and candidate.act in ("schedule", "defer") else target
        known.remark(candidate)
        if candidate.act == "component":
            known.component = known.component or candidate.phrase.strip("`")
            known.names |= frozenset(candidate.names)


def _home(candidate: Candidate, near: list[Thread], threads: list[Thread]) -> Thread | None:
    """The thread that a candidate speaks of, None where it opens a new one."""
    if candidate.refers:
        if found := _referred(candidate, near):
            return found
        if candidate.detector != "symptom":
            return None
    mine = stems(candidate.phrase)
    return next((t for t in reversed(threads[-_REACH:]) if _same(candidate, mine, t, near)), None)


def _referred(candidate: Candidate, near: list[Thread]) -> Thread | None:
    if candidate.detector == "symptom":
        if pattern("thread_new").search(candidate.passage.text):
            return None
        return next((t for t in near if t.kind == "bug"), None)
    mending = candidate.verb in _MENDING
    wanted = [t for t in near if (t.kind == "bug") == mending and t.mentions[0].strength != "step"]
    return next(iter(wanted), None) if wanted or mending else None


def _differ(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether each of two short tasks names something that the other does not, such as the cache and the schema."""
    return bool(mine - theirs) and bool(theirs - mine) and len(mine & theirs) / min(len(mine), len(theirs)) < 0.7


def _same(candidate: Candidate, mine: frozenset[str], other: Thread, near: list[Thread]) -> bool:
    if (candidate.kind == "bug") != (other.kind == "bug"):
        return False
    if (
        candidate.kind == "bug"
        and candidate.detector == "marker"
        and other.names & set(candidate.names)
        and other in near
    ):
        return True
    shared, least = len(mine & other.stems), min(len(mine), len(other.stems))
    if not shared or (candidate.kind != "bug" and is_other_work(mine, other.stems)):
        return False
    last = other.mentions[-1]
    if last.passage.turn == candidate.passage.turn and {last.detector, candidate.detector} <= {"marker", "list"}:
        listed_again = last.detector != candidate.detector and shared >= 2 and shared / least >= 0.6
        return listed_again or mine == other.stems
    marked = candidate.detector == last.detector == "marker"
    if shared / least >= 0.6 and shared >= 2 and not (marked and _differ(mine, other.stems)):
        return True
    if other.kind != "bug" and (
        is_restated(candidate, mine, other.mentions[:_WORDINGS], other.stems)
        or same_place(candidate, mine, other.names, other.stems)
    ):
        return True
    return shared < 2 and least == 1 and max(len(mine), len(other.stems)) <= 2 and other in near
