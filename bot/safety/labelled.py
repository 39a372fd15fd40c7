"""Finds secrets by the name they are given: assignments, JSON, YAML, tables, XML, SQL, flags, headers, plain talk."""

from __future__ import annotations

import functools
import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.safety.anchors import anchors
from bot.safety.clues import Clues
from bot.safety.labels import Label, label_of, may_name, parts
from bot.safety.notations import NOTATIONS
from bot.safety.placeholders import is_placeholder
from bot.safety.spans import Span
from bot.safety.values import Value, is_secret, looks_random, read_value, read_words, whole_end

_NAME_CHARS = re.compile(r"[\w.\-]{1,80}")
_ASCII_NAME_CHARS = string.ascii_letters + string.digits + "_-."
_ASCII_SAID = string.ascii_letters + string.digits + "_'/+- \t\n"
_BEFORE = re.compile(r"(?:[\w'’/+-]{1,24}[ \t/]{1,2}){1,3}$")
# The same read from its end, for what has no slash; a search for it is slow, since every letter may begin it.
_BACKWARDS = re.compile(r"\n?((?:[ \t]{1,2}[\w'’+-]{1,24}){1,3})")
_CJK = re.compile(r"密码|密碼|口令|パスワード|비밀번호|암호|密钥|密鑰|令牌|トークン|토큰|暗証番号|秘密鍵")

