"""A secret's place in a text, and how overlapping places become one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The half-open range ``text[start:end]`` that must not be seen; ``kind`` is what a reader is told was there."""

    start: int
    end: int
    kind: str


def merge(spans: Iterable[Span]) -> list[Span]:
    """Join spans that overlap or touch, in text order; the kind of the span that was given first wins."""
    ranked = sorted(enumerate(spans), key=lambda pair: (pair[1].start, pair[0]))
    merged: list[tuple[int, Span]] = []
    for rank, span in ranked:
        if not merged or span.start > merged[-1][1].end:
            merged.append((rank, span))
            continue
        last_rank, last = merged[-1]
        kind = span.kind if rank < last_rank else last.kind
        joined = Span(start=last.start, end=max(last.end, span.end), kind=kind)
        merged[-1] = (min(rank, last_rank), joined)
    return [span for _, span in merged]
