"""Plain spelling: what a sentence is reduced to before any cue is looked for in it."""

from __future__ import annotations

import re

APOSTROPHES = "\u2018\u2019\u02bc"
_QUOTES = str.maketrans(
    {
        **dict.fromkeys(APOSTROPHES, "'"),
        "\u201c": '"',
        "\u201d": '"',
        "\u00a0": " ",
        "\u2013": "-",
        "\u2014": "-",
    }
)
_EMPHASIS = re.compile(r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|(?<!\w)_{1,2}(?=\w)|(?<=\w)_{1,2}(?!\w)|~~")
_BULLET = re.compile(r"^\s{0,12}(?:[-*+•–]|\d{1,3}[.)])\s{1,8}(?:\[[ xX]\]\s{0,4})?")
_CODE_SPAN = re.compile(r"`[^`\n]{1,200}`")
_BARE_NOT = re.compile(r"\b(do|does|did|is|are|was|were|have|has|had|ca|wo|could|would|should)nt\b", re.IGNORECASE)
_BARE_VERB = re.compile(r"\b(i)(m|ve)\b|\b(that|what|there)(s)\b", re.IGNORECASE)


def straight(text: str) -> str:
    """With straight quotes, plain hyphens and spaces."""
    return text if text.isascii() else text.translate(_QUOTES)


def mended(text: str) -> str:
    """With the apostrophes that chats leave out: "dont", "im", "thats"."""
    low = text.lower()
    if "nt" in low:
        text = _BARE_NOT.sub(r"\1n't", text)
    if "im" in low or "ive" in low or "hats" in low or "theres" in low:
        text = _BARE_VERB.sub(lambda m: f"{m.group(1) or m.group(3)}'{m.group(2) or m.group(4)}", text)
    return text


def plain(quote: str) -> str:
    """The text for matching: bullets and emphasis gone (code spans kept), spaces single, chat spelling mended."""
    text = _BULLET.sub("", straight(quote), count=1)
    if "*" in text or "_" in text or "~" in text:
        out, at = [], 0
        for span in _CODE_SPAN.finditer(text):
            out += [_EMPHASIS.sub("", text[at : span.start()]), span.group()]
            at = span.end()
        text = "".join([*out, _EMPHASIS.sub("", text[at:])])
    return mended(" ".join(text.split()))
