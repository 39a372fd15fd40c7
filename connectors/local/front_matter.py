"""Reads the YAML head of a ticket file, and edits single fields of it without touching another byte.

The YAML library tells where each value stands; the edits are made in the text itself, so that comments, quoting,
order of keys and line ends of a person's file stay as they are.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

MAX_CHARS = 32_768
"""A longer head is refused: it is no ticket's."""

MAX_NESTING = 400
_NESTING = ("[", "{", "- ", "? ")


class BrokenHead(ValueError):
    """The head cannot be read, or not be edited safely; the message says what is wrong and on which line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One key of the head and where key and value stand in the text (start, end)."""

    key: tuple[int, int]
    value: tuple[int, int]
    scalar: str | None  # None for lists and mappings
    items: tuple[tuple[str, int, int], ...] = ()  # the scalars of a list: value, start, end
    flow: bool = False  # a list written [a, b]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of ``text``: the YAML stands in ``text[start:end]``, what follows begins at ``rest``."""

    text: str
    start: int
    end: int
    rest: int
    fields: dict[str, Field]  # by key in lower case, in order
    flow: bool = False

    def scalar(self, *keys: str) -> str:
        """The first of these keys that has a plain value, else ''."""
        return next((found.scalar for key in keys if (found := self.fields.get(key)) and found.scalar), "")

    def written(self, key: str) -> bool:
        """Whether anything stands behind this key."""
        return key in self.fields and self.fields[key].scalar != ""


def read_head(text: str) -> Head | None:
    """The head of a file, None when it has none.

    Raises:
        BrokenHead: there is one, but it is not closed or no YAML mapping with each key once.
    """
    first = text.split("\n", 1)[0]
    if first.rstrip() != "---":
        return None
    start = len(first) + 1
    at = start
    while at < len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        if text[at:stop].rstrip() in ("---", "..."):
            fields, flow = _fields(text, start, at)
            return Head(text=text, start=start, end=at, rest=min(stop + 1, len(text)), fields=fields, flow=flow)
        at = stop + 1
    raise BrokenHead("the front matter that begins on line 1 has no closing ---")


def set_field(head: Head, key: str, value: str, *, raw: bool = False, after: str = "") -> str:
    """The text with ``key`` set to a scalar (``raw``: to this YAML as it is); a new key comes behind ``after``."""
    written = value if raw else scalar_text(value)
    if (field := head.fields.get(key)) is None:
        return _with_new_line(head, f"{key}: {written}", after)
    start, end = _own_span(head, field)
    gap = " " if head.text[start - 1] == ":" else ""
    tail = _newline(head.text) if head.text[start:end].endswith("\n") else ""
    return head.text[:start] + gap + written + tail + head.text[end:]


def without_field(head: Head, key: str) -> str:
    """The text without the lines of ``key``."""
    if (field := head.fields.get(key)) is None:
        return head.text
    _refuse_flow(head)
    start = head.text.rfind("\n", 0, field.key[0]) + 1
    return head.text[:start] + head.text[_line_end(head.text, _own_span(head, field)[1]) :]


def with_item(head: Head, key: str, item: str) -> str:
    """The text with one more item in the list ``key``; a list written as ``a, b`` becomes ``[a, b, item]``."""
    field = head.fields.get(key)
    written = scalar_text(item)
    if field is None or field.scalar is not None:
        return _relisted(head, key, [*listed(field), item])
    _own_span(head, field)
    last_end = field.items[-1][2] if field.items else field.value[0] + 1
    if field.flow:
        comma = ", " if field.items else ""
        return head.text[:last_end] + comma + written + head.text[last_end:]
    indent = _dash(head, field.items[-1][1]) if field.items else None
    if indent is None:
        raise BrokenHead(f"the list {key!r} is written in a way that cannot be added to safely")
    at = _line_end(head.text, last_end)
    return f"{head.text[:at]}{indent}{written}{_newline(head.text)}{head.text[at:]}"


def without_item(head: Head, key: str, item: str) -> str:
    """The text without the first of the items ``item`` in the list ``key``."""
    field = head.fields.get(key)
    if field is None or item not in listed(field):
        return head.text
    if field.scalar is not None:
        return _relisted(head, key, [other for other in listed(field) if other != item])
    _own_span(head, field)
    at = next(at for at, (value, _, _) in enumerate(field.items) if value.strip() == item)
    _, start, end = field.items[at]
    if not field.flow:
        if _dash(head, start) is None:
            raise BrokenHead(f"the list {key!r} is written in a way that cannot be edited safely")
        return head.text[: head.text.rfind("\n", 0, start) + 1] + head.text[_line_end(head.text, end) :]
    if at + 1 < len(field.items):
        end = field.items[at + 1][1]
    elif at:
        start = field.items[at - 1][2]
    else:
        start, end = field.value[0] + 1, field.value[1] - 1
    return head.text[:start] + head.text[end:]


def listed(field: Field | None) -> list[str]:
    """The items of a list, also of one that a person wrote as ``a, b``."""
    if field is None:
        return []
    values = field.scalar.split(",") if field.scalar is not None else [value for value, _, _ in field.items]
    return [value.strip() for value in values if value.strip()]


