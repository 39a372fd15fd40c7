"""Whether a clause asserts a fault: not supposed, denied, ordered, told of people or given as a mere reason."""

from __future__ import annotations

import re

from bot.extraction.cues import pattern
from bot.extraction.grammar import is_quoted, leading_verb

# First person reports a fault only as the one who meets it: "I keep getting a 403", "we can't log in".
_SUFFERS = re.compile(
    r"\b(?:getting|gets?|seeing|sees?|hitting|hits?|keep|running into|can't|cannot|unable)\b", re.IGNORECASE
)
_FIRST = re.compile(r"^(?:i|i'm|i've|we|we're|we've|you|you're|let's)\b", re.IGNORECASE)
# "I keep forgetting how promises work" is no fault of the software.
_OWN_SLIP = re.compile(
    r"keep (?:on )?(?:forgetting|breaking|messing|missing|skipping|repeating|dropping|ignoring)", re.IGNORECASE
)
_DENIED = re.compile(r"(?:n't|\bnot|\bnever|\bwithout|\bno|\bno longer)$", re.IGNORECASE)
_LEAD = re.compile(r"^(?:(?:and|but|so|also|then|yet|even|plus|now) )+", re.IGNORECASE)
_NONE = re.compile(r"(?:no|nothing|none)\b", re.IGNORECASE)
_WAS = re.compile(r"(?:that|this|it)? ?(?:was|were)\b", re.IGNORECASE)
_STOPS = re.compile(r"[,;:(.!?]\s?")
_OWN_SUBJECT = re.compile(r"^(?:nothing|no)\b", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()]{0,300}\)")
_JOINT = re.compile(r"(?:and|or)$", re.IGNORECASE)


def subject_start(text: str, at: int) -> int:
    """Where the clause of the predicate at ``at`` begins; "is late and never ends" begins before "is late"."""
    asides = [(m.start(), m.end()) for m in _ASIDE.finditer(text[:at])]
    found = (b.end() for b in pattern("symptom_boundary").finditer(text[:at]))
    ends = [0, *(end for end in found if not any(a < end <= b for a, b in asides))]
    last = ends[-1]
    joined = len(ends) > 1 and _JOINT.search(text[:last]) and not text[last:at].strip()
    return ends[-2] if joined and not _OWN_SUBJECT.match(text[at:]) else last


def asserts(text: str, match: re.Match[str], start: int) -> bool:
    """Whether the sentence says of a thing that it goes wrong, the subject standing between ``start`` and the match."""
    before, subject = text[: match.start()], _LEAD.sub("", text[start : match.start()].strip())
    if is_quoted(text, match.start()) or is_held(before[max(0, start - 30) :]):
        return False
    if (
        _DENIED.search(subject)
        or _NONE.match(subject)
        or pattern("symptom_supposed").search(text[match.end() :].split(",", maxsplit=1)[0])
    ):
        return False
    if _WAS.match(f"{subject} {match.group()}".strip()):
        return False
    main = f"{text[:start].rstrip()} "
    if _is_circumstance(text, match.start()) or _is_reason(main, text[match.end() :], subject):
        return False
    if not subject:
        return not pattern("symptom_no_subject").match(match.group())
    noticed = bool(pattern("symptom_noticing").search(main))
    if _JOINT.search(subject) and _FIRST.match(_STOPS.split(before)[-1].strip()) and not noticed:
        return False
    return _may_fail(subject, match.group(), noticed=noticed)


def is_held(before: str) -> bool:
    """Whether the words before make it a supposition, a wish or a purpose."""
    return bool(pattern("symptom_held").search(before))


def _is_circumstance(text: str, at: int) -> bool:
    """Whether the words stand in a leading "when ...," or pick out which thing is meant: "the files that fail"."""
    leading = pattern("symptom_condition").match(text)
    if leading and at < leading.end():
        return True
    return bool(pattern("symptom_restrictive").search(text[:at]) or pattern("symptom_contract").match(text[at:]))


def _is_reason(before: str, after: str, subject: str) -> bool:
    """Whether the fault only gives the reason for what somebody does, did or has to do."""
    if pattern("symptom_until").search(before):
        return True
    because = pattern("symptom_because").search(before)
    if because and (pattern("symptom_deed").search(before) or pattern("symptom_meaning").match(f"{subject} ")):
        return True
    aside = not subject and bool(re.search(r",? which $", before))
    return aside and bool(pattern("symptom_so_we").search(after))


def _may_fail(subject: str, predicate: str, *, noticed: bool) -> bool:
    """Whether this subject with this predicate is a fault of the software, not the doing of a person."""
    if _FIRST.match(subject):
        verb = leading_verb(predicate.rsplit(" ", maxsplit=1)[-1])
        is_talk = verb is not None and verb[1] == "talk"
        suffers = bool(_SUFFERS.search(predicate)) and not is_talk and not _OWN_SLIP.match(predicate)
        return (suffers or noticed) and not subject.lower().startswith(("you", "let"))
    if pattern("symptom_doing").match(subject) or pattern("symptom_foreign").match(subject):
        return False
    if pattern("symptom_person").search(subject):
        return bool(pattern("symptom_meets_person").search(predicate))
    return True
