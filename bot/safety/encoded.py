"""Finds secrets behind base64: a run that decodes to text with a secret in it."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator

from bot.safety.spans import Span

_RUN = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{24,8192}={0,2}(?![A-Za-z0-9+/_-])")
_LEAST = b"a" * 24
_RUN_BYTES = bytes(97 if code < 128 and (chr(code).isalnum() or chr(code) in "+/_-") else 32 for code in range(256))
_PRINTABLE = re.compile(r"[\t\n\r -~]+")


def find_encoded(text: str, has_secret: Callable[[str], bool]) -> Iterator[Span]:
    """Base64 runs whose plain text has a secret, as Kubernetes manifests and CI variables hold them."""
    for start in _long_runs(text):
        match = _RUN.match(text, start)
        plain = _decoded(match[0]) if match else None
        if match and plain and has_secret(plain):
            yield Span(start=match.start(), end=match.end(), kind="encoded secret")


def _long_runs(text: str) -> Iterator[int]:
    """Where runs of base64's letters begin that are long enough."""
    letters = text.encode("ascii", "replace").translate(_RUN_BYTES)
    start = letters.find(_LEAST)
    while start >= 0:
        yield start
        end = letters.find(b" ", start)
        start = letters.find(_LEAST, end) if end >= 0 else -1


def _decoded(run: str) -> str | None:
    """The printable ASCII text of a base64 run, or None."""
    if "/" in run and run.islower():
        return None
    body = run.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        plain = base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    decoded = plain.decode("latin-1")
    return decoded if _PRINTABLE.fullmatch(decoded) else None
