"""Closing and reopening: Jira has no such call, only the transitions that a workflow offers for one issue now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from connectors.base import ClosedAs, Rejected, Unavailable
from connectors.jira.client import Json
from connectors.jira.issues import Named, Status
from connectors.jira.site import Site
from connectors.jira.words import DONE, DUPLICATE, folded


class _Screened(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    required: bool = False
    has_default: bool = Field(default=False, alias="hasDefaultValue")
    allowed: tuple[Named, ...] = Field(default=(), alias="allowedValues")


def _resolutions_only(fields: object) -> object:
    """Allowed values of other fields have shapes of their own, and do not matter here."""
    if not isinstance(fields, dict):
        return {}
    return {
        name: field if name == "resolution" else {key: field[key] for key in field if key != "allowedValues"}
        for name, field in fields.items()
        if isinstance(field, dict)
    }


class Transition(BaseModel):
    """One way out of the present status, and the fields that its screen asks for."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)

    id: str
    name: str = ""
    to: Status
    available: bool = Field(default=True, alias="isAvailable")
    fields: Annotated[Mapping[str, _Screened], BeforeValidator(_resolutions_only)] = {}

    @property
    def resolution(self) -> _Screened | None:
        return self.fields.get("resolution")

    @property
    def missing(self) -> list[str]:
        """Required fields that the bot cannot fill in."""
        needs = (name for name, field in self.fields.items() if field.required and not field.has_default)
        return sorted(name for name in needs if name != "resolution")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The transition to make, and the resolution to set where its screen has one."""

    transition: str
    resolution: str = ""

    def body(self) -> Json:
        fields = {"fields": {"resolution": {"name": self.resolution}}} if self.resolution else {}
        return {"transition": {"id": self.transition}, **fields}


def read_transitions(answer: Json) -> list[Transition]:
    """The transitions of an answer, those left out that are not to be had now.

    Raises:
        Unavailable: the answer has another shape than Jira documents.
    """
    found = answer.get("transitions")
    try:
        transitions = [Transition.model_validate(one) for one in found] if isinstance(found, list) else []
    except ValidationError as error:
        raise Unavailable("the transitions of Jira are not as documented") from error
    return [one for one in transitions if one.available]


def to_close(transitions: Sequence[Transition], why: ClosedAs, site: Site, *, what: str) -> Choice:
    """How to close an issue for this reason: by a status of that name, else by a resolution, else at all.

    Raises:
        Rejected: no transition leads to a status of the category "done", or each asks for fields.
    """
    done = _usable([one for one in transitions if one.to.is_done], what, "a status of the category Done")
    names = {"done": DONE, "not_planned": site.wont_do, "duplicate": DUPLICATE}[why]
    wanted = {"done": site.done_status, "not_planned": site.wont_do_status, "duplicate": ""}[why]
    refusals = site.wont_do | DUPLICATE
    ranked = (
        [one for one in done if wanted and folded(one.to.name) == folded(wanted)],
        [one for one in done if folded(one.to.name) in names],
        [one for one in done if _named(one, names) and folded(one.to.name) not in refusals],
        [one for one in done if folded(one.to.name) not in refusals],
        done,
    )
    best = next(group for group in ranked if group)[0]
    return Choice(transition=best.id, resolution=_resolution(best, names, refusals))


def to_reopen(transitions: Sequence[Transition], site: Site, *, what: str) -> Choice:
    """How to open an issue again: by the configured status, else one of the category "To Do", else any open one.

    Raises:
        Rejected: the workflow has no way back, or it asks for fields.
    """
    back = _usable([one for one in transitions if not one.to.is_done], what, "an open status")
    wanted = [one for one in back if site.reopen_status and folded(one.to.name) == folded(site.reopen_status)]
    new = [one for one in back if one.to.category.key == "new"]
    return Choice(transition=(wanted or new or back)[0].id)


def _usable(transitions: Sequence[Transition], what: str, goal: str) -> list[Transition]:
    usable = [one for one in transitions if not one.missing]
    if not usable:
        asked = sorted({name for one in transitions for name in one.missing})
        why = f"the transition there asks for {', '.join(asked)}" if asked else "its workflow has no transition there"
        raise Rejected(f"{what} cannot be moved to {goal}: {why[:200]}")
    return usable


def _named(transition: Transition, names: Iterable[str]) -> str:
    allowed = transition.resolution.allowed if transition.resolution else ()
    return next((value.name for value in allowed if folded(value.name) in names), "")


def _resolution(transition: Transition, names: frozenset[str], refusals: frozenset[str]) -> str:
    screened = transition.resolution
    if screened is None or (found := _named(transition, names)):
        return found if screened else ""
    others = (value.name for value in screened.allowed if folded(value.name) not in refusals)
    return next(others, "") if screened.required else ""
