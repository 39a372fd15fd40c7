"""Globs over relative paths: ``**`` crosses folders, ``*`` stays inside one, ``!(*.*)`` is a name without a dot."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from re import Pattern, escape
from re import compile as compiled
from re import error as PatternError  # noqa: N812 - its name from Python 3.13 on

_TOKEN = compiled(r"\*\*/|\*\*|\*|\?|\[!?\]?[^\]/]{0,100}\]|!\(\*\.\*\)|.")
_WILD = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]", "!(*.*)": "[^/.]+"}


def fits(relative: str, patterns: Sequence[str]) -> bool:
    """Whether a path with forward slashes fits one of the globs; one without a slash fits in any folder."""
    return bool(patterns) and bool(_together(tuple(patterns)).fullmatch(relative))


def names_hidden(patterns: Sequence[str]) -> tuple[str, ...]:
    """The parts of globs that name hidden files or folders outright: only these are looked into."""
    parts = {part for pattern in patterns for part in pattern.split("/") if part.startswith(".") and part != ".."}
    return tuple(sorted(parts - {"."}))


@cache
def _together(patterns: tuple[str, ...]) -> Pattern[str]:
    return compiled("|".join(f"(?:{_pattern(pattern)})" for pattern in patterns))


def _pattern(pattern: str) -> str:
    rest = pattern.lstrip("/") if "/" in pattern.rstrip("/") else f"**/{pattern}"
    found = "".join(map(_piece, _TOKEN.findall(rest.rstrip("/"))))
    try:
        compiled(found)
    except PatternError:  # a set like [z-a]: then the characters stand for themselves
        return escape(rest)
    return found


def _piece(token: str) -> str:
    if token.startswith("[") and len(token) > 1:
        body = token[1:-1].replace("\\", r"\\").replace("[", r"\[")
        return f"[^{body[1:]}]" if body.startswith("!") else f"[{body}]"
    return _WILD.get(token) or escape(token)
