"""What detectors propose: a candidate loose end, or a remark that refers to one said before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.extraction.transcript import Passage
from bot.model import Kind

Act = Literal["propose", "mention", "defer", "schedule", "close", "reopen", "component", "cause", "all_urgent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A proposal of one detector; scoring, merging and wording are decided later, from all of them.

    ``phrase`` is the wording a title can be made of, ``strength`` a row of the confidence table
    (marker, plain, firm, hedged, ...). ``refers`` is set where the words point back ("that",
    "this endpoint") instead of naming a thing. ``act`` other than ``propose`` founds nothing: it tells
    something about a loose end named before. ``group`` joins items of one list.
    """

    kind: Kind
    detector: str
    cue: str
    passage: Passage
    strength: str
    phrase: str = ""
    refers: bool = False
    act: Act = "propose"
    names: tuple[str, ...] = field(default=())  # identifiers that stand with it, e.g. the route of the function
    group: int = -1  # order of the list's head, -1 outside of lists
    verb: str = ""
    scope: tuple[int, ...] = ()  # orders of passages; where another detector speaks of one, this only bears it out
    at: int = 0  # where the cue stands in the passage's text, which orders candidates of one sentence

    @property
    def yields(self) -> bool:
        """Whether it only bears out what another detector found in its scope."""
        return bool(self.scope) and self.refers