def scalar_text(value: str) -> str:
    """``value`` as YAML on one line that reads back as the same string, in a list or as a value."""
    yaml = YAML(typ="safe", pure=True)
    yaml.width = 1_000_000
    yaml.default_flow_style = True
    yaml.allow_unicode = True
    out = io.StringIO()
    yaml.dump([value], out)
    return out.getvalue().strip().removeprefix("[").removesuffix("]")


def _relisted(head: Head, key: str, items: Iterable[str]) -> str:
    return set_field(head, key, f"[{', '.join(scalar_text(item) for item in items)}]", raw=True)


def _fields(text: str, start: int, end: int) -> tuple[dict[str, Field], bool]:
    if end - start > MAX_CHARS:
        raise BrokenHead(f"the front matter is longer than {MAX_CHARS} characters")
    if sum(text.count(mark, start, end) for mark in _NESTING) > MAX_NESTING:
        # The parser recurses at each of these, and its time grows with the square of the depth.
        raise BrokenHead("the front matter is nested too deeply")
    try:
        root = YAML(typ="safe", pure=True).compose(text[start:end])
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"line {mark.line + 2}: " if mark else ""
        raise BrokenHead(f"{line}the front matter is not YAML: {error.problem or error.context}") from error
    except (YAMLError, RecursionError, ValueError) as error:
        # Deep nesting and bad escapes surface as these from inside the library.
        raise BrokenHead(f"the front matter is not YAML ({type(error).__name__})") from error
    if root is None or (isinstance(root, ScalarNode) and not root.value):
        return {}, False
    if not isinstance(root, MappingNode):
        raise BrokenHead("line 2: the front matter is not a list of 'key: value' lines")
    return _by_key(root, text, start), bool(root.flow_style)


def _by_key(root: MappingNode, text: str, start: int) -> dict[str, Field]:
    fields: dict[str, Field] = {}
    pairs: Sequence[tuple[Node, Node]] = root.value
    for key, value in pairs:
        name = str(key.value).strip().casefold() if isinstance(key, ScalarNode) else ""
        if name in fields:
            raise BrokenHead(f"line {key.start_mark.line + 2}: the key {name!r} is there twice")
        place = _span(value, start)
        if place[0] == place[1]:
            # The parser puts an empty value where the next key begins.
            place = (text.find(":", _span(key, start)[1]) + 1,) * 2
        fields[name] = Field(
            key=_span(key, start),
            value=place,
            scalar=str(value.value) if isinstance(value, ScalarNode) else None,
            items=tuple(_items(value, start)),
            flow=isinstance(value, SequenceNode) and bool(value.flow_style),
        )
    return fields


def _items(value: Node, start: int) -> Iterator[tuple[str, int, int]]:
    for item in value.value if isinstance(value, SequenceNode) else ():
        if isinstance(item, ScalarNode):
            yield str(item.value), *_span(item, start)
        elif isinstance(item, MappingNode) and len(item.value) == 1 and not item.flow_style:
            # "- kind: bug" without quotes is a mapping to YAML, and a label to who wrote it.
            key, inner = item.value[0]
            if isinstance(key, ScalarNode) and isinstance(inner, ScalarNode):
                yield f"{key.value}: {inner.value}", _span(key, start)[0], _span(inner, start)[1]


def _span(node: Node, start: int) -> tuple[int, int]:
    return start + node.start_mark.index, start + node.end_mark.index


def _own_span(head: Head, field: Field) -> tuple[int, int]:
    # An alias (*name) has the place of its anchor: editing there would change another field.
    _refuse_flow(head)
    between = head.text[field.key[1] : field.value[0]] if field.value[0] >= field.key[1] else "?"
    if between.strip() not in (":", ""):
        raise BrokenHead("a field refers to another one (*name), which cannot be edited safely")
    return field.value


def _refuse_flow(head: Head) -> None:
    if head.flow:
        raise BrokenHead("the front matter is written in braces, which cannot be edited safely")


def _with_new_line(head: Head, line: str, after: str) -> str:
    _refuse_flow(head)
    at = head.end
    if behind := head.fields.get(after):
        at = _line_end(head.text, _own_span(head, behind)[1])
    first = next(iter(head.fields.values()), None)
    indent = " " * (first.key[0] - head.text.rfind("\n", 0, first.key[0]) - 1) if first else ""
    return f"{head.text[:at]}{indent}{line}{_newline(head.text)}{head.text[at:]}"


def _dash(head: Head, start: int) -> str | None:
    before = head.text[head.text.rfind("\n", 0, start) + 1 : start]
    return before if before.strip() == "-" else None


def _line_end(text: str, at: int) -> int:
    if at and text[at - 1] == "\n":
        return at
    stop = text.find("\n", at)
    return len(text) if stop < 0 else stop + 1


def _newline(text: str) -> str:
    return "\r\n" if text.split("\n", 1)[0].endswith("\r") else "\n"
