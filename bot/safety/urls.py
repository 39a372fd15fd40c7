"""Finds credentials inside URLs and data source names."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from bot.safety.placeholders import is_placeholder
from bot.safety.spans import Span
from bot.safety.values import looks_random

_KIND = "url password"
# A user may be absent (redis://:password@host). The strict form ends the password before a path begins.
_STRICT = re.compile(r"://([^\s/?#:@\"'`<>\[\]]{0,120}):([^\s/\"'`<>]{1,300})@(?=[\w\[$%{*.-])", re.ASCII)
# A password with a raw slash, hash or question mark in it; a port number is no password.
_LOOSE = re.compile(
    r"://([^\s/?#:@\"'`<>]{0,120}):(?![0-9]{1,5}[/?#])([^\s@\"'`<>]{1,200}(?:@[^\s@/\"'`<>]{1,100})?)@"
    r"(?=[\w-]{1,63}(?:[.:][\w.-]{1,200})?(?:[:/?]|\s|[\"'`]|$))",
    re.ASCII,
)
_TOKEN_AS_USER = re.compile(r"://([\w~.+/=-]{16,255})@(?=[\w.-]{3,200})", re.ASCII)
_NO_SCHEME = re.compile(
    r"(?<![\w:/@.-])(?://)?[\w.-]{1,64}:(?=[^\s@]{0,60}[0-9])([^\s@:/\"'`<>]{6,128})@[\w.-]{3,100}:[0-9]{2,5}(?!\w)",
    re.ASCII,
)
_PERCENT = re.compile(r"%3A%2F%2F[\w.-]{0,64}%3A([\w.~!%-]{3,200}?)%40", re.ASCII | re.IGNORECASE)
_TCP = re.compile(r"(?<![\w.@-])[\w.-]{1,64}:([^\s@\"'`<>]{1,200})@(?:tcp|unix)\(", re.ASCII)
_ORACLE = re.compile(r"(?:jdbc:oracle:\w{2,5}:|sqlplus +|sqlldr +|userid=)[\w$#-]{1,64}/([^\s@\"'`]{1,128})@", re.ASCII)
_SAMPLE_USERS = frozenset({"user", "username", "usr", "login", "myuser", "dbuser", "db_user", "your_user"})
_SAMPLE_PASSWORDS = frozenset({"password", "pass", "passwd", "pwd", "pw", "secret", "mypassword", "passwort", "token"})


def find_url_credentials(text: str) -> Iterator[Span]:
    """The password of every ``scheme://user:password@host``, Go and Oracle names too; samples are left."""
    at = text.find("://") if "@" in text else -1
    while at >= 0:
        match = _STRICT.match(text, at) or _LOOSE.match(text, at)
        if match and _is_secret(match[1], match[2]):
            yield Span(start=match.start(2), end=match.end(2), kind=_KIND)
            if len(match[1]) >= 20 and looks_random(match[1]):
                yield Span(start=match.start(1), end=match.end(1), kind="url token")
        elif not match:
            token = _TOKEN_AS_USER.match(text, at)
            if token and re.search("[0-9]", token[1]) and re.search("[A-Za-z]", token[1]) and "/" not in token[1]:
                yield Span(start=token.start(1), end=token.end(1), kind="url token")
        at = text.find("://", at + 3)
    yield from _without_scheme(text)
    yield from _first_groups(_PERCENT, text) if "%40" in text else ()
    if "@tcp(" in text or "@unix(" in text:
        yield from _first_groups(_TCP, text)
    if "@" in text and ("oracle:" in text or "sqlplus" in text or "sqlldr" in text or "userid=" in text):
        yield from _first_groups(_ORACLE, text)


def _without_scheme(text: str) -> Iterator[Span]:
    """``user:password@host:port``, line by line, for most lines have no ``@``."""
    at = text.find("@")
    while at >= 0:
        start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        end = end if end >= 0 else len(text)
        yield from _first_groups(_NO_SCHEME, text, start, end)
        at = text.find("@", end)


def _first_groups(pattern: re.Pattern[str], text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[Span]:
    for match in pattern.finditer(text, start, end):
        if not is_placeholder(match[1]):
            yield Span(start=match.start(1), end=match.end(1), kind=_KIND)


def _is_secret(user: str, password: str) -> bool:
    if password.lower() in _SAMPLE_PASSWORDS:
        return False
    if user.lower() in _SAMPLE_USERS and is_placeholder(password):
        return False
    return not is_placeholder(password) and not password.startswith(("//", "${", "$("))
