"""A plan as a JSON file: written by ``plan``, checked and carried out by ``apply``."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import msgspec

from bot.model import Plan

_FORMAT = "loose-ends plan 1"


class PlanError(Exception):
    """The file is no plan; the message says what is wrong and what to do."""


def to_json(plan: Plan) -> str:
    """Readable, in a fixed order: the same plan is the same bytes."""
    return json.dumps({"format": _FORMAT, **asdict(plan)}, ensure_ascii=False, indent=2) + "\n"


def may_be_written(path: Path) -> None:
    """Only a plan is written over.

    Raises:
        PlanError: the file is there and is none.
    """
    if path.exists():
        try:
            read_plan(path)
        except PlanError as error:
            raise PlanError(f"{path}: is there and is not a plan; name another file") from error


def read_plan(path: Path) -> Plan:
    """The plan in a file.

    Raises:
        PlanError: not there, not readable, or not a plan of this version.
    """
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise PlanError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise PlanError(f"{path}: not a JSON file; make one with: loose-ends plan --out {path}") from error
    if not isinstance(data, dict) or data.pop("format", None) != _FORMAT:
        raise PlanError(f"{path}: not a plan of this version; make one with: loose-ends plan --out {path}")
    try:
        return msgspec.convert(data, Plan)
    except msgspec.ValidationError as error:
        raise PlanError(f"{path}: damaged: {error}; make the plan anew") from error
