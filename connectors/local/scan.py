"""One look over the whole folder: which files are which tickets, which changed, and which cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from connectors.base import Problem
from connectors.local.cursor import Seen
from connectors.local.folder import Folder, Found, number_in, translated
from connectors.local.front_matter import BrokenHead
from connectors.local.identity import identities
from connectors.local.ticket_file import TicketFile

_NEVER_READ = Seen(id="", stamp="", version="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedFile:
    """A ticket file that was read; ``modified`` is in seconds since 1970."""

    content: TicketFile
    stamp: str
    modified: float

    @staticmethod
    def of(content: TicketFile, found: Found) -> ScannedFile:
        return ScannedFile(content=content, stamp=found.stamp, modified=found.modified)


@dataclass(slots=True)
class Scan:
    """What the folder holds; all by file name."""

    folder: Folder
    read: dict[str, ScannedFile] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)  # why the file could not be read
    seen: dict[str, Seen] = field(default_factory=dict)  # for the next cursor
    ids: dict[str, str] = field(default_factory=dict)

    def deleted(self, before: Mapping[str, Seen]) -> list[str]:
        """The ids that are gone since; none is called deleted while an unreadable file may be it."""
        old = identities({name: file.id for name, file in before.items()})
        gone = {name: given for name, given in old.items() if name not in self.seen and given not in self.ids.values()}
        if any(before.get(name, _NEVER_READ) == _NEVER_READ for name in self.broken):
            self.seen.update((name, before[name]) for name in gone)
            return []
        return sorted(gone.values())

    def problems(self) -> list[Problem]:
        """What people should mend, none of it fatal: the other tickets are not affected."""
        place = self.folder.path
        found = [
            Problem(
                what=f"{place / name}: {reason}",
                mend="mend the file (a text with ': ' in it needs quotes); until then it is left out",
                fatal=False,
            )
            for name, reason in sorted(self.broken.items())
        ]
        for name, file in self.read.items():
            if strange := file.content.standing.strange:
                what = f"{place / name}: {strange}"
                found.append(
                    Problem(what=what, mend="write as the state: open, done, wontfix or duplicate of 12", fatal=False)
                )
        found += [
            Problem(
                what=f"{place}: {len(names)} files have the number {number}: {', '.join(names)}",
                mend="rename all but one; they stay separate tickets until then",
                fatal=False,
            )
            for number, names in sorted(self._by_number().items())
            if len(names) > 1
        ]
        return found

    def _by_number(self) -> dict[int, list[str]]:
        numbers: dict[int, list[str]] = {}
        for name in sorted(self.ids):
            if (number := number_in(name)) is not None:
                numbers.setdefault(number, []).append(name)
        return numbers


def scan(folder: Folder, before: Mapping[str, Seen], names: Iterable[str] | None = None) -> Scan:
    """Reads the folder (or only ``names``), but not the files that certainly are as they were ``before``."""
    result = Scan(folder)
    for name in folder.names() if names is None else names:
        _look_at(name, result, before.get(name))
    result.ids = identities({name: file.id for name, file in result.seen.items()})
    return result


def _look_at(name: str, result: Scan, before: Seen | None) -> None:
    with translated(result.folder.path):
        if before and before.stamp and result.folder.stamp(name) == before.stamp:
            result.seen[name] = before
            return
    found = result.folder.read(name)
    if found is None:
        return
    try:
        content = TicketFile.read(found.data)
    except (BrokenHead, UnicodeDecodeError) as error:
        if before or number_in(name) is not None:
            result.broken[name] = str(error)
            # No stamp and the old version: it is looked at again, and shown once it can be read.
            result.seen[name] = (
                Seen(id=before.id, stamp="", version=before.version) if before else Seen(id="", stamp="", version="")
            )
        return
    if number_in(name) is None and not content.is_ticket:
        return
    result.read[name] = ScannedFile.of(content, found)
    result.seen[name] = Seen(id=content.id, stamp=found.stamp, version=content.version)
