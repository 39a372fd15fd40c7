"""Patience with a tracker: waits when it asks for that, and tries again what may be tried again, within a budget.

A create is tried again only when the tracker said that it did nothing; one without an answer is left to be
reconciled.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final, TypeVar

import tenacity

from connectors.base import (
    Change,
    Changes,
    Connector,
    Draft,
    KeepsSection,
    Marker,
    Problem,
    RateLimited,
    SetsTitle,
    Ticket,
    Unavailable,
)

_log = logging.getLogger(__name__)
T = TypeVar("T")

_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0


def sleep(seconds: float) -> bool:
    """A pause that nothing cuts short."""
    time.sleep(seconds)
    return False


@dataclass(slots=True, kw_only=True)
class Budget:
    """How much a run may try and wait at one tracker: ``seconds`` are left for waiting, ``until`` is its deadline.

    ``pause`` sleeps for so many seconds and says whether the run was asked to stop meanwhile.
    """

    attempts: int
    seconds: float
    until: datetime
    now: Callable[[], datetime]
    pause: Callable[[float], bool]
    random: Random


class Patient:
    """A connector that waits and tries again; see ``connectors.base.Connector`` for what the methods do."""

    def __init__(self, name: str, connector: Connector, budget: Budget) -> None:
        self._name = name
        self._connector = connector
        self._budget = budget

    @property
    def calls(self) -> int:
        return self._connector.calls

    @property
    def keeps_section(self) -> bool:
        return isinstance(self._connector, KeepsSection) and self._connector.keeps_section

    @property
    def sets_title(self) -> bool:
        return isinstance(self._connector, SetsTitle) and self._connector.sets_title

    def check(self) -> Sequence[Problem]:
        return self._keep_trying(self._connector.check, RateLimited, Unavailable)

    def changed_since(self, cursor: str) -> Changes:
        return self._keep_trying(lambda: self._connector.changed_since(cursor), RateLimited, Unavailable)

    def find(self, marker: Marker, *, since: datetime | None = None) -> Ticket | None:
        return self._keep_trying(lambda: self._connector.find(marker, since=since), RateLimited, Unavailable)

    def create(self, draft: Draft) -> Ticket:
        return self._keep_trying(lambda: self._connector.create(draft), RateLimited)

    def change(self, ticket_id: str, change: Change) -> Ticket:
        # Doing a change twice is doing it once, but its condition may then hold against its own first half.
        again = (RateLimited,) if change.only_if_version else (RateLimited, Unavailable)
        return self._keep_trying(lambda: self._connector.change(ticket_id, change), *again)

    def _keep_trying(self, call: Callable[[], T], *again: type[Exception]) -> T:
        budget = self._budget

        def over(state: tenacity.RetryCallState) -> bool:
            wait = state.upcoming_sleep
            late = budget.now() + timedelta(seconds=wait) > budget.until
            return state.attempt_number >= budget.attempts or wait > budget.seconds or late

        def pause(state: tenacity.RetryCallState) -> None:
            error, wait = _error(state), state.upcoming_sleep
            _log.warning("target %s: %s; trying again in %.0f s", self._name, error, wait)
            budget.seconds -= wait
            if budget.pause(wait) and error is not None:
                raise error

        trying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(again),
            wait=self._wait,
            stop=over,
            before_sleep=pause,
            sleep=lambda _: None,  # the pause has waited, and may have been cut short
            reraise=True,
        )
        return trying(call)

    def _wait(self, state: tenacity.RetryCallState) -> float:
        """Seconds until the next try: as long as the tracker says, else a random share of a span that doubles."""
        error = _error(state)
        if isinstance(error, RateLimited):
            return max(0.0, (error.retry_at - self._budget.now()).total_seconds())
        return self._budget.random.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**state.attempt_number))


def _error(state: tenacity.RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None
