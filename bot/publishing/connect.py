"""From the config to working targets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
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
) -> Targets:
    """Every configured target with its connector; one that cannot be had is stopped from the start, with the reason.

    ``pause`` sleeps and says whether to stop; ``random`` spreads the tries of many bots.
    """
    targets = Targets(give_up_after=settings.retries.give_up_after)
    retries = settings.retries
    for name, target in settings.targets.items():
        try:
            connector = _connector(name, target, settings, environ, now, targets.secrets)
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
    name: str,
    target: Target,
    settings: Settings,
    environ: Mapping[str, str],
    now: Callable[[], datetime],
    secrets: list[str],
) -> Connector:
    if target.tracker not in trackers():
        raise unknown_tracker(target.tracker)
    options = connector_options(target)
    for key, secret in resolve_secrets(target, environ, name=name).items():
        options[key] = secret
        secrets.append(secret)
    if isinstance(target, NETWORKED):
        options["ensure_labels"] = label_looks(settings.labels)
    return connector_for(target.tracker, options, now=now)
