"""The parts of GitLab's answers that are of use here; what else is in them is passed over.

Source: https://docs.gitlab.com/api/issues/, https://docs.gitlab.com/api/notes/, https://docs.gitlab.com/api/projects/
"""

from __future__ import annotations

import re
from datetime import date, datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

_ISSUE_ADDRESS = re.compile(r"/projects/(\d{1,20})/issues/(\d{1,20})")


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, defer_build=True)


class Account(_Answer):
    """Who made something. ``is_admin`` is told of oneself, and to administrators only."""

    id: int
    username: str = ""
    is_admin: bool = False


class Links(_Answer):
    closed_as_duplicate_of: str | None = None

    @property
    def original(self) -> str | None:
        """The id, as a ticket has it, of the issue that this one was closed as a duplicate of."""
        found = _ISSUE_ADDRESS.search(self.closed_as_duplicate_of or "")
        return f"{found[1]}-{found[2]}" if found else None


class Issue(_Answer):
    """An issue; ``iid`` is its number in the project."""

    iid: int
    project_id: int
    title: str
    state: str
    created_at: AwareDatetime
    updated_at: AwareDatetime
    labels: tuple[str, ...]
    author: Account | None
    description: str | None = None
    closed_at: AwareDatetime | None = None
    user_notes_count: int = 0
    web_url: str = ""
    confidential: bool = False
    discussion_locked: bool | None = None
    moved_to_id: int | None = None
    links: Links = Field(default_factory=Links, alias="_links")


class Note(_Answer):
    """A comment, or what GitLab itself notes about a change (``system``)."""

    id: int
    body: str
    author: Account | None
    system: bool = False
    internal: bool = False


class Access(_Answer):
    access_level: int


class Permissions(_Answer):
    project_access: Access | None = None
    group_access: Access | None = None


class Project(_Answer):
    """A project as the token's account sees it. What is not told counts as the usual."""

    id: int
    path_with_namespace: str
    visibility: str
    archived: bool = False
    issues_enabled: bool = True
    issues_access_level: str = "enabled"
    marked_for_deletion_on: date | None = None
    permissions: Permissions | None = None

    @property
    def has_issues(self) -> bool:
        return self.issues_enabled and self.issues_access_level != "disabled"

    @property
    def is_open_to_all(self) -> bool:
        """Whether anybody at all can read its issues, without an account."""
        return self.visibility == "public" and self.issues_access_level != "private"

    @property
    def access_level(self) -> int | None:
        """The account's role as a number (10 Guest, 15 Planner, 20 Reporter); None where GitLab does not tell."""
        roles = self.permissions
        levels = [role.access_level for role in (roles and (roles.project_access, roles.group_access)) or () if role]
        return max(levels, default=None)


class Token(_Answer):
    scopes: tuple[str, ...] = ()
    expires_at: date | None = None


class Label(_Answer):
    name: str


class Stamped(_Answer):
    """What even an issue that cannot be read may tell of itself."""

    iid: int | None = None
    updated_at: datetime | None = None
