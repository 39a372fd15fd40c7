"""What forbids to call two things the same, however alike they are: it would hide one of them."""

from __future__ import annotations

from bot.matching.entry import Entry
from bot.matching.retrieval import Rarity
from bot.matching.signals import is_other_platform, numbers
from bot.matching.vocabulary import about, opposites

_NEGATIONS = frozenset(("not", "no", "never", "cannot", "without"))
_RARE = 0.35  # a word at least so rare is the point of a title that has it alone


def veto(query: Entry, entry: Entry, rarity: Rarity) -> str:
    """The first reason against, in words; "" where there is none."""
    if is_other_platform(query, entry):
        return "another platform"
    if _is_other_component(query, entry):
        return "another component"
    mine, theirs = frozenset(query.title), frozenset(entry.title)
    only_mine, only_theirs = mine - theirs, theirs - mine
    if _is_other_number(query, entry, only_mine, only_theirs):
        return "another version or number"
    against = opposites()
    if any(theirs & against.get(term, frozenset()) - mine for term in sorted(only_mine)):
        return "the opposite"
    if (only_mine | only_theirs) & _NEGATIONS and only_mine | only_theirs <= _NEGATIONS:
        return "a negation"
    if about() & only_mine - entry.counts.keys() or about() & only_theirs - query.counts.keys():
        return "work about it, not the same work"
    if _is_one_of_a_series(query, entry, only_mine, only_theirs, rarity):
        return "the one word that differs"
    return ""


def _is_other_component(query: Entry, entry: Entry) -> bool:
    if not query.prefix or not entry.prefix or query.prefix & entry.prefix:
        return False
    return not (query.prefix & entry.counts.keys()) and not (entry.prefix & query.counts.keys())


def _is_other_number(query: Entry, entry: Entry, only_mine: frozenset[str], only_theirs: frozenset[str]) -> bool:
    mine, theirs = numbers(only_mine) - entry.counts.keys(), numbers(only_theirs) - query.counts.keys()
    return bool(mine and theirs)


def _is_one_of_a_series(
    query: Entry, entry: Entry, only_mine: frozenset[str], only_theirs: frozenset[str], rarity: Rarity
) -> bool:
    """Titles alike but for a rare word on each side that the other's text does not know either."""
    if not frozenset(query.title) & frozenset(entry.title) or len(only_mine) > 2 or len(only_theirs) > 2:
        return False
    mine = [term for term in only_mine - entry.counts.keys() if rarity(term) >= _RARE]
    theirs = [term for term in only_theirs - query.counts.keys() if rarity(term) >= _RARE]
    return bool(mine and theirs)
