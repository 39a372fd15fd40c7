"""A project whose runs can be killed at any point, and what must hold when they are started again."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

ZYGOTE = Path(__file__).parents[1] / "torture" / "zygote.py"

FIRST = {
    "monday.md": ["TODO: configure connection pooling for the importer", "The importer crashes on an empty file."],
    "tuesday.md": ["Users keep asking for a dark theme in the report viewer.", "TODO: rotate the signing keys"],
}
LATER = {
    "monday.md": ["TODO: document the retry policy of the price feed"],
    "friday.md": ["TODO: rotate the signing keys"],
}  # fmt: skip
WANTED = {
    "Configure connection pooling for the importer",
    "Importer crashes on an empty file",
    "Add a dark theme in the report viewer",
    "Rotate the signing keys",
}
WANTED_LATER = WANTED | {"Document the retry policy of the price feed"}
TALK = "**User:** {}\n\n**Claude:** I see.\n\n"


class Mortals:
    """Starts runs in children of one preloaded process."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, str(ZYGOTE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout.readline() == "ready\n"

    def run(self, folder, *argv, env=None, **how):
        order = {"cwd": str(folder), "argv": list(argv or ("run",)), "env": env or {}, **how}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


class World:
    """A folder with logs, config, state, and a tracker. ``tracker`` knows its config and can save and load itself."""

    def __init__(self, folder, tracker):
        self.folder, self.tracker = folder, tracker
        self.logs = folder / "logs"
        self.logs.mkdir(parents=True)
        config = "sources: {{talks: {{path: logs}}}}\ntargets: {{inbox: {}}}\nretries: {{settle: 0s}}\n"
        options, token = tracker.config(folder)
        (folder / "loose-ends.yaml").write_text(config.format(json.dumps(options)))
        self.env = {"TRACKER_TOKEN": token}

    def say(self, talks):
        for name, said in talks.items():
            with (self.logs / name).open("a") as out:
                out.write("".join(TALK.format(text) for text in said))
            # the time of a quiet log: its last line counts as complete
            os.utime(self.logs / name, (1_770_000_000, 1_770_000_000))

    def save(self, place):
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.folder, place)
        self.tracker.save(place)

    def load(self, place):
        shutil.rmtree(self.folder)
        shutil.copytree(place, self.folder)
        self.tracker.load(place)

    def settle(self, mortals, most=6):
        """Runs until a run has nothing left to do; says how many it took."""
        for count in range(1, most + 1):
            code = mortals.run(self.folder, "run", "--format", "json", env=self.env)["code"]
            if code == 0:
                return count
        raise AssertionError(f"not settled after {most} runs:\n" + (self.folder / "output.txt").read_text()[-2000:])

    def faults(self, wanted):
        """What is wrong now: loose ends without a ticket, with two, or actions and logs that are not done."""
        titles = Counter(self.tracker.titles())
        lost = [title for title in wanted if not titles[title]]
        twice = [title for title, count in titles.items() if count > 1]
        unknown = [title for title in titles if title not in wanted]
        return {"lost": lost, "twice": twice, "unknown": unknown}

    def is_done(self, mortals):
        """Whether nothing is pending and every log was read to its end."""
        (self.folder / "output.txt").unlink(missing_ok=True)
        mortals.run(self.folder, "run", "--format", "json", env=self.env)
        again = json.loads((self.folder / "output.txt").read_text())
        (self.folder / "output.txt").unlink()
        mortals.run(self.folder, "status", "--format", "json", env=self.env)
        status = json.loads((self.folder / "output.txt").read_text())
        quiet = again["logs"]["read"] == 0 and not any(again["actions"].values()) and not again["errors"]
        return quiet and not status["pending"]


class LocalFolder:
    """The tracker that is a folder within the world's own."""

    name = "local"

    def config(self, folder):
        self.folder = folder / "tickets"
        return {"tracker": "local", "path": "tickets"}, "none"

    def save(self, place):
        """It lies in the folder that was copied."""

    load = save

    def titles(self):
        from datetime import UTC, datetime

        from connectors.local import LocalTracker

        tracker = LocalTracker(self.folder, now=lambda: datetime.now(UTC))
        return [ticket.title for ticket in tracker.changed_since("").tickets]

    def close(self):
        pass


class Remote:
    """A tracker that a fake stands in for, in a process of its own behind a real socket."""

    def __init__(self, name):
        self.name = name
        self.process = subprocess.Popen(
            [sys.executable, str(ZYGOTE.with_name("host.py")), name], stdout=subprocess.PIPE, text=True
        )
        self.address = self.process.stdout.readline().strip()

    def config(self, _folder):
        return self._ask("config")

    def save(self, place):
        self._ask("save", str(place))

    def load(self, place):
        self._ask("load", str(place))

    def titles(self):
        return self._ask("titles")

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def _ask(self, *order):
        from urllib.request import Request, urlopen

        body = json.dumps(order).encode()
        with urlopen(Request(f"{self.address}/_control", data=body, method="POST"), timeout=30) as answer:
            return json.loads(answer.read())


def tracker_named(name):
    return LocalFolder() if name == "local" else Remote(name)
