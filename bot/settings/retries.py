"""The section of the config that says how long a run keeps trying."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field, Strict

from bot.settings.sources import Span
from bot.settings.targets import Section


class Retries(Section):
    """What a run does about trackers that fail, answer slowly or ask it to wait."""

    attempts: Annotated[int, Strict(), Field(ge=1, le=20)] = Field(
        default=4, description="Tries of a request that may safely be sent again."
    )
    max_wait: Span = Field(
        default=timedelta(minutes=5),
        description="How long one run waits for a tracker in all; what would take longer is left for the next run.",
    )
    give_up_after: Annotated[int, Strict(), Field(ge=1, le=100)] = Field(
        default=3, description="Failures in a row after which a run leaves a tracker alone."
    )
    deadline: Span = Field(
        default=timedelta(hours=1), description="After this time a run begins nothing new; the rest is the next run's."
    )
    settle: Span = Field(
        default=timedelta(seconds=5),
        description="A ticket whose filing was cut off is looked for this long after, before it is filed again.",
    )
