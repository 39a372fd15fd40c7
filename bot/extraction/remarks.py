"""What people say about a loose end named before: it works now, not now, next year, it is on that page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.extraction.candidates import Candidate
from bot.extraction.cues import load, pattern
from bot.extraction.grammar import identifiers
from bot.extraction.transcript import Passage, Transcript

_BUT = re.compile(r"\bbut\b|\bexcept\b|\bhowever\b|\bnot\b", re.IGNORECASE)


def propose(transcript: Transcript) -> Iterator[Candidate]:
    """Remarks of humans, at most one of each act for a sentence."""
    for passage in transcript.human():
        if passage.block.kind in ("prose", "item") and len(passage.text) <= 600:
            yield from _remarks(passage)


def _remarks(passage: Passage) -> Iterator[Candidate]:
    seen: set[str] = set()
    asks = passage.text.endswith("?")
    for cue in load().tables["remark"]:
        match = cue.pattern.search(passage.text)
        if match is None or cue.act in seen or asks or pattern("remark_held").search(passage.text[: match.start()]):
            continue
        if cue.act == "close" and _BUT.search(passage.text[match.end() :]):
            continue
        names: tuple[str, ...] = ()
        wording = ""
        if cue.act == "component":
            wording = match.group("place")
            if pattern("remark_vague_place").match(wording):
                continue
            names = identifiers(wording) or ()
        seen.add(cue.act)
        yield Candidate(
            kind="bug",
            detector="remark",
            cue=cue.name,
            passage=passage,
            strength="remark",
            phrase=wording,
            refers=True,
            names=names,
            act=cue.act,  # type: ignore[arg-type]
            at=match.start(),
        )
