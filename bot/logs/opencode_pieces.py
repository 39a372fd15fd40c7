"""The pieces in which opencode keeps a session, put together to what ``opencode export`` prints of it."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import BinaryIO

import msgspec
from msgspec import Struct

# Parts that say nothing and may be large: contents of files, what is needed to undo.
LEFT_OUT = frozenset({"snapshot", "patch", "file", "reasoning"})


class Piece(Struct):
    id: str = ""
    type: str = ""
    time: dict[str, object] | None = None

    @property
    def order(self) -> tuple[float, str]:
        created = (self.time or {}).get("created")
        return float(created) if isinstance(created, int | float) else 0.0, self.id


_piece = msgspec.json.Decoder(Piece)


class Export:
    """Puts pieces together to one document, each on lines of its own; ``pieces`` in it tells where each begins."""

    def __init__(self) -> None:
        self._out = bytearray()
        self._pieces: list[tuple[int, str]] = []
        self._broken = 0
        self._messages = 0
        self._line = 1

    def begin(self, info: bytes, name: str) -> None:
        self._out += b'{"info":'
        self._piece(info, name)
        self._out += b',"messages":['

    def message(self, info: bytes, name: str, parts: Iterable[tuple[bytes, str]]) -> None:
        self._out += b',{"info":' if self._messages else b'{"info":'
        self._messages += 1
        self._piece(info, name)
        self._out += b',"parts":['
        for number, (part, own) in enumerate(parts):
            self._out += b"," if number else b""
            self._piece(part, own)
        self._out += b"]}"

    def end(self) -> BinaryIO:
        tail = {"pieces": self._pieces, "broken": self._broken}
        self._out += b"]," + msgspec.json.encode(tail)[1:]
        return BytesIO(bytes(self._out))

    def _piece(self, raw: bytes, name: str) -> None:
        try:
            msgspec.json.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # one that is just being written
            raw = b"null"
            self._broken += 1
        if name:
            self._pieces.append((self._line + 1, name))
        self._out += b"\n" + raw + b"\n"
        self._line += raw.count(b"\n") + 2


def decoded(raw: bytes) -> Piece:
    """What tells of a piece; nothing where it is no JSON."""
    try:
        return _piece.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Piece()
