"""What the headers of an answer tell of a token: the scopes of a classic one, and when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from connectors.base import Problem
from connectors.github.answers import Repo

ISSUES_ONLY = "a fine-grained token with 'Issues: read and write' on this repository alone"


def scope_problems(scopes: set[str], repo: Repo) -> Iterator[Problem]:
    """What a classic token lacks, or has beyond what filing issues needs."""
    if "repo" not in scopes and not (repo.is_public and "public_repo" in scopes):
        yield Problem(what="the token lacks the scope repo", mend=f"add it, or better use {ISSUES_ONLY}")
        return
    needed = "public_repo" if repo.is_public else "repo"
    # What a scope includes, GitHub tells by the wider name alone.
    wider = sorted(scopes - {needed})
    if wider:
        yield Problem(
            what=f"the token may do more than it needs: {', '.join(wider)}", mend=f"use {ISSUES_ONLY}", fatal=False
        )


def expiry(told: str) -> datetime | None:
    """GitHub writes "2026-03-01 10:00:00 UTC", and an offset in place of UTC at times."""
    text = told.strip().replace(" UTC", " +0000")
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S %z").astimezone(UTC)
    except ValueError:
        return None
