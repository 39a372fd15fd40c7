"""A project in a scratch folder: logs that people write, a local tracker, and runs under a clock that tests set."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest

from bot import pipeline
from bot.model import Plan
from bot.pipeline import Summary
from bot.publishing.connect import connect
from bot.publishing.desk import Desk
from bot.settings import Settings, load_settings
from bot.store.engine import open_state
from connectors.base import Ticket
from connectors.local import LocalTracker

hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

CONFIG = """
sources: {notes: {path: logs}}
targets: {inbox: {tracker: local, path: tickets}}
"""


class Project:
    """One user's set-up. Times start on 2 March 2026, 09:00 UTC, and move only when told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.time = datetime(2026, 3, 2, 9, tzinfo=UTC)
        (folder / "logs").mkdir()
        self.config()

    def now(self) -> datetime:
        return self.time

    def wait(self, **span: float) -> None:
        self.time += timedelta(**span)

    def config(self, text: str = "") -> Path:
        """Writes the config: the plain one, with more keys where given."""
        file = self.folder / "loose-ends.yaml"
        file.write_text(CONFIG + text, encoding="utf-8")
        return file

    def log(self, name: str, *said: str) -> Path:
        """Writes a transcript in which each human turn is answered, an hour before now."""
        turns = [f"# {name}\n", *(f"**User:** {text}\n\n**Claude:** I see.\n" for text in said)]
        file = self.folder / "logs" / name
        file.write_text("\n".join(turns), encoding="utf-8")
        self.touch(file)
        return file

    def more(self, name: str, *said: str) -> None:
        """Appends turns to a transcript."""
        file = self.folder / "logs" / name
        with file.open("a", encoding="utf-8") as out:
            out.write("".join(f"\n**User:** {text}\n\n**Claude:** I see.\n" for text in said))
        self.touch(file)

    def touch(self, file: Path) -> None:
        then = (self.time - timedelta(hours=1)).timestamp()
        os.utime(file, (then, then))

    @contextmanager
    def desk(self, **environ: str) -> Iterator[Desk]:
        settings: Settings = load_settings(self.folder / "loose-ends.yaml", environ)
        engine = open_state(settings.state.path)
        try:
            targets = connect(settings, environ, self.now)
            yield Desk(engine=engine, targets=targets, settings=settings, now=self.now)
        finally:
            engine.dispose()

    def run(self) -> Summary:
        with self.desk() as desk:
            return pipeline.run(desk)

    def plan(self) -> Plan:
        with self.desk() as desk:
            return pipeline.plan(desk).plan

    def tracker(self) -> LocalTracker:
        return LocalTracker(self.folder / "tickets", now=self.now)

    def tickets(self) -> list[Ticket]:
        return sorted(self.tracker().changed_since("").tickets, key=lambda ticket: ticket.id)

    def edit(self, key: str, old: str, new: str) -> None:
        """What a person does with an editor."""
        number = key.lstrip("#").zfill(4)
        file = next((self.folder / "tickets").glob(f"{number}-*.md"))
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        os.utime(file, (self.time.timestamp(), self.time.timestamp()))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)
