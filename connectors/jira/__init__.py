"""Jira Cloud (REST v3, ADF) and Jira Data Center (REST v2, wiki markup)."""

from connectors.jira.filing import BODY_LIMIT, TITLE_LIMIT
from connectors.jira.tracker import JiraTracker, connect

__all__ = ["BODY_LIMIT", "TITLE_LIMIT", "JiraTracker", "connect"]
