"""What forbids to call two things the same, however alike they are: it would hide one of them."""

from __future__ import annotations

from bot.matching.entry import Entry
from bot.matching.retrieval import Rarity
from bot.matching.signals import is_other_platform, numbers
from bot.matching.vocabulary import about, opposites

_NEGATIONS = frozenset(("not", "no", "never", "cannot", "without"))
_ALIKE = 0.6  # share of the shorter title from which on two titles say nearly the same
_FEW = 2  # words in which such titles may differ besides
_RARE = 0.35  # a word at least so rare is the point of a title that has it alone


def veto(query: Entry, entry: Entry, rarity: Rarity) -> str:
    """The first reason against, in words; "" where there is none."""
    if is_other_platform(query, entry):
        return "another platform"
    if _is_other_component(query, entry):
        return "another component"
    if {query.kind, entry.kind} == {"bug", "feature"}:
        return "one is a fault, the other a wish"
    mine, theirs = frozenset(query.title), frozenset(entry.title)
    if _is_other_number(query, entry, mine - theirs, theirs - mine):
        return "another version or number"
    if len(mine & theirs) < _ALIKE * min(len(mine), len(theirs)):
        return ""
    # a whole name differs where a piece of it does: that counts once
    return _one_word(query, entry, mine - theirs - query.names.keys(), theirs - mine - entry.names.keys(), rarity)


def _one_word(
    query: Entry, entry: Entry, only_mine: frozenset[str], only_theirs: frozenset[str], rarity: Rarity
) -> str:
    """Of titles that say nearly the same: does what they do not share turn the meaning?"""
    against = opposites()
    if any(only_theirs & against.get(term, frozenset()) for term in sorted(only_mine)):
        return "the opposite"
    if only_mine | only_theirs and only_mine | only_theirs <= _NEGATIONS:
        return "a negation"
    about_it = about() & (only_mine - entry.counts.keys() | only_theirs - query.counts.keys())
    if about_it and len((only_mine | only_theirs) - about_it) <= _FEW:
        return "work about it, not the same work"
    if len(only_mine) == len(only_theirs) == 1:
        ((mine,), (theirs,)) = only_mine, only_theirs
        known = mine in entry.counts or theirs in query.counts
        if not known and min(rarity(mine), rarity(theirs)) >= _RARE:
            return "the one word that differs"
    return ""


def _is_other_component(query: Entry, entry: Entry) -> bool:
    if not query.prefix or not entry.prefix or query.prefix & entry.prefix:
        return False
    return not (query.prefix & entry.counts.keys()) and not (entry.prefix & query.counts.keys())


def _is_other_number(query: Entry, entry: Entry, only_mine: frozenset[str], only_theirs: frozenset[str]) -> bool:
    mine, theirs = numbers(only_mine) - entry.counts.keys(), numbers(only_theirs) - query.counts.keys()
    return bool(mine and theirs)
