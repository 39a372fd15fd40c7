"""The sections of the config that say what mentions of known loose ends and people's verdicts lead to."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field, Strict

from bot.settings.scalars import Share, Switch
from bot.settings.sources import Span
from bot.settings.targets import Section

Count = Annotated[int, Strict(), Field(ge=1, le=1_000)]


class Sightings(Section):
    """When the bot's one comment on a ticket tells that its loose end was mentioned again."""

    threshold: Count = Field(default=1, description="So many new mentions are needed before the comment is written.")
    quiet: Span = Field(
        default=timedelta(0),
        description="A ticket's comment is changed at most once in this time, such as 12h; 0 is once a run.",
    )
    raise_after: Annotated[int, Strict(), Field(ge=0, le=1_000)] = Field(
        default=5,
        description="The priority label goes up one step after so many mentions, and again after as many more; "
        "0 never. One that a person changed is left alone.",
    )


class Deferrals(Section):
    """How long things take that loose ends are put off to."""

    sprint: Span = Field(default=timedelta(days=14), description="From one sprint to the next.")
    release: Span = Field(default=timedelta(days=30), description="Until the next release, launch or version.")


class Learning(Section):
    """The threshold of a detector whose tickets people reject rises by itself, and comes back."""

    enabled: Switch = Field(default=True, description="Whether thresholds rise; --no-learn switches it off for a run.")
    floor: Share = Field(
        default=0.4,
        description="The share of accepted tickets that a detector must be sure to reach (95 % Wilson lower bound); "
        "its threshold rises by as much as it is under this.",
    )
    reviews: Count = Field(default=10, description="So many verdicts of people are needed before anything rises.")
    max_rise: Share = Field(default=0.25, description="A threshold rises by this much at most.")
    memory: Span = Field(default=timedelta(days=90), description="Verdicts older than this do not count any more.")
