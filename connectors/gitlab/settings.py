"""What the config says of a GitLab target."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from connectors.options import Options
from connectors.transport import Network

DEFAULT_URL = "https://gitlab.com"

_PATH = re.compile(r"[0-9]{1,19}|[A-Za-z0-9_.-]{1,255}(?:/[A-Za-z0-9_.-]{1,255}){1,20}")
_TOKEN = re.compile(r"[!-~]{1,500}")
_COLOR = re.compile(r"#?[0-9A-Fa-f]{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLabel:
    """A label that the bot uses; ``color`` is ``#rrggbb``."""

    name: str
    color: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A target's options, checked. ``project`` is its path with all groups, or its number."""

    project: str
    network: Network
    allow_public: bool
    confidential: bool
    create_labels: bool
    labels: tuple[WantedLabel, ...]


def read_settings(options: Mapping[str, object]) -> tuple[Settings, str]:
    """The settings, and apart from them the token.

    Raises:
        BadOptions: a key is missing, unknown or wrong; a token is never shown.
    """
    read = Options("gitlab", options)
    token = read.required("token", "a project, group or personal access token with the scope api").strip()
    if not _TOKEN.fullmatch(token):
        raise read.wrong("token", "holds blanks or characters that no token has")
    settings = Settings(
        project=_project(read),
        network=read.network(base_url=DEFAULT_URL),
        allow_public=read.flag("allow_public"),
        confidential=read.flag("confidential"),
        create_labels=read.flag("create_labels", default=True),
        labels=tuple(_label(read, name, told) for name, told in read.mapping("ensure_labels").items()),
    )
    read.done()
    return settings, token


def _project(read: Options) -> str:
    text = read.required("project", "the project as group/name, or its number")
    if not _PATH.fullmatch(text):
        raise read.wrong("project", "expected group/name with all subgroups, as its address shows it, or its number")
    return text


def _label(read: Options, name: str, told: object) -> WantedLabel:
    match told:
        case [str(color), str(description)] if _COLOR.fullmatch(color):
            return WantedLabel(name=name.strip(), color="#" + color.removeprefix("#"), description=description)
        case _:
            raise read.wrong("ensure_labels", f"{name}: expected a color such as #1f75cb and a description")
