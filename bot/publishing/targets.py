"""The targets of a run: each with its connector, and what stopped it, if anything did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from connectors.base import Connector, ConnectorError, Unavailable


@dataclass(slots=True)
class Target:
    """A tracker project in this run.

    ``stopped`` says why nothing more is done there, "" while all is well; ``notes`` what should be mended there
    although work goes on; ``place`` is a digest of what the config points to.
    """

    name: str
    connector: Connector | None
    stopped: str = ""
    place: str = ""
    notes: list[str] = field(default_factory=list)
    failures: int = 0

    def stop(self, error: ConnectorError | str) -> None:
        """Nothing more in this target in this run; what is left stays for the next."""
        if not self.stopped:
            self.stopped = str(error)

    def failed(self, error: Unavailable, give_up_after: int) -> None:
        """Counts a call without an answer; so many in a row stop the target."""
        self.failures += 1
        if self.failures >= give_up_after:
            self.stop(f"given up after failures in a row ({self.failures}): {error}")


@dataclass(slots=True)
class Targets:
    """All targets by name. One that cannot even be made into a connector is there too, stopped from the start."""

    by_name: dict[str, Target] = field(default_factory=dict)
    give_up_after: int = 3

    def add(self, name: str, connector: Connector | None, *, stopped: str = "", place: str = "") -> None:
        self.by_name[name] = Target(name, connector, stopped, place)

    def working(self) -> Iterator[tuple[Target, Connector]]:
        for target in self.by_name.values():
            if not target.stopped and target.connector is not None:
                yield target, target.connector

    def find(self, name: str) -> tuple[Target, Connector] | None:
        """The target, when it works."""
        target = self.by_name.get(name)
        if target is None or target.stopped or target.connector is None:
            return None
        return target, target.connector

    @property
    def stopped(self) -> dict[str, str]:
        return {t.name: t.stopped for t in self.by_name.values() if t.stopped}

    @property
    def notes(self) -> list[str]:
        return [f"target {t.name}: {note}" for t in self.by_name.values() for note in t.notes]

    @property
    def calls(self) -> dict[str, int]:
        return {t.name: t.connector.calls if t.connector else 0 for t in self.by_name.values()}
