"""The entries that have a term, packed into bytes: number, count and length of each, in three runs."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator

from bot.matching.retrieval import Block

BLOCK = 8192  # entry numbers in one block

Place = tuple[int, int, int]  # number of the entry, count of the term in it, length of the entry

_MOST_TIMES, _MOST_LENGTH = 0xFF, 0xFFFF
_BYTES = 4 + 1 + 2


def pack(places: list[Place]) -> bytes:
    """The places of one block, by number."""
    if not places:
        return b""
    all_numbers, all_times, all_lengths = zip(*places, strict=True)
    numbers = array("I", all_numbers)
    times = bytes(all_times if max(all_times) <= _MOST_TIMES else [min(count, _MOST_TIMES) for count in all_times])
    lengths = array(
        "H", all_lengths if max(all_lengths) <= _MOST_LENGTH else [min(length, _MOST_LENGTH) for length in all_lengths]
    )
    if sys.byteorder == "big":
        numbers.byteswap()
        lengths.byteswap()
    return numbers.tobytes() + times + lengths.tobytes()


def size(data: bytes) -> int:
    """How many places are packed."""
    return len(data) // _BYTES


def join(data: bytes, more: bytes) -> bytes:
    """Packed places with others after them, all of higher numbers."""
    one, two = size(data), size(more)
    runs = (data[: 4 * one], more[: 4 * two], data[4 * one : 5 * one], more[4 * two : 5 * two])
    return b"".join((*runs, data[5 * one :], more[5 * two :]))


def unpack(data: bytes) -> Block:
    """Numbers, counts and lengths, as they were packed."""
    count = size(data)
    numbers, lengths = array("I"), array("H")
    numbers.frombytes(data[: 4 * count])
    lengths.frombytes(data[5 * count :])
    if sys.byteorder == "big":
        numbers.byteswap()
        lengths.byteswap()
    return numbers, data[4 * count : 5 * count], lengths


def places(data: bytes) -> Iterator[Place]:
    """What is packed, place by place."""
    return zip(*unpack(data), strict=True)
