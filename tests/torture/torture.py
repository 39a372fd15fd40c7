"""Kills runs at every point and at random moments, and prints what was lost and what was filed twice.

python tests/torture/torture.py [--trackers local,github] [--moments 1000] [--seed 1]
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1] / "support")]

from mortal import FIRST, LATER, WANTED, WANTED_LATER, Mortals, World, tracker_named  # noqa: E402


class Table:
    def __init__(self):
        self.rows = defaultdict(lambda: [0, 0, 0, 0, 0])

    def add(self, name, faults, *, done):
        row = self.rows[name]
        row[0] += 1
        row[1] += len(faults["lost"])
        row[2] += len(faults["twice"])
        row[3] += len(faults["unknown"])
        row[4] += not done

    def show(self):
        print(f"{'killed':48} {'kills':>6} {'lost':>5} {'twice':>5} {'stray':>5} {'undone':>6}")
        for name, row in sorted(self.rows.items()):
            print(f"{name:48} {row[0]:6} {row[1]:5} {row[2]:5} {row[3]:5} {row[4]:6}")
        total = [sum(column) for column in zip(*self.rows.values(), strict=True)]
        total = total or [0] * 5
        print(f"{'all':48} {total[0]:6} {total[1]:5} {total[2]:5} {total[3]:5} {total[4]:6}")
        return not any(total[1:])


def after(world, mortals, table, name, wanted):
    world.settle(mortals)
    table.add(name, world.faults(wanted), done=world.is_done(mortals))


def torture(name, mortals, folder, table, moments, random):
    for stage, wanted in (("first run", WANTED), ("later run", WANTED_LATER)):
        world = World(folder / f"{name} {stage}", tracker_named(name))
        world.say(FIRST)
        if stage == "later run":
            world.settle(mortals)
            world.say(LATER)
        start = folder / f"{name} {stage} start"
        world.save(start)
        points = mortals.run(world.folder, env=world.env)["points"]
        for number, point in enumerate(points, 1):
            world.load(start)
            assert mortals.run(world.folder, env=world.env, at=number)["code"] is None
            after(world, mortals, table, f"{name}, {stage}, {point}", wanted)
        for _ in range(moments // 2):
            world.load(start)
            for _ in range(random.randint(1, 4)):
                mortals.run(world.folder, env=world.env, after=random.uniform(0, 0.4))
            after(world, mortals, table, f"{name}, {stage}, at a random moment", wanted)
        world.tracker.close()


def overlap(mortals, folder, table, seconds, runners=8):
    """So many processes run on one state, again and again, while people go on talking."""
    world = World(folder / "overlap", tracker_named("local"))
    world.say(FIRST)
    command = f"while :; do {sys.executable} -m bot run --wait 5 >/dev/null 2>&1; done"
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    loops = [
        subprocess.Popen(["sh", "-c", command], cwd=world.folder, env=here, start_new_session=True)
        for _ in range(runners)
    ]
    time.sleep(seconds / 2)
    world.say(LATER)
    time.sleep(seconds / 2)
    for loop in loops:
        os.killpg(loop.pid, signal.SIGKILL)
        loop.wait()
    after(world, mortals, table, f"local, {runners} runners for {seconds} s", WANTED_LATER)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--trackers", default="local,github,gitlab,jira")
    options.add_argument("--moments", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--overlap", type=int, default=60, help="seconds")
    given = options.parse_args()
    mortals, table, names = Mortals(), Table(), given.trackers.split(",")
    try:
        with tempfile.TemporaryDirectory() as folder:
            for name in names:
                torture(name, mortals, Path(folder), table, given.moments // len(names), Random(given.seed))
            overlap(mortals, Path(folder), table, given.overlap)
    finally:
        mortals.close()
        fine = table.show()
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
