"""Fetches a target's token at the moment it is needed; settings only say where it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bot.settings.problems import ConfigError
from bot.settings.targets import LocalTarget, Target

_MAX_BYTES: Final = 64 * 1024


def resolve_token(target: Target, environ: Mapping[str, str], *, name: str = "") -> str:
    """The token of a target, without surrounding white space; "" for one that names none.

    ``name`` is the target's, for the message. Raises :class:`ConfigError` when the variable or file is missing or
    empty, or holds more than one line.
    """
    if isinstance(target, LocalTarget):
        return ""
    place = f"targets.{name}." if name else ""
    if target.token_env is not None:
        token = environ.get(target.token_env, "").strip()
        if not token:
            raise ConfigError([f"{place}token_env: the variable {target.token_env} is not set or empty"])
    elif target.token_file is not None:
        token = _from_file(target.token_file, place)
    else:
        return ""
    # a pasted `export NAME=...` line or a whole .env file would only fail at the tracker, hours later
    if len(token.split()) != 1:
        raise ConfigError(
            [f"{place}token_{'env' if target.token_env else 'file'}: expected the token and nothing else"]
        )
    return token


def _from_file(file: Path, place: str) -> str:
    try:
        with file.open("rb") as stream:
            token = stream.read(_MAX_BYTES).decode("utf-8-sig").strip()
    except OSError as error:
        raise ConfigError([f"{place}token_file: {file}: {error.strerror or 'cannot be read'}"]) from error
    except ValueError as error:
        raise ConfigError([f"{place}token_file: {file}: not text"]) from error
    if not token:
        raise ConfigError([f"{place}token_file: {file}: empty"])
    return token
