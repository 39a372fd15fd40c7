"""From the config to working targets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.publishing.targets import Targets
from bot.settings import ConfigError, Settings, connector_options, resolve_token
from connectors.registry import CannotConnect, connector_for, trackers, unknown_tracker


def connect(settings: Settings, environ: Mapping[str, str], now: Callable[[], datetime]) -> Targets:
    """Every configured target with its connector; one that cannot be had is stopped from the start, with the reason."""
    targets = Targets()
    for name, target in settings.targets.items():
        try:
            options = connector_options(target)
            place = hashlib.sha256(f"{target.tracker} {sorted(options.items())!r}".encode()).hexdigest()[:16]
            if target.tracker not in trackers():
                raise unknown_tracker(target.tracker)
            if token := resolve_token(target, environ, name=name):
                options["token"] = token
            targets.add(name, connector_for(target.tracker, options, now=now), place=place)
        except (ConfigError, CannotConnect) as error:
            targets.add(name, None, stopped=str(error))
    return targets
