"""From the config to working targets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from random import Random

from bot.publishing.label_looks import label_looks
from bot.publishing.patience import Budget, Patient, sleep
from bot.publishing.targets import Targets
from bot.settings import ConfigError, Settings, Target, connector_options, place_options, resolve_secrets
from bot.settings.targets import NETWORKED
from connectors.base import Connector
from connectors.registry import CannotConnect, connector_for, trackers, unknown_tracker


def connect(
    settings: Settings,
    environ: Mapping[str, str],
    now: Callable[[], datetime],
    *,
    pause: Callable[[float], bool] = sleep,
    random: Random | None = None,
    mask: Callable[[Sequence[str]], None] = lambda _: None,
) -> Targets:
    """Every configured target with its connector; one that cannot be had is stopped from the start, with the reason.

    ``pause`` sleeps and says whether to stop; ``random`` spreads the tries of many bots; ``mask`` is told each secret
    before anything is done with it.
    """
    targets = Targets(give_up_after=settings.retries.give_up_after)
    retries = settings.retries
    for name, target in settings.targets.items():
        try:
            if target.tracker not in trackers():
                raise unknown_tracker(target.tracker)
            secrets = resolve_secrets(target, environ, name=name)
            mask(list(secrets.values()))
            connector = _connector(target, settings, secrets, now)
        except (ConfigError, CannotConnect) as error:
            targets.add(name, None, stopped=str(error))
            continue
        budget = Budget(
            attempts=retries.attempts,
            seconds=retries.max_wait.total_seconds(),
            until=now() + retries.deadline,
            now=now,
            pause=pause,
            random=random or Random(),  # noqa: S311 - jitter is no secret
        )
        place = hashlib.sha256(f"{target.tracker} {sorted(place_options(target).items())!r}".encode()).hexdigest()[:16]
        targets.add(name, Patient(name, connector, budget), place=place)
    return targets


def _connector(
    target: Target, settings: Settings, secrets: Mapping[str, str], now: Callable[[], datetime]
) -> Connector:
    options = {**connector_options(target), **secrets}
    if isinstance(target, NETWORKED):
        options["ensure_labels"] = label_looks(settings.labels)
    return connector_for(target.tracker, options, now=now)
