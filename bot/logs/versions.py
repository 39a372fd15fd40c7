"""The versions that logs name: of the program that wrote them, or of their format."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from bot.logs.json_lines import shape

_MOST = 50  # different versions kept of one log; more than a few come from a log that is no honest one
_NUMBER = re.compile(r"\d{1,9}")


class Versions:
    """Collects versions as a log names them, each once, in the order of first sight."""

    def __init__(self) -> None:
        self._seen: dict[str, None] = {}

    def add(self, version: object) -> None:
        """Take a version, a text or a whole number; anything else is none."""
        if isinstance(version, int) and not isinstance(version, bool):
            version = str(version)[:40] if abs(version) < 10**9 else ""
        if isinstance(version, str) and version and len(self._seen) < _MOST:
            self._seen[shape(version.strip())] = None

    def result(self) -> tuple[str, ...]:
        return tuple(self._seen)


def newer(versions: Iterable[str], known: str) -> tuple[str, ...]:
    """Those of the versions that are newer than ``known``, as exactly as it says: 2.1.9 is no newer than 2.1."""
    limit = _numbers(known)
    return tuple(version for version in versions if limit and _numbers(version)[: len(limit)] > limit)


def newer_versions(by_format: Mapping[str, Collection[str]]) -> Iterator[str]:
    """A line for each format of which there are logs by a newer version than its reader was made for."""
    for name, versions in sorted(by_format.items()):
        if not versions:
            continue
        from bot.logs.readers import reader_named

        known = getattr(reader_named(name), "known_version", "")
        if found := newer(dict.fromkeys(versions), known):
            yield f"{name} logs of version {', '.join(found)}: this release knows them up to {known}; check the counts"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in _NUMBER.findall(version)[:4])
