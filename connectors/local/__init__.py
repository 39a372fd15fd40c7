"""The embedded tracker: a folder of Markdown files with YAML front matter, one ticket a file."""

from connectors.local.tracker import BODY_LIMIT, TITLE_LIMIT, LocalTracker, connect

__all__ = ["BODY_LIMIT", "TITLE_LIMIT", "LocalTracker", "connect"]
