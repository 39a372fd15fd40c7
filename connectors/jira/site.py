"""What the config says of a Jira project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import urlsplit

from connectors.jira.words import NOT_PLANNED, folded
from connectors.options import Options
from connectors.transport import Network

Deployment = Literal["cloud", "datacenter"]

_CLOUD_HOSTS = (".atlassian.net", ".jira.com", "api.atlassian.com")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One project and how to reach it. ``network`` leads to the API, ``browse_url`` to the pages that people see."""

    deployment: Deployment
    network: Network
    browse_url: str
    project: str
    issue_type: str
    token: str = field(repr=False)
    email: str = ""
    allow_public: bool = False
    fields: Mapping[str, object]
    priorities: Mapping[str, str]
    done_status: str = ""
    wont_do_status: str = ""
    reopen_status: str = ""
    wont_do: frozenset[str] = NOT_PLANNED  # folded names of resolutions and statuses
    labels: tuple[str, ...] = ()  # the labels that the bot will use

    @property
    def is_cloud(self) -> bool:
        return self.deployment == "cloud"

    @property
    def anonymous_network(self) -> Network:
        """The way that somebody without an account takes: tokens with scopes have an address of their own."""
        return replace(self.network, base_url=self.browse_url)


def read_site(options: Mapping[str, object]) -> Site:
    """The site of a target's options.

    Raises:
        BadOptions: a key is missing, unknown or wrong.
    """
    given = Options("jira", options)
    email = given.text("email")
    api_url = given.text("api_url").rstrip("/")
    network = given.network(base_url="")
    if api_url:
        parts = urlsplit(api_url)
        is_plain = parts.scheme == "https" or network.base_url.startswith("http://")
        if not is_plain or not parts.hostname or parts.username or parts.query:
            raise given.wrong("api_url", "expected https://api.atlassian.com/ex/jira/ and the id of your site")
    given.flag("create_labels", default=True)  # labels of Jira are free text: there is nothing to create
    site = Site(
        deployment=_deployment(given, api_url or network.base_url, email),
        network=replace(network, base_url=api_url or network.base_url),
        browse_url=network.base_url,
        project=given.required("project", "the key of the project, such as OPS"),
        issue_type=given.text("issue_type", "Task"),
        token=given.text("token"),
        email=email,
        allow_public=given.flag("allow_public"),
        fields=given.mapping("fields"),
        priorities={folded(name): str(value) for name, value in given.mapping("priorities").items()},
        done_status=given.text("done_status"),
        wont_do_status=given.text("wont_do_status"),
        reopen_status=given.text("reopen_status"),
        wont_do=frozenset(map(folded, given.texts("wont_do_resolutions"))) or NOT_PLANNED,
        labels=tuple(given.mapping("ensure_labels")),
    )
    given.done()
    return site


def _deployment(given: Options, url: str, email: str) -> Deployment:
    match given.text("deployment", "auto"):
        case "cloud":
            found: Deployment = "cloud"
        case "datacenter":
            return "datacenter"
        case "auto":
            host = urlsplit(url).hostname or ""
            found = "cloud" if email or host.endswith(_CLOUD_HOSTS) else "datacenter"
        case _:
            raise given.wrong("deployment", "expected auto, cloud or datacenter")
    if found == "cloud" and not email and "/ex/jira/" not in url:
        raise given.wrong("email", "needed: the e-mail address of the account whose API token this is")
    return found
