"""What the project asks of a new issue: its type, and the fields that its create screen has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from connectors.adf import text_document
from connectors.base import Denied, Unavailable
from connectors.jira.client import Client, Json, meaning
from connectors.jira.issues import Named
from connectors.jira.site import Site
from connectors.jira.words import folded
from connectors.transport import Moved, Refused

_Model = TypeVar("_Model", bound=BaseModel)

OURS = frozenset(("summary", "description", "labels", "project", "issuetype"))
"""Fields that the bot fills in itself."""


class _Value(Named):
    value: str = ""

    @property
    def shown(self) -> str:
        return self.value or self.name or self.id


class _Schema(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    type: str = ""
    items: str = ""
    custom: str = ""


class FieldMeta(BaseModel):
    """A field of the create screen."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str = Field(alias="fieldId")
    name: str = ""
    required: bool = False
    has_default: bool = Field(default=False, alias="hasDefaultValue")
    type: _Schema = Field(default=_Schema(), alias="schema")
    allowed: tuple[_Value, ...] = Field(default=(), alias="allowedValues")

    def shaped(self, value: object, *, is_cloud: bool) -> object:
        """A plain value of the config in the shape that Jira takes for this kind of field; an object stays as it is."""
        if self.type.type == "array":
            items = value if isinstance(value, list | tuple) else [value]
            return [_shaped(item, self.type.items, is_cloud=is_cloud) for item in items]
        if is_cloud and self.type.custom.endswith(":textarea") and isinstance(value, str):
            return text_document(value)
        return _shaped(value, self.type.type, is_cloud=is_cloud)


def _shaped(value: object, kind: str, *, is_cloud: bool) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    match kind:
        case "option":
            return {"value": str(value)}
        case "priority" | "version" | "component" | "group" | "resolution" | "securitylevel":
            return {"name": str(value)}
        case "user":
            return {"accountId" if is_cloud else "name": str(value)}
        case "string" | "date" | "datetime" | "any":
            return str(value)
        case _:
            return value


class CreateMeta:
    """Asks for the create screen once and keeps it."""

    def __init__(self, client: Client, site: Site) -> None:
        self._client = client
        self._site = site
        self._types: list[Named] | None = None
        self._fields: list[FieldMeta] | None = None

    def forget(self) -> None:
        """Asks anew next time: the screen may have changed."""
        self._types = self._fields = None

    def types(self) -> list[Named]:
        """The issue types that can be filed in the project."""
        if self._types is None:
            raw = self._all("", ("issueTypes", "values"))
            self._types = [_as(Named, one) for one in raw]
        return self._types

    def issue_type(self) -> Named | None:
        """The configured type, None when the project has no such."""
        wanted = self._site.issue_type
        return next((one for one in self.types() if one.id == wanted or folded(one.name) == folded(wanted)), None)

    def fields(self) -> list[FieldMeta]:
        """The fields of the create screen of the configured type, none when there is no such type."""
        if self._fields is None:
            kind = self.issue_type()
            raw = self._all(f"/{quote(kind.id, safe='')}", ("fields", "values", "results")) if kind else []
            self._fields = [_as(FieldMeta, {"fieldId": one.get("key"), **one}) for one in raw]
        return self._fields

    def values(self) -> dict[str, object]:
        """The configured field values by field id, as Jira takes them.

        Raises:
            Denied: a configured field is not on the create screen.
        """
        if not self._site.fields:
            return {}
        found: dict[str, object] = {}
        for name, value in self._site.fields.items():
            field = self.named(name)
            if field is None:
                kind = self._site.issue_type
                raise Denied(f"fields: {kind} in {self._site.project} has no field {name!r} on its create screen")
            found[field.id] = field.shaped(value, is_cloud=self._site.is_cloud)
        return found

    def named(self, name: str) -> FieldMeta | None:
        """The field with this id or name."""
        fields = self.fields()
        return next((one for one in fields if one.id == name), None) or next(
            (one for one in fields if folded(one.name) == folded(name)), None
        )

    def _all(self, tail: str, keys: Sequence[str]) -> list[Json]:
        project = quote(self._site.project, safe="")
        found: list[Json] = []
        while True:
            query = {"startAt": len(found), "maxResults": 100}
            try:
                page = self._client.get(f"issue/createmeta/{project}/issuetypes{tail}", query)
            except (Refused, Moved) as error:
                raise meaning(error, what=f"project {self._site.project}", missing=Denied) from error
            part = next((page[key] for key in keys if isinstance(page.get(key), list)), [])
            items = [one for one in part if isinstance(one, dict)] if isinstance(part, list) else []
            found += items
            total = page.get("total")
            if not items or page.get("isLast") is True or not isinstance(total, int) or len(found) >= total:
                return found


def _as(model: type[_Model], raw: Json) -> _Model:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise Unavailable("the create screen of Jira is not as documented") from error
