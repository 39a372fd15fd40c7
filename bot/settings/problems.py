"""Says what is wrong with a config: one line each, naming file, line and key, never showing a secret."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from bot.settings import shape
from bot.settings.environment import PREFIX
from bot.settings.literals import is_secret_key, looks_like_secret
from bot.settings.tree import Path, Problem, Tree, dotted

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_EXPECTED = {
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "dict_type": "a mapping (name: ...)",
    "tuple_type": "a list",
    "list_type": "a list",
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "path_type": "a path",
    "string_too_short": "text that is not empty",
    "finite_number": "a number",
}


class ConfigError(Exception):
    """The config cannot be used. ``problems`` holds one line for each thing to mend, in order of line."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def from_validation(errors: Iterable[ErrorDetails], tree: Tree, root: object) -> Iterator[Problem]:
    """Pydantic's complaints in the words of this config."""
    mistyped: set[Path] = set()
    found: list[tuple[str, Problem]] = []
    for error in errors:
        path = _path(error["loc"], tree)
        if error["type"] == "extra_forbidden":
            mistyped.update((*path[:-1], key) for key in _near_keys(path, tree, root))
        found.append((error["type"], Problem(path=path, message=_message(error, path, tree, root))))
    # a mistyped key is one mistake, not also a missing one
    return (problem for kind, problem in found if kind != "missing" or problem.path not in mistyped)


def unknown_key(path: Path, tree: Tree, root: object) -> Problem:
    """The complaint about a key that no model knows, with the nearest one that is known there."""
    return Problem(path=path, message=f"unknown key; {_nearest_key(path, tree, root)}")


def lines(problems: Iterable[Problem], tree: Tree, file: str) -> list[str]:
    """The messages as a person reads them, the file's by line, then the environment's by name; no line twice."""
    told: dict[str, tuple[int, int, str]] = {}
    for problem in problems:
        origin = tree.origin(problem.path) if problem.origin is None else problem.origin
        where = [dotted(tuple(_shown(part) for part in problem.path))] if problem.path else []
        if isinstance(origin, str):
            is_whole = len(problem.path) <= len(origin.removeprefix(PREFIX).split("__"))
            place = [str(_shown(origin)), *([] if is_whole else where)]
            order = (1, 0, origin)
        else:
            place = [f"{file}:{origin}" if origin else file, *where]
            order = (0, origin or 0, "")
        told.setdefault(_printable(": ".join([*place, problem.message])), order)
    return sorted(told, key=lambda line: told[line])


def _path(loc: Sequence[str | int], tree: Tree) -> Path:
    """Pydantic's place as the file has it: without the tag of a target's kind, or an index into a lone word."""
    parts = [part for part in loc if part != "[key]"]
    # pydantic names the member of the union that it tried: targets.inbox.local.path
    if parts[:1] == ["targets"] and len(parts) > 2:
        del parts[2]
    if parts[-1:] == [0] and isinstance(tree.at(tuple(parts[:-1])), str):
        del parts[-1]
    return tuple(parts)


def _shown(part: str | int) -> str | int:
    if isinstance(part, str):
        return "(hidden)" if looks_like_secret(part) else part[:60]
    return part


def _printable(line: str) -> str:
    """One line that no terminal acts on, whatever keys and file names hold."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in line)


def _message(error: ErrorDetails, path: Path, tree: Tree, root: object) -> str:
    kind = error["type"]
    if kind == "extra_forbidden":
        return f"unknown key; {_nearest_key(path, tree, root)}"
    if kind == "missing":
        return f"missing; {_description(path, tree, root)}"
    if kind == "value_error":
        return str(error.get("ctx", {}).get("error", error["msg"]))
    value = tree.at(path)
    is_quoted = isinstance(value, str) and kind.split("_")[0] in {"int", "float", "bool"}
    if kind == "too_short":
        return "expected at least one entry, got none"
    got = f"got {'the text ' if is_quoted else ''}{_described(value, path)}"
    context = error.get("ctx", {})
    if kind == "literal_error":
        choices = [word.strip("' ") for word in str(context.get("expected", "")).replace(" or ", ", ").split(",")]
        return f"expected {_choice(choices)}, {got}{_near(value, choices)}"
    bounds = {"greater_than_equal": ("at least", "ge"), "less_than_equal": ("at most", "le")}
    if kind in bounds:
        words, key = bounds[kind]
        return f"expected {words} {context.get(key)}, {got}"
    return f"expected {_EXPECTED.get(kind, 'another value')}, {got}"


def _nearest_key(path: Path, tree: Tree, root: object) -> str:
    near = _near_keys(path, tree, root)
    return f"did you mean '{near[0]}'?" if near else f"known here: {', '.join(_keys(path[:-1], tree, root))}"


def _near_keys(path: Path, tree: Tree, root: object) -> list[str]:
    return get_close_matches(shape.normal(str(path[-1])), _keys(path[:-1], tree, root), n=1, cutoff=0.6)


def _keys(path: Path, tree: Tree, root: object) -> list[str]:
    kind = root
    for index, part in enumerate(path):
        kind = shape.below(kind, tree.at(path[:index]), part)
    model = shape.model_at(kind, tree.at(path))
    return list(model.model_fields) if model else []


def _description(path: Path, tree: Tree, root: object) -> str:
    kind = root
    for index, part in enumerate(path[:-1]):
        kind = shape.below(kind, tree.at(path[:index]), part)
    model = shape.model_at(kind, tree.at(path[:-1]))
    info = model.model_fields.get(str(path[-1])) if model else None
    text = (info.description or "") if info else ""
    return (text[:1].lower() + text[1:]).rstrip(".") or "it must be set"


def _choice(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _near(value: object, choices: Sequence[str]) -> str:
    near = get_close_matches(str(value), choices, n=1, cutoff=0.6) if isinstance(value, str) else []
    return f"; did you mean '{near[0]}'?" if near else ""


def _described(value: object, path: Path) -> str:
    """What stands there, without repeating what could be a secret."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = " ".join(str(value).split())
    if (
        any(is_secret_key(str(part)) for part in path)
        or looks_like_secret(text)
        or len(text) > 40
        or not text.isprintable()
    ):
        return "other text"
    return f"'{text}'" if text else "empty text"
