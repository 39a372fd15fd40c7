"""Finds secrets behind base64: a run that decodes to text with a secret in it."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator

from bot.safety.spans import Span

_RUN = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{24,8192}={0,2}(?![A-Za-z0-9+/_-])")
_PRINTABLE = re.compile(r"[\t\n\r -~]+")


def find_encoded(text: str, has_secret: Callable[[str], bool]) -> Iterator[Span]:
    """Base64 runs whose plain text has a secret, as Kubernetes manifests and CI variables hold them."""
    for match in _RUN.finditer(text):
        plain = _decoded(match[0])
        if plain and has_secret(plain):
            yield Span(start=match.start(), end=match.end(), kind="encoded secret")


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
