"""Sentence embeddings beside the words: what is asked of a model, and of a corpus whose entries have vectors.

Only this module is imported where the extra is not in use; it needs nothing that the core has not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.matching.entry import Entry

WORDS = 60  # of a text that are embedded: the title and how the body begins
NEAREST = 20  # entries that become candidates by their vectors alone

BUILTIN = "builtin"  # the name of the model that comes with the extra

Vector = bytes  # signed bytes in the direction of the vector: lengths mean nothing


class SemanticError(Exception):
    """A model that cannot be used; the message says why, and what to do."""


class Embedder(Protocol):
    """A model in this process that turns texts into vectors; alike texts into vectors of a like direction."""

    @property
    def name(self) -> str:
        """The model's own name with a digest of its files: vectors of different names cannot be compared."""

    @property
    def dimension(self) -> int:
        """Length of a vector, in bytes."""

    def encode(self, texts: Sequence[str]) -> list[Vector]:
        """One vector for each text. The same text gives the same one, whatever is encoded beside it."""


class Meaning(Protocol):
    """The vectors of a corpus: what a query is near to in meaning."""

    def cosines(self, query: Entry, numbers: Sequence[int]) -> Sequence[float]:
        """How near the entries with these numbers are, -1 to 1; one without a vector is as near as the others are."""

    def nearest(self, query: Entry, count: int) -> Sequence[int]:
        """Numbers of the entries nearest to the query, best first; none where there are too many to look at."""


def text_of(entry: Entry) -> str:
    """What of an entry is embedded: its first words as they stand, markup and punctuation gone."""
    return " ".join(entry.words[:WORDS])
