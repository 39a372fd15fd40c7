"""Makes the file of search keys that spares their working out at each start: ``python -m bot.evaluation.keys``."""

from __future__ import annotations

import json
from pathlib import Path

import bot.extraction
from bot.extraction.cues import KEYS_FILE, gate_sources
from bot.extraction.gates import digest, keys


def key_file_text() -> str:
    """The contents that the key file should have for the shipped cues."""
    found = {digest(source): keys(source) for source in gate_sources().values()}
    lines = [
        f"{json.dumps(name)}:{json.dumps(sorted(needed) if needed is not None else None, separators=(',', ':'))}"
        for name, needed in sorted(found.items())
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> None:
    """Writes the key file beside the cues."""
    folder = Path(bot.extraction.__file__).parent / "cues"
    (folder / KEYS_FILE).write_text(key_file_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
