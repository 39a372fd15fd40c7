"""The ways in which a name and its value are written: a table of what stands between the two."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CLOSE = r"(?:\\{0,3}[\"'`][\])]?|\*\*|__|\]|</(?:b|strong|code|em)>|\x1b\[[0-9;]{0,8}m){0,6}"
_NOTE = r"(?:[ \t]?\([^()\n]{1,40}\))?"
_TAG = r"</?(?:b|strong|code|em|kbd|pre)>[ \t]?"
_OPEN_MARKS = r"[ \t]{0,40}(?:\*\*|__|" + _TAG + r"|\x1b\[[0-9;]{0,8}m){0,3}[ \t]{0,4}"
_TYPE = r"[&*]?[A-Za-z_][\w.\[\]|,<>?&' ]{0,40}?"
_MARK = r"(?::=|=>|->|→|={1,3}|:{1,2}=?|：|%3[dD]|\?=|\+=)(?!//)"
_FOR_WORD = r"[ \t]{1,4}(?:for|of|to|on|in|at|from|that|für|zu|de|del|du|pour|para)"
_FOR = rf"(?:{_FOR_WORD}(?:[ \t][^\s:=\n]{{1,30}}){{1,5}}?)?[ \t]{{0,4}}"
_IS = r"(?::|=|[ \t](?:is|was|are|ist|lautet|war|es|est|é|è|=)\b)[ \t]{0,4}"
_NOW = r"(?:now |still |just |currently |actually |set to |:|also )?"
_BECAME = r"(?:(?:has been |was )?(?:set|changed|reset|rotated) to|from|will be|should be|to|as)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notation:
    """``between`` matches what stands between name and value.

    ``assigned``: a literal follows for certain, so a plain word counts as a value. ``needs_quote``: only a quoted one.
    """

    between: re.Pattern[str]
    assigned: bool
    needs_quote: bool = False


def _notation(pattern: str, *, assigned: bool, needs_quote: bool = False) -> Notation:
    return Notation(between=re.compile(pattern, re.IGNORECASE), assigned=assigned, needs_quote=needs_quote)


# Tried in this order. Each comment is an example.
NOTATIONS = (
    # in typed code: password: str = "x"
    _notation(_CLOSE + r"[?!]?[ \t]{0,4}:[ \t]{0,4}" + _TYPE + r"[ \t]{0,4}=(?![=>])[ \t]{0,4}", assigned=True),
    # {"name": "PASSWORD", "value": "x"}, <add key="Password" value="x"/>, - name: PASSWORD / value: x
    _notation(_CLOSE + r"[,;]?\s{0,40}[\"']?\b(?:value|content|default)[\"']?\s{0,4}[:=]\s{0,4}", assigned=True),
    # <password>x</password>, <string name="password">x</string>, <key>password</key><string>x</string>; but
    # user:<password>@host is a placeholder in an address
    _notation(
        r"(?:[\"' ][^<>\n]{0,60})?(?:</(?:key|t[dh]|dt)>\s{0,20}<(?:string|t[dh]|dd)[^<>\n]{0,40})?>(?!@)",
        assigned=True,
    ),
    # in shells, JSON, YAML, Ruby, Go, Markdown: PASSWORD=x, "password": "x", password => 'x', **Password:** x
    _notation(_CLOSE + _NOTE + r"[?!]?[ \t]{0,40}" + _MARK + _OPEN_MARKS, assigned=True),
    # | PASSWORD | x |
    _notation(_CLOSE + r"[ \t]{1,40}\|[ \t]{1,40}", assigned=True),
    # calls: put("password", "x"), setPassword("x")
    _notation(r"\\{0,3}[\"'][ \t]{0,4},[ \t]{0,4}", assigned=False, needs_quote=True),
    _notation(r"[ \t]{0,2}\([ \t]{0,4}", assigned=False, needs_quote=True),
    # SQL and Gradle: PASSWORD 'x', password "x"
    _notation(r"[ \t]{1,4}(?:by[ \t]{1,4})?(?:password[ \t]{1,2})?", assigned=True, needs_quote=True),
    # talk: the password (for x) is x, was changed to x
    _notation(_CLOSE + _NOTE + _FOR + _IS + _NOW + _OPEN_MARKS, assigned=False),
    _notation(r"[ \t]{0,4}(?:是|为|為|は|은|는|이|[ \t][-–—][ \t])[ \t]{0,4}", assigned=False),
    _notation(r"[ \t]" + _BECAME + r"[ \t]{1,4}:?" + _OPEN_MARKS, assigned=False),
)
