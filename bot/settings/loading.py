"""From a YAML file and the environment to :class:`Settings`, or to every problem at once."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from bot.settings import checks, problems, shape
from bot.settings.environment import CONFIG_VARIABLE, overlaid
from bot.settings.literals import REFUSED
from bot.settings.models import Settings
from bot.settings.problems import ConfigError
from bot.settings.tree import Problem, Tree
from bot.settings.yaml_text import MAX_BYTES, YamlError, parse_yaml

DEFAULT_NAME: Final = "loose-ends.yaml"


def config_path(path: Path | None, environ: Mapping[str, str]) -> Path:
    """The config file meant: ``path``, else ``LOOSE_ENDS_CONFIG``, else loose-ends.yaml in the working folder."""
    return path or Path(environ.get(CONFIG_VARIABLE) or DEFAULT_NAME)


def load_settings(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Reads the config; the environment wins over the file, the file over the defaults.

    Relative paths in it start at the folder of the file, ``~`` is the home folder of ``environ``.
    Raises :class:`ConfigError` with all problems.
    """
    file = config_path(path, environ)
    text = _text(file)
    return parse_settings(text, file=file, folder=file.parent.absolute(), home=_home(environ), environ=environ)


def parse_settings(text: str, *, file: Path, folder: Path, home: Path, environ: Mapping[str, str]) -> Settings:
    """Like :func:`load_settings`, for a text that was read already; ``file`` only names it in messages."""
    try:
        tree, found = parse_yaml(text)
    except YamlError as error:
        raise ConfigError([f"{file}:{error.line}: {error}"]) from error
    if tree.value is None:
        raise ConfigError([f"{file}: empty; write a starter with `loose-ends init`"])
    if not isinstance(tree.value, dict):
        raise ConfigError([f"{file}:1: expected keys such as 'sources:' and 'targets:'"])
    tree, wrong = overlaid(tree, environ, Settings)
    # secrets and contradictions are looked for in what applies: the environment may have mended the file
    data = shape.filled(Settings, tree.value, folder, home)
    assert isinstance(data, dict)
    full = Tree(value=data, origins=tree.origins)
    found += [*wrong, *checks.literal_secrets(tree, text), *checks.across(data)]
    settings, wrong = _validated(full, data)
    found += wrong
    if found or settings is None:
        raise ConfigError(problems.lines(_once(found), full, str(file)))
    return settings


def _home(environ: Mapping[str, str]) -> Path:
    try:
        return Path(environ.get("HOME") or Path.home())
    except RuntimeError:  # a container's nameless user has none
        return Path("/")


def _validated(tree: Tree, data: dict[str, object]) -> tuple[Settings | None, list[Problem]]:
    # BaseSettings takes some options as arguments that begin with "_": a file must not reach those
    options = [key for key in data if key.startswith("_")]
    found = [problems.unknown_key((key,), tree, Settings) for key in options]
    values: dict[str, Any] = {key: value for key, value in data.items() if key not in options}
    try:
        return Settings(**values), found
    except ValidationError as error:
        complaints = error.errors(include_url=False, include_input=False)
        return None, found + list(problems.from_validation(complaints, tree, Settings))


def _once(found: list[Problem]) -> list[Problem]:
    """One problem for a place: a secret's refusal is all that needs saying about its key."""
    refused = {problem.path for problem in found if problem.message == REFUSED and problem.path}
    return [problem for problem in found if problem.path not in refused or problem.message == REFUSED]


def _text(file: Path) -> str:
    try:
        status = file.stat()
        # a pipe without a writer would hang a scheduled run
        if not stat.S_ISREG(status.st_mode):
            raise ConfigError([f"{file}: not a file; name the config file itself"])
        with file.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise ConfigError([f"{file}: no such file; write one with `loose-ends init`"]) from error
    except (OSError, ValueError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "not a file name"
        hint = "; check its permissions" if getattr(error, "errno", 0) == errno.EACCES else ""
        raise ConfigError([f"{file}: {reason}{hint}"]) from error
    if len(raw) > MAX_BYTES:
        raise ConfigError([f"{file}: larger than {MAX_BYTES // 1024} KiB; is this the config?"])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError([f"{file}:{line}: not UTF-8 text; save the file as UTF-8"]) from error
