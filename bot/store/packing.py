"""The entries that have a term, packed into bytes: number, count and length of each, in three runs."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator

BLOCK = 8192  # entry numbers in one block

Place = tuple[int, int, int]  # number of the entry, count of the term in it, length of the entry

_MOST_TIMES, _MOST_LENGTH = 0xFF, 0xFFFF
_BYTES = 4 + 1 + 2


def pack(places: list[Place]) -> bytes:
    """The places of one block, by number."""
    numbers = array("I", (number for number, _, _ in places))
    times = bytes(min(count, _MOST_TIMES) for _, count, _ in places)
    lengths = array("H", (min(length, _MOST_LENGTH) for _, _, length in places))
    if sys.byteorder == "big":
        numbers.byteswap()
        lengths.byteswap()
    return numbers.tobytes() + times + lengths.tobytes()


def unpack(data: bytes) -> Iterator[Place]:
    count = len(data) // _BYTES
    numbers, lengths = array("I"), array("H")
    numbers.frombytes(data[: 4 * count])
    lengths.frombytes(data[5 * count :])
    if sys.byteorder == "big":
        numbers.byteswap()
        lengths.byteswap()
    return zip(numbers, data[4 * count : 5 * count], lengths, strict=True)
