"""How fast logs are read, beside what is fastest at it: ``make benchmark``, or ``python -m tests.benchmarks.reading``.

Everything is a ratio of CPU times that were taken in turn, the best of a few: absolute numbers drift with the machine.
(a) each reader, json.loads alone and ripgrep on the same bytes; (b) the whole of ``extract``, on a corpus and on twice
as much; (c) peak memory, also on one large file; (d) a run after 1 % of new bytes; (e) a run with nothing new.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.logs.incremental import read_parts
from tests.benchmarks import corpus
from tests.logs.test_parts import LOGS, TEXTS

LOOSE_ENDS = str(Path(sys.executable).parent / "loose-ends")
CUES = "TODO|FIXME|BUG"
# Nothing is filed or held: what hundreds of held findings cost is not the reading's.
CONFIG = """\
sources: {{c: {{path: {0}/corpus, exclude: manifest.json}}}}
targets: {{t: {{tracker: local, path: {0}/tickets}}}}
filing:
  thresholds: {{bug: {{file: 1.0, hold: 1.0}}, todo: {{file: 1.0, hold: 1.0}}, feature: {{file: 1.0, hold: 1.0}}}}
"""


# Between us and what is measured: a child's peak is never told as less than its parent's.
WATCH = """\
import resource, subprocess, sys
status = subprocess.run(sys.argv[2:], stderr=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
open(sys.argv[1], "w").write(f"{status} {used.ru_utime + used.ru_stime} {used.ru_maxrss / 1024}")
"""


class Child:
    """What a program used: seconds of CPU, megabytes at its peak, and what it printed."""

    def __init__(self, *command: str | Path) -> None:
        with tempfile.NamedTemporaryFile("r") as told:
            watched = [sys.executable, "-S", "-c", WATCH, told.name, *map(str, command)]
            self.output = subprocess.run(watched, stdout=subprocess.PIPE, text=True, check=True).stdout
            status, seconds, megabytes = told.read().split()
        if status not in ("0", "3"):
            raise SystemExit(f"{command[0]} failed: run it by hand to see why: {' '.join(map(str, command[:6]))}")
        self.seconds, self.megabytes = float(seconds), float(megabytes)


def best(times: int, *measures: Callable[[], float]) -> list[float]:
    """The least of each measure, taken in turn so that all see the same machine."""
    rounds = [[measure() for measure in measures] for _ in range(times)]
    return [max(min(column), 1e-4) for column in zip(*rounds, strict=True)]


def rg(files: Sequence[Path]) -> Callable[[], float]:
    if not shutil.which("rg"):
        return lambda: float("nan")
    return lambda: Child("rg", "-j1", "-c", CUES, *files).seconds


def read(files: Sequence[Path]) -> Callable[[], float]:
    def measure() -> float:
        started = time.process_time()
        for file in files:
            for _ in read_parts(file, name=file.name):
                pass
        return time.process_time() - started

    return measure


def loads(lines: Sequence[bytes]) -> Callable[[], float]:
    def measure() -> float:
        started = time.process_time()
        for line in lines:
            json.loads(line)
        return time.process_time() - started

    return measure


def readers(folder: Path, _: float) -> None:
    """(a)"""
    sessions = corpus.files(folder / "corpus", ".jsonl")
    lines = [line for file in sessions for line in file.read_bytes().split(b"\n") if line]
    per_byte = sum(map(len, lines))
    logs = {"claude-code, corpus": sessions, "markdown, corpus": corpus.files(folder / "corpus", ".md")}
    for name, make in LOGS.items():
        file = folder / f"{name}.txt"
        file.write_text(make(TEXTS * 5_000), encoding="utf-8")
        logs[name] = [file]
    print(f"(a) {'reader':22}{'MB/s':>7}{'of json.loads':>15}{'of rg':>9}")
    for name, files in logs.items():
        size = sum(file.stat().st_size for file in files) / 1e6
        own, plain, grep = best(3, read(files), loads(lines), rg(files))
        speed = size / own
        print(f"    {name:22}{speed:7.0f}{speed / (per_byte / 1e6 / plain):15.2f}{grep / own:9.4f}")


def extract(folder: Path, megabytes: float) -> None:
    """(b), (c)"""
    target = folder / "corpus"
    small, large = folder / "corpus", folder / "twice"
    corpus.make(large, 2 * megabytes)
    runs = {}
    for name, target in (("once", small), ("twice", large)):
        command = (LOOSE_ENDS, "extract", target, "--all", "--format", "jsonl")
        runs[name] = min((Child(*command) for _ in range(2)), key=lambda child: child.seconds)
    (grep,) = best(3, rg(corpus.files(small)))
    rows = [json.loads(line) for line in runs["once"].output.splitlines()]
    found = {
        (item["file"].removeprefix(f"{small}/"), line)
        for row in rows
        for item in row["evidence"]
        for line in range(item["line_start"], item["line_end"] + 1)
    }
    planted = corpus.planted(small)
    sizes = corpus.size(large) / corpus.size(small)
    once, twice = runs["once"], runs["twice"]
    print(f"(b) extract {corpus.size(small) / 1e6:.0f} MB: {once.seconds:.2f} s, {once.seconds / grep:.0f} times rg")
    print(f"    {sizes:.2f} times the bytes: {twice.seconds / once.seconds:.2f} times the time")
    print(f"    planted loose ends found: {len(planted & found)} of {len(planted)}")
    print(f"(c) peak: {once.megabytes:.0f} MB on the corpus, {twice.megabytes:.0f} MB on twice as much")
    shutil.rmtree(large)


def memory(folder: Path, megabytes: float) -> None:
    """(c) on one file; the pieces of the corpus over and over."""
    for suffix in (".jsonl", ".md"):
        big, piece = folder / f"big{suffix}", b"".join(f.read_bytes() for f in corpus.files(folder / "corpus", suffix))
        peaks = []
        for size in (megabytes / 4, megabytes):
            with big.open("wb") as out:
                while out.tell() < size * 1e6:
                    out.write(piece)
            peaks.append((big.stat().st_size / 1e6, Child(LOOSE_ENDS, "logs", big).megabytes))
        big.unlink()
        print(f"    one {suffix} file: " + ", ".join(f"{peak:.0f} MB on {size:.0f} MB" for size, peak in peaks))


def growth(folder: Path, megabytes: float) -> None:
    """(d), (e)"""
    config = folder / "loose-ends.yaml"
    config.write_text(CONFIG.format(folder), encoding="utf-8")
    run = (LOOSE_ENDS, "run", "--config", config, "--format", "json")
    full = Child(*run)
    before = corpus.size(folder / "corpus")
    corpus.grow(folder / "corpus", megabytes / 100)
    new = corpus.size(folder / "corpus") - before
    started = datetime.now(UTC).isoformat()
    more = Child(*run)
    read_now = _bytes_read(folder, started)
    idle, start = best(3, lambda: Child(*run).seconds, lambda: Child(sys.executable, "-c", "import sqlalchemy").seconds)
    print(f"(d) full run {full.seconds:.1f} s; {new} new bytes: {more.seconds:.1f} s, {read_now} bytes read,")
    print(f"    {(more.seconds - idle) / full.seconds:.1%} of the full run beyond start-up")
    print(f"(e) a run with nothing new: {idle:.2f} s, {idle / start:.1f} times `import sqlalchemy`")


def _bytes_read(folder: Path, since: str) -> int:
    """What the state says was read since a moment, by the logs that were."""
    from bot.store.engine import open_state
    from bot.store.tables import logs

    engine = open_state(folder / ".loose-ends" / "state.db")
    with engine.begin() as db:
        found = db.execute(logs.select().where(logs.c.read_at >= since, logs.c.outcome == "read")).all()
    engine.dispose()
    return sum(row.bytes_read for row in found)


PARTS = {"readers": readers, "extract": extract, "memory": memory, "growth": growth}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--mb", type=float, default=20, help="size of the corpus (default: 20; the figures are for 200)"
    )
    parser.add_argument("--only", choices=PARTS, action="append", help="one part of it; may be given more than once")
    arguments = parser.parse_args()
    if not shutil.which("rg"):
        print("ripgrep is not installed: its columns stay nan")
    if os.getloadavg()[0] > 2:
        print(f"the machine is busy (load {os.getloadavg()[0]:.1f}): take the ratios with care")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        corpus.make(folder / "corpus", arguments.mb)
        for name, part in PARTS.items():
            if not arguments.only or name in arguments.only:
                part(folder, arguments.mb)


if __name__ == "__main__":
    main()
