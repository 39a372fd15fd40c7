"""Says what is wrong with a config: one line each, naming file, line and key, never showing a secret."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from bot.settings import shape
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
    "too_short": "at least one entry",
    "finite_number": "a number",
}


class ConfigError(Exception):
    """The config cannot be used. ``problems`` holds one line for each thing to mend, in order of line."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def from_validation(errors: Iterable[ErrorDetails], tree: Tree, root: object) -> Iterator[Problem]:
    """Pydantic's complaints in the words of this config."""
    for error in errors:
        path = _path(error["loc"])
        yield Problem(path=path, message=_message(error, path, tree, root))


def lines(problems: Iterable[Problem], tree: Tree, file: str) -> list[str]:
    """The messages as a person reads them, the file's by line, then the environment's by name; no line twice."""
    told: dict[tuple[int, int, str], None] = {}
    for problem in problems:
        origin, depth = (problem.origin, 0) if problem.origin is not None else tree.origin(problem.path)
        where = dotted(tuple(_shown(part) for part in problem.path))
        if isinstance(origin, str):
            place = origin if not where or len(problem.path) == depth or not depth else f"{origin}: {where}"
            told[1, 0, f"{place}: {problem.message}"] = None
        else:
            place = f"{file}:{origin}" if origin else file
            told[0, origin or 0, f"{place}: {where}: {problem.message}" if where else f"{place}: {problem.message}"] = (
                None
            )
    return [line for _, _, line in sorted(told, key=lambda key: key[:2] + ((key[2],) if key[0] else ("",)))]


def _path(loc: Sequence[str | int]) -> Path:
    """Pydantic's place without the tag it adds for the kind of a target, or for a mapping's key."""
    parts = [part for part in loc if part != "[key]"]
    if parts[:1] == ["targets"] and len(parts) > 2:
        del parts[2]
    return tuple(parts)


def _shown(part: str | int) -> str | int:
    return "(hidden)" if isinstance(part, str) and looks_like_secret(part) else part


def _message(error: ErrorDetails, path: Path, tree: Tree, root: object) -> str:
    kind = error["type"]
    if kind == "extra_forbidden":
        return f"unknown key; {_nearest_key(path, tree, root)}"
    if kind == "missing":
        return f"missing; {_description(path, tree, root)}"
    if kind == "value_error":
        return str(error.get("ctx", {}).get("error", error["msg"]))
    got = f"got {_described(tree.at(path), path)}"
    context = error.get("ctx", {})
    if kind == "literal_error":
        choices = [word.strip("' ") for word in str(context.get("expected", "")).replace(" or ", ", ").split(",")]
        return f"expected {_choice(choices)}, {got}{_near(tree.at(path), choices)}"
    bounds = {"greater_than_equal": ("at least", "ge"), "less_than_equal": ("at most", "le")}
    if kind in bounds:
        words, key = bounds[kind]
        return f"expected {words} {context.get(key):g}, {got}"
    return f"expected {_EXPECTED.get(kind, 'another value')}, {got}"


def _nearest_key(path: Path, tree: Tree, root: object) -> str:
    keys = _keys(path[:-1], tree, root)
    near = get_close_matches(shape.normal(str(path[-1])), keys, n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else f"known here: {', '.join(keys)}"


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
