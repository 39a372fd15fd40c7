"""Fetches a target's token at the moment it is needed; settings only say where it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bot.settings.problems import ConfigError
from bot.settings.targets import GitHubTarget, LocalTarget, Target

_MAX_BYTES: Final = 64 * 1024


def resolve_secrets(target: Target, environ: Mapping[str, str], *, name: str = "") -> dict[str, str]:
    """The secrets that a target's connector gets, as ``token`` or ``private_key``; none for one that needs none.

    ``name`` is the target's, for the message. Raises :class:`ConfigError` like :func:`resolve_token`.
    """
    if isinstance(target, GitHubTarget) and target.app_id is not None:
        return {"private_key": _private_key(target, environ, f"targets.{name}." if name else "")}
    token = resolve_token(target, environ, name=name)
    return {"token": token} if token else {}


def _private_key(target: GitHubTarget, environ: Mapping[str, str], place: str) -> str:
    if target.private_key_env is not None:
        where = f"{place}private_key_env"
        # Some places that keep variables allow no line breaks in them.
        key = environ.get(target.private_key_env, "").strip().replace("\\n", "\n")
        if not key:
            raise ConfigError([f"{where}: the variable {target.private_key_env} is not set or empty"])
    else:
        where = f"{place}private_key_file"
        assert target.private_key_file is not None
        key = _from_file(target.private_key_file, where)
    if not key.startswith("-----BEGIN ") or "PRIVATE KEY-----" not in key:
        raise ConfigError([f"{where}: expected a private key, which begins with '-----BEGIN'"])
    return key


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
        token = _from_file(target.token_file, f"{place}token_file")
    else:
        return ""
    # a pasted `export NAME=...` line or a whole .env file would only fail at the tracker, hours later
    if len(token.split()) != 1:
        raise ConfigError(
            [f"{place}token_{'env' if target.token_env else 'file'}: expected the token and nothing else"]
        )
    return token


def _from_file(file: Path, where: str) -> str:
    try:
        with file.open("rb") as stream:
            token = stream.read(_MAX_BYTES).decode("utf-8-sig").strip()
    except OSError as error:
        raise ConfigError([f"{where}: {file}: {error.strerror or 'cannot be read'}"]) from error
    except ValueError as error:
        raise ConfigError([f"{where}: {file}: not text"]) from error
    if not token:
        raise ConfigError([f"{where}: {file}: empty"])
    return token