# What begins nothing that may stand between a name and its value.
_NO_NOTATION = frozenset({"", "/", ".", ")", "}", "[", "@", "#", "&", "^", "{", "$", "~"})
_LINE_REST = re.compile(r"[ \t\r]{0,40}(?:#[^\n]{0,200})?(?=\n|$|\\n|[\"'])")
_FLAG_GAP = re.compile(r"[= \t]{1,2}")
_PAIR = re.compile(r"[\"'`]?[\w.@+-]{1,64}[\"'`]?(?: ?[/:|] ?| and )[\"'`]?([^\s\"'`]{3,128})")
_SPACE = re.compile(r"[ \t]{1,4}\(?")
_FALLBACK = re.compile(r"[^\n\"'`]{0,60}(?:\|\||\?\?|\bor\b)[ \t]{0,4}(?=[\"'`])")
_SAID_BEFORE = re.compile(
    r"(?:^|[\s\"'`(])([^\s\"'`]{8,128})[\"'`]? (?:is|as|was) (?:the |my |our |your )?(?:[\w-]{1,20} ){0,2}$"
)
_SAID = re.compile(" (?:is|as|was) ")
_SAID_REACH = 60  # the longest end of the pattern above, from its verb on
_DIGIT = re.compile("[0-9]")
_FAR = re.compile(r"(?:(?:[ \t][\w-]{2,14}){0,2}[\"'`*]{0,3}:|[ \t]{0,4}\n)[ \t]{0,4}(?:\n[ \t]{0,8})?(?=\S)")
_NEXT_LINE = re.compile(
    r"[\"'`*]{0,3}:[\"'`*]{0,3}(?:[ \t][|>][+-]?)?[ \t\r]{0,4}\n\r?\n?[ \t>]{0,12}(?:```\w{0,8}\n)?"
)
_LINE_KEY = re.compile(r"^[ \t>+-]{0,12}(?:export[ \t]+|set[ \t]+|ENV[ \t]+|ARG[ \t]+|-e[ \t]+|\$env:)?$")
_LOGIN = re.compile(r"(?i)\b(?:machine|ssh|ftp|login|user(?:name)?|account)[ \t:=]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    text: str
    start: int
    end: int
    label: Label
    is_doubtful: bool = False  # words before it speak against a secret: only what cannot be anything else counts


def find_labelled(text: str, lowered: str, clues: Clues) -> Iterator[Span]:
    """The value of every name that says it is secret. ``lowered`` is the text in lower case, of equal length."""
    done = 0
    for start, end in anchors(lowered, clues):
        if start < done:
            continue
        name_end = _end_of_name(text, end)
        name = _name_at(text, start, name_end)
        done = name_end
        if name is None and lowered[start:name_end] not in {"sig", "signature", "key"}:
            continue
        value = _value_of(text, name) if name else _query_value(text, name_end, start)
        if value is not None:
            done = max(done, whole_end(text, value))
            yield Span(start=value.start, end=whole_end(text, value), kind=_KINDS[name.label] if name else "signature")


_KINDS: dict[Label, str] = {
    "password": "password", "secret": "secret", "token": "token", "key": "key", "pin": "code", "phrase": "phrase",
    "login": "password",
}  # fmt: skip


def _end_of_name(text: str, at: int) -> int:
    run = _NAME_CHARS.match(text, at)
    return run.end() if run else at


def _name_at(text: str, anchor: int, end: int) -> _Name | None:
    cjk = _CJK.match(text, anchor)
    if cjk:
        label = label_of([cjk[0]])
        return _Name(text=cjk[0], start=anchor, end=cjk.end(), label=label) if label else None
    floor = max(0, anchor - 48)
    start = floor + len(text[floor:anchor].rstrip(_ASCII_NAME_CHARS))
    while start > floor and (text[start - 1].isalnum() or text[start - 1] in "_-."):
        start -= 1
    while start < anchor and text[start - 1 : start] == "\\" and text[start] in "nrt":
        start += 1  # the letter of an escaped line break
    while end > anchor and text[end - 1] in ".-":
        end -= 1
    if text[start - 1 : start] == "$" and not re.match(r"[ \t]{0,4}=", text[end : end + 5]):
        return None  # a variable that is used, not set
    if end - start > 80 or start == floor > 0 or not may_name(text[start:end]):
        return None
    if text[end : end + 1] in _NO_NOTATION and text[start - 1 : start] not in {" ", "\n"}:
        return None
    if _is_verb(text, start, end):
        return None
    is_flag = text.startswith("--", start)
    said = "" if is_flag else _words_before(text[max(0, start - 64) : start])
    label, certain = _labels(said, text[start:end])
    return _Name(text=text[start:end], start=start, end=end, label=certain, is_doubtful=not label) if certain else None


@functools.lru_cache(maxsize=16_384)
def _labels(said: str, name: str) -> tuple[Label | None, Label | None]:
    """The label that a name has after some words, and the one to go by, which may be that of the name alone."""
    own = parts(name)
    label = label_of((parts(said)[-3:] if len(own) < 3 else []) + own)
    return label, label or label_of(own)


def _words_before(text: str) -> str:
    """Up to three words right before a name, with what parts them; "" where a flag begins."""
    tail = text[text.rfind("/") + 1 :]
    backwards = _BACKWARDS.match(tail[::-1])
    # Of what is left, a slash before it could only be reached over blanks.
    if backwards and (tail == text or tail[: -backwards.end()].strip(" \t")):
        said = backwards[1][::-1]
    elif not text.rstrip("\n").endswith((" ", "\t", "/")):
        return ""
    else:  # a slash may part words and may be part of one
        before = _BEFORE.search(text, len(text.rstrip(_ASCII_SAID)) if text.isascii() else 0)
        said = before[0] if before else "-"
    return "" if said.startswith("-") else said


def _is_verb(text: str, start: int, end: int) -> bool:
    """Whether ``pass`` is what tests do: with a mark after it but no equals sign, a user must stand near."""
    if text[start:end].lower() != "pass" or text.startswith("=", end):
        return False
    before = _line_before(text, start)
    is_alone = not before.strip(" \t\"'-{,")
    return text[start:end] != "pass" or not (is_alone or _LOGIN.search(before))


def _query_value(text: str, name_end: int, start: int) -> Value | None:
    """The value of ``?sig=`` and ``&signature=``, which are names of secrets in a query only."""
    if text[max(0, start - 1) : start] not in {"?", "&", "", "\n", " "} or not text.startswith("=", name_end):
        return None
    value = read_value(text, name_end + 1)
    return value if value and len(value.text) >= 16 and re.search("[0-9]", value.text) else None


def _value_of(text: str, name: _Name) -> Value | None:
    if text.startswith("-", name.start) and text[max(0, name.start - 1) : name.start] in (
        "",
        " ",
        "\t",
        '"',
        "'",
        "\n",
    ):
        flagged = _flag_value(text, name)
        if flagged:
            return flagged
    if text[name.end : name.end + 1] in _NO_NOTATION:
        return None if name.is_doubtful else _said_before(text, name)
    if name.is_doubtful:
        return _far(text, name)
    for notation in NOTATIONS:
        between = notation.between.match(text, name.end)
        if not between:
            continue
        special = _SPECIAL[name.label](text, between.end()) if name.label in _SPECIAL else None
        if special:
            return special
        value = read_value(text, between.end(), to_space=_is_env_line(text, name, between))
        if value is None or (notation.needs_quote and not value.quote):
            continue
        if _accepts(text, name, value, between, assigned=notation.assigned):
            return value
        fallback = _FALLBACK.match(text, value.end)
        default = read_value(text, fallback.end()) if fallback else None
        if default and is_secret(name.label, default.text, quoted=True, assigned=True):
            return default
    return _bare(text, name) or _on_next_line(text, name) or _said_before(text, name) or _far(text, name)


def _said_before(text: str, name: _Name) -> Value | None:
    """``x is the api key``, ``try x as the password``."""
    start = max(0, name.start - 200)
    before = text[start : name.start]
    # Cheap signs first: what is said has a digit, and the pattern is slow.
    if (
        not before.endswith((" ", " \n"))
        or not _SAID.search(before, max(0, len(before) - _SAID_REACH))
        or not _DIGIT.search(before)
    ):
        return None
    said = _SAID_BEFORE.search(before)
    if not said or not _is_unmistakable(name.label, said[1]):
        return None
    value = Value(text=said[1], start=start + said.start(1))
    return value if is_secret(name.label, value.text, quoted=False, assigned=False) else None


def _on_next_line(text: str, name: _Name) -> Value | None:
    """A value that stands alone on the line after ``Password:``, as chats and code blocks show it."""
    between = _NEXT_LINE.match(text, name.end)
    value = read_value(text, between.end()) if between else None
    if value is None or not _LINE_REST.match(text, value.end) or not re.search("[0-9]", value.text):
        return None
    return value if is_secret(name.label, value.text, quoted=bool(value.quote), assigned=False) else None


def _phrase(text: str, at: int) -> Value | None:
    """A row of at least eleven short words: what wallets call a seed."""
    words = read_words(text, at)
    is_seed = words and re.fullmatch(
        r"(?:[0-9]{1,2}[.)] ?)?[a-z]{3,8}(?:[ ,]{1,2}(?:[0-9]{1,2}[.)] ?)?[a-z]{3,8}){10,24}[.,]?", words.text
    )
    return words if is_seed else None


def _login(text: str, at: int) -> Value | None:
    """The password of ``ann / x`` and ``ann:x``."""
    pair = _PAIR.match(text, at)
    if not pair or pair[0].startswith(("http", "/")):
        return None
    value = pair[1].rstrip(".,;)")
    return (
        Value(text=value, start=pair.start(1)) if is_secret("password", value, quoted=False, assigned=False) else None
    )


_SPECIAL: dict[Label, Callable[[str, int], Value | None]] = {"phrase": _phrase, "login": _login}


def _far(text: str, name: _Name) -> Value | None:
    """``Token expired: x``, ``## API key`` and x below it: so the value must leave no doubt."""
    between = _FAR.match(text, name.end)
    value = read_value(text, between.end()) if between else None
    return value if value and _is_unmistakable(name.label, value.text) and not is_placeholder(value.text) else None


def _is_env_line(text: str, name: _Name, between: re.Match[str]) -> bool:
    return between[0] == "=" and bool(_LINE_KEY.match(_line_before(text, name.start)))


def _line_before(text: str, at: int) -> str:
    floor = max(0, at - 48)
    start = text.rfind("\n", floor, at) + 1
    return text[start or floor : at]


def _accepts(text: str, name: _Name, value: Value, between: re.Match[str], *, assigned: bool) -> bool:
    if value.text.lower() == name.text.lower() or value.start - len(value.quote) == name.end:
        return False
    certain = assigned and (bool(value.quote) or _is_literal_place(text, name, value, between[0]))
    return is_secret(name.label, value.text, quoted=bool(value.quote), assigned=certain)


def _is_literal_place(text: str, name: _Name, value: Value, between: str) -> bool:
    """Whether a bare word there is a literal: shell and .env lines, YAML pairs, table cells, XML, query strings."""
    before = _line_before(text, name.start)
    if between.strip() == "=" or between == "%3D":
        return between == "=" and (
            name.text.isupper() or bool(_LINE_KEY.match(before)) or before.endswith(("?", "&", ";"))
        )
    if between.endswith(">") or "|" in between:
        return between.endswith(">") and text.startswith("<", value.end)
    rest = _LINE_REST.match(text, value.end)
    is_pair = bool(re.fullmatch(r"[\s>+-]{0,12}[\w.\"'-]{0,48}", before)) and ":" in between
    return bool(rest) and is_pair


def _flag_value(text: str, name: _Name) -> Value | None:
    between = _FLAG_GAP.match(text, name.end)
    value = read_value(text, between.end()) if between else None
    if value is None or value.text.startswith("-"):
        return None
    if between and between[0] != "=" and not value.quote and value.text.isalpha():
        return None  # the --token flag
    if re.match(r"[a-z]+=", value.text):
        return None  # docker's --secret id=x,src=y
    return value if is_secret(name.label, value.text, quoted=bool(value.quote), assigned=True) else None


_BARE_CUES = re.compile(
    r"(?i)\b(?:use|using|with|is|the|this|my|our|login|user|username|machine|mit|by|identified|configure|set|setx|its|via)\b"
)
_DIRECTIVES = frozenset({"requirepass", "masterauth", "bindpw", "rootpw", "keypassword", "storepassword"})


def _bare(text: str, name: _Name) -> Value | None:
    """``machine x login y password z``, ``setx API_KEY z``, ``use password z``: no mark between name and value."""
    between = _SPACE.match(text, name.end)
    value = read_value(text, between.end()) if between else None
    if value is None or not is_secret(name.label, value.text, quoted=bool(value.quote), assigned=False):
        return None
    if name.text.lower() in _DIRECTIVES or _is_unmistakable(name.label, value.text):
        return value
    line = text[max(text.rfind("\n", 0, name.start) + 1, name.start - 120) : name.start]
    if _WORD_AND_NUMBER.fullmatch(value.text) and not _LOGIN.search(line):
        return None
    if _NOT_BARE.search(value.text) and not re.search(r"[0-9].*[A-Za-z].*[0-9]", value.text):
        return None
    has_mix = bool(re.search("[0-9]", value.text)) and bool(re.search("[A-Za-z]", value.text)) and len(value.text) >= 6
    return value if has_mix and (_BARE_CUES.search(line) or name.text.isupper()) else None


_WORD_AND_NUMBER = re.compile(r"[A-Za-z]+[-_.]?[0-9]{1,4}|[0-9.:/-]+|[\w-]+['’]\w+")
_NOT_BARE = re.compile(r"[/(]|\w[.,;:]\w|^[A-Z]+-[0-9]+$|\w-\w")


def _is_unmistakable(label: Label, value: str) -> bool:
    """Whether a value needs no mark and no cue before it: long and random, or a password with all that one asks for."""
    cases = [bool(re.search(kind, value)) for kind in ("[a-z]", "[A-Z]", "[0-9]")]
    if label == "password" and len(value) >= 8 and all(cases[1:]) and re.search(r"[!#$%^&*~+]", value):
        return "(" not in value and "/" not in value
    if len(value) < 20 or not cases[2] or not looks_random(value) or re.search(r"[(:]|^/", value):
        return False
    digits = len(re.findall("[0-9]", value))
    return (all(cases) and digits >= 3) if "/" in value else (all(cases) or digits >= 3)
