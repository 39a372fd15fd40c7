"""Cues that a user adds: a pattern and what it says, for the words of a team that no general list knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.extraction.candidates import Candidate
from bot.extraction.grammar import identifiers, is_quoted, leading_verb, phrase, stems
from bot.extraction.transcript import Transcript
from bot.model import Kind

_LONGEST = 600  # characters of a sentence; longer ones are data, not speech
_LEAST = 2  # content words after the cue that make a loose end of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCue:
    """``kind`` is what a sentence with the pattern tells; what follows the match, or else all of it, is the wording.

    ``strength`` is a row of the weight table: plain, firm, hedged, wished, vague.
    """

    name: str
    kind: Kind
    pattern: re.Pattern[str]
    strength: str = "firm"


def propose(transcript: Transcript, cues: Iterable[OwnCue]) -> Iterator[Candidate]:
    """One candidate for each sentence of a human that has one of the cues, the first of them."""
    known = tuple(cues)
    for passage in transcript.human() if known else ():
        if passage.block.kind not in ("prose", "item") or len(passage.text) > _LONGEST:
            continue
        for cue in known:
            match = cue.pattern.search(passage.text)
            if match is None or is_quoted(passage.text, match.start()):
                continue
            rest = phrase(passage.text[match.end() :].lstrip(" :-"))
            wording = rest if len(stems(rest)) >= _LEAST else phrase(passage.text)
            found = leading_verb(wording, listed=True)
            yield Candidate(
                kind=cue.kind,
                detector="own",
                cue=cue.name,
                passage=passage,
                strength=cue.strength,
                phrase=wording,
                names=identifiers(wording),
                verb=found[0] if found else "",
                at=match.start(),
            )
            break
