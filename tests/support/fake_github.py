"""A GitHub with one repository, as its documentation tells: the smallest server that a connector cannot tell apart.

Every write by anyone takes one second of its clock. ``permissions`` are those of the bot's account; its token is
``scopes`` (None for a fine-grained one). ``faults`` are taken by the next write of the bot, one each.
"""

import hashlib
import itertools
import json
import operator
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import requests
from fake_http import Answer, mount
from vendor_api import VendorApi

API = "https://api.github.com"
REASONS = {"done": "completed", "not_planned": "not_planned", "duplicate": "duplicate"}
TOKEN, APP_TOKEN = "ghp_example", "ghs_example"
JSON_DATE = "%Y-%m-%dT%H:%M:%SZ"


@dataclass
class Comment:
    id: int
    author: str
    body: str
    created: datetime
    updated: datetime


@dataclass
class Issue:
    number: int
    title: str
    body: str
    author: str
    created: datetime
    updated: datetime
    labels: list = field(default_factory=list)
    state: str = "open"
    reason: str | None = None
    closed: datetime | None = None
    locked: bool = False
    comments: list = field(default_factory=list)
    is_pull: bool = False
    duplicate_of: int | None = None


class FakeGitHub:
    def __init__(self, repo="acme/shop", *, private=True, api=API):
        self.owner, self.name = repo.split("/")
        self.api, self.private = api, private
        self.visibility = "private" if private else "public"
        self.old_names, self.transferred = set(), {}
        self.issues, self.deleted = {}, set()
        self.labels = {"bug": ("d73a4a", "Something isn't working")}
        self.lists_until = None  # the last number that listings tell, where they lag behind
        self.numbers, self.ids = itertools.count(1), itertools.count(5000)
        self.time = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
        self.bot, self.people = "loose-bot", {"ada": 7, "loose-bot": 42, "loose-app[bot]": 43}
        self.permissions = {"admin": False, "maintain": False, "push": True, "triage": True, "pull": True}
        self.scopes, self.expires = None, None
        self.token_may_write, self.has_issues, self.archived, self.visible = True, True, False, True
        self.token, self.is_installation, self.installed = TOKEN, False, True
        self.faults, self.log, self.budget = [], [], None
        self.knows_etags, self.is_since = True, operator.ge

    # what happens there

    def now(self):
        return self.time

    def tick(self):
        self.time += timedelta(seconds=1)
        return self.time

    @property
    def repo(self):
        return f"{self.owner}/{self.name}"

    def rename(self, repo):
        self.old_names.add(self.repo.lower())
        self.owner, self.name = repo.split("/")

    def file(self, title, body, author, labels=(), *, is_pull=False):
        at = self.tick()
        number = next(self.numbers)
        issue = Issue(number, title, body, author, at, at, is_pull=is_pull)
        self.issues[number] = issue
        self.add_labels(issue, labels)
        return issue

    def touch(self, issue):
        issue.updated = self.tick()

    def add_labels(self, issue, names):
        for name in names:
            known = {label.lower(): label for label in self.labels}
            spelled = known.get(name.lower(), name)
            self.labels.setdefault(spelled, ("ededed", None))
            if spelled not in issue.labels:
                issue.labels.append(spelled)

    def set_state(self, issue, state, reason):
        if state == issue.state:
            return  # the reason is ignored unless the state changes
        issue.state, issue.reason = state, reason or ("completed" if state == "closed" else "reopened")
        issue.closed = self.time + timedelta(seconds=1) if state == "closed" else None

    def delete(self, number):
        del self.issues[number]
        self.deleted.add(number)

    def delete_label(self, name):
        self.labels.pop(name, None)
        for issue in self.issues.values():
            if name in issue.labels:
                issue.labels.remove(name)
                self.touch(issue)

    # how it answers

    def answer(self, request):
        fault = self.faults.pop(0) if self.faults and request.method != "GET" else None
        if isinstance(fault, Answer):
            return fault
        answer = self.checked(request)
        self.log.append((request.method, request.path, answer.status))
        if fault == "lose":
            return requests.ConnectionError("the line was cut")
        if fault == "502":
            return Answer(502, b"<html>Bad gateway</html>")
        if self.budget is not None:
            self.budget -= 1
            answer.headers |= self.rate_headers()
        if self.scopes is not None:
            answer.headers["X-OAuth-Scopes"] = ", ".join(self.scopes)
        if self.expires:
            answer.headers["GitHub-Authentication-Token-Expiration"] = self.expires
        return answer

    def rate_headers(self):
        reset = str(int((self.time + timedelta(minutes=20)).timestamp()))
        date = self.time.strftime("%a, %d %b %Y %H:%M:%S GMT")
        return {
            "X-RateLimit-Remaining": str(max(self.budget, 0)), "X-RateLimit-Reset": reset,
            "X-RateLimit-Resource": "core", "X-RateLimit-Limit": "5000", "Date": date,
        }  # fmt: skip

    def checked(self, request):
        path = request.path.removeprefix("/api/v3")
        given = request.headers.get("authorization", "")
        if path.startswith("/app") or path.endswith("/installation"):
            return self.as_app(path, given)
        if given.partition(" ")[2] not in (self.token, *([APP_TOKEN] if self.installed else ())):
            return refused(401, "Bad credentials")
        if self.budget is not None and self.budget <= 0:
            return Answer(403, {"message": "API rate limit exceeded for user ID 42."})
        if path in ("/graphql", "/api/graphql"):
            return self.graphql(request.json)
        if path == "/user":
            if self.is_installation:
                return refused(403, "Resource not accessible by integration")
            return Answer(200, self.own_page(self.bot))
        return self.in_repository(request, path)

    def as_app(self, path, given):
        if not given.startswith("Bearer ey"):
            return refused(401, "A JSON web token could not be decoded")
        if path == "/app":
            return Answer(200, self.app_page())
        if not self.installed:
            return refused(404, "Not Found")
        if path.endswith("/installation"):
            return Answer(200, self.installation_page())
        if not self.token_may_write:
            return refused(422, "The permissions requested are not granted to this installation.")
        ends = (self.time + timedelta(hours=1)).strftime(JSON_DATE)
        self.bot, self.is_installation = "loose-app[bot]", True
        return Answer(
            201, {"token": APP_TOKEN, "expires_at": ends, "permissions": {"issues": "write", "metadata": "read"}}
        )

    def graphql(self, body):
        if "viewer" in body["query"]:
            return Answer(200, {"data": {"viewer": {"login": self.bot}}})
        nodes = []
        for node in body["variables"]["ids"]:
            issue = self.issues.get(int(node.removeprefix("I_")))
            original = issue and issue.duplicate_of
            canonical = original and {"number": original, "repository": {"full_name": self.repo}}
            events = [{"canonical": canonical}] if canonical else []
            nodes.append({"number": issue.number, "timeline": {"nodes": events}} if issue else None)
        return Answer(200, {"data": {"nodes": nodes}})

    def in_repository(self, request, path):  # noqa: PLR0911
        by_id = path.startswith("/repositories/99")
        match = re.fullmatch(r"/repos/([^/]+/[^/]+)(/.*)?", path)
        if not by_id and not match:
            return refused(404, "Not Found")
        name, rest = ("", path.removeprefix("/repositories/99")) if by_id else (match[1], match[2] or "")
        if not by_id and name.lower() in self.old_names:
            query = "&".join(f"{key}={value}" for key, values in request.query.items() for value in values)
            location = f"{self.api}/repositories/99{rest}" + (f"?{query}" if query else "")
            return Answer(301 if request.method == "GET" else 307, {"message": "Moved"}, {"Location": location})
        if not self.visible or not (by_id or name.lower() == self.repo.lower()):
            return refused(404, "Not Found")
        if request.method != "GET" and self.archived:
            return refused(403, "Repository was archived so is read-only.")
        if request.method != "GET" and not self.token_may_write:
            return refused(403, "Resource not accessible by personal access token")
        if not rest:
            return Answer(200, self.repository_page())
        if rest.startswith("/labels"):
            return self.label_routes(request)
        if not self.has_issues:
            return refused(410, "Issues has been disabled in this repository.")
        return self.issue_routes(request, rest)

    def label_routes(self, request):
        if request.method == "GET":
            return self.paged(request, [self.label_page(name) for name in self.labels])
        if request.method == "PATCH":
            name = unquote(request.path.rpartition("/labels/")[2])
            self.labels[name] = (request.json["color"], self.labels[name][1])
            return Answer(200, self.label_page(name))
        name = request.json["name"]
        if name.lower() in {label.lower() for label in self.labels}:
            return invalid("Label", "name", "already_exists")
        if len(name) > 50:
            return invalid("Label", "name", "too_long")
        self.labels[name] = (request.json.get("color", "ededed"), request.json.get("description"))
        return Answer(201, self.label_page(name))

    def issue_routes(self, request, path):
        if path == "/issues":
            return self.listing(request) if request.method == "GET" else self.post_issue(request.json)
        if match := re.fullmatch(r"/issues/comments/(\d+)", path):
            return self.patch_comment(int(match[1]), request.json)
        number = int(re.match(r"/issues/(\d+)", path)[1])
        if number in self.transferred:
            status = 301 if request.method == "GET" else 307
            return Answer(status, {"message": "Moved"}, {"Location": f"{self.api}/repositories/100/issues/1"})
        if number in self.deleted:
            return refused(410, "This issue was deleted")
        if number not in self.issues:
            return refused(404, "Not Found")
        return self.one_issue(request, self.issues[number], path.partition(f"/{number}")[2])

    def listing(self, request):
        query = {key: values[0] for key, values in request.query.items()}
        found = sorted(self.issues.values(), key=lambda issue: (issue.updated, issue.number))
        if self.lists_until is not None:
            found = [issue for issue in found if issue.number <= self.lists_until]
        since = query.get("since")
        found = [issue for issue in found if since is None or self.is_since(issue.updated.strftime(JSON_DATE), since)]
        if query.get("state", "open") != "all":
            found = [issue for issue in found if issue.state == query.get("state", "open")]
        if query["sort"] == "created":
            found.sort(key=lambda issue: issue.number)
        if query["direction"] == "desc":
            found.reverse()
        return self.paged(request, [self.issue_page(issue) for issue in found])

    def paged(self, request, items):
        size, page = int(request.query.get("per_page", ["30"])[0]), int(request.query.get("page", ["1"])[0])
        part = items[(page - 1) * size : page * size]
        etag = f'W/"{hashlib.sha256(json.dumps(part).encode()).hexdigest()}"'
        if self.knows_etags and request.headers.get("if-none-match") == etag:
            return Answer(304, None, {"ETag": etag})
        return Answer(200, part, {"ETag": etag} if self.knows_etags else {})

    def post_issue(self, body):
        if problem := too_long(body, "Issue"):
            return problem
        labels = body.get("labels", []) if self.permissions["push"] or self.permissions["triage"] else []
        return Answer(201, self.issue_page(self.file(body["title"], body["body"], self.bot, labels)))

    def one_issue(self, request, issue, rest):  # noqa: PLR0911
        body = request.json
        match request.method, rest:
            case "GET", "":
                return Answer(200, self.issue_page(issue))
            case "PATCH", "":
                if "state" in body:
                    self.set_state(issue, body["state"], body.get("state_reason"))
                if too_long_now := too_long(body, "Issue"):
                    return too_long_now
                issue.title, issue.body = body.get("title", issue.title), body.get("body", issue.body)
                self.touch(issue)
                return Answer(200, self.issue_page(issue))
            case "GET", "/comments":
                return self.paged(request, [self.comment_page(issue, comment) for comment in issue.comments])
            case "POST", "/comments":
                if issue.locked:
                    return refused(403, "Unable to create comment because issue is locked.")
                return too_long(body, "IssueComment") or Answer(201, self.comment(issue, self.bot, body["body"]))
            case "POST", "/labels":
                if not self.permissions["triage"]:
                    return refused(403, "Must have triage rights to Repository.")
                self.add_labels(issue, body["labels"])
                self.touch(issue)
                return Answer(200, [self.label_page(name) for name in issue.labels])
        name = unquote(rest.removeprefix("/labels/"))
        if name not in issue.labels:
            return refused(404, "Label does not exist")
        issue.labels.remove(name)
        self.touch(issue)
        return Answer(200, [self.label_page(name) for name in issue.labels])

    def comment(self, issue, author, text):
        at = self.tick()
        comment = Comment(next(self.ids), author, text, at, at)
        issue.comments.append(comment)
        issue.updated = at
        return self.comment_page(issue, comment)

    def patch_comment(self, comment_id, body):
        for issue in self.issues.values():
            for comment in issue.comments:
                if comment.id == comment_id:
                    if problem := too_long(body, "IssueComment"):
                        return problem
                    comment.body = body["body"]
                    self.touch(issue)
                    comment.updated = issue.updated
                    return Answer(200, self.comment_page(issue, comment))
        return refused(404, "Not Found")

    # its pages, with all that the description asks for

    def user_page(self, login):
        url = f"{self.api}/users/{login}"
        links = {
            f"{name}_url": f"{url}/{name}"
            for name in (
                "events",
                "followers",
                "following",
                "gists",
                "received_events",
                "repos",
                "starred",
                "subscriptions",
            )
        }
        return {
            "login": login, "id": self.people[login], "node_id": f"U_{login}", "gravatar_id": "", "url": url,
            "avatar_url": "https://example.org/a.png", "html_url": f"https://github.com/{login}", "type": "User",
            "site_admin": False, "organizations_url": f"{url}/orgs", **links,
        }  # fmt: skip

    def own_page(self, login):
        texts = dict.fromkeys(("name", "company", "blog", "location", "email", "hireable", "bio", "twitter_username"))
        counts = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
        at = {"created_at": text(self.time), "updated_at": text(self.time)}
        return {**self.user_page(login), **texts, **counts, **at, "user_view_type": "public"}

    def label_page(self, name):
        color, description = self.labels.get(name, ("ededed", None))
        url = f"{self.api}/repos/{self.repo}/labels/{name}"
        return {
            "id": 1, "node_id": "L_1", "url": url, "name": name, "color": color, "description": description,
            "default": False,
        }  # fmt: skip

    def issue_page(self, issue):
        repo = f"{self.api}/repos/{self.repo}"
        url = f"{repo}/issues/{issue.number}"
        page = {
            "id": 9000 + issue.number, "node_id": f"I_{issue.number}", "number": issue.number, "title": issue.title,
            "body": issue.body, "state": issue.state, "state_reason": issue.reason, "locked": issue.locked,
            "labels": [self.label_page(name) for name in issue.labels], "assignee": None, "assignees": [],
            "milestone": None, "comments": len(issue.comments), "user": self.user_page(issue.author),
            "created_at": text(issue.created), "updated_at": text(issue.updated), "closed_at": text(issue.closed),
            "url": url, "repository_url": repo, "comments_url": f"{url}/comments", "events_url": f"{url}/events",
            "html_url": f"https://github.com/{self.repo}/issues/{issue.number}", "author_association": "CONTRIBUTOR",
            "labels_url": f"{url}/labels{{/name}}",
        }  # fmt: skip
        if issue.is_pull:
            page["pull_request"] = {"url": url, "html_url": url, "diff_url": url, "patch_url": url}
        return page

    def comment_page(self, issue, comment):
        url = f"{self.api}/repos/{self.repo}/issues/comments/{comment.id}"
        return {
            "id": comment.id, "node_id": f"C_{comment.id}", "url": url, "html_url": url, "body": comment.body,
            "issue_url": f"{self.api}/repos/{self.repo}/issues/{issue.number}", "user": self.user_page(comment.author),
            "created_at": text(comment.created), "updated_at": text(comment.updated),
            "author_association": "CONTRIBUTOR",
        }  # fmt: skip

    def repository_page(self):
        url = f"{self.api}/repos/{self.repo}"
        return {
            **{name: f"{url}/{name.removesuffix('_url')}" for name in REPOSITORY_ADDRESSES},
            **dict.fromkeys(REPOSITORY_COUNTS, 0),
            **dict.fromkeys(("has_projects", "has_wiki", "has_pages", "has_discussions", "fork", "disabled"), False),
            **dict.fromkeys(("description", "homepage", "language", "license", "mirror_url")),
            "id": 99, "node_id": "R_99", "name": self.name, "full_name": self.repo, "owner": self.user_page("ada"),
            "private": self.private, "visibility": self.visibility, "url": url, "has_issues": self.has_issues,
            "archived": self.archived, "default_branch": "main", "permissions": self.permissions,
            "created_at": text(self.time), "updated_at": text(self.time), "pushed_at": text(self.time),
        }  # fmt: skip

    def app_page(self):
        return {
            "id": 5, "slug": "loose-app", "node_id": "A_5", "owner": self.user_page("ada"), "name": "Loose App",
            "description": "", "external_url": "https://example.org", "html_url": "https://github.com/apps/loose-app",
            "created_at": text(self.time), "updated_at": text(self.time), "permissions": {"issues": "write"},
            "events": [],
        }  # fmt: skip

    def installation_page(self):
        url = f"{self.api}/app/installations/11"
        return {
            "id": 11, "account": self.user_page("ada"), "repository_selection": "selected", "app_id": 5,
            "access_tokens_url": f"{url}/access_tokens", "repositories_url": f"{self.api}/installation/repositories",
            "html_url": "https://github.com/settings/installations/11", "target_id": 7, "target_type": "User",
            "permissions": {"issues": "write", "metadata": "read"}, "events": [], "single_file_name": None,
            "created_at": text(self.time), "updated_at": text(self.time), "app_slug": "loose-app", "suspended_at": None,
            "suspended_by": None,
        }  # fmt: skip


