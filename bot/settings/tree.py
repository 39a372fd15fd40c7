"""Plain values with the place that each of them came from: a line of the file, or an environment variable."""

from __future__ import annotations

from dataclasses import dataclass, field

Path = tuple[str | int, ...]  # keys and list indexes from the root down
Origin = int | str  # 1-based line of the config file, or name of the variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with the config. ``path`` says where; ``origin`` is given when no value there tells it."""

    path: Path
    message: str
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Mappings, lists and scalars as YAML has them, and where each path was set. Values are never changed in place."""

    value: object
    origins: dict[Path, Origin] = field(default_factory=dict)

    def origin(self, path: Path) -> Origin | None:
        """Where ``path``, or else its nearest ancestor, was set."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.origins:
                return self.origins[path[:length]]
        return None

    def at(self, path: Path) -> object:
        """The value at ``path``, None where there is none."""
        return _at(self.value, path)

    def overlaid(self, path: Path, other: Tree) -> Tree:
        """A copy with ``other`` at ``path``: mappings are merged, all else replaces what was there."""
        value = _merged(self.at(path), other.value)
        # a replaced list may be shorter: its old items' lines must not be named any more
        gone = [key for key in self.origins if key[: len(path)] == path and _at(value, key[len(path) :]) is None]
        kept = {key: where for key, where in self.origins.items() if key not in gone}
        placed = {(*path, *key): where for key, where in other.origins.items()}
        return Tree(value=_replaced(self.value, path, value), origins=kept | placed)


def _at(value: object, path: Path) -> object:
    for part in path:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value


def _merged(old: object, new: object) -> object:
    if isinstance(old, dict) and isinstance(new, dict):
        return old | {key: _merged(old.get(key), item) for key, item in new.items()}
    return new


def _replaced(container: object, path: Path, value: object) -> object:
    if not path:
        return value
    part, rest = path[0], path[1:]
    if isinstance(part, int):
        items = list(container) if isinstance(container, list) else []
        child = items[part] if part < len(items) else None
        items[part : part + 1] = [_replaced(child, rest, value)]
        return items
    mapping = dict(container) if isinstance(container, dict) else {}
    mapping[part] = _replaced(mapping.get(part), rest, value)
    return mapping


def dotted(path: Path) -> str:
    """``routes[0].when.kind``: how messages name a place."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text
