"""Runs the command line in children that die where they are told to. Reads orders from stdin, answers on stdout.

A fork of a process that has everything imported takes hundredths of a second, so that a run can be killed at each
of its points. An order is a line of JSON: ``cwd``, ``argv``, ``env``, and ``at`` (the number of the point to die at,
0 for none), ``after`` (seconds to live) or ``pages`` (to which the state may grow). The answer has ``code`` (None when
killed) and ``points``, their names.
"""

import contextlib
import json
import os
import signal
import sys
import time
from pathlib import Path


class Points:
    """Counts the moments before and after each write to state, network and files; dies at one of them."""

    def __init__(self, at):
        self.at, self.names = at, []

    def reach(self, name):
        self.names.append(name)
        if len(self.names) == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner, attribute, name, counts=lambda *_args, **_named: True):
        original = getattr(owner, attribute)

        def wrapped(*args, **named):
            if not counts(*args, **named):
                return original(*args, **named)
            called = name(*args, **named) if callable(name) else name
            self.reach(f"before {called}")
            result = original(*args, **named)
            self.reach(f"after {called}")
            return result

        setattr(owner, attribute, wrapped)


def watch(points):
    import requests.adapters
    from sqlalchemy import event
    from sqlalchemy.engine import Engine
    from sqlalchemy.engine.default import DefaultDialect

    points.around(DefaultDialect, "do_commit", "commit")
    points.around(requests.adapters.HTTPAdapter, "send", lambda _self, request, **_: f"{request.method} request")
    for name in ("replace", "link", "fsync", "rename", "unlink"):
        points.around(os, name, f"file {name}")

    def written(_conn, _cursor, statement, *_):
        if statement.split(None, 1)[0].upper() in ("INSERT", "UPDATE", "DELETE"):
            points.reach("after statement")

    event.listen(Engine, "after_cursor_execute", written)


def fill_disk(pages):
    """From now on the state may have so many pages: SQLite then says that the disk is full."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    event.listen(Engine, "connect", lambda connection, _: connection.execute(f"PRAGMA max_page_count={pages}"))


def child(order, answer):
    os.chdir(order["cwd"])
    os.environ.update(order["env"])
    out = os.open("output.txt", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)
    points = Points(order.get("at", 0))
    watch(points)
    if "pages" in order:
        fill_disk(order["pages"])
    from bot.cli import main

    sys.argv = ["loose-ends", *order["argv"]]
    code = 1
    try:
        main()
    except SystemExit as end:
        code = end.code or 0
    finally:
        sys.stdout.flush()
        os.write(answer, json.dumps([code, points.names]).encode())
        os._exit(0)


def preload():
    import github
    import gitlab
    import jira  # noqa: F401
    import sqlalchemy.dialects.sqlite  # noqa: F401

    import bot.pipeline
    import bot.publishing.connect
    import bot.store.migrations.upgrade

    del github, gitlab, bot
    # one whole run, so that what is built at first use is there in every child
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "a.md")
        log.write_text("**User:** TODO: sweep the yard\n\n**Claude:** The broom crashes.\n")
        os.utime(log, (1_770_000_000, 1_770_000_000))
        Path(folder, "loose-ends.yaml").write_text(
            "sources: {a: {path: a.md}}\ntargets: {t: {tracker: local, path: tickets}}\n"
        )
        here = Path.cwd()
        os.chdir(folder)
        sys.argv = ["loose-ends", "run", "--format", "json"]
        from bot.cli import main

        with (
            Path(os.devnull).open("w") as nowhere,
            contextlib.redirect_stdout(nowhere),
            contextlib.suppress(SystemExit),
        ):
            main()
        os.chdir(here)


def one(order):
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        child(order, write)
    os.close(write)
    if "after" in order:
        time.sleep(order["after"])
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    with os.fdopen(read) as answers:
        told = answers.read()
    os.waitpid(pid, 0)
    code, points = json.loads(told) if told else (None, [])
    return {"code": code, "points": points}


def main():
    sys.path.insert(0, str(Path(__file__).parents[2]))
    preload()
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(one(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
