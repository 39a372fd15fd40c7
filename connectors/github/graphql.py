"""The other API of GitHub, for the two things that REST does not tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pydantic import ValidationError

from connectors.base import Unavailable
from connectors.github.answers import Answer, Issue
from connectors.transport import Moved, Refused

if TYPE_CHECKING:
    from github.Requester import Requester

_MOST_NODES = 100

_ORIGINALS = """
query ($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Issue {
      number
      timeline: timelineItems(itemTypes: [MARKED_AS_DUPLICATE_EVENT], last: 1) {
        nodes {
          ... on MarkedAsDuplicateEvent {
            canonical { ... on Issue { number repository { full_name: nameWithOwner } } }
          }
        }
      }
    }
  }
}
"""


class _Viewer(Answer):
    login: str


class _Place(Answer):
    full_name: str


class _Canonical(Answer):
    number: int | None = None  # none when the original is a pull request
    repository: _Place | None = None


class _Event(Answer):
    canonical: _Canonical | None = None


class _Timeline(Answer):
    nodes: tuple[_Event | None, ...] = ()


class _Node(Answer):
    number: int | None = None
    timeline: _Timeline = _Timeline()


def viewer(requester: Requester) -> str | None:
    """The login that a token acts as, also that of an installation; None when GitHub does not tell."""
    try:
        data = _query(requester, "query { viewer { login } }", {})
        return _Viewer.model_validate(data.get("viewer")).login
    except ValidationError:
        return None


def originals(requester: Requester, full_name: str, duplicates: Iterable[Issue]) -> dict[int, str]:
    """The number of the original by the number of the duplicate, where it is an issue of the same repository.

    One request for a hundred of them.
    """
    found: dict[int, str] = {}
    ids = [issue.node_id for issue in duplicates]
    for start in range(0, len(ids), _MOST_NODES):
        data = _query(requester, _ORIGINALS, {"ids": ids[start : start + _MOST_NODES]})
        nodes = data.get("nodes")
        for node in nodes if isinstance(nodes, list) else []:
            if (pair := _original(node, full_name)) is not None:
                found[pair[0]] = pair[1]
    return found


def _original(node: object, full_name: str) -> tuple[int, str] | None:
    try:
        read = _Node.model_validate(node)
    except ValidationError:
        return None  # a node that this token may not see
    event = read.timeline.nodes[-1] if read.timeline.nodes else None
    canonical = event.canonical if event else None
    if read.number is None or canonical is None or canonical.number is None or canonical.repository is None:
        return None
    if canonical.repository.full_name.lower() != full_name.lower():
        return None
    return read.number, str(canonical.number)


def _query(requester: Requester, text: str, variables: Mapping[str, object]) -> Mapping[str, object]:
    """The data of an answer, empty when there is none: not every server and token has this API."""
    try:
        _, answer = requester.requestJsonAndCheck(
            "POST", requester.graphql_url, input={"query": text, "variables": variables}
        )
    except (Refused, Moved):
        return {}
    if not isinstance(answer, dict):
        return {}
    errors = answer.get("errors")
    if isinstance(errors, list) and any(isinstance(one, dict) and one.get("type") == "RATE_LIMITED" for one in errors):
        raise Unavailable("GitHub's GraphQL API asks to wait")
    data = answer.get("data")
    return data if isinstance(data, dict) else {}
