"""Writes config/schema.json and config/REFERENCE.md from the models: ``python -m bot.settings.schema [--check]``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

from bot.resources import config_dir
from bot.settings.models import Settings
from bot.settings.reference import reference

SCHEMA_URL: Final = "http://json-schema.org/draft-07/schema#"


def schema_text() -> str:
    """The JSON Schema by which editors complete and check a config."""
    schema = Settings.model_json_schema()
    _simplify(schema)
    head = {"$schema": SCHEMA_URL, "title": "Config of Loose Ends"}
    body = {key: value for key, value in schema.items() if key not in {"title", "description"}}
    return json.dumps(head | body, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _simplify(node: object) -> None:
    """Drops generated titles, and lets a lone word stand where a list of words may."""
    if isinstance(node, list):
        for item in node:
            _simplify(item)
    if not isinstance(node, dict):
        return
    if isinstance(node.get("title"), str):
        del node["title"]
    for item in node.values():
        _simplify(item)
    items = node.get("items")
    if node.get("type") == "array" and isinstance(items, dict) and "$ref" not in items:
        del node["type"], node["items"]
        node["anyOf"] = [items, {"type": "array", "items": items}]


def outputs() -> dict[Path, str]:
    """The generated files and what they should hold."""
    return {config_dir() / "schema.json": schema_text(), config_dir() / "REFERENCE.md": reference()}


def main(arguments: list[str]) -> int:
    """Writes the files; with ``--check`` only tells which are stale. Gives the exit code."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python -m bot.settings.schema [--check]\n")
        return 2
    wanted = outputs()
    stale = [file for file, text in wanted.items() if not file.is_file() or file.read_text(encoding="utf-8") != text]
    for file in stale:
        if arguments:
            sys.stderr.write(f"{file.name}: stale; run `python -m bot.settings.schema`\n")
        else:
            file.write_text(wanted[file], encoding="utf-8")
    return 1 if stale and arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
