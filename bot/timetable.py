"""When ``serve`` runs: a cron expression in its time zone, in the nights of the clock change too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger

from bot.settings import cron_expression

if TYPE_CHECKING:
    from bot.settings import Schedule

_SET_RIGHT: Final = timedelta(hours=25)
"""A clock that goes back by no more was set right, or the zone was: what ran is not run again."""


class Timetable(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Fires as Debian's cron does, read by cronsim.

    APScheduler's own trigger repeats a nightly run when the clocks go back, and leaves out the first midnight
    after they went forward.
    """

    def __init__(self, schedule: Schedule) -> None:
        self._expression = cron_expression(schedule.cron)
        self._zone = ZoneInfo(schedule.time_zone)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """The first moment after the last run and not before now; None if there is none in 50 years."""
        from cronsim import CronSim

        # What is due this very second is due.
        start = now.astimezone(UTC) - timedelta(microseconds=1)
        if previous_fire_time is not None and start <= previous_fire_time < start + _SET_RIGHT:
            start = previous_fire_time.astimezone(UTC)
        moment: datetime | None = next(CronSim(self._expression, start.astimezone(self._zone)), None)
        return moment
