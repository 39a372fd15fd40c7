"""What work on tickets takes, in one hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from bot.publishing.patience import sleep
from bot.publishing.targets import Targets
from bot.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The state, the targets, the rules, the clock, and whether to stop.

    ``pause`` sleeps for so many seconds and says whether the run was asked to stop meanwhile.
    """

    engine: Engine
    targets: Targets
    settings: Settings
    now: Callable[[], datetime]
    stopping: Callable[[], bool] = lambda: False
    pause: Callable[[float], bool] = sleep
