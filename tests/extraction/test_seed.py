"""Runs the scorer of the labelled seed conversation where LOOSE_ENDS_EVAL names the folder that holds it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

EVAL = os.environ.get("LOOSE_ENDS_EVAL", "")
pytestmark = pytest.mark.skipif(not EVAL, reason="LOOSE_ENDS_EVAL names no folder with gold.jsonl")


def test_the_seed_conversation_is_found_whole():
    scorer = Path(EVAL).parent / "tools" / "score_findings.py"
    extract = [sys.executable, "-m", "bot", "extract", "--format", "jsonl", "{file}"]
    command = [sys.executable, str(scorer), str(Path(EVAL) / "gold.jsonl"), "--", *extract]
    last = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().split("\n")[-1]
    figures = {name: float(value) for name, value in re.findall(r"(recall|precision) ([\d.]+)", last)}
    hits = {name: int(value) for name, value in re.findall(r"(kind|title|confidence|priority) (\d+)/", last)}
    assert figures["recall"] == 1.0, last
    assert figures["precision"] >= 0.95, last
    assert hits["kind"] == 19, last
    assert min(hits["title"], hits["confidence"]) >= 18, last
    assert hits["priority"] == 9, last
