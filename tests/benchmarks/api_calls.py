"""How many requests a run sends to each tracker: for new loose ends, for nothing new, for tickets that people changed.

    python tests/benchmarks/api_calls.py [--new 40]

The trackers are the stateful fakes of the tests, each exchange held against the vendor's description where that is at
hand. The least possible is one request for each new ticket and one for a look.
"""

import argparse
import itertools
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support"), str(ROOT / "tests" / "e2e")]

VERBS = "rename document archive rotate migrate paginate compress translate".split()
THINGS = (
    "importer gateway ledger scheduler mailer thumbnailer catalogue printer crawler balancer renderer notifier planner "
    "router basket calendar invoice profile dashboard wizard tooltip sidebar keyboard sensor barcode voucher timeline "
    "glossary playlist workbook elevator turnstile aquarium greenhouse orchestra lighthouse windmill telescope compass "
    "umbrella"
).split()
PARTS = (
    "cache schema logo index token font cursor border header footer palette margin socket buffer ticket stamp badge "
    "banner filter legend ribbon anchor pixel vector canvas puzzle ladder mirror pencil candle button hinge valve "
    "gasket pulley spindle bracket rivet washer lever"
).split()


def tasks(count):
    return [
        f"TODO: {verb} the {part} of the {thing}" for verb, part, thing in zip(itertools.cycle(VERBS), PARTS, THINGS)
    ][:count]


def measure(name, folder, new):
    from fake_http import mount
    from test_faults import Place

    place = Place(folder, name, seed=1)
    place.faulty.heal()
    config = folder / "loose-ends.yaml"
    config.write_text(config.read_text() + f"filing: {{caps: {{per_run: {new}, per_day: {new}}}}}\n")
    mock = mount(place.faulty, place.address)
    try:
        rows = []
        for what, talk in (("first look, nothing there", []), (f"{new} new", tasks(new)), ("again", []), ("again", [])):
            if talk:
                place.say({"talk.md": talk})
            summary, _ = place.run()
            assert not summary.errors, summary.errors
            rows.append((what, summary.outcome.done["create"], summary.calls["inbox"]))
        return rows
    finally:
        mock.stop(allow_assert=False)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--new", type=int, default=40)
    new = options.parse_args().new
    print(f"{datetime.now(UTC):%Y-%m-%d}; requests of one run\n")
    print(f"{'tracker':18} {'what':28} {'filed':>6} {'requests':>9}")
    for name in ("github", "gitlab", "jira", "jira-datacenter"):
        with tempfile.TemporaryDirectory() as folder:
            for what, filed, calls in measure(name, Path(folder), new):
                print(f"{name:18} {what:28} {filed:6} {calls:9}")


if __name__ == "__main__":
    main()
