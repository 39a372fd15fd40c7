"""The settings of a target: one model per known tracker, an open one for plug-ins."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Strict,
    Tag,
    field_validator,
    model_validator,
)

from bot.settings.scalars import Place, Switch, Text, Url, VariableName

_REPO: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})/[A-Za-z0-9._-]{1,100}")
_PLUGIN: Final = "plugin"


class Section(BaseModel):
    """A part of the config: unknown keys are errors, and what was read never changes."""

    # built once, as parts of Settings: every scheduled run pays for what is built at import
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)


class LocalTarget(Section):
    """A folder of Markdown files, one per ticket."""

    tracker: Literal["local"] = Field(description="Name of the tracker.")
    path: Place = Field(default=Path("tickets"), description="Folder of the tickets; made when it is missing.")
    dashboard: Switch = Field(
        default=False, description="Keep one ticket there that shows what waits for people, with boxes to tick."
    )


class _WithToken(Section):
    tracker: str
    token_env: VariableName | None = Field(default=None, description="Environment variable that holds the token.")
    token_file: Place | None = Field(default=None, description="File that holds the token and nothing else.")

    @model_validator(mode="after")
    def _one_place(self) -> _WithToken:
        self._need_token()
        return self

    def _need_token(self) -> None:
        if (self.token_env is None) == (self.token_file is None):
            raise ValueError("expected one of token_env and token_file to say where the token is")


class _Networked(_WithToken):
    """What every tracker over HTTP can be told."""

    dashboard: Switch = Field(
        default=False, description="Keep one ticket there that shows what waits for people, with boxes to tick."
    )
    allow_public: Switch = Field(
        default=False, description="File into a project that everybody can read; quotes from your logs are shown there."
    )
    create_labels: Switch = Field(default=True, description="Let `check` create the bot's labels that do not exist.")
    ca_file: Place | None = Field(default=None, description="File with the CA certificates of your own tracker.")
    insecure_skip_tls_verify: Switch = Field(default=False, description="Trust any certificate. Dangerous.")
    allow_http: Switch = Field(
        default=False, description="Allow an http address other than this machine's; the token goes in the clear."
    )
    timeout: Annotated[float, Strict(), Field(gt=0, le=300)] = Field(
        default=30.0, description="Seconds that an answer may take."
    )
    seconds_between_writes: Annotated[float, Strict(), Field(ge=0, le=60)] | None = Field(
        default=None, description="Least seconds between two writes; 1 on GitHub, 0 elsewhere."
    )


class GitHubTarget(_Networked):
    """The issues of a repository on GitHub.com or GitHub Enterprise Server."""

    tracker: Literal["github"] = Field(description="Name of the tracker.")
    repo: str = Field(description="Repository as owner/name.")
    base_url: Url | None = Field(
        default=None, description="Address of the API of an Enterprise Server, such as https://git.example.org/api/v3."
    )
    app_id: Annotated[int, Strict(), Field(gt=0)] | None = Field(
        default=None, description="Number of a GitHub App that acts for the bot, in place of a token."
    )
    private_key_env: VariableName | None = Field(
        default=None, description="Environment variable that holds the App's private key (PEM)."
    )
    private_key_file: Place | None = Field(default=None, description="File that holds the App's private key (PEM).")
    installation_id: Annotated[int, Strict(), Field(gt=0)] | None = Field(
        default=None, description="Number of the App's installation; found by the repository when it is missing."
    )
    bot_login: Text | None = Field(
        default=None, description="Login that the bot's issues show; only for tokens of which GitHub does not tell it."
    )

    @model_validator(mode="after")
    def _one_place(self) -> GitHubTarget:
        keys = (self.private_key_env is not None) + (self.private_key_file is not None)
        if self.app_id is None and not keys and self.installation_id is None:
            self._need_token()
            return self
        if self.token_env is not None or self.token_file is not None:
            raise ValueError("expected a token or a GitHub App, not both")
        if self.app_id is None or keys != 1:
            raise ValueError("a GitHub App needs app_id and one of private_key_env and private_key_file")
        return self

    @field_validator("repo")
    @classmethod
    def _owner_and_name(cls, value: str) -> str:
        if not _REPO.fullmatch(value):
            raise ValueError("expected owner/name, such as octo-org/octo-repo")
        return value


def _number_as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class GitLabTarget(_Networked):
    """The issues of a project on GitLab.com or a GitLab of your own."""

    tracker: Literal["gitlab"] = Field(description="Name of the tracker.")
    project: Annotated[str, BeforeValidator(_number_as_text)] = Field(
        description="Project as group/name (with all subgroups) or its number.", min_length=1
    )
    base_url: Url | None = Field(default=None, description="Address of a GitLab of your own.")
    confidential: Switch = Field(
        default=False, description="File confidential issues, which only members of the project see."
    )


_Plain = str | int | float | bool


class JiraTarget(_Networked):
    """The issues of a project in Jira Cloud or Data Center."""

    tracker: Literal["jira"] = Field(description="Name of the tracker.")
    base_url: Url = Field(description="Address of the site, such as https://example.atlassian.net.")
    project: Text = Field(description="Key of the project, such as OPS.")
    issue_type: Text = Field(default="Task", description="Type that new issues get.")
    email: Text | None = Field(default=None, description="Account of the API token (Cloud only).")
    deployment: Literal["auto", "cloud", "datacenter"] = Field(
        default="auto", description="Which Jira it is; auto takes one with an email, or at atlassian.net, for Cloud."
    )
    api_url: Url | None = Field(
        default=None, description="https://api.atlassian.com/ex/jira/{cloudId}, for an API token with scopes."
    )
    fields: dict[str, _Plain | list[_Plain | dict[str, _Plain]] | dict[str, _Plain | dict[str, _Plain]]] = Field(
        default_factory=dict, description="Values of other fields that new issues need, by name or id of the field."
    )
    priorities: dict[Literal["high", "medium", "low"], Text] = Field(
        default_factory=dict, description="The project's names for high, medium and low; without, Jira's default stays."
    )
    done_status: Text | None = Field(default=None, description="Status for done; else one of the category Done.")
    wont_do_status: Text | None = Field(
        default=None, description="Status for what will not be done; else one of such a name, or a resolution."
    )
    reopen_status: Text | None = Field(
        default=None, description="Status of what is open again; else one of the category To Do."
    )
    wont_do_resolutions: tuple[Text, ...] | None = Field(
        default=None,
        description="Resolutions and statuses by which people refuse a ticket; Won't Do, Won't Fix and the like.",
    )


class PluginTarget(_WithToken):
    """A tracker that another package brings; its connector knows and checks the other keys."""

    model_config = ConfigDict(extra="allow", frozen=True, hide_input_in_errors=True, defer_build=True)

    tracker: Text = Field(
        description="Name of the tracker: local, github, gitlab, jira, or one that another package brings.",
        json_schema_extra={"not": {"enum": ["local", "github", "gitlab", "jira"]}},
    )

    dashboard: Switch = Field(
        default=False, description="Keep one ticket there that shows what waits for people, with boxes to tick."
    )

    @model_validator(mode="after")
    def _one_place(self) -> PluginTarget:
        if self.token_env is not None and self.token_file is not None:
            raise ValueError("expected one of token_env and token_file to say where the token is")
        return self


TARGET_MODELS: Final[dict[str, type[Section]]] = {
    "local": LocalTarget,
    "github": GitHubTarget,
    "gitlab": GitLabTarget,
    "jira": JiraTarget,
}


# A callable picks the model, for a literal tag could not let in the names of plug-ins.
def target_model(data: object) -> type[Section]:
    """The model that checks these settings of a target, by their tracker."""
    tracker = data.get("tracker") if isinstance(data, dict) else None
    return TARGET_MODELS.get(tracker, PluginTarget) if isinstance(tracker, str) else PluginTarget


def _tag(data: object) -> str:
    tracker = data.get("tracker") if isinstance(data, dict) else getattr(data, "tracker", None)
    return tracker if isinstance(tracker, str) and tracker in TARGET_MODELS else _PLUGIN


Target = Annotated[
    Annotated[LocalTarget, Tag("local")]
    | Annotated[GitHubTarget, Tag("github")]
    | Annotated[GitLabTarget, Tag("gitlab")]
    | Annotated[JiraTarget, Tag("jira")]
    | Annotated[PluginTarget, Tag(_PLUGIN)],
    Discriminator(_tag),
]


NETWORKED: Final = _Networked

_PLACES_OF_SECRETS: Final = {"token_env", "token_file", "private_key_env", "private_key_file"}


def connector_options(target: Target) -> dict[str, object]:
    """What a connector is made with: the keys that are set, paths absolute, without tracker and places of secrets."""
    return target.model_dump(exclude={"tracker", "dashboard", *_PLACES_OF_SECRETS}, exclude_none=True)


def place_options(target: Target) -> dict[str, object]:
    """The options that say which project is meant, without those of how to get there."""
    how = set(_Networked.model_fields) | {"app_id", "installation_id", "email", "confidential"}
    return {key: value for key, value in connector_options(target).items() if key not in how}
