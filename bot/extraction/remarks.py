"""What people say about a loose end named before: it works now, not now, next year, it is on that page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.extraction.candidates import Candidate
from bot.extraction.cues import Cue, alive, pattern, table_bits
from bot.extraction.grammar import identifiers
from bot.extraction.transcript import Passage, Transcript

_MARKER = re.compile(r"[A-Z]{3,8}\b[^:]{0,20}:")
_CONTRACTED = re.compile(r"\w{1,6}n't\b|'\w{1,2}\b")
_LATEST_ANSWER = 3  # passages of a turn in which a reply to the assistant may say what was done


def propose(transcript: Transcript) -> Iterator[Candidate]:
    """Remarks of humans, at most one of each act for a sentence."""
    before = "human"
    for number, turn in enumerate(transcript.conversation.turns):
        replies = before == "assistant"
        before = turn.role if turn.role in ("human", "assistant") else before
        is_read = turn.role == "human" and transcript.turns.mask(number) & table_bits("remark")
        for at, passage in enumerate(transcript.turns[number] if is_read else ()):
            if passage.block.kind in ("prose", "item") and len(passage.text) <= 600:
                yield from _remarks(passage, answers=replies and at < _LATEST_ANSWER)


def _remarks(passage: Passage, *, answers: bool) -> Iterator[Candidate]:
    seen: set[str] = set()
    if passage.text.endswith("?") or passage.block.checked is not None or _MARKER.match(passage.text):
        return
    for cue in alive("remark", passage.cues):
        if cue.act in seen or (cue.strength == "answer" and not answers):
            continue
        match = next((m for m in cue.pattern.finditer(passage.text) if _is_meant(passage.text, m, cue.act)), None)
        found = _remark(passage, cue, match) if match else None
        if found:
            seen.add(cue.act)
            yield found


def _is_meant(text: str, match: re.Match[str], act: str) -> bool:
    """Whether the words are said as a fact: not supposed, hoped for or denied, and closed without reserve."""
    if pattern("remark_held").search(text[: match.start()]) or text.count("`", 0, match.start()) % 2:
        return False
    return act != "close" or not pattern("remark_reserve").search(text[match.end() :])


def _remark(passage: Passage, cue: Cue, match: re.Match[str]) -> Candidate | None:
    names: tuple[str, ...] = ()
    before = pattern("remark_clause").split(passage.text[: match.start()])[-1]
    wording = _CONTRACTED.sub("", f"{before} {match.groupdict().get('thing') or ''}")
    if cue.act == "component":
        wording = match.group("place")
        if pattern("remark_vague_place").match(wording):
            return None
        names = identifiers(wording)
    return Candidate(
        kind="bug",
        detector="remark",
        cue=cue.name,
        passage=passage,
        strength=cue.strength or "remark",
        phrase=wording,
        refers=True,
        names=names,
        act=cue.act,  # type: ignore[arg-type]
        at=match.start(),
    )
