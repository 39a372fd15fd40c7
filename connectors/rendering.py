"""What each tracker would be sent for a ticket, without connecting to any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, assert_never

from connectors.base import Draft
from connectors.markdown import Flavor, to_markdown, to_title

Dialect = Literal["github", "gitlab", "jira-cloud", "jira-datacenter", "local"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """Title, body and labels as they are sent; the body of Jira Cloud is an ADF object."""

    title: str
    body: str | dict[str, object]
    labels: tuple[str, ...]


def rendered(draft: Draft, dialect: Dialect) -> Rendered:
    """The ticket in the dialect of a tracker, cut to what that takes."""
    match dialect:
        case "github":
            from connectors import github

            return _markdown(draft, "github", github.TITLE_LIMIT, github.BODY_LIMIT)
        case "gitlab":
            from connectors import gitlab

            return _markdown(draft, "gitlab", gitlab.TITLE_LIMIT, gitlab.BODY_LIMIT)
        case "local":
            from connectors import local

            return _markdown(draft, "local", local.TITLE_LIMIT, local.BODY_LIMIT)
        case "jira-cloud" | "jira-datacenter":
            return _jira(draft, is_cloud=dialect == "jira-cloud")
        case _:
            assert_never(dialect)


def _markdown(draft: Draft, flavor: Flavor, title_limit: int, body_limit: int) -> Rendered:
    return Rendered(
        title=to_title(draft.title, flavor=flavor, limit=title_limit),
        body=to_markdown(draft.body, flavor=flavor, marker=draft.marker, limit=body_limit),
        labels=draft.labels,
    )


def _jira(draft: Draft, *, is_cloud: bool) -> Rendered:
    from connectors.adf import to_adf
    from connectors.jira import BODY_LIMIT, TITLE_LIMIT
    from connectors.jira.titles import to_summary
    from connectors.jira.words import spelled
    from connectors.wiki import to_wiki

    make = to_adf if is_cloud else to_wiki
    return Rendered(
        title=to_summary(draft.title, TITLE_LIMIT),
        body=make(draft.body, marker=draft.marker, limit=BODY_LIMIT),
        labels=tuple(dict.fromkeys(map(spelled, draft.labels))),
    )
