"""A folder of logs through all that happens to one, and runs in between: every complete record counts, and once.

The model knows which records stood complete in some file at the time of some run. At the end the state must know
exactly these, each by one quote, whichever files it was in; and a run after which nothing changed reads nothing.
"""

import itertools
import json
import os
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot import intake
from bot.settings import load_settings
from bot.store.engine import open_state
from bot.store.tables import evidence

VERBS = "document rename translate measure paginate redesign archive simplify".split()
THINGS = "gateway importer scheduler mailer parser cache index worker".split()
PLACES = "desktop tablet kiosk website newsletter printer invoice calendar".split()
FORMATS = ("md", "jsonl")
HEADS = {"md": "# Talk {talk}\n\n**User:** Hello {talk}.\n\n**Claude:** Yes?\n\n", "jsonl": ""}


def said(number):
    """Words of which no two that stand close together share any: likeness is another matter."""
    low, middle, high = number % 8, number // 8 % 8, number // 64 % 8
    words = VERBS[low], THINGS[(3 * low + middle) % 8], PLACES[(5 * low + 2 * middle + high) % 8]
    return "TODO: {} the {} of the {}".format(*words)


@cache
def empty_state():
    """The bytes of a fresh state: making one takes longer than all the rest."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "state.db"
        open_state(path).dispose()
        return path.read_bytes()


def record(kind, number, talk):
    """One record as the log of a talk holds it, to its last newline."""
    if kind == "md":
        return f"**User:** {said(number)}\n\n**Claude:** Noted.\n\n"
    item = {
        "type": "user",
        "uuid": f"u{number}",
        "sessionId": f"s{talk}",
        "timestamp": f"2026-02-01T{number // 60 % 24:02}:{number % 60:02}:00Z",
        "message": {"role": "user", "content": said(number)},
    }
    return json.dumps(item) + "\n"


class Folder(RuleBasedStateMachine):
    """What programs and people do to logs, and what the bot must make of it."""

    @initialize()
    def start(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = Path(self.scratch.name)
        (self.folder / "logs").mkdir()
        config = self.folder / "c.yaml"
        config.write_text("sources: {s: {path: logs}}\ntargets: {t: {tracker: local, path: tickets}}\n")
        self.settings = load_settings(config, {})
        self.settings.state.path.parent.mkdir()
        self.settings.state.path.write_bytes(empty_state())
        self.engine = open_state(self.settings.state.path)
        self.now = datetime(2026, 3, 2, 9, tzinfo=UTC)
        self.numbers, self.names = itertools.count(1), itertools.count(1)
        self.files: dict[str, tuple[str, int, list[int], str]] = {}  # name: kind, talk, records, partial tail
        self.known: set[int] = set()

    def teardown(self):
        if hasattr(self, "engine"):
            self.engine.dispose()
            self.scratch.cleanup()

    def text(self, name):
        kind, talk, numbers, tail = self.files[name]
        return HEADS[kind].format(talk=talk) + "".join(record(kind, n, talk) for n in numbers) + tail

    def write(self, name, *, grow=False):
        path = self.folder / "logs" / name
        if grow and path.exists() and self.text(name).startswith(old := path.read_text()):
            with path.open("a") as out:
                out.write(self.text(name)[len(old) :])
        else:
            path.write_text(self.text(name))
        self.touch(path)

    def touch(self, path, hours=1):
        then = (self.now - timedelta(hours=hours)).timestamp()
        os.utime(path, (then, then))

    def change(self, name, numbers, tail="", *, talk=None, grow=False):
        kind, old_talk, _, _ = self.files[name]
        self.files[name] = (kind, old_talk if talk is None else talk, numbers, tail)
        self.write(name, grow=grow)

    def pick(self, data):
        return data.draw(st.sampled_from(sorted(self.files)))

    def run(self):
        taken = intake.take_in(self.engine, self.settings, lambda: self.now)
        assert taken.errors == []
        for kind, _, numbers, _ in self.files.values():
            self.known |= {(kind, number) for number in numbers}
        return taken

    @rule(kind=st.sampled_from(FORMATS), count=st.integers(1, 3))
    def begin_a_log(self, kind, count):
        name = f"{next(self.names)}.{kind}"
        self.files[name] = (kind, next(self.numbers), [next(self.numbers) for _ in range(count)], "")
        self.write(name)

    @precondition(lambda self: self.files)
    @rule(data=st.data(), count=st.integers(1, 3))
    def append(self, data, count):
        name = self.pick(data)
        fresh = [next(self.numbers) for _ in range(count)]
        self.change(name, [*self.files[name][2], *fresh], grow=True)

    @precondition(lambda self: any(kind == "jsonl" for kind, *_ in self.files.values()))
    @rule(data=st.data())
    def append_half_a_line(self, data):
        name = data.draw(st.sampled_from(sorted(name for name in self.files if name.endswith("jsonl"))))
        kind, talk, numbers, tail = self.files[name]
        whole = record(kind, next(self.numbers), talk)
        self.change(name, numbers, tail or whole[: data.draw(st.integers(1, len(whole) - 3))], grow=True)

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def truncate(self, data):
        name = self.pick(data)
        numbers = self.files[name][2]
        self.change(name, numbers[: data.draw(st.integers(0, len(numbers)))])

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def rotate(self, data):
        """The log gets another name, and a new talk begins at its old one."""
        name = self.pick(data)
        kind = self.files[name][0]
        self.move(name, f"{next(self.names)}.{kind}")
        self.files[name] = (kind, next(self.numbers), [next(self.numbers)], "")
        self.write(name)

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def rename(self, data):
        name = self.pick(data)
        self.move(name, f"{next(self.names)}.{self.files[name][0]}")

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def rename_what_was_read(self, data):
        """Of a log that was read to its end and nothing but renamed or copied since, not a byte is read."""
        self.run()
        name = self.pick(data)
        self.move(name, f"{next(self.names)}.{self.files[name][0]}")
        assert self.run().bytes_read == 0

    def move(self, name, other):
        (self.folder / "logs" / name).rename(self.folder / "logs" / other)
        self.files[other] = self.files.pop(name)

    @precondition(lambda self: self.files)
    @rule(data=st.data(), count=st.integers(0, 2))
    def copy_and_go_on(self, data, count):
        """A backup, or with more records a session that was resumed or forked in another file."""
        name = self.pick(data)
        kind, talk, numbers, _ = self.files[name]
        other = f"{next(self.names)}.{kind}"
        self.files[other] = (kind, talk, [*numbers, *(next(self.numbers) for _ in range(count))], "")
        self.write(other)

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def replace_by_a_longer_one(self, data):
        name = self.pick(data)
        count = len(self.files[name][2]) + 2
        self.change(name, [next(self.numbers) for _ in range(count)], talk=next(self.numbers))

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def delete(self, data):
        name = self.pick(data)
        (self.folder / "logs" / name).unlink()
        del self.files[name]

    @precondition(lambda self: self.files)
    @rule(data=st.data(), hours=st.sampled_from([-48, 2, 5000]))
    def touch_one(self, data, hours):
        self.touch(self.folder / "logs" / self.pick(data), hours)

    @rule(hours=st.sampled_from([-30, 1, 24]))
    def time_passes_or_is_set_back(self, hours):
        self.now += timedelta(hours=hours)

    @rule()
    def read(self):
        self.run()

    @rule()
    def read_twice(self):
        self.run()
        again = self.run()
        assert (again.read, again.bytes_read) == (0, 0)

    @invariant()
    def every_record_counts_once(self):
        if not hasattr(self, "engine"):
            return
        with self.engine.begin() as db:
            rows = [row.quote for row in db.execute(evidence.select())]
        assert sorted(rows) == sorted(said(number) for _, number in self.known)


Folder.TestCase.settings = settings(max_examples=40, stateful_step_count=25)
TestFolder = Folder.TestCase
