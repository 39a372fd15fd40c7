"""Finds out what stands in the way of filing: the token, the project, the account's role, the labels."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from connectors.base import Denied, Problem, Rejected
from connectors.gitlab.answers import Account, Project, Token
from connectors.gitlab.api import Api
from connectors.gitlab.errors import Barred
from connectors.gitlab.settings import Settings, WantedLabel

PLANNER = 15
"""The least role that may label other people's issues and make labels; GitLab before 17.7 has Reporter (20) for it."""

_EXPIRY_NOTICE = timedelta(days=14)
_PARTS_OF_API = frozenset(("api", "read_api", "read_user", "self_rotate"))


def problems(api: Api, settings: Settings, today: date) -> list[Problem]:
    """Each with its mend; makes the labels that are missing where the settings allow it and nothing else is wrong."""
    found: list[Problem] = []
    try:
        account = api.user()
        found += _of_token(api, today)
        project = api.project()
    except Barred as error:
        return [*found, Problem(what=error.what, mend=error.mend)]
    found += _of_project(project, settings)
    found += _of_role(project, account)
    if not any(problem.fatal for problem in found):
        # Where nothing can be filed, nothing is made either.
        found += _of_labels(api, settings)
    return found


def _of_token(api: Api, today: date) -> Iterator[Problem]:
    try:
        token = api.token()
    except (Denied, Rejected):
        return  # an OAuth token, or a GitLab before 15.5: it tells nothing of itself
    scopes = set(token.scopes)
    # A fine-grained token has permissions instead, which it does not tell.
    if scopes and not scopes & {"api", "granular"}:
        yield Problem(
            what=f"the token may not file issues: its scopes are {_listed(scopes)}",
            mend="make a new token with the scope api",
        )
    if wider := scopes - _PARTS_OF_API - {"granular"}:
        yield Problem(
            what=f"the token can do more than it needs: {_listed(wider)}",
            mend="a token with the scope api alone is enough",
            fatal=False,
        )
    yield from _of_expiry(token, today)


def _of_expiry(token: Token, today: date) -> Iterator[Problem]:
    if token.expires_at and token.expires_at - today <= _EXPIRY_NOTICE:
        yield Problem(what=f"the token expires on {token.expires_at}", mend="rotate it before that day", fatal=False)


def _of_project(project: Project, settings: Settings) -> Iterator[Problem]:
    name = project.path_with_namespace
    if project.marked_for_deletion_on:
        yield Problem(what=f"{name} is to be deleted", mend="restore it under Settings, or name another project")
    elif project.archived:
        yield Problem(what=f"{name} is archived", mend="unarchive it under Settings > General > Advanced")
    if not project.has_issues:
        yield Problem(
            what=f"issues are switched off in {name}",
            mend="switch them on under Settings > General > Visibility, project features, permissions",
        )
    if project.is_open_to_all and not settings.allow_public and not settings.confidential:
        error = public(name)
        yield Problem(what=error.what, mend=error.mend)
    elif project.visibility == "internal" and not settings.confidential:
        yield Problem(
            what=f"everybody with an account on this GitLab can read {name}",
            mend="that may be what you want; confidential: true shows issues to the project's members only",
            fatal=False,
        )


def public(project: str) -> Barred:
    """Filing is refused, for all the world could read what was said in private."""
    return Barred(
        f"{project} is public, and tickets quote your logs",
        "set confidential: true (members only), or allow_public: true, or file into a private project",
    )


def _of_role(project: Project, account: Account) -> Iterator[Problem]:
    level, name = project.access_level, project.path_with_namespace
    mend = f"give {account.username or 'it'} the role Planner or Reporter in {name}"
    if account.is_admin:
        return
    if level is None:
        yield Problem(
            what=f"the token's account is no direct member of {name}; labels may be dropped", mend=mend, fatal=False
        )
    elif level < PLANNER:
        yield Problem(what=f"the token's account may not label issues in {name}", mend=mend)


def _of_labels(api: Api, settings: Settings) -> Iterator[Problem]:
    impossible = [label.name for label in settings.labels if "," in label.name or not label.name]
    if impossible:
        yield Problem(what=f"GitLab takes no comma in a label: {_listed(impossible)}", mend="name it otherwise")
    if not settings.labels:
        return
    existing = api.labels()
    missing = [label for label in settings.labels if label.name not in {*existing, *impossible}]
    if settings.create_labels:
        missing = [label for label in missing if not _made(api, label)]
    if missing:
        yield Problem(
            what=f"these labels do not exist: {_listed(label.name for label in missing)}",
            mend="create them under Manage > Labels, or set create_labels: true and give the account the role Reporter",
            fatal=False,
        )


def _made(api: Api, label: WantedLabel) -> bool:
    try:
        api.create_label(label.name, label.color, label.description)
    except Rejected:
        return label.name in api.labels()  # another run was quicker, unless GitLab does not like the name
    except Denied:
        return False
    return True


def _listed(names: Iterator[str] | set[str] | list[str]) -> str:
    return ", ".join(sorted(names))
