"""What stands in the way of filing, each with its mend."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar
from urllib.parse import quote

from connectors.base import Denied, Problem
from connectors.jira.client import Client, meaning
from connectors.jira.issues import Issue, Status
from connectors.jira.meta import OURS, CreateMeta, FieldMeta
from connectors.jira.site import Site
from connectors.jira.words import folded, spelled
from connectors.transport import Moved, Refused

_Answer = TypeVar("_Answer")

_NEEDED = {
    "BROWSE_PROJECTS": "Browse Projects",
    "CREATE_ISSUES": "Create Issues",
    "EDIT_ISSUES": "Edit Issues",
    "TRANSITION_ISSUES": "Transition Issues",
    "ADD_COMMENTS": "Add Comments",
    "EDIT_OWN_COMMENTS": "Edit Own Comments",
}


class Checks:
    """Looks at the account, the project and its create screen; ``note_filed`` keeps what went missing on the way."""

    def __init__(self, client: Client, site: Site, meta: CreateMeta) -> None:
        self._client = client
        self._site = site
        self._meta = meta
        self._lost: Problem | None = None
        self._public: bool | None = None

    def problems(self) -> list[Problem]:
        """All of them; the first that makes others meaningless ends the list."""
        found = list(self._of_server())
        if any(problem.fatal for problem in found):
            return found
        try:
            found += self._of_project()
        except (Refused, Moved) as error:
            found.append(_told(error, self._site))
        except Denied as error:
            found.append(Problem(what=str(error), mend="mend what it says, then check again"))
        return [*found, *([self._lost] if self._lost else [])]

    def is_public(self) -> bool:
        """Whether people without an account can read the project; asked once."""
        if self._public is None:
            opens = self._client.opens_to_everyone
            # A server that lets everybody be somebody asks for no credentials at all, and tells nothing.
            self._public = opens(f"project/{_segment(self._site.project)}") and not opens("myself")
        return self._public

    def note_filed(self, issue: Issue, *, wanted: Sequence[str], has_marker: bool) -> None:
        """Looks at a ticket just filed: without labels nobody can review it, without marker it is not known again."""
        lost = sorted(set(wanted) - set(issue.fields.labels))
        if lost:
            self._lost = Problem(
                what=f"{issue.key} was filed without the labels {', '.join(lost)}",
                mend=f"put Labels on the create screen of {self._site.issue_type}, and off the rules that clear them",
            )
        elif not has_marker:
            self._lost = Problem(
                what=f"{issue.key} was filed without its marker",
                mend="keep rules of the project from rewriting the description of new issues",
            )

    def _of_server(self) -> Iterator[Problem]:
        site = self._site
        try:
            self._client.get("myself")
            info = _if_there(lambda: self._client.get("serverInfo"))
            told = info.get("deploymentType") if info else None
        except (Refused, Moved) as error:
            yield _told(error, site)
            return
        is_cloud = told == "Cloud" if isinstance(told, str) else site.is_cloud
        if is_cloud != site.is_cloud:
            mend = "set deployment: cloud, with e-mail and API token" if is_cloud else "set deployment: datacenter"
            yield Problem(what=f"{site.browse_url} is Jira {'Cloud' if is_cloud else 'Data Center'}", mend=mend)

    def _of_project(self) -> Iterator[Problem]:
        site = self._site
        project = self._client.get(f"project/{_segment(site.project)}")
        if project.get("archived") is True:
            yield Problem(what=f"project {site.project} is archived", mend="restore it, or name another project")
            return
        key = str(project.get("key") or site.project)
        if site.project not in (key, str(project.get("id"))):
            what = f"project {site.project} is called {key} now"
            yield Problem(what=what, mend=f"set project: {key}", fatal=False)
        yield from self._of_permissions()
        if not site.allow_public and self.is_public():
            yield Problem(
                what=f"project {site.project} is public: everybody can read what is filed",
                mend="set allow_public: true if quotes from your logs may be read there",
            )
        yield from self._of_create_screen()
        yield from self._of_workflow()
        yield from _of_labels(site.labels)

    def _of_permissions(self) -> Iterator[Problem]:
        site = self._site
        names = ",".join([*_NEEDED, "ADMINISTER"])
        query = {"projectKey": site.project, "permissions": names}
        answer = _if_there(lambda: self._client.get("mypermissions", query))
        told = answer.get("permissions") if answer else None
        have = {name for name, one in told.items() if _is_had(one)} if isinstance(told, dict) else set(_NEEDED)
        if missing := [shown for name, shown in _NEEDED.items() if name not in have]:
            yield Problem(
                what=f"the account lacks permissions in {site.project}: {', '.join(missing)}",
                mend="give its role these in the project's permission scheme",
            )
        if "ADMINISTER" in have:
            yield Problem(
                what="the account administers Jira, which is more than the bot needs",
                mend="use an account of its own with access to this project only",
                fatal=False,
            )

    def _of_create_screen(self) -> Iterator[Problem]:
        site, meta = self._site, self._meta
        if meta.issue_type() is None:
            names = ", ".join(kind.name for kind in meta.types())
            yield Problem(
                what=f"{site.project} has no issue type {site.issue_type}",
                mend=f"set issue_type to one of: {names}" if names else "allow the account to create issues there",
            )
            return
        fields = {field.id: field for field in meta.fields()}
        for name in ("labels", "description"):
            if fields and name not in fields:
                yield Problem(
                    what=f"the create screen of {site.issue_type} has no field {name}",
                    mend=f"put {name} on that screen: the bot cannot file without",
                )
        meta.values()
        given = OURS | {field.id for name in site.fields if (field := meta.named(name))}
        for field in fields.values():
            if field.required and not field.has_default and field.id not in given:
                yield Problem(
                    what=f"{site.issue_type} needs the field {field.name} ({field.id})",
                    mend=f"add it under fields{_values(field)}",
                )
        yield from self._of_priorities(fields.get("priority"))

    def _of_priorities(self, field: FieldMeta | None) -> Iterator[Problem]:
        site = self._site
        if not site.priorities:
            return
        if field is None:
            yield Problem(
                what=f"the create screen of {site.issue_type} has no priority",
                mend="put Priority on that screen, or leave out priorities",
            )
            return
        allowed = {value.name for value in field.allowed}
        if unknown := sorted(set(site.priorities.values()) - allowed):
            yield Problem(
                what=f"the project knows no priority {', '.join(unknown)}",
                mend=f"set priorities to names of its scheme{_values(field)}",
            )

    def _of_workflow(self) -> Iterator[Problem]:
        """Whether its statuses let the bot close: without an issue, Jira tells no transitions."""
        site = self._site
        kinds = _if_there(lambda: self._client.get_list(f"project/{_segment(site.project)}/statuses")) or []
        statuses = [status for kind in kinds if _is_kind(kind, site) for status in _statuses(kind)]
        names = {folded(status.name) for status in statuses}
        for key, name in (
            ("done_status", site.done_status),
            ("wont_do_status", site.wont_do_status),
            ("reopen_status", site.reopen_status),
        ):
            if name and statuses and folded(name) not in names:
                yield Problem(
                    what=f"{key}: {site.issue_type} has no status {name}",
                    mend=f"choose among: {', '.join(dict.fromkeys(status.name for status in statuses))}",
                )
        if statuses and not any(status.is_done for status in statuses):
            yield Problem(
                what=f"no status of {site.issue_type} is in the category Done, so the bot can close nothing",
                mend="give one status that category",
                fatal=False,
            )
        elif statuses and not names & site.wont_do and not self._has_refusal():
            yield Problem(
                what="neither a status nor a resolution means that something will not be done",
                mend="add one such as Won't Do, or name yours in wont_do_resolutions: people refuse tickets with it",
                fatal=False,
            )

    def _has_refusal(self) -> bool:
        resolutions = _if_there(lambda: self._client.get_list("resolution"))
        if resolutions is None:
            return True
        names = [one.get("name") for one in resolutions if isinstance(one, dict)]
        return any(folded(str(name)) in self._site.wont_do for name in names)


def _if_there(ask: Callable[[], _Answer]) -> _Answer | None:
    """The answer, or None of a Jira too old or too restricted to have that address."""
    try:
        return ask()
    except Refused as error:
        if error.status in (403, 404, 405):
            return None
        raise


def _of_labels(labels: Sequence[str]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for label in labels:
        other = seen.setdefault(spelled(label), label)
        if other != label:
            yield Problem(
                what=f"Jira takes no blanks in labels, and {other!r} and {label!r} become the same",
                mend="give one of them another name",
            )


def _is_had(permission: object) -> bool:
    return isinstance(permission, dict) and permission.get("havePermission") is True


def _is_kind(kind: object, site: Site) -> bool:
    if not isinstance(kind, dict):
        return False
    return str(kind.get("id")) == site.issue_type or folded(str(kind.get("name"))) == folded(site.issue_type)


def _statuses(kind: object) -> list[Status]:
    raw = kind.get("statuses") if isinstance(kind, dict) else None
    return [Status.model_validate(one) for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []


def _values(field: FieldMeta) -> str:
    shown = [value.shown for value in field.allowed if value.shown]
    more = ", ..." if len(shown) > 12 else ""
    return f": one of {', '.join(shown[:12])}{more}" if shown else ""


def _told(error: Refused | Moved, site: Site) -> Problem:
    if isinstance(error, Moved):
        return Problem(what="Jira has another address now", mend="set base_url to it")
    match error.status:
        case 401 if site.is_cloud:
            mend = (
                "check email and token; a token with scopes needs api_url: https://api.atlassian.com/ex/jira/{cloudId}"
            )
            return Problem(what="Jira does not accept the e-mail and API token", mend=mend)
        case 401:
            return Problem(what="Jira does not accept the token", mend="make a new personal access token")
        case 404:
            mend = "check the key, and that the account may browse the project"
            return Problem(what=f"project {site.project} is not there, or hidden from the account", mend=mend)
        case _:
            return Problem(what=str(meaning(error, what="Jira")), mend="allow the account this, then check again")


def _segment(name: str) -> str:
    return quote(name, safe="")
