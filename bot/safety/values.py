"""Reads the value that follows a label, and weighs whether it can be a secret."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass

from bot.safety.labels import Label
from bot.safety.placeholders import is_placeholder

_MAX_QUOTED = 4096
_OPEN = re.compile(r"(?:[bBfFrRuU]{1,2}(?=[\"']))?(\"\"\"|'''|\\{1,3}[\"']|[\"'`“”„«‘’]|<!\[CDATA\[)")
_CLOSING = {"“": "”", "„": "“", "«": "»", "‘": "’", "<![CDATA[": "]]>"}
_BARE = re.compile(r"(?:(?!\\[nrt]|\\[\"'])[^\s\"'`<>\x00\x1b，。、；！？」）]){1,512}")
_LONGEST = 480  # some less than a bare value is read of, since marks at its end are trimmed
_REST = re.compile(r"(?:(?!\\[nrt]|\\[\"'])[^\s\"'`<>\x00\x1b])*")
_TEMPLATE = re.compile(
    r"\$?\{\{[^{}\n]{0,120}\}\}|\$\([^()\n]{0,120}\)|<[A-Za-z][^<>\n]{0,60}>|\[[A-Za-z][\w .-]{0,60}\](?!\S)"
)
_WORDS = re.compile(r"[^\n\"'`|<>]{1,400}")
_TO_SPACE = re.compile(r"[^\s\x00\x1b]{1,512}")
_CUT = re.compile(r"&(?:amp;)?[\w.-]{1,40}=|;[ \w.-]{1,40}=|;$|,[\w.-]{1,40}[=:]|,$|[&|;]{2}|\|$|;[ \t]|\$\{")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """``text`` stands at ``start``; ``quote`` is its opening delimiter, "" for a bare word."""

    text: str
    start: int
    quote: str = ""

    @property
    def end(self) -> int:
        """The offset behind the value."""
        return self.start + len(self.text)


def read_value(text: str, at: int, *, to_space: bool = False) -> Value | None:
    """The quoted or bare value at ``at``, or None. ``to_space``: a bare value ends at white space only (.env files)."""
    opened = _OPEN.match(text, at)
    if opened:
        delimiter = opened[1]
        end = _closing(text, delimiter, opened.end())
        if text[opened.end() : opened.end() + 2] in {", ", ");", ") "}:
            return None  # that quote closed something: log("wrong password:", error)
        if end >= 0:
            return Value(text=text[opened.end() : end], start=opened.end(), quote=delimiter)
        at = opened.end()
    template = _TEMPLATE.match(text, at)
    if template:
        return Value(text=template[0], start=at)
    bare = (_TO_SPACE if to_space and not opened else _BARE).match(text, at)
    if not bare:
        return None
    return _trimmed(Value(text=bare[0], start=at), keep_marks=to_space)


def whole_end(text: str, value: Value) -> int:
    """Where a secret really ends: of a longer run than anyone writes, only the beginning is read and weighed."""
    if value.quote or len(value.text) < _LONGEST:
        return value.end
    rest = _REST.match(text, value.end)
    return rest.end() if rest else value.end


def read_words(text: str, at: int) -> Value | None:
    """The rest of the line at ``at``, quoted or not: a phrase or a pair of user and password."""
    quoted = _OPEN.match(text, at)
    words = _WORDS.match(text, quoted.end() if quoted else at)
    return Value(text=words[0].rstrip(), start=words.start()) if words and words[0].strip() else None


def _closing(text: str, delimiter: str, at: int) -> int:
    closing = _CLOSING.get(delimiter, delimiter)
    limit = min(len(text), at + _MAX_QUOTED)
    line_end = text.find("\n", at, limit)
    limit = limit if line_end < 0 else line_end
    end = text.find(closing, at, limit)
    while end > at and text[end - 1] == "\\" and closing in "\"'" and text[end - 2 : end - 1] != "\\":
        end = text.find(closing, end + 1, limit)
    return end


def _trimmed(value: Value, *, keep_marks: bool) -> Value | None:
    text, start = value.text, value.start
    if not keep_marks:
        cut = _CUT.search(text, 1)
        text = text[: cut.start()] if cut else text
    while len(text) > 1 and text[0] in "*_([{" and not text.startswith(("${", "{{", "$(", "[redacted")):
        if text[0] == "_" and not text.endswith("_"):
            break
        text, start = text[1:], start + 1
    while text and (
        text[-1] in ".,:\\"
        or (text[-1] in ";*_" and not keep_marks and not text.endswith("***"))
        or _is_loose_closer(text)
    ):
        text = text[:-1]
    return Value(text=text, start=start) if text else None


def _is_loose_closer(text: str) -> bool:
    opener = {")": "(", "]": "[", "}": "{"}.get(text[-1])
    return opener is not None and opener not in text


def entropy(text: str) -> float:
    """Shannon entropy in bits a character."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values()) if text else 0.0


