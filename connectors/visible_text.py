"""Cleaning of hostile text before any renderer sees it: what the eye cannot see is taken out, for good."""

from __future__ import annotations

import re

ZERO_WIDTH_SPACE = "\u200b"
ELLIPSIS = "…"

_TERMINAL_CODES = re.compile(
    r"\x1b\[[0-9;:?<=>]{0,40}[ -/]{0,4}[@-~]"
    r"|\x1b\][^\x07\x1b\n]{0,400}(?:\x07|\x1b\\)"
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad"
    "\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufdd0-\ufdef\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_JOINERS = re.compile("[\u200c\u200d]+")
_BLANKS = re.compile(r"\s+")


def visible(text: str) -> str:
    r"""``text`` as the eye sees it, with ``\n`` as the only line end.

    Terminal codes, control, bidirectional and zero-width characters go; joiners stay where a script or an
    emoji needs them (between two characters beyond ASCII); lone surrogates become U+FFFD. Idempotent.
    """
    text = _TERMINAL_CODES.sub("", text)
    # Unseen characters go before line ends are joined, so that "\r\0\n" is one line end and not two.
    text = _UNSEEN.sub("", text)
    text = _LINE_ENDS.sub("\n", text)
    text = _SURROGATES.sub("\ufffd", text)
    return _JOINERS.sub(_joiner, text)


def one_line(text: str) -> str:
    """``visible`` with every run of white space made one space; a space at either end is kept."""
    return _BLANKS.sub(" ", visible(text))


def shorten(text: str, limit: int) -> str:
    """``text``, or its beginning and an ellipsis: at most ``limit`` characters."""
    if len(text) <= limit:
        return text
    return text[: max(limit - 1, 0)].rstrip("\u200b\u200c\u200d \n") + ELLIPSIS


def _joiner(match: re.Match[str]) -> str:
    before = match.string[match.start() - 1 : match.start()]
    after = match.string[match.end() : match.end() + 1]
    return match[0][0] if before > "\x7f" and after > "\x7f" else ""
