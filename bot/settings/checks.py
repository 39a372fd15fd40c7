"""What no single key can tell: routes to targets that are not there, routes never reached, secrets in the file."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from bot.settings import shape
from bot.settings.literals import REFUSED, holds_token, is_secret_key
from bot.settings.scalars import NOWHERE
from bot.settings.tree import Path, Problem, Tree


def literal_secrets(tree: Tree, text: str) -> list[Problem]:
    """Keys that would hold a secret, and anything in a provider's token shape; in ``text`` comments included."""
    found = [Problem(path=path, message=REFUSED) for path in _secret_paths(tree.value, ())]
    told = {tree.origin(problem.path) for problem in found}
    for number, line in enumerate(text.split("\n"), 1):
        if number not in told and holds_token(line):
            found.append(Problem(path=(), message=REFUSED, origin=number))
    return found


def _secret_paths(value: object, path: Path) -> Iterator[Path]:
    if isinstance(value, dict):
        for key, item in value.items():
            # a source or target may well be called "token"
            named_by_user = path in {("sources",), ("targets",)}
            if not named_by_user and is_secret_key(str(key)):
                yield (*path, key)
            else:
                yield from _secret_paths(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _secret_paths(item, (*path, index))
    elif isinstance(value, str) and holds_token(value):
        yield path


def across(value: object) -> Iterator[Problem]:
    """Contradictions between sections; parts of a wrong type are left to validation."""
    data = value if isinstance(value, dict) else {}
    sources, targets = (_names(data.get(key)) for key in ("sources", "targets"))
    for section, names in (("sources", sources), ("targets", targets)):
        yield from _confusable(section, names)
    # read as plain data, so that these are told together with what validation finds
    routes = data.get("routes")
    if not isinstance(routes, list) or not routes:
        if len(targets) > 1:
            yield Problem(path=("routes",), message=f"missing; with {len(targets)} targets it says what goes where")
        return
    for index, route in enumerate(routes):
        if isinstance(route, dict):
            yield from _route(route, index, sources, targets)
            if not route.get("when") and index + 1 < len(routes):
                yield Problem(path=("routes", index + 1), message=f"never reached; routes[{index}] takes everything")


def _names(section: object) -> list[str]:
    return [str(name) for name in section] if isinstance(section, dict) else []


def _confusable(section: str, names: list[str]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for name in names:
        first = seen.setdefault(shape.normal(name), name)
        if first != name:
            yield Problem(path=(section, name), message=f"too like '{first}'; only case, '-' or '_' differ")


def _route(route: dict[str, object], index: int, sources: list[str], targets: list[str]) -> Iterator[Problem]:
    to = route.get("to")
    if isinstance(to, str) and to and to not in targets and to != NOWHERE:
        yield Problem(path=("routes", index, "to"), message=f"no such target; {_hint(to, [*targets, NOWHERE])}")
    when = route.get("when")
    named = when.get("source") if isinstance(when, dict) else None
    listed = named if isinstance(named, list) else [named]
    for position, name in enumerate(listed):
        if isinstance(name, str) and name not in sources:
            place: Path = ("routes", index, "when", "source")
            path = (*place, position) if isinstance(named, list) else place
            yield Problem(path=path, message=f"no such source; {_hint(name, sources)}")


def _hint(word: str, known: list[str]) -> str:
    near = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known)}"
