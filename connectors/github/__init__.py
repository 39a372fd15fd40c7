"""The issues of a repository on GitHub.com or GitHub Enterprise Server, through PyGithub."""

from connectors.github.connecting import connect
from connectors.github.edits import BODY_LIMIT, TITLE_LIMIT
from connectors.github.tracker import GitHubTracker

__all__ = ["BODY_LIMIT", "TITLE_LIMIT", "GitHubTracker", "connect"]
