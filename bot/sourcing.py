"""Which logs the sources of the config hold, what they are called, and which of them are to be read now."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from glob import has_magic
from pathlib import Path

from bot.logs.base import LogError
from bot.logs.files import LogFile, NotAFile, Stamp
from bot.logs.sources import Found, find_logs
from bot.settings import LocalTarget, Settings, Source

# A log that has not changed for so long is taken to be complete to its last line.
SETTLED = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLog:
    """A log of a source: ``name`` is what tickets call it, ``key`` what the state knows it by."""

    source: str
    rules: Source
    file: LogFile
    name: str
    key: str
    named: bool = False
    problem: str = ""

    def stamp(self) -> Stamp:
        """Raises LogError."""
        try:
            return self.file.stamp()
        except NotAFile as error:
            raise LogError(f"{self.name}: {error}, not a log file: name a file, or a folder of logs") from error
        except OSError as error:
            raise LogError(f"{self.name}: cannot be read: {error.strerror or error}") from error


def logs_of(settings: Settings) -> list[SourceLog]:
    """Every log of every source, each once, without what the bot itself writes."""
    result: dict[str, SourceLog] = {}
    own = _own_folders(settings)
    for name, source in settings.sources.items():
        for found in find_logs(str(source.path), include=source.include, exclude=source.exclude):
            key = found.key
            if any(Path(key).is_relative_to(folder) for folder in own):
                continue
            key = text_of_name(key)
            log = SourceLog(
                source=name,
                rules=source,
                file=found.log,
                name=text_of_name(_name(name, source, found)),
                key=key,
                named=found.named,
                problem=text_of_name(found.problem),
            )
            result.setdefault(key, log)
    return list(result.values())


def is_quiet(log: SourceLog, stamp: Stamp, now: datetime) -> bool:
    """Whether the log has been left alone for as long as its source asks."""
    return log.rules.eager or _rest(stamp, now) >= log.rules.quiet


def is_settled(log: SourceLog, stamp: Stamp, now: datetime) -> bool:
    """Whether a last line without its end is complete."""
    return log.rules.eager or _rest(stamp, now) >= (log.rules.quiet or SETTLED)


def is_too_old(log: SourceLog, stamp: Stamp, now: datetime) -> bool:
    """Whether nothing in the log can be as young as its source asks."""
    oldest = log.rules.oldest(now)
    return oldest is not None and 0 < stamp.mtime_ns < oldest.timestamp() * 1e9


def text_of_name(name: str) -> str:
    """A file name as text: one that is not UTF-8 could be neither stored nor printed."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _rest(stamp: Stamp, now: datetime) -> timedelta:
    # A time ahead of the clock says that the clock was set back, not that the log is being written.
    return timedelta(seconds=abs(now.timestamp() - stamp.written_ns / 1e9))


def _own_folders(settings: Settings) -> list[Path]:
    """Where the bot itself writes: its tickets and state are no conversations, wherever they lie."""
    local = [Path(target.path) for target in settings.targets.values() if isinstance(target, LocalTarget)]
    return [folder.resolve() for folder in (*local, settings.state.path)]


def _name(source_name: str, source: Source, found: Found) -> str:
    # Tickets are read by others: they see the source's name, not where somebody's home folder lies.
    return f"{source_name}/{'!'.join(_parts(source, found))}"


def _parts(source: Source, found: Found) -> Iterator[str]:
    if isinstance(source.path, str):
        inside = found.name.removeprefix(source.path).lstrip("/")
        yield inside or found.path.name
        return
    root = source.path
    while has_magic(str(root)) and not root.exists():
        root = root.parent
    same = found.path == root
    yield found.path.name if same else os.path.relpath(found.path, root).replace(os.sep, "/")
    if member := found.member:
        yield member
