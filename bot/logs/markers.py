"""Lines that can open a turn in Markdown: bold labels, headings, plain labels; with what style and which speaker."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

from msgspec import Struct

_TIME = (
    r"(?:\d{4}-\d\d-\d\d[T ,]{0,2})?\d{1,2}:\d\d(?::\d\d(?:\.\d{1,9})?)?"
    r"(?: ?[AaPp][Mm])?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?"
)
_PREFIX = r"(?P<prefix>[ \t]{0,8}(?:> ?)?)"
_LEAD = rf"(?P<lead>[\[(]?{_TIME}[\])]?[ \t]{{1,3}}(?:[-–—|][ \t]{{1,3}})?)?"
_BOLD = re.compile(rf"{_PREFIX}{_LEAD}(?P<open>_?\*\*|__)(?P<label>[^*\n]{{1,100}}?)(?P<close>\*\*_?|__)(?P<after>.*)")
_AFTER = re.compile(r"(?P<aside>\s{0,3}[(\[][^()\[\]\n]{1,80}[)\]])?\s{0,3}(?P<colon>[:：]?)(?P<rest>.*)")
_HEADING = re.compile(
    r"(?P<prefix>[ \t]{0,8}(?:> ?)?)(?P<open>#{1,6})[ \t]{1,8}(?P<label>\S[^\n]{0,120}?)[ \t]{0,8}#{0,6}"
)
_PLAIN = re.compile(
    rf"{_PREFIX}{_LEAD}(?P<label>[^\s:*#>|`\[\](){{}}<\-_=+/\\][^:\n*`|<>{{}}\[\]()]{{0,39}}?(?:\s\([^\n()]{{1,300}}\))?)[:：]"
    r"(?P<rest>$|\s.*|(?<=：).*)"
)
_HEADING_TIME = re.compile(rf"\s{{1,3}}[-–—|@]\s{{1,3}}{_TIME}$")
_DIGIT = re.compile(r"\d")
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)[T ,]{1,2}(\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|UTC|[+-]\d\d:?\d\d)?(?![\w:])")


class Marker(Struct, frozen=True, kw_only=True, gc=False):
    """A line that opens a turn in ``style``; ``rest`` is the text that stands behind the label."""

    style: str
    prefix: str
    label: str
    rest: str
    time: datetime | None


def marker_in(line: str) -> Marker | None:
    """The marker that a line can be, None for a line of text."""
    text = line.lstrip(" \t>")
    if not text:
        return None
    first = text[0]
    if first == "#":
        return _heading(line)
    if first in "*_" or (first in "[(0123456789" and "*" in text):
        return _bold(line)
    return _plain(line) if ":" in text[:400] or "：" in text[:40] else None


def time_in(text: str) -> datetime | None:
    """The moment that a full ISO-like date and time names, in UTC where no zone is given; None for anything else."""
    found = _ISO.search(text)
    if not found:
        return None
    zone = (found[3] or "Z").replace("UTC", "+00:00").replace("Z", "+00:00")
    try:
        return datetime.fromisoformat(f"{found[1]}T{found[2]}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _bold(line: str) -> Marker | None:
    found = _BOLD.fullmatch(line)
    if not found:
        return None
    label, lead, after = found["label"].strip(), found["lead"] or "", found["after"]
    split = _AFTER.fullmatch(after)
    if not label or not split:
        return None
    mark = found["open"]
    if label.endswith((":", "：")):
        return _marker(found, f"{mark}:{mark}", label[:-1], after, where=f"{lead}{label}")
    where = f"{lead}{label}{split['aside'] or ''}"
    if split["colon"]:
        return _marker(found, f"{mark}{mark}:", label, split["rest"], where=where)
    return None if split["rest"].strip() else _marker(found, f"{mark}{mark}", label, "", where=where)


def _heading(line: str) -> Marker | None:
    found = _HEADING.fullmatch(line.rstrip())
    if not found:
        return None
    label = _HEADING_TIME.sub("", found["label"]).strip("*_ ").rstrip(":：")
    # Pages of ChatGPT that were copied have the person in the fifth level and the answers in the sixth.
    return _marker(found, found["open"][:5], label, "", where=found["label"]) if label else None


def _plain(line: str) -> Marker | None:
    found = _PLAIN.fullmatch(line)
    if not found or len(found["label"].split("(")[0].split()) > 4:
        return None
    return _marker(found, "plain", found["label"], found["rest"], where=f"{found['lead'] or ''}{found['label']}")


def _marker(found: re.Match[str], shape: str, label: str, rest: str, *, where: str) -> Marker:
    prefix = found["prefix"]
    timed = "t" if shape[0] != "#" and found["lead"] else ""
    return Marker(
        style=_style(prefix, timed + shape),
        prefix=prefix,
        label=label.strip(),
        rest=rest.strip(),
        time=time_in(where) if _DIGIT.search(where) else None,
    )


@lru_cache(maxsize=512)
def _style(prefix: str, shape: str) -> str:
    return f"{len(prefix)}{'>' if '>' in prefix else ''}{shape}"
