"""A corpus to measure on: the generator that LOOSE_ENDS_EVAL points to, else a small one of our own."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

VERBS = "rename batch cache retry archive escape paginate validate".split()
THINGS = "gateway importer scheduler mailer parser index worker session".split()
PLANTED = (
    "TODO: {v} the {n} before the {m} ships",
    "the {n} crashes when the {m} is empty",
    "we still need to {v} the {n}",
)
PROSE = ("The {n} reads the {m} once and hands it on.", "Here is what the {n} does, step by step.", "Fine, so be it.")
OUTPUT = ("    {n} = await self.{v}_{m}(limit=20)", "2026-01-11 INFO {n} {v} {m} in 14 ms", "    # TODO: {v} {m}", "")
TOOL = Path(os.environ.get("LOOSE_ENDS_EVAL", "/nowhere")).parent / "tools" / "gen_corpus.py"


def make(folder: Path, megabytes: float) -> None:
    """Fills ``folder`` with JSONL sessions, Markdown talks, and ``manifest.json``, which says what is planted."""
    if TOOL.is_file():
        subprocess.run([sys.executable, TOOL, "--out", folder, "--mb", str(megabytes)], check=True, capture_output=True)
    else:
        _own(folder, megabytes, generation=0)
    _settle(files(folder))


def grow(folder: Path, megabytes: float) -> None:
    """Appends about so much, to old files and as new ones."""
    before = {path: path.stat().st_size for path in files(folder)}
    if TOOL.is_file():
        subprocess.run(
            [sys.executable, TOOL, "--out", folder, "--grow", str(megabytes)], check=True, capture_output=True
        )
    else:
        _own(folder, megabytes, generation=1)
    _settle([path for path in files(folder) if before.get(path) != path.stat().st_size])


def files(folder: Path, suffix: str = "") -> list[Path]:
    return sorted(path for path in folder.rglob(f"*{suffix}") if path.is_file() and path.name != "manifest.json")


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in files(folder))


def planted(folder: Path) -> set[tuple[str, int]]:
    """File and line of every planted loose end."""
    rows = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["planted"]
    return {(row["file"], row["line"]) for row in rows}


def _settle(written: list[Path]) -> None:
    """Makes the files an hour old: what is being written is read with care, and partly again."""
    then = time.time() - 3600
    for path in written:
        os.utime(path, (then, then))


def _own(folder: Path, megabytes: float, *, generation: int) -> None:
    manifest = folder / "manifest.json"
    known = json.loads(manifest.read_text(encoding="utf-8"))["planted"] if manifest.exists() else []
    number, done = 0, 0
    while done < megabytes * 1e6:
        rng = random.Random(f"{generation}:{number}")
        name = f"markdown/{number}.md" if number % 7 == 6 else f"projects/p/{number}.jsonl"
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_bytes().count(b"\n") if path.exists() else 0
        text, lines = (_talk if name.endswith("md") else _session)(rng, generation)
        with path.open("a", encoding="utf-8") as out:
            out.write(text)
        known += [{"file": name, "line": before + line} for line in lines]
        number, done = number + 1, done + len(text.encode())
    manifest.write_text(json.dumps({"planted": known}), encoding="utf-8")


def _filled(rng: random.Random, templates: tuple[str, ...]) -> str:
    return rng.choice(templates).format(v=rng.choice(VERBS), n=rng.choice(THINGS), m=rng.choice(THINGS))


def _session(rng: random.Random, generation: int) -> tuple[str, list[int]]:
    lines: list[str] = []
    found: list[int] = []
    for turn in range(300):
        is_planted = turn % 40 == 7
        output = "\n".join(_filled(rng, OUTPUT) for _ in range(60))
        contents = (
            [{"type": "text", "text": _filled(rng, PLANTED if is_planted else PROSE)}],
            [{"type": "tool_use", "name": "Read", "input": {}}],
            [{"type": "tool_result", "content": output}],
        )
        for part, content in enumerate(contents):
            record = {
                "type": "assistant" if part == 1 else "user",
                "uuid": f"{generation}-{rng.getrandbits(60):x}-{turn}-{part}",
                "sessionId": f"s{generation}-{rng.getrandbits(60):x}"
                if not lines
                else json.loads(lines[0])["sessionId"],
                "timestamp": f"2026-01-0{1 + turn % 9}T10:00:00Z",
                "message": {"role": "user", "content": content},
            }
            lines.append(json.dumps(record))
            found += [len(lines)] if is_planted and not part else []
    return "".join(f"{line}\n" for line in lines), found


def _talk(rng: random.Random, generation: int) -> tuple[str, list[int]]:
    lines = [f"# A talk {generation} {rng.random()}", ""] if not generation else []
    found: list[int] = []
    for turn in range(3_000):
        is_planted = turn % 40 == 8
        found += [len(lines) + 1] if is_planted else []
        lines.append(f"**{('User', 'Claude')[turn % 2]}:** {_filled(rng, PLANTED if is_planted else PROSE)}")
        lines += [_filled(rng, PROSE) for _ in range(4)] + [""]
    return "".join(f"{line}\n" for line in lines), found
