"""Tells whether what is shown of a talk may hold a secret of it, at a small part of what redacting the talk costs.

A secret that stands beside its label shows itself in the turn. One that another turn gives away is hunted only there
where it could stand: turns that hold one of the odd words shown, or that speak of passwords.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from bot.model import Conversation, Finding
from bot.safety.redaction import find_secrets, recurring

_RUN = re.compile(r"[^\W_]+")
_DIGIT = re.compile("[0-9]")
_AROUND = " \t\"'`,;:.!?()[]{}<>|+*_~-"
_SHORT_NUMBER = 6  # digits; shorter numbers are not hunted through a talk
_TELLING_NUMBER = 4
_LONG = 16  # characters of a run that may be a secret in another notation
_MANY = 20  # odd words from which redacting the whole talk is cheaper
# Labels of secrets that may be plain words.
_LABELS = ("assw", "ASSW", "assphrase", "ecret", "ECRET", "pwd", "PWD", "nemonic")


def is_exposed(talk: Conversation, findings: Collection[Finding]) -> bool:
    """Whether redaction may change what the findings show; True where that cannot be told cheaply."""
    shown = [text for finding in findings for text in _shown(finding)]
    odd = _odd_words(shown)
    if len(odd) > _MANY or any(len(word) >= _LONG for word in odd):
        return True
    lines = {n for f in findings for e in f.evidence for n in range(e.line_start, e.line_end + 1)}
    quoted = [turn.text for turn in talk.turns if not lines.isdisjoint(turn.lines)]
    if any(True for text in (*shown, *quoted) for _ in find_secrets(text)):
        return True
    telling = (text for text in (talk.title, *(turn.text for turn in talk.turns)) if _may_tell(text, odd))
    secrets = (text[span.start : span.end] for text in telling for span in find_secrets(text))
    return any(form in text for secret in secrets for form in recurring(secret) for text in shown)


def _shown(finding: Finding) -> Iterable[str]:
    return (finding.title, *finding.why, *(e.quote for e in finding.evidence))


def _may_tell(text: str, odd: Collection[str]) -> bool:
    """Whether a turn may give away a secret that is shown elsewhere."""
    if any(label in text for label in _LABELS) or any(word in text for word in odd):
        return True
    return "://" in text and "@" in text


def _odd_words(texts: Iterable[str]) -> set[str]:
    """The parts of words by which a shown secret would be found again: what mixes digits with anything else."""
    words = {word.strip(_AROUND) for text in texts for word in text.split()}
    odd: set[str] = set()
    for word in words:
        if not _DIGIT.search(word) or (word.isdigit() and len(word) < _SHORT_NUMBER):
            continue
        runs = [run for run in _RUN.findall(word) if _DIGIT.search(run)]
        told = [run for run in runs if not run.isdigit() or len(run) >= _TELLING_NUMBER]
        odd.update(told or ([] if not any(map(str.isalpha, word)) else [word]))
    return odd
