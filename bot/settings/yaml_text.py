"""YAML to plain values with line numbers, within bounds: size, depth, aliases, duplicate keys.

Built on the parser's events, so that nothing is expanded before it is counted. Scalars follow the core
schema of YAML 1.2: ``no`` and ``2026-05-01`` are text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from bot.settings.tree import Origin, Path, Problem, Tree

MAX_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 20
MAX_VALUES: Final = 20_000  # after aliases are expanded
_INT = re.compile(r"[-+]?[0-9]{1,18}|0x[0-9a-fA-F]{1,15}|0o[0-7]{1,20}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]{1,40}|[0-9]{1,40}(?:\.[0-9]{0,40})?)(?:[eE][-+]?[0-9]{1,3})?")
# the parser lets such errors out for a few malformed directives and escapes
_LET_OUT = (YAMLError, ValueError, OverflowError, AttributeError, IndexError, NotImplementedError, StopIteration)
_PLAIN_TAGS = {None, "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}


class YamlError(Exception):
    """The text is no YAML that we read; ``line`` is 1-based."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def parse_yaml(text: str, *, origin: str | None = None) -> tuple[Tree, list[Problem]]:
    """Values, their lines (or ``origin`` for all of them), and duplicate or unusable keys.

    An empty text gives the value None. Raises :class:`YamlError` for text that is not YAML or out of bounds.
    """
    try:
        return _Builder(YAML(typ="safe", pure=True).parse(text), origin).build()
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1 if isinstance(error.position, int) else 1
        raise YamlError("a character that YAML does not allow (a control character?)", line) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError(f"not YAML: {_one_line(error)}", mark.line + 1 if mark else 1) from error
    except _LET_OUT as error:
        raise YamlError("not YAML", 1) from error


def _one_line(error: MarkedYAMLError) -> str:
    """The parser's complaint without quoting the text, which may hold a secret."""
    problem = re.sub(r"'[^']{0,200}'", _hidden, str(error.problem or "cannot be read"))
    return " ".join(problem.split())[:120]


def _hidden(quoted: re.Match[str]) -> str:
    """Punctuation and the parser's own ``<names>`` may be shown, words of the text not."""
    return quoted[0] if quoted[0].startswith("'<") or len(quoted[0]) <= 5 else "a word"


class _Builder:
    def __init__(self, events: Iterator[Event], origin: str | None) -> None:
        self._events = events
        self._origin = origin
        self._anchors: dict[str, tuple[object, int]] = {}
        self._count = 0
        self._origins: dict[Path, Origin] = {}
        self._problems: list[Problem] = []

    def build(self) -> tuple[Tree, list[Problem]]:
        value: object = None
        documents = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise YamlError("a second document ('---'); the config is one", _line(event))
                value = self._node(next(self._events), (), 0)
        return Tree(value=value, origins=self._origins), self._problems

    def _node(self, event: Event, path: Path, depth: int) -> object:
        before = self._count
        self._count += 1
        line = _line(event)
        if depth > MAX_DEPTH:
            raise YamlError(f"nested more than {MAX_DEPTH} deep", line)
        self._origins.setdefault(path, self._origin or line)
        if isinstance(event, AliasEvent):
            return self._alias(str(event.anchor), line)
        if getattr(event, "tag", None) not in _PLAIN_TAGS:
            raise YamlError("tags (!...) are not used here", line)
        if isinstance(event, MappingStartEvent):
            value: object = self._mapping(path, depth)
        elif isinstance(event, SequenceStartEvent):
            value = self._sequence(path, depth)
        else:
            assert isinstance(event, ScalarEvent)
            value = _scalar(_text(event), plain=bool(event.implicit[0]))
        self._bounded(line)
        if event.anchor:
            self._anchors[str(event.anchor)] = value, self._count - before
        return value

    def _alias(self, anchor: str, line: int) -> object:
        if anchor not in self._anchors:
            raise YamlError("an alias (*) before its anchor (&)", line)
        value, size = self._anchors[anchor]
        self._count += size
        self._bounded(line)
        return value

    def _bounded(self, line: int) -> None:
        if self._count > MAX_VALUES:
            raise YamlError(f"more than {MAX_VALUES} values", line)

    def _mapping(self, path: Path, depth: int) -> dict[object, object]:
        found: dict[object, object] = {}
        while True:
            event = next(self._events)
            if isinstance(event, MappingEndEvent):
                return found
            line = _line(event)
            if not isinstance(event, ScalarEvent):
                raise YamlError("a key must be one word", line)
            key = _text(event)
            where = (*path, key)
            self._count += 1
            # the parser accepts a key twice; which of the two was meant only the writer knows
            if key in found:
                self._problems.append(
                    Problem(path=where, message=f"set twice, first on line {self._origins[where]}", origin=line)
                )
                self._node(next(self._events), (*path, key, "second"), depth + 1)
                continue
            self._origins[where] = self._origin or line
            found[key] = self._node(next(self._events), where, depth + 1)

    def _sequence(self, path: Path, depth: int) -> list[object]:
        found: list[object] = []
        while True:
            event = next(self._events)
            if isinstance(event, SequenceEndEvent):
                return found
            found.append(self._node(event, (*path, len(found)), depth + 1))


def _text(event: ScalarEvent) -> str:
    text = str(event.value)
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise YamlError("an escape that stands for no character (half of a pair)", _line(event))
    return text


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1


def _scalar(text: str, *, plain: bool) -> object:
    if not plain:
        return text
    if text in {"", "~", "null", "Null", "NULL"}:
        return None
    if text in {"true", "True", "TRUE", "false", "False", "FALSE"}:
        return text.lower() == "true"
    # longer numbers are no settings, and int() of thousands of digits is slow
    if _INT.fullmatch(text):
        return int(text, 0) if text[:2] in {"0x", "0o"} else int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
