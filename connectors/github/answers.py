"""What GitHub answers, as far as it is read here, and the tickets made of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, field_validator

from connectors.base import ClosedAs, Marker, Ticket

CLOSED_AS: Final[Mapping[str, ClosedAs]] = {
    "completed": "done",
    "not_planned": "not_planned",
    "duplicate": "duplicate",
}
STATE_REASONS: Final[Mapping[ClosedAs, str]] = {reason: name for name, reason in CLOSED_AS.items()}


class Answer(BaseModel):
    """Foreign data: fields that are not known here are passed over, missing ones are named."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class User(Answer):
    login: str
    id: int


class Label(Answer):
    name: str
    color: str | None = None


class Milestone(Answer):
    number: int


class Comment(Answer):
    id: int
    user: User | None = None  # None for deleted accounts
    body: str | None = None


class Repo(Answer):
    """A repository as its own page shows it. ``permissions`` are the user's, not those of the token."""

    full_name: str
    private: bool
    visibility: str = ""
    archived: bool = False
    has_issues: bool = True
    permissions: dict[str, bool] | None = None

    @property
    def is_public(self) -> bool:
        return self.visibility == "public" if self.visibility else not self.private


class Issue(Answer):
    number: int
    node_id: str
    title: str
    body: str | None = None
    state: Literal["open", "closed"]
    state_reason: str | None = None
    labels: tuple[Label, ...]
    comments: int = 0
    locked: bool = False
    user: User | None = None
    assignees: tuple[User, ...] = ()
    milestone: Milestone | None = None
    html_url: str
    repository_url: str = ""
    pull_request: object = None
    created_at: AwareDatetime
    updated_at: AwareDatetime
    closed_at: AwareDatetime | None = None

    @field_validator("labels", mode="before")
    @classmethod
    def _as_objects(cls, value: object) -> object:
        # The description allows bare names as well.
        return [{"name": one} if isinstance(one, str) else one for one in value] if isinstance(value, list) else value

    @property
    def label_names(self) -> frozenset[str]:
        return frozenset(label.name for label in self.labels)

    @property
    def version(self) -> str:
        """A digest of all that a page shows; comments count by their number and by the time of the last change."""
        shown = [
            self.title, self.body, self.state, self.state_reason, sorted(self.label_names), self.comments, self.locked,
            sorted(user.login for user in self.assignees), self.milestone and self.milestone.number,
            self.updated_at.isoformat(), self.closed_at and self.closed_at.isoformat(),
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32]

    def ticket(self, marker: Marker | None, duplicate_of: str | None) -> Ticket:
        """The ticket; ``marker`` is the one in its body if that can be trusted, ``duplicate_of`` a number."""
        closed = self.state == "closed"
        return Ticket(
            id=str(self.number),
            key=f"#{self.number}",
            url=self.html_url,
            title=self.title,
            body=self.body or "",
            state=self.state,
            labels=self.label_names,
            version=self.version,
            created_at=self.created_at,
            updated_at=self.updated_at,
            closed_as=CLOSED_AS.get(self.state_reason or "") if closed else None,
            closed_at=self.closed_at if closed else None,
            duplicate_of=duplicate_of,
            marker=marker,
            author=self.user.login if self.user else "",
        )
