"""The stable, versioned identity of a loose end across conversations and rewordings of no consequence."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from bot.model import Kind

VERSION = "v1"


def fingerprint(kind: Kind, title: str) -> str:
    """``v1-`` and 24 hexadecimal digits. Kind is part of it: a bug and the task that mends it are two tickets."""
    return f"{VERSION}-{_digest(kind, *_words(title))}"


def short_id(fingerprint: str) -> str:
    """A name for people to type, of 10 hexadecimal digits."""
    return hashlib.sha256(fingerprint.encode()).hexdigest()[:10]


def title_key(title: str) -> str:
    """The same for a ticket that a person filed, of which no kind is known."""
    return f"{VERSION}-title-{_digest(*_words(title))}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:24]


@lru_cache(maxsize=10_000)
def _words(title: str) -> tuple[str, ...]:
    from bot.matching.normal_form import words  # its patterns would be compiled at every start

    return tuple(words(title))
