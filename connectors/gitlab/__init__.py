"""Issues of a project on GitLab.com or on a GitLab of one's own, through python-gitlab."""

from connectors.gitlab.tracker import BODY_LIMIT, TITLE_LIMIT, GitLabTracker, connect

__all__ = ["BODY_LIMIT", "TITLE_LIMIT", "GitLabTracker", "connect"]