# Names of models, releases, hosts: words and short numbers with marks between.
_NAME_LIKE = re.compile(
    r"(?:[A-Za-z]{1,20}|[A-Za-z]{0,2}[0-9]{1,8}[a-z]{0,2})(?:[-_.:/](?:[A-Za-z]{1,20}|[A-Za-z]{0,2}[0-9]{1,8}[a-z]{0,2}))+"
)


def looks_random(text: str) -> bool:
    """Whether a run of at least eight characters mixes what words and identifiers do not mix."""
    if len(text) < 8 or re.fullmatch(
        r"[A-Za-z]{1,16}[-_.]?v?[0-9]{1,4}|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[a-z]+(?:[_-][a-z]+)*[_-]v?[0-9]{1,4}|v?[0-9]+(?:[.:-][0-9]+)*",
        text,
    ):
        return False
    has_digit, has_letter = bool(re.search("[0-9]", text)), bool(re.search("[A-Za-z]", text))
    if has_digit and has_letter:
        if _NAME_LIKE.fullmatch(text):
            return False
        jumps = len(re.findall(r"[A-Za-z][0-9]|[0-9][A-Za-z]", text))
        return jumps >= 2 or len(text) >= 20 or bool(re.search(r"[^\w.-]", text))
    if re.search("[a-z]", text) and re.search("[A-Z]", text):
        return len(re.findall("[a-z][A-Z]", text)) >= 3 and not re.fullmatch("(?:[A-Z]?[a-z]{2,}){2,}", text)
    return len(text) >= 20 and has_letter and entropy(text) > 3.7 and not re.search(r"[\s_.-]", text)


_REFERENCE = re.compile(
    r"[a-z]+(?:[A-Z][a-z]+)+|[A-Z]+(?:_[A-Z]+)+|[a-z]+(?:_[a-z]+)+|[A-Z][a-z]+(?:[A-Z][a-z]+)+|[a-z]+-[a-z]+"
)
_NATURAL = re.compile(
    r"(?i)\b(?:your|the|an?|is|are|was|must|should|enter|please|for|to|of|and|or|not|no|with|this|that|here|password|"
    r"passwords|token|in|be|at|least|has|have|can|if|from|by|on|der|die|das|mot|le|la|de|el)\b"
)


def is_secret(label: Label, value: str, *, quoted: bool, assigned: bool) -> bool:
    """Whether ``value`` after such a label is a secret.

    ``assigned``: the notation leaves no doubt that a literal follows (``DB_PASSWORD=x``, a quoted JSON value, a flag),
    so that a plain word counts; otherwise only what no running text would hold there does.
    """
    text = value.strip()
    if len(text) < 3 or "\x00" in text or is_placeholder(text):
        return False
    if label == "pin":
        return bool(re.fullmatch(r"[0-9]{4,10}|[0-9]{3}[ -][0-9]{3}", text))
    if label == "phrase":
        return len(text.split()) >= 3 or looks_random(text)
    if re.search(r"\s", text):
        return quoted and not _NATURAL.search(text) and (label == "password" or looks_random(text)) and len(text) < 200
    if label == "password":
        return _is_password(text, quoted=quoted, assigned=assigned)
    return _is_token(label, text, quoted=quoted, assigned=assigned)


def _is_token(label: Label, text: str, *, quoted: bool, assigned: bool) -> bool:
    if text.isdigit():
        return len(text) >= 12 and assigned
    if looks_random(text):
        return True
    if label == "login" or not assigned or len(text) < 6 or _is_reference(text):
        return False
    return label == "secret" or not (quoted or _NAME_LIKE.fullmatch(text))


def _is_password(text: str, *, quoted: bool, assigned: bool) -> bool:
    if text.isdigit():
        return len(text) >= 4
    if not assigned and len(text) < 5:
        return False
    if re.search("[0-9]", text) or re.search(r"[^\w.:/-]", text if assigned else text.rstrip("!?")):
        return True
    if len(re.findall("-", text)) >= 2 and len(text) >= 16:
        return True
    return assigned and (quoted or not _is_reference(text))


def _is_reference(text: str) -> bool:
    """Whether a bare word reads like a variable or a constant (``dbPassword``, ``DB_PASSWORD``, ``user_token``)."""
    return bool(_REFERENCE.fullmatch(text))
