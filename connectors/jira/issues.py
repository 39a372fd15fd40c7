"""Issues as Jira's JSON gives them, made into tickets."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from connectors.adf import to_text
from connectors.base import Marker, Ticket, Unavailable
from connectors.jira.client import Json
from connectors.jira.site import Site
from connectors.jira.words import DUPLICATE, folded, reason
from connectors.reference import parse_reference
from connectors.wiki import unescaped

PROPERTY = "loose-ends"
"""Key of the issue property that holds the marker: people do not see it, and it survives an edit of the text."""

FIELDS = (
    "summary,description,status,resolution,resolutiondate,statuscategorychangedate,labels,created,updated,creator,"
    "reporter,issuelinks"
)


def _time(value: object) -> object:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def without_nulls(value: object) -> object:
    return {key: inner for key, inner in value.items() if inner is not None} if isinstance(value, dict) else value


Time = Annotated[datetime, BeforeValidator(_time)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


class Named(_Part):
    id: str = ""
    name: str = ""


class _Category(_Part):
    key: str = ""


class Status(Named):
    category: _Category = Field(default=_Category(), alias="statusCategory")

    @property
    def is_done(self) -> bool:
        return self.category.key == "done"


class User(_Part):
    """An account: ``accountId`` on Cloud, ``key`` and ``name`` on Data Center."""

    account_id: str = Field(default="", alias="accountId")
    key: str = ""
    name: str = ""
    display_name: str = Field(default="", alias="displayName")
    time_zone: str = Field(default="", alias="timeZone")

    def is_same(self, other: User | None) -> bool:
        if other is None:
            return False
        pairs = ((self.account_id, other.account_id), (self.key, other.key), (self.name, other.name))
        return next((mine == theirs for mine, theirs in pairs if mine and theirs), False)


class _Linked(_Part):
    id: str


class _Link(_Part):
    id: str = ""
    type: Named = Named()
    outward: _Linked | None = Field(default=None, alias="outwardIssue")


class _Fields(_Part):
    summary: str = ""
    description: object = None
    status: Annotated[Status, BeforeValidator(without_nulls)]
    resolution: Named | None = None
    resolved: Time | None = Field(default=None, alias="resolutiondate")
    status_changed: Time | None = Field(default=None, alias="statuscategorychangedate")
    labels: tuple[str, ...] = ()
    created: Time
    updated: Time
    creator: Annotated[User | None, BeforeValidator(without_nulls)] = None
    reporter: Annotated[User | None, BeforeValidator(without_nulls)] = None
    links: tuple[_Link, ...] = Field(default=(), alias="issuelinks")


class Issue(_Part):
    id: str
    key: str
    fields: _Fields
    properties: Mapping[str, object] | None = None  # None where the answer does not tell


class _Item(_Part):
    field: str = ""
    to: str | None = None

    def into(self, status: Status) -> bool:
        return self.field == "status" and self.to == status.id


class _Entry(_Part):
    created: Time
    items: tuple[_Item, ...] = ()


class _Log(_Part):
    histories: tuple[_Entry, ...] = ()


class BadIssue(Unavailable):
    """An issue that Jira gives in another shape than it documents."""


def read_issue(raw: Json) -> Issue:
    """The issue of an answer.

    Raises:
        BadIssue: something needed is missing.
    """
    try:
        return Issue.model_validate(raw)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        name = raw.get("key") or raw.get("id") or "an issue"
        raise BadIssue(f"{str(name)[:60]}: the answer of Jira lacks {where}, or it is not as documented") from error


def read_user(raw: Json) -> User:
    """The account of an answer.

    Raises:
        Unavailable: the answer is about nobody.
    """
    try:
        user = User.model_validate(without_nulls(raw))
    except ValidationError as error:
        raise Unavailable("the account of the bot is not told as documented") from error
    if not user.is_same(user):
        raise Unavailable("Jira does not tell which account this is")
    return user


def body_of(issue: Issue) -> str:
    """The description as text; wiki markup as it is."""
    description = issue.fields.description
    return description if isinstance(description, str) else to_text(description)


def marker_of(issue: Issue, me: User) -> Marker | None:
    """The marker, if the bot's own account filed the issue: its property, else the last line of its text."""
    if not me.is_same(issue.fields.creator or issue.fields.reporter):
        return None
    told = (issue.properties or {}).get(PROPERTY)
    if isinstance(told, dict):
        fingerprint, action = told.get("fingerprint"), told.get("action")
        if isinstance(fingerprint, str) and isinstance(action, str):
            return Marker(fingerprint=fingerprint, action=action)
    return parse_reference(unescaped(body_of(issue)))


def tells_closing(issue: Issue) -> bool:
    """Whether the issue tells when it was closed, if it is: on Data Center only its resolution does."""
    fields = issue.fields
    return not fields.status.is_done or bool(fields.resolved or fields.status_changed)


def closing_time(raw: Json, status: Status) -> datetime | None:
    """When the issue last came into its status, by the change log in ``raw``; None when that does not tell."""
    log = raw.get("changelog")
    try:
        entries = _Log.model_validate(log).histories if log else ()
    except ValidationError:
        return None
    moves = [entry.created for entry in entries for item in entry.items if item.into(status)]
    return max(moves, default=None)


def to_ticket(issue: Issue, site: Site, *, marker: Marker | None, closed_at: datetime | None = None) -> Ticket:
    """The ticket. ``closed_at`` is when it was closed, for an issue that does not tell itself."""
    fields = issue.fields
    is_closed = fields.status.is_done
    original = _original(issue)
    resolution = fields.resolution.name if fields.resolution else ""
    why = reason(fields.status.name, resolution, wont_do=site.wont_do, has_original=bool(original))
    author = fields.creator or fields.reporter
    return Ticket(
        id=issue.id,
        key=issue.key,
        url=f"{site.browse_url}/browse/{issue.key}",
        title=fields.summary,
        body=body_of(issue),
        state="closed" if is_closed else "open",
        labels=frozenset(fields.labels),
        version=_version(issue),
        created_at=fields.created,
        updated_at=fields.updated,
        closed_as=why if is_closed else None,
        closed_at=(fields.resolved or fields.status_changed or closed_at or fields.updated) if is_closed else None,
        duplicate_of=original if is_closed and why == "duplicate" else None,
        marker=marker,
        author=(author.display_name or author.name) if author else "",
    )


def _original(issue: Issue) -> str | None:
    # "outward" of this link type reads "duplicates": the linked issue is the original
    ids = [link.outward.id for link in issue.fields.links if link.outward and folded(link.type.name) in DUPLICATE]
    return min(ids, key=lambda name: (len(name), name), default=None)


def _version(issue: Issue) -> str:
    fields = issue.fields
    # Every edit and comment renews the time of update; the rest is for edits within one tick of it.
    seen = [
        fields.updated.isoformat(),
        fields.summary,
        body_of(issue),
        fields.status.id or fields.status.name,
        fields.resolution.id if fields.resolution else "",
        sorted(fields.labels),
        sorted(link.id for link in fields.links),
    ]
    return hashlib.sha256(json.dumps(seen, ensure_ascii=True).encode()).hexdigest()[:32]
