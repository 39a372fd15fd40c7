"""Finds credentials in HTTP headers, wherever they are written: requests, curl, code, talk."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.safety.clues import Clues, places_of
from bot.safety.placeholders import is_placeholder
from bot.safety.spans import Span

_QUOTES = r"[\\\"'`]{0,4}"
_AUTHORIZATION = re.compile(
    rf"(?i)authorization{_QUOTES}\]?[ \t]{{0,4}}(?:[:=,|]|=>)[ \t]{{0,4}}[bfru]?{_QUOTES}[ \t]?"
    r"(?:(?:bearer|basic|token|apikey|api-key|key|digest|negotiate|ntlm|bot|jwt|oauth|genie-?key|splunk|sso-key|x-auth|"
    r"zoho-oauthtoken|pat|private-token|deepl-auth-key|token token=|bearer token)[ \t:=]{1,4})?"
    r"[\"']?([^\s\"'`<>,;\\]{6,8192})"
)
_SCHEME = re.compile(r"(?i)(?:bearer|basic)(?:[ \t]{1,4}token)?(?:[ \t]{1,4}|%20|:[ \t]?)[\"'`]?([\w.~+/=%-]{12,8192})")
_SIGNATURES = ("signature=", "response=", "oauth_token=")
_SESSIONS = ("session=", "sessionid=", "session_id=", "sess=", "sid=", "auth_token=")  # sid=: sessid=, connect.sid=
_LONG_VALUE = re.compile(r"[\"']?([\w%.+/=-]{20,4096})")
_COOKIE = re.compile(rf"(?i)cookie2?{_QUOTES}[ \t]{{0,2}}[:=][ \t]{{0,2}}{_QUOTES}([^\n\"'`\\]{{3,8192}})")
_CRUMB = re.compile(r"([^\s=;,]{1,80})=([^\s;,]{1,4096})")
_CRUMB_NAME = re.compile(
    r"(?i)sess|sid$|sid[_.-]|token|auth|jwt|csrf|xsrf|secret|login|remember|\.aspx|identity|ticket|key"
)


WORDS = ("authorization", "bearer", "basic", "cookie", "sess", "sid", "auth_token")


def find_header_credentials(text: str, lowered: str, clues: Clues) -> Iterator[Span]:
    """Values of Authorization and Cookie headers, bare ``Bearer x`` too. ``lowered`` is the text in lower case."""
    if clues.words.isdisjoint(WORDS):
        return
    for match in _matches("authorization", _AUTHORIZATION, text, lowered):
        if not is_placeholder(match[1]) and not re.fullmatch("[A-Za-z_-]+", match[1]):
            yield Span(start=match.start(1), end=match.end(1), kind="authorization")
    for scheme in ("bearer", "basic"):
        for match in _matches(scheme, _SCHEME, text, lowered):
            if _is_credential(match[1]) and not is_placeholder(match[1]):
                yield Span(start=match.start(1), end=match.end(1), kind="authorization")
    for match in _matches("cookie", _COOKIE, text, lowered):
        yield from _crumbs(match, is_set=lowered.endswith("set-", 0, match.start()))
    if "authorization" in lowered:
        yield from _parameters(_SIGNATURES, text, lowered, "signature")
    yield from _parameters(_SESSIONS, text, lowered, "cookie")


def _matches(word: str, pattern: re.Pattern[str], text: str, lowered: str) -> Iterator[re.Match[str]]:
    """Where the pattern matches at the word; a match is not entered again, so the whole stays linear."""
    at = lowered.find(word)
    while at >= 0:
        match = pattern.match(text, at)
        if match:
            yield match
        at = lowered.find(word, match.end() if match else at + len(word))


def _parameters(names: tuple[str, ...], text: str, lowered: str, kind: str) -> Iterator[Span]:
    """The long values after any of the names, each of which ends with its equals sign."""
    for start in sorted({at + len(name) for name in names for at in places_of([name], lowered)}):
        match = _LONG_VALUE.match(text, start)
        if match and re.search("[0-9]", match[1]) and not is_placeholder(match[1]):
            yield Span(start=match.start(1), end=match.end(1), kind=kind)


def _is_credential(run: str) -> bool:
    """Words follow ``Basic`` and ``bearer`` in talk; they have no digit and no padding."""
    return bool(re.search("[0-9]", run) or run.endswith("=")) and bool(re.search("[A-Za-z]", run))


def _crumbs(header: re.Match[str], *, is_set: bool) -> Iterator[Span]:
    """The values of one cookie header; of a Set-Cookie only the first pair is a value, the rest are attributes."""
    for crumb in _CRUMB.finditer(header[1]):
        name, value = crumb[1], crumb[2]
        is_long = len(value) >= 16 and any(char.isdigit() for char in value)
        if (is_long or (len(value) >= 6 and _CRUMB_NAME.search(name))) and not is_placeholder(value):
            offset = header.start(1)
            yield Span(start=offset + crumb.start(2), end=offset + crumb.end(2), kind="cookie")
        if is_set:
            return
