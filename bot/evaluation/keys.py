"""Makes the file of search keys that spares their working out at each start: ``python -m bot.evaluation.keys``."""

from __future__ import annotations

import json
from pathlib import Path

import bot.extraction
from bot.extraction.cues import KEYS_FILE, gate_sources
from bot.extraction.gates import digest
from bot.extraction.needs import needs


def key_file_text() -> str:
    """The contents that the key file should have for the shipped cues."""
    found = {digest(source): [sorted(keys) for keys in needs(source)] for source in gate_sources().values()}
    lines = [
        f"{json.dumps(name)}:{json.dumps(wanted, separators=(',', ':'))}" for name, wanted in sorted(found.items())
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> None:
    """Writes the key file beside the cues."""
    folder = Path(bot.extraction.__file__).parent / "cues"
    (folder / KEYS_FILE).write_text(key_file_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