REPOSITORY_ADDRESSES = (
    "html_url archive_url assignees_url blobs_url branches_url collaborators_url comments_url commits_url compare_url "
    "contents_url contributors_url deployments_url downloads_url events_url forks_url git_commits_url git_refs_url "
    "git_tags_url hooks_url issue_comment_url issue_events_url issues_url keys_url labels_url languages_url merges_url "
    "milestones_url notifications_url pulls_url releases_url stargazers_url statuses_url subscribers_url "
    "subscription_url tags_url teams_url trees_url clone_url git_url ssh_url svn_url"
).split()
REPOSITORY_COUNTS = (
    "forks forks_count open_issues open_issues_count size stargazers_count watchers watchers_count network_count "
    "subscribers_count"
).split()


class Ada:
    """A person with the role Admin, at the web pages."""

    def __init__(self, github):
        self.github = github

    def issue(self, ticket_id):
        return self.github.issues[int(ticket_id)]

    def file_ticket(self, title, body):
        return str(self.github.file(title, body, "ada").number)

    def edit_title(self, ticket_id, title):
        self.issue(ticket_id).title = title
        self.github.touch(self.issue(ticket_id))

    def edit_body(self, ticket_id, body):
        self.issue(ticket_id).body = body
        self.github.touch(self.issue(ticket_id))

    def set_labels(self, ticket_id, labels):
        self.issue(ticket_id).labels = []
        self.github.add_labels(self.issue(ticket_id), labels)
        self.github.touch(self.issue(ticket_id))

    def close(self, ticket_id, reason):
        self.github.set_state(self.issue(ticket_id), "closed", REASONS[reason])
        self.github.touch(self.issue(ticket_id))

    def reopen(self, ticket_id):
        self.github.set_state(self.issue(ticket_id), "open", None)
        self.github.touch(self.issue(ticket_id))

    def comment(self, ticket_id, text):
        self.github.comment(self.issue(ticket_id), "ada", text)

    def delete(self, ticket_id):
        self.github.delete(int(ticket_id))


@contextmanager
def on_the_net(fake, *, described=True):
    """The fake in place of the real one; every exchange is held against GitHub's own description if that is there."""
    api = VendorApi.load("github") if described else None
    mock = mount(fake, fake.api, watch=api.watch if api else None)
    try:
        yield fake
    finally:
        mock.stop(allow_assert=False)


def text(at):
    return at and at.strftime(JSON_DATE)


def refused(status, message):
    return Answer(status, {"message": message, "documentation_url": "https://docs.github.com/rest"})


def invalid(resource, name, code):
    errors = [{"resource": resource, "field": name, "code": code}]
    return Answer(
        422, {"message": "Validation Failed", "errors": errors, "documentation_url": "https://docs.github.com"}
    )


def too_long(body, resource):
    if len(body.get("title", "")) > 256:
        return invalid(resource, "title", "custom")
    if len(body.get("body") or "") > 65_536:
        return invalid(resource, "body", "custom")
    return None
