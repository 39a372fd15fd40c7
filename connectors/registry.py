"""Finds the connector of a tracker by its name, among those that installed packages offer as entry points.

A package adds a tracker with a line in its ``pyproject.toml``::

    [project.entry-points."loose_ends.connectors"]
    mytracker = "my_package.connector:connect"

``connect`` is a :class:`ConnectorFactory`. ``class TestMyTracker(ConnectorContract)`` (see ``connectors.contract``)
shows that the connector keeps the promises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from typing import Protocol

from connectors.base import Connector

GROUP = "loose_ends.connectors"


class CannotConnect(Exception):
    """There is no connector to be had; the message is one line for the user of the config."""


class UnknownTracker(CannotConnect):
    """No installed package offers this tracker, or its package cannot be loaded."""


class BadOptions(CannotConnect):
    """An option of the target is missing or wrong; the message names it and says what to write."""


class ConnectorFactory(Protocol):
    """What an entry point names."""

    def __call__(self, options: Mapping[str, object], *, now: Callable[[], datetime]) -> Connector:
        """Makes a connector without calling the tracker.

        ``options`` are the keys of the target in the config as plain data: without ``tracker``, paths absolute,
        and the secret itself as ``token`` in place of ``token_env`` or ``token_file``. ``now`` gives the time with
        its zone.

        Raises:
            BadOptions: a key is missing, unknown or wrong.
        """


def trackers() -> list[str]:
    """The names of all trackers that can be used, in order."""
    return sorted(_offers())


def connector_for(tracker: str, options: Mapping[str, object], *, now: Callable[[], datetime]) -> Connector:
    """The connector of a target.

    Raises:
        UnknownTracker: there is none of this name.
        BadOptions: it does not take these options.
    """
    offers = _offers()
    if tracker not in offers:
        raise unknown_tracker(tracker)
    try:
        factory: ConnectorFactory = offers[tracker].load()
    except (ImportError, AttributeError) as error:
        raise UnknownTracker(
            f"the connector of {tracker!r} ({offers[tracker].value}) does not load: {error}"
        ) from error
    return factory(options, now=now)


def unknown_tracker(tracker: str) -> UnknownTracker:
    """Says that no installed package offers this tracker, and which one may have been meant."""
    offers = trackers()
    near = get_close_matches(tracker.lower(), offers, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(offers) or 'none'}"
    return UnknownTracker(f"no connector for the tracker {tracker!r} is installed; {hint}")


def _offers() -> dict[str, EntryPoint]:
    found = sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value))
    # The first of two packages with one name wins, whatever order they were installed in.
    return {entry.name: entry for entry in reversed(found)}
