"""What is sent to file an issue, and what a refusal of it means."""

from __future__ import annotations

from datetime import datetime

from connectors.base import ConnectorError, Denied, Draft, Ticket
from connectors.jira.client import Json, meaning
from connectors.jira.comments import render
from connectors.jira.issues import PROPERTY, User
from connectors.jira.meta import CreateMeta
from connectors.jira.section import whole
from connectors.jira.site import Site
from connectors.jira.titles import to_summary
from connectors.jira.words import spelled
from connectors.reference import reference_line
from connectors.transport import Moved, Refused

TITLE_LIMIT = 255
BODY_LIMIT = 32_767
"""UTF-16 units, as Jira counts; administrators of Data Center can allow more."""


class Filing:
    """Makes the body of the one POST. It asks for the create screen only if the config names fields."""

    def __init__(self, site: Site, meta: CreateMeta) -> None:
        self._site = site
        self._meta = meta

    def body(self, draft: Draft) -> Json:
        """The create call for a draft, its labels and marker included.

        Raises:
            Denied: a configured field is not on the create screen.
        """
        site = self._site
        reference = reference_line(draft.marker)
        fields: dict[str, object] = {
            "project": {"key": site.project},
            "issuetype": {"id": site.issue_type} if site.issue_type.isdigit() else {"name": site.issue_type},
            "summary": to_summary(draft.title, TITLE_LIMIT),
            "description": render(whole(draft), reference, is_cloud=site.is_cloud, limit=BODY_LIMIT),
            "labels": [label for label in dict.fromkeys(map(spelled, draft.labels)) if label],
        }
        if draft.priority and (priority := site.priorities.get(draft.priority)):
            fields["priority"] = {"name": priority}
        value = {"fingerprint": draft.marker.fingerprint, "action": draft.marker.action}
        return {"fields": fields | self._meta.values(), "properties": [{"key": PROPERTY, "value": value}]}

    def refusal(self, error: Refused | Moved) -> ConnectorError:
        """What it means that this was refused: some reasons are the same for every draft."""
        site = self._site
        what = f"filing in {site.project}"
        if isinstance(error, Refused) and error.status in (400, 422):
            self._meta.forget()
            if missing := sorted({"labels", "description"} & set(error.errors)):
                screen = f"put {' and '.join(missing)} on the create screen of {site.issue_type}"
                return Denied(f"{what}: {error.reason}; {screen}")
            if {"project", "issuetype"} & set(error.errors):
                return Denied(f"{what}: {error.reason}; set project and issue_type to what Jira has")
        return meaning(error, what=what, missing=Denied)

    def unread(self, issue_id: str, key: str, draft: Draft, *, me: User, at: datetime) -> Ticket:
        """The ticket of an issue that was filed but could not be read back; no version is ever the same as its own."""
        return Ticket(
            id=issue_id,
            key=key,
            url=f"{self._site.browse_url}/browse/{key}",
            title=to_summary(draft.title, TITLE_LIMIT),
            body="",
            state="open",
            labels=frozenset(map(spelled, draft.labels)),
            version="not read",
            created_at=at,
            updated_at=at,
            marker=draft.marker,
            author=me.display_name or me.name,
        )
