"""What the models expect at a place in the config: keys below it, or a value of some type."""

from __future__ import annotations

import types
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.settings.targets import LocalTarget, target_model


def normal(key: str) -> str:
    """One spelling for a key and for its part of an environment variable: ``my-inbox`` is ``MY_INBOX`` there."""
    return key.lower().replace("-", "_")


def model_at(kind: object, data: object) -> type[BaseModel] | None:
    """The model that a place of type ``kind`` holds; a target's depends on the tracker in ``data``."""
    kind = bare(kind)
    if _is_model(kind):
        return kind  # type: ignore[return-value]
    members = [bare(member) for member in get_args(kind)] if get_origin(kind) in {Union, types.UnionType} else []
    return target_model(data) if LocalTarget in members else None


def below(kind: object, data: object, part: object) -> object:
    """The type that a key or index leads to; None where the models know none."""
    model = model_at(kind, data)
    if model is not None:
        info = model.model_fields.get(str(part))
        return str if info is None and model.model_config.get("extra") == "allow" else info and field_type(info)
    inner = bare(kind)
    if get_origin(inner) is dict:
        return get_args(inner)[1]
    return get_args(inner)[0] if get_origin(inner) is tuple and isinstance(part, int) else None


def field_type(info: FieldInfo) -> object:
    """The annotation of a field, None when it has none."""
    return info.annotation


def is_mapping(kind: object) -> bool:
    """Whether the place holds entries by names of the user's choice."""
    return get_origin(bare(kind)) is dict


def is_list(kind: object) -> bool:
    """Whether the place holds items by position; the models keep lists as tuples."""
    return get_origin(bare(kind)) is tuple


def is_text(kind: object) -> bool:
    """Whether the place holds text, so that ``5`` there is a word and not a number."""
    return _is_path(kind) or bare(kind) in {str, timedelta, datetime} or get_origin(bare(kind)) is Literal


def filled(kind: object, data: object, folder: Path, home: Path) -> object:
    """``data`` as it is validated: keys left empty are unset, sections exist, paths are absolute."""
    model = model_at(kind, data)
    if model is not None:
        return _section(model, {} if data is None else data, folder, home)
    if is_mapping(kind) and isinstance(data, Mapping):
        return {key: filled(below(kind, None, key), item, folder, home) for key, item in data.items()}
    if is_list(kind) and isinstance(data, list):
        item_kind = below(kind, None, 0)
        return [item if item is None else filled(item_kind, item, folder, home) for item in data]
    if _is_path(kind) and isinstance(data, str) and data and "://" not in data and data not in words(kind):
        return str(_absolute(data, folder, home))
    return data


def _section(model: type[BaseModel], data: object, folder: Path, home: Path) -> object:
    if not isinstance(data, Mapping):
        return data
    found: dict[object, object] = {}
    for name, info in model.model_fields.items():
        kind = field_type(info)
        value = data.get(name)
        if value is None and isinstance(info.default, Path):
            value = str(info.default)
        if value is not None or (info.default_factory is not None and model_at(kind, {}) is not None):
            found[name] = filled(kind, value, folder, home)
    # kept for validation, which refuses them or, for a plug-in, takes them
    unknown = {key: item for key, item in data.items() if key not in model.model_fields}
    return found | unknown


def _absolute(text: str, folder: Path, home: Path) -> Path:
    if text == "~" or text.startswith("~/"):
        return home / text[2:]
    return folder / text


def bare(kind: object) -> object:
    """The type without ``Annotated`` and without ``| None``."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in {Union, types.UnionType}:
        members = [member for member in get_args(kind) if member is not type(None)]
        if len(members) == 1:
            return bare(members[0])
    return kind


def words(kind: object) -> tuple[object, ...]:
    """The words that a place may hold besides values of another type."""
    members = (bare(member) for member in get_args(bare(kind)))
    return tuple(word for member in members if get_origin(member) is Literal for word in get_args(member))


def _is_path(kind: object) -> bool:
    """Whether the place holds a path, or a path or an address."""
    kind = bare(kind)
    return kind is Path or Path in get_args(kind)


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
