"""The types of single values in the config: strict, so that ``per_run: yes`` is an error and not a one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, Strict

from bot.settings.literals import looks_like_secret

_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62}[A-Za-z0-9])?")
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_URL: Final = re.compile(r"https?://[^\s/@?#\\]{1,253}(?:/[^\s@?#\\]{0,500})?")
NOWHERE: Final = "none"


def _one_or_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _name(value: str) -> str:
    if not _NAME.fullmatch(value) or "__" in value:
        raise ValueError("a name has letters, digits, '-' and single '_', at most 64")
    return value


def _target_name(value: str) -> str:
    if value.lower() == NOWHERE:
        raise ValueError("'none' cannot name a target; in routes it means nowhere")
    return _name(value)


def _variable(value: str) -> str:
    # a token pasted in place of its variable's name often is a fine name
    if not _VARIABLE.fullmatch(value) or looks_like_secret(value):
        raise ValueError("expected the name of an environment variable, such as GITHUB_TOKEN")
    return value


def _url(value: str) -> str:
    if not _URL.fullmatch(value):
        raise ValueError("expected an address such as https://git.example.org, without user, password or query")
    return value.rstrip("/")


def _place(value: object) -> object:
    if isinstance(value, str) and (not value or "\0" in value or "://" in value):
        raise ValueError("expected a file or folder on this machine")
    return value


def _label(value: str) -> str:
    if not value.strip() or "\n" in value or "," in value or len(value) > 50:
        raise ValueError("a label has 1 to 50 characters, no comma and no line break")
    return value


Text = Annotated[str, Field(min_length=1)]
Whole = Annotated[int, Strict(), Field(ge=0, le=1_000_000)]
Share = Annotated[float, Strict(), Field(ge=0, le=1)]
Switch = Annotated[bool, Strict()]
Name = Annotated[str, AfterValidator(_name)]
TargetName = Annotated[str, AfterValidator(_target_name)]
VariableName = Annotated[str, AfterValidator(_variable)]
Url = Annotated[str, AfterValidator(_url)]
Place = Annotated[Path, BeforeValidator(_place)]
Label = Annotated[str, AfterValidator(_label)]
one_or_list = BeforeValidator(_one_or_list)
