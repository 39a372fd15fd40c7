"""Runs on a schedule in one long-lived process: APScheduler decides when, a stop flag ends it between two actions."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from bot.settings import Schedule

if TYPE_CHECKING:
    from apscheduler.events import JobEvent

_log = logging.getLogger(__name__)

_LONGEST_END: Final = 8.0
"""Seconds from a first signal to the end of the process, whatever is in flight."""


class Stop:
    """Whether a signal has asked to stop. Calling it answers, so that it goes wherever a question is wanted."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def __call__(self) -> bool:
        return self._asked.is_set()

    def wait(self, seconds: float) -> bool:
        """Waits for the question to be answered yes, at most so long."""
        return self._asked.wait(seconds)

    def on_signals(self) -> None:
        """From now on a first SIGTERM, SIGINT or SIGHUP lets the action in flight end, a second one the process."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, number: int, _: FrameType | None) -> None:
        if self._asked.is_set():
            # Safe at any moment: whatever is in flight is pending in the state and is reconciled by the next run.
            os._exit(128 + number)
        self._asked.set()
        # A call that hangs must not keep the process: its action is pending, like any other at a kill.
        last = threading.Timer(_LONGEST_END, os._exit, (128 + number,))
        last.daemon = True
        last.start()


def serve(schedule: Schedule, run_once: Callable[[], None], stop: Stop) -> None:
    """Calls ``run_once`` on the schedule until ``stop`` says so: never two at a time, none dropped for being late."""
    from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
    from apscheduler.schedulers.background import BackgroundScheduler

    from bot.timetable import Timetable

    def run() -> None:
        if not stop():
            run_once()

    scheduler = BackgroundScheduler(timezone=ZoneInfo(schedule.time_zone))
    scheduler.add_listener(_on_event, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
    # What was missed while the service was down is caught up by one run now.
    first = {"next_run_time": datetime.now(UTC)} if schedule.at_start else {}
    # No grace limit: APScheduler's default drops a run that starts more than a second late.
    scheduler.add_job(
        run, Timetable(schedule), id="run", coalesce=True, max_instances=1, misfire_grace_time=None, **first
    )
    scheduler.start()
    while not stop.wait(3600):
        pass
    scheduler.shutdown(wait=True)


def _on_event(event: JobEvent) -> None:
    if getattr(event, "exception", None):
        _log.error("a run failed", extra={"action": "serve"}, exc_info=event.exception)
    else:
        _log.warning("a run was put off: the one before is still at work", extra={"action": "serve"})
