"""Work that a person puts off in the same breath as naming it: "we'll leave tidying the menu for a later time"."""

from __future__ import annotations

from collections.abc import Iterator

from bot.extraction.candidates import Candidate
from bot.extraction.commitments import kind_of
from bot.extraction.cues import alive, pattern
from bot.extraction.grammar import base_form, identifiers, is_quoted, leading_verb, phrase, stems
from bot.extraction.transcript import Passage, Transcript


def propose(transcript: Transcript) -> Iterator[Candidate]:
    """One candidate for each sentence of a human that names work and puts it off."""
    for passage in transcript.human("deferral"):
        if passage.block.kind in ("prose", "item") and len(passage.text) <= 600 and not passage.text.endswith("?"):
            found = _put_off(passage)
            yield from [found] if found else []


def _put_off(passage: Passage) -> Candidate | None:
    for cue in alive("deferral", passage.cues):
        match = cue.pattern.search(passage.text)
        if match is None or is_quoted(passage.text, match.start()):
            continue
        if pattern("remark_held").search(passage.text[: match.start()]):
            continue
        wording = phrase(match.group("thing"))
        if pattern("deferral_pointing").match(wording) or not stems(wording):
            return None
        first, _, rest = wording.partition(" ")
        wording = f"{base_form(first)} {rest}" if first.lower().endswith("ing") and rest else wording
        found = leading_verb(wording, listed=True)
        return Candidate(
            kind=kind_of(found[1], found[2], "firm") if found else "todo",
            detector="deferral",
            cue=cue.name,
            passage=passage,
            strength="hedged",
            phrase=wording,
            names=identifiers(wording),
            verb=found[0] if found else "",
            at=match.start(),
        )
    return None
