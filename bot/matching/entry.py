"""A ticket or a mention in the form in which it is compared: terms and marks, no prose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.matching.vocabulary import faults, wishes

if TYPE_CHECKING:
    from bot.matching.terms import Terms

TITLE_WEIGHT = 2  # a word of the title counts as often as two in the body

_MOST_WORDS = 200
_PREFIX = re.compile(r"^\s{0,4}[\[(]?([\w .+/-]{2,30}?)(?:[\])]\s{0,3}[:\-–]?|\s?:|\s[-–])\s{1,4}(?=\S)")
_PLATFORMS = {
    **dict.fromkeys(("ios", "iphon", "ipad", "ipado"), "ios"),
    **dict.fromkeys(("android",), "android"),
    **dict.fromkeys(("window", "win32", "win64", "win10", "win11"), "windows"),
    **dict.fromkeys(("maco", "macos", "osx", "mac"), "macos"),
    **dict.fromkeys(("linux", "ubuntu", "debian", "fedora"), "linux"),
    **{name: name for name in ("blackberri", "tizen", "tvos", "watcho", "chrome", "firefox", "safari", "edg")},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One known or asked thing.

    ``title`` are the title's terms in order; ``counts`` the terms of title and body, a title's counted
    ``TITLE_WEIGHT`` times; ``length`` their sum. ``prefix`` is what stands before the title's colon, as terms,
    ``words`` the words as they stand (only of what is asked).
    """

    id: str
    title: tuple[str, ...]
    counts: dict[str, int]
    length: int
    names: dict[str, str]
    errors: frozenset[str]
    frames: frozenset[str]
    prefix: frozenset[str]
    platforms: frozenset[str]
    kind: str
    words: tuple[str, ...] = ()
    created: datetime | None = None
    author: str = ""


def make_entry(
    id_: str, title: str, body: str, *, kind: str = "", created: datetime | None = None, author: str = ""
) -> Entry:
    """The entry of a title and a body (or quote) in any markup."""
    from bot.matching.terms import terms_of  # its patterns would be compiled at every start

    head, rest = terms_of(title), terms_of(body)
    counts = {term: TITLE_WEIGHT * count for term, count in head.counts.items()}
    for term, count in rest.counts.items():
        counts[term] = counts.get(term, 0) + count
    return Entry(
        id=id_,
        title=head.order,
        counts=counts,
        length=sum(counts.values()),
        names=rest.names | head.names,
        errors=head.errors | rest.errors,
        frames=head.frames | rest.frames,
        prefix=_prefix(title),
        platforms=_named_platforms(head),
        kind=kind or _kind(title, head.order),
        words=(*head.words, *rest.words)[:_MOST_WORDS],
        created=created,
        author=author,
    )


def _named_platforms(terms: Terms) -> frozenset[str]:
    return frozenset(_PLATFORMS[term] for term in terms.order if term in _PLATFORMS)


def _kind(title: str, terms: tuple[str, ...]) -> str:
    """What a title says it is: a wish begins with its verb ("Add ...", never "Adding ... fails")."""
    found = _PREFIX.match(title)
    first = title[found.end() if found else 0 :].split(maxsplit=1)[:1]
    if not wishes().isdisjoint(word.lower() for word in (*first, *(found[1].split() if found else ()))):
        return "feature"
    return "bug" if not faults().isdisjoint(terms) else ""


def _prefix(title: str) -> frozenset[str]:
    found = _PREFIX.match(title)
    if not found:
        return frozenset()
    from bot.matching.terms import terms_of

    return frozenset(terms_of(found[1]).order)
