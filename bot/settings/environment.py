"""Lays environment variables over the config file: ``LOOSE_ENDS_FILING__CAPS__PER_RUN=5``.

``__`` stands between levels, case and hyphens do not count, a number picks an item of a list. Text is taken
as it stands; other values are read as YAML (so JSON too). A variable that is set but empty counts as not set.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from bot.settings import shape
from bot.settings.literals import REFUSED, holds_token, is_secret_key
from bot.settings.tree import Path, Problem, Tree

PREFIX: Final = "LOOSE_ENDS_"
CONFIG_VARIABLE: Final = "LOOSE_ENDS_CONFIG"
_OTHERS: Final = frozenset({CONFIG_VARIABLE, "LOOSE_ENDS_EVAL", "LOOSE_ENDS_TEST_DATABASE"})  # ours, but no settings
# What Kubernetes tells every container of a Service that is called loose-ends.
# Source: https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
_SERVICE: Final = re.compile(
    r"LOOSE_ENDS_(?:SERVICE_HOST|SERVICE_PORT(?:_\w{1,63})?|PORT(?:_\d{1,5}_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?)"
)


def overlaid(tree: Tree, environ: Mapping[str, str], root: object) -> tuple[Tree, list[Problem]]:
    """``tree`` with the variables laid over it, and what is wrong with them. ``root`` is the settings model."""
    problems: list[Problem] = []
    names = [name for name in environ if name.startswith(PREFIX) and environ[name] and not _is_other(name)]
    for name in sorted(names, key=_order):
        path, kind = _place(tree, name, root)
        if kind is None:
            # perhaps the home of a token: known when every target is
            problems.append(Problem(path=(), message="", origin=name))  # told when all names are known
            continue
        value, problem = _value(environ[name], kind, path, name)
        if value is None or problem:
            problems += [problem] if problem else []
        else:
            tree = tree.overlaid(path, value)
    mentioned = token_variables(tree.value)
    return tree, [_told(problem, tree, root) for problem in problems if problem.origin not in mentioned]


def _is_other(name: str) -> bool:
    return name in _OTHERS or _SERVICE.fullmatch(name) is not None


def token_variables(value: object) -> set[str]:
    """Every variable that some ``token_env`` names: these hold tokens, not settings."""
    targets = value.get("targets") if isinstance(value, dict) else None
    entries = targets.values() if isinstance(targets, dict) else ()
    names = [entry.get("token_env") for entry in entries if isinstance(entry, dict)]
    return {name for name in names if isinstance(name, str)}


def variable_names(kind: object, data: object, prefix: str = PREFIX) -> Iterator[str]:
    """The variables that can be set, for the names and list items that are there."""
    model = shape.model_at(kind, data)
    keys: list[str | int]
    if model is not None:
        keys = list(model.model_fields)
    elif shape.is_mapping(kind) and isinstance(data, dict):
        keys = [str(key) for key in data]
    elif shape.is_list(kind) and isinstance(data, list):
        keys = list(range(len(data) + 1))
    else:
        keys = []
    if prefix != PREFIX:
        yield prefix.removesuffix("__")
    for key in keys:
        inner = Tree(value=data).at((key,))
        part = shape.normal(str(key)).upper() + "__"
        yield from variable_names(shape.below(kind, data, key), inner, prefix + part)


def _order(name: str) -> tuple[int, tuple[tuple[int, str], ...]]:
    """Whole sections before their parts, items of a list by number."""
    parts = name.split("__")
    return len(parts), tuple((int(part) if part.isdecimal() and len(part) < 6 else -1, part) for part in parts)


def _place(tree: Tree, name: str, root: object) -> tuple[Path, object]:
    """The path that a variable sets and the type that is expected there (None when there is no such path)."""
    kind = root
    path: Path = ()
    for part in name.removeprefix(PREFIX).split("__"):
        data = tree.at(path)
        key = _key(kind, data, part)
        kind = None if key is None else shape.below(kind, data, key)
        if key is None or kind is None:
            return path, None
        path = (*path, key)
    return path, kind


def _key(kind: object, data: object, part: str) -> str | int | None:
    if shape.is_list(kind):
        known = len(data) if isinstance(data, list) else 0
        return int(part) if part.isdecimal() and len(part) < 6 and int(part) <= known else None
    model = shape.model_at(kind, data)
    keys = list(model.model_fields) if model else []
    if isinstance(data, dict):
        keys += [str(key) for key in data if str(key) not in keys]
    same = [key for key in keys if shape.normal(key) == shape.normal(part)]
    if same:
        return same[0]
    is_open = shape.is_mapping(kind) or (model is not None and model.model_config.get("extra") == "allow")
    return part.lower() if is_open and part else None


def _value(text: str, kind: object, path: Path, name: str) -> tuple[Tree | None, Problem | None]:
    if any("\ud800" <= char <= "\udfff" for char in text):
        return None, Problem(path=path, message="not UTF-8 text", origin=name)
    is_list_of_text = shape.is_list(kind) and shape.is_text(shape.below(kind, None, 0))
    if shape.is_text(kind) or (is_list_of_text and not text.startswith("[")):
        return Tree(value=text, origins={(): name}), None
    from bot.settings.yaml_text import YamlError, parse_yaml

    try:
        tree, problems = parse_yaml(text, origin=name)
    except YamlError as error:
        return None, Problem(path=path, message=str(error), origin=name)
    return tree, Problem(path=path, message="a key is set twice", origin=name) if problems else None


def _told(problem: Problem, tree: Tree, root: object) -> Problem:
    if problem.message:
        return problem
    name = str(problem.origin)
    if is_secret_key(name.removeprefix(PREFIX).split("__")[-1]) or holds_token(name):
        return Problem(path=(), message=REFUSED, origin=name)
    known = [known.removeprefix(PREFIX) for known in variable_names(root, tree.value)]
    near = get_close_matches(name.removeprefix(PREFIX).upper(), known, n=1, cutoff=0.6)
    hint = f"did you mean {PREFIX}{near[0]}?" if near else "no setting has that name; see the config reference"
    return Problem(path=(), message=f"unknown variable; {hint}", origin=name)
