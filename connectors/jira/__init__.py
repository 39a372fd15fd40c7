"""Jira Cloud (REST v3, ADF) and Jira Data Center (REST v2, wiki markup)."""

from connectors.jira.tracker import BODY_LIMIT, TITLE_LIMIT, JiraTracker, connect

__all__ = ["BODY_LIMIT", "TITLE_LIMIT", "JiraTracker", "connect"]
