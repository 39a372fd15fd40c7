"""The words and patterns that name a day to come. Every repetition is bounded: quotes are hostile input."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
WEEKDAYS: Final = {"mo": 0, "tu": 1, "we": 2, "th": 3, "fr": 4, "sa": 5, "su": 6}
SEASONS: Final = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12, "new year": 1, "holidays": 1}
AMOUNTS: Final = {
    "a": 1, "an": 1, "one": 1, "another": 1, "first": 1, "second": 2, "third": 3, "fourth": 4, "two": 2, "three": 3,
    "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "couple": 2,
    "a couple": 2, "a couple of": 2, "couple of": 2, "few": 3, "a few": 3, "several": 3, "half a": 1,
}  # fmt: skip
_SINGULAR: Final = {
    "day": "day", "week": "week", "fortnight": "fortnight", "month": "month", "quarter": "quarter", "year": "year",
    "sprint": "sprint", "iteration": "sprint", "cycle": "sprint", "release": "release", "version": "release",
    "milestone": "release", "launch": "release",
}  # fmt: skip
UNITS: Final = _SINGULAR | {f"{name}s": unit for name, unit in _SINGULAR.items()}

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_UNIT = "(?P<unit>" + "|".join(sorted(UNITS, key=len, reverse=True)) + ")"
_COUNT = r"(?P<amount>\d{1,3}|" + "|".join(sorted(map(re.escape, AMOUNTS), key=len, reverse=True)) + ")"
_LEAD = r"(?:in|until|till|til|by|after|to|for|from|on|of|before|early|mid|late|end of|start of|beginning of)"
_SHIPS = (
    r"(?:release|launch|go-?live|ga|code freeze|freeze|rollout|cut-?over|milestone|beta|demo|deploy(?:ment)?"
    r"|next version|v\d{1,3}(?:\.\d{1,4}){0,2})"
)

_SOURCES: Final[tuple[tuple[str, str], ...]] = (
    (
        "quarter",
        (
            r"\b(?:(?P<before>20\d\d)[ -]?)?(?:q(?P<quarter>[1-4])|h(?P<half>[12]))\b"
            r"(?:(?:[ ,/-]{0,2}(?:of )?)(?P<year>20\d\d|'\d\d)\b)?"
        ),
    ),
    (
        "quarter",
        (
            r"\b(?:(?P<quarter>first|second|third|fourth) quarter|(?P<half>first|second) half)\b"
            r"(?: of(?: the year)?)?(?: (?P<year>20\d\d))?\b"
        ),
    ),
    (
        "month",
        (
            rf"\b(?P<lead>{_LEAD} (?:the (?:end|start|beginning) of |early |mid-? ?|late )?)"
            rf"(?:(?:the )?(?P<first>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?)?{_MONTH}"
            r"(?: (?P<day>\d{1,2})(?:st|nd|rd|th)?\b)?(?:,? (?P<year>20\d\d)\b)?"
        ),
    ),
    ("iso", r"\b(?P<year>20\d\d)-(?P<month>\d\d)(?:-(?P<day>\d\d))?(?![\d-])"),
    ("next", rf"\b(?:next|the following|another|the coming) {_UNIT}\b"),
    ("tomorrow", r"\b(?P<after>the day after )?tomorrow\b"),
    ("ahead", rf"\b(?:in|for|after|another|within|give it) (?:about |around )?{_COUNT} (?:more )?{_UNIT}\b(?!')"),
    ("ahead", rf"\b{_COUNT} {_UNIT} (?:from now|later|from today|out)\b"),
    ("end", rf"\bend of (?:the |this ){_UNIT}\b"),
    ("weekday", r"\b(?:on|until|till|til|by|next|for) (?P<weekday>(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"),
    (
        "season",
        (
            r"\b(?P<lead>in|until|till|after|for|to|next) (?:the )?"
            r"(?P<season>spring|summer|autumn|fall|winter|new year|holidays)\b"
        ),
    ),
    (
        "release",
        (
            r"\b(?:after|until|till|til|once|following|when) (?:after )?(?:the |our |this |next )?(?:\w{1,20} )?"
            rf"{_SHIPS}\b"
        ),
    ),
    (
        "release",
        r"\b(?:after|once|until|when) we(?:'ve| have)? (?:ship|launch|release|go live|gone live)(?:p?ed|d)?\b",
    ),
    ("release", r"\bpost-(?:release|launch|mvp|v\d{1,3})\b"),
)


@cache
def patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What a moment is named by, most telling first, each with the sort of moment; compiled when first asked for."""
    return tuple((name, re.compile(source, re.IGNORECASE)) for name, source in _SOURCES)
