"""The check of exchanges against the vendors' descriptions is itself able to fail: one control for each way."""

import json
from types import SimpleNamespace

import pytest
from fake_http import Answer
from vendor_api import NotDescribed, VendorApi

ISSUES = "https://api.github.com/repos/o/r/issues"
LABELS = "https://api.github.com/repos/o/r/labels"
GITLAB = "https://gitlab.com/api/v4/projects/3/issues"
JIRA = "https://site.example/rest/api/3"
LABEL = {"id": 1, "node_id": "n", "url": "u", "name": "a", "color": "aabbcc", "default": False, "description": None}

ALLOWED = {
    "a listing": ("github", "GET", f"{ISSUES}?state=all&per_page=100", None, Answer(200, [])),
    "a label": ("github", "POST", LABELS, {"name": "a"}, Answer(201, LABEL)),
    "a listing of gitlab": ("gitlab", "GET", f"{GITLAB}?order_by=updated_at", None, Answer(200, [{"iid": 1}])),
    "an issue of jira": (
        "jira-v3",
        "POST",
        f"{JIRA}/issue",
        {"fields": {"customfield_1": 1}},
        Answer(201, {"id": "1"}),
    ),
}
REFUSED = {
    "path": ("github", "GET", "https://api.github.com/repos/o/r/tickets", None, Answer(200, [])),
    "method": ("github", "PUT", ISSUES, {}, Answer(200, [])),
    "parameter": ("github", "GET", f"{ISSUES}?status=all", None, Answer(200, [])),
    "enum in the query": ("github", "GET", f"{ISSUES}?state=done", None, Answer(200, [])),
    "missing field": ("github", "POST", ISSUES, {"body": "x"}, Answer(201, {})),
    "unknown field": ("github", "PATCH", f"{ISSUES}/1", {"status": "closed"}, Answer(200, {})),
    "enum in the body": ("github", "PATCH", f"{ISSUES}/1", {"state_reason": "wontfix"}, Answer(200, {})),
    "thin answer": ("github", "GET", f"{ISSUES}/1", None, Answer(200, {"number": 1})),
    "answer with more": (
        "github", "POST", LABELS, {"name": "a"}, Answer(201, {**LABEL, "colour": "x"}),
    ),
    "status": ("github", "GET", f"{ISSUES}/1", None, Answer(418, {})),
    "parameter of gitlab": ("gitlab", "GET", f"{GITLAB}?updated_since=2026-01-01", None, Answer(200, [])),
    "field of gitlab": ("gitlab", "PUT", f"{GITLAB}/4", {"state": "closed"}, Answer(200, {})),
    "answer of gitlab": ("gitlab", "GET", f"{GITLAB}/4", None, Answer(200, {"number": 4})),
    "field of jira": ("jira-v3", "POST", f"{JIRA}/issue", {"field": {}}, Answer(201, {"id": "1"})),
    "parameter of jira": ("jira-v3", "GET", f"{JIRA}/search/jql?jql=x&startAt=3", None, Answer(200, {})),
}  # fmt: skip


def exchange(name, method, url, body, answer):
    api = VendorApi.load(name)
    if api is None:
        pytest.skip("the vendors' API descriptions are not here (LOOSE_ENDS_EVAL)")
    api.watch(SimpleNamespace(method=method, url=url, body=json.dumps(body) if body is not None else None), answer)


@pytest.mark.parametrize("given", ALLOWED.values(), ids=ALLOWED)
def test_what_the_vendor_describes_passes(given):
    exchange(*given)


@pytest.mark.parametrize("given", REFUSED.values(), ids=REFUSED)
def test_what_the_vendor_does_not_describe_fails(given):
    if VendorApi.load(given[0]) is None:
        pytest.skip("the vendors' API descriptions are not here (LOOSE_ENDS_EVAL)")
    with pytest.raises(NotDescribed):
        exchange(*given)
