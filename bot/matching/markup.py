"""The plain words of a ticket's text: markup of trackers, addresses and pasted noise taken off, in linear time."""

from __future__ import annotations

import re

LONGEST = 12_000  # characters of a text that are looked at; what tells tickets apart comes early

_COMMENT = re.compile(r"<!--[^>]{0,2000}-->")
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,300}>")
_JIRA_BLOCK = re.compile(r"\{(?:code|noformat|quote|panel|color|anchor)(?::[^{}\n]{0,200})?\}")
_JIRA_HEADING = re.compile(r"(?m)^[ \t]{0,8}h[1-6]\.[ \t]?")
_JIRA_LINK = re.compile(r"\[([^\[\]|\n]{1,300})\|[^\[\]\n]{1,2000}\]")
_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{1,2000}\)")
_FENCE = re.compile(r"(?m)^[ \t]{0,8}(?:```|~~~)[^\n]{0,100}$")
_URL = re.compile(r"\b(?:https?|ftp|file)://([^\s<>()\[\]\"'|]{1,2000})")
_NOISE = (
    re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"),
    re.compile(r"\b0x[0-9a-fA-F]{4,16}\b"),
    re.compile(r"\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?"),
    re.compile(r"\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?\b"),
    re.compile(r"\b(?=[a-f]{0,40}\d)(?=\d{0,40}[a-f])[0-9a-f]{12,64}\b"),
)


def plain(text: str) -> str:
    """``text`` without markup; addresses keep their path, and dates, addresses in memory and hashes are gone."""
    text = _COMMENT.sub(" ", text[:LONGEST].replace("\r", "\n"))
    text = _FENCE.sub(" ", _JIRA_HEADING.sub("", _JIRA_BLOCK.sub(" ", text)))
    text = _MARKDOWN_LINK.sub(r"\1", _JIRA_LINK.sub(r"\1", text))
    text = _URL.sub(lambda found: " " + found[1].partition("?")[0].partition("#")[0].partition("/")[2], text)
    text = _TAG.sub(" ", text)
    for noise in _NOISE:
        text = noise.sub(" ", text)
    return text
