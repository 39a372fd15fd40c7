"""Which loose end a remark is about: the one it names, else the one that was talked of last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.extraction.candidates import Candidate
from bot.extraction.cues import pattern
from bot.extraction.grammar import stems
from bot.extraction.transcript import Passage, Transcript

if TYPE_CHECKING:
    from bot.extraction.threads import Thread

_ANSWER = 60  # passages at the end of an answer that tell what it was on
_REACH = 200  # loose ends back that a remark may name
_TELLING = 2  # content words of a sentence that is about something
_END = 2  # sentences at the end of a turn that the assistant answers
_SAYING = frozenset("said told think guess least hope say wait leav later skip work day week month year today".split())
_OUTCOMES = ("close", "defer", "schedule", "reopen")


def meant(remark: Candidate, near: Sequence[Thread], threads: Sequence[Thread], transcript: Transcript) -> list[Thread]:
    """The threads that a remark speaks of. ``near`` are the recent ones, latest first, ``threads`` all of them."""
    if remark.act == "all_urgent":
        return [t for t in threads[-_REACH:] if t.kind == "bug"]
    if remark.act in ("component", "cause"):
        near = [t for t in near if t.kind == "bug"]
    if remark.act not in _OUTCOMES:
        told = stems(remark.passage.text)
        return _most(near, told)
    closed = remark.act == "reopen"
    return _outcome(remark, [t for t in near if _is_closed(t) == closed], threads, transcript)


def _outcome(
    remark: Candidate, near: Sequence[Thread], threads: Sequence[Thread], transcript: Transcript
) -> list[Thread]:
    """In this order: what the clause names, what the sentence before is about, what the assistant's advice was on."""
    if pattern("remark_others").search(f"{remark.phrase} {_own_words(remark)}"):
        return []
    alive = [t for t in reversed(threads[-_REACH:]) if _is_closed(t) == (remark.act == "reopen")]
    clause, before = stems(remark.phrase) - _SAYING, _sentences_before(remark, transcript)
    for words in (clause, stems(remark.passage.text[: remark.at] + _own_words(remark)), stems(" ".join(before))):
        if named := [t for t in alive if _names(words - _SAYING, t, near)]:
            return _with_kin(_all_meant(_most(named, words), near, remark), near, remark)
    if clause and remark.strength != "answer":
        return []
    last = [t for t in near if t.mentions[-1].passage.order >= transcript.before(remark.passage)]
    if not last and _is_elsewhere(before, _advice(remark, transcript)):
        return []
    return _with_kin(_alone(remark, last or near, transcript), near, remark)


def _is_elsewhere(before: list[str], advice: frozenset[str]) -> bool:
    """Whether the person has turned to a thing of their own before the remark, which is about that then."""
    told = stems(" ".join(before))
    return len(told) >= _TELLING and not told & advice and not pattern("remark_pointing").search(" ".join(before))


def _own_words(remark: Candidate) -> str:
    """The rest of the clause that the remark is made in."""
    return pattern("remark_clause").split(remark.passage.text[remark.at :], maxsplit=1)[0]


def _alone(remark: Candidate, near: Sequence[Thread], transcript: Transcript) -> list[Thread]:
    """For "that did it" and "not now": what the assistant spoke of, or the one thing that can be meant."""
    advice = _advice(remark, transcript)
    if remark.act != "close":
        near = _offered([t for t in near if _is_fresh(t, remark, transcript)] or near, remark, transcript)
    first = _most(near, advice)
    if remark.act != "close" or (first and _advised(first[0], near, advice)):
        return _all_meant(first, near, remark)
    if stems(remark.phrase) - _SAYING:
        return []
    if remark.strength in ("answer", "fresh"):
        near = [t for t in near if _is_fresh(t, remark, transcript)]
    return list(near) if len(near) == 1 else []


def _advised(thread: Thread, near: Sequence[Thread], advice: frozenset[str]) -> bool:
    """Whether the assistant's answer was on this thread: one word in common is enough for the one spoken of last."""
    shared = len(thread.stems & advice)
    return shared >= 2 or (shared > 0 and (thread is near[0] or shared == len(thread.stems)))


def _all_meant(found: list[Thread], near: Sequence[Thread], remark: Candidate) -> list[Thread]:
    """With "those" and "any of them" all that was listed together with the one that was found."""
    if not found or not pattern("remark_plural").search(_own_words(remark)):
        return found
    turn = found[0].mentions[0].passage.turn
    return [*found, *(t for t in near if t not in found and t.mentions[0].passage.turn == turn)]


def _is_fresh(thread: Thread, remark: Candidate, transcript: Transcript) -> bool:
    """Whether the person spoke of it at the end of the turn before, so that the assistant answered it."""
    said = transcript.spoken_before(remark.passage.turn, "human")
    return bool(said) and thread.mentions[-1].passage.order >= said[-1].order - _END


def _sentences_before(remark: Candidate, transcript: Transcript) -> list[str]:
    """The sentences before in the same turn, which "it" and "that" stand for."""
    turn = transcript.turns[remark.passage.turn]
    at = remark.passage.order - turn[0].order
    return [p.text for p in turn[max(0, at - _END - 1) : at]]


def _names(words: frozenset[str], thread: Thread, near: Sequence[Thread]) -> bool:
    shared = len(words & thread.stems)
    return shared >= 2 or (shared > 0 and (shared == len(thread.stems) or thread in near))


def _most(threads: Sequence[Thread], words: frozenset[str]) -> list[Thread]:
    """The thread that shares most words, the first of equals."""
    best = max(threads, key=lambda t: len(t.stems & words), default=None)
    return [best] if best is not None else []


def _with_kin(found: list[Thread], near: Sequence[Thread], remark: Candidate) -> list[Thread]:
    """A fault that is mended takes the task of mending it along, and the other way round."""
    if remark.act != "close" or not found:
        return found
    first = found[0]
    kin = [t for t in near if (t.kind == "bug") != (first.kind == "bug") and len(t.stems & first.stems) >= 2]
    return [*found, *(t for t in kin if t not in found)]


def _is_closed(thread: Thread) -> bool:
    outcome = thread.outcome
    last = max(m.passage.order for m in thread.mentions[-2:])
    return outcome is not None and outcome.act == "close" and outcome.passage.order >= last


def _offered(near: Sequence[Thread], remark: Candidate, transcript: Transcript) -> Sequence[Thread]:
    """Those that the assistant's last sentence spoke of; none where that offered something else."""
    said = _answer(remark, transcript)
    if not said or remark.passage.index:
        return near
    told = stems(said[-1].text)
    spoken = [t for t in near if t.stems & told]
    is_other = len(told) > _TELLING and not pattern("remark_pointing").search(said[-1].text)
    return spoken or ([] if is_other else near)


def _answer(remark: Candidate, transcript: Transcript) -> list[Passage]:
    """The assistant's prose right before the remark's turn."""
    before = transcript.spoken_before(remark.passage.turn)
    return [p for p in before[-_ANSWER:] if p.role == "assistant" and p.block.kind in ("prose", "item")]


def _advice(remark: Candidate, transcript: Transcript) -> frozenset[str]:
    return stems(" ".join(p.text for p in _answer(remark, transcript))[:4000])
