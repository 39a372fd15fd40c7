"""A small honest Jira, Cloud (REST v3, ADF) or Data Center (REST v2, wiki markup), with one project and its people."""

import base64
import copy
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import requests
from fake_http import Answer, mount
from vendor_api import VendorApi

from connectors.adf import to_text

TOKEN, EMAIL = "ATATT3xFake", "bot@acme.example"
ZONE = "America/New_York"
STATUSES = {"1": ("To Do", "new", 2), "2": ("In Progress", "indeterminate", 4), "3": ("Done", "done", 3)}
RESOLUTIONS = {"10": "Done", "11": "Won't Do", "12": "Duplicate", "13": "Cannot Reproduce"}
ADF_BLOCKS = {"paragraph", "heading", "codeBlock", "bulletList"}
LIMIT = 32_767
# What the description of Cloud's v2 does not have, has in Cloud's shapes only, or (transitions) leaves empty.
NOT_IN_V2 = re.compile(
    r"GET /rest/api/2/(?:mypermissions|project/[^/]+/statuses|issue/createmeta/.*|issue/[^/]+/transitions)"
)


@dataclass
class Account:
    id: str
    name: str


BOT, ADA = Account("5b-bot", "Loose Ends"), Account("5b-ada", "Ada")


@dataclass
class Note:
    id: int
    author: Account
    body: object
    created: datetime
    updated: datetime


@dataclass
class FakeIssue:
    id: int
    key: str
    summary: str
    description: object
    labels: list
    creator: Account
    created: datetime
    updated: datetime
    status: str = "1"
    resolution: str | None = None
    resolved: datetime | None = None
    moved: datetime | None = None
    properties: dict = field(default_factory=dict)
    comments: list = field(default_factory=list)
    links: list = field(default_factory=list)  # ids of originals
    moves: list = field(default_factory=list)  # (time, status)
    more: dict = field(default_factory=dict)  # other fields that the create call set


class FakeJira:
    """``transitions(issue)``, ``fields`` and the like are plain data, for tests to change.

    ``lag``: the search shows nothing of what was written since the last ``catch_up``.
    """

    def __init__(self, *, cloud=True, key="OPS"):
        self.cloud, self.key = cloud, key
        self.site = "https://acme.atlassian.net" if cloud else "https://jira.acme.example"
        self.time = datetime(2026, 3, 1, 9, tzinfo=UTC)
        self.issues, self.index = {}, {}
        self.ids, self.number, self.comment_ids = 10_000, 0, 500
        self.faults, self.lag, self.public, self.archived = [], False, False, False
        self.page, self.admin, self.denied = 100, False, set()
        self.old_key = ""  # Jira goes on to answer to it
        self.drops_labels, self.deployment = False, "Cloud" if cloud else "Server"
        self.resolution_screen, self.way_back = True, True
        self.statuses, self.resolutions = dict(STATUSES), dict(RESOLUTIONS)
        self.required = []  # fields of the create screen beyond the usual: (id, name, schema, allowed values)
        self.screen = ["summary", "description", "labels", "project", "issuetype", "priority"]
        self.log = []

    # Time passes by a second with each thing that is done.
    def now(self):
        return self.time

    def tick(self):
        self.time += timedelta(seconds=1)
        return self.time

    def catch_up(self):
        self.index = {name: copy.deepcopy(issue) for name, issue in self.issues.items()}

    # ---- requests
    def answer(self, request):
        self.log.append((request.method, request.path, request.query))
        writes = request.method != "GET"
        fault = self.faults.pop(0) if self.faults and (writes or self.faults[0] == "down") else None
        if isinstance(fault, Answer):
            return fault
        if fault in ("down", "dropped"):
            return Answer(502, b"<html>Bad Gateway</html>")
        answer = self.routed(request)
        if writes and not self.lag:
            self.catch_up()
        if fault == "lose":
            return Answer(502, b"<html>Bad Gateway</html>")
        return requests.exceptions.ConnectionError("reset") if fault == "reset" else answer

    def routed(self, request):
        prefix = f"/rest/api/{3 if self.cloud else 2}/"
        if not request.path.startswith(prefix):
            return refused(404, "null for uri")
        path = request.path.removeprefix(prefix)
        who = self.who(request)
        if who is None:
            return self.for_everybody(path)
        for method, pattern, call in ROUTES:
            if method == request.method and (match := re.fullmatch(pattern, path)):
                return call(self, request, *match.groups())
        return refused(404, "no such address")

    def who(self, request):
        given = request.headers.get("authorization", "")
        wanted = "Basic " + base64.b64encode(f"{EMAIL}:{TOKEN}".encode()).decode() if self.cloud else f"Bearer {TOKEN}"
        return BOT if given == wanted else None

    def for_everybody(self, path):
        if path == f"project/{self.key}" and self.public:
            return Answer(200, self.project_json())
        return refused(401 if path in ("myself", "serverInfo") or not path.startswith("project") else 404, "Log in.")

    def myself(self, _request):
        return Answer(200, {**self.user_json(BOT), "timeZone": ZONE})

    def server_info(self, _request):
        return Answer(200, {"baseUrl": self.site, "deploymentType": self.deployment, "version": "10.3.1"})

    def project_json(self):
        out = {"id": "77", "key": self.key, "name": "Operations", "self": f"{self.site}/rest/api/3/project/77"}
        return {**out, "archived": True} if self.archived else out

    def project(self, _request, key):
        return (
            Answer(200, self.project_json()) if key in (self.key, self.old_key) else refused(404, f"No project {key}.")
        )

    def project_statuses(self, _request, _key):
        statuses = [self.status_json(name) for name in self.statuses]
        kind = {"id": "31", "name": "Task", "self": f"{self.site}/t/31", "subtask": False, "statuses": statuses}
        return Answer(200, [kind])

    def permissions(self, request):
        names = request.query["permissions"][0].split(",")
        had = {name for name in names if name not in self.denied and (name != "ADMINISTER" or self.admin)}
        return Answer(200, {"permissions": {name: {"key": name, "havePermission": name in had} for name in names}})

    def all_resolutions(self, _request):
        return Answer(200, [{"id": number, "name": name} for number, name in self.resolutions.items()])

    def types(self, _request, _key):
        found = [{"id": "31", "name": "Task", "subtask": False}, {"id": "32", "name": "Bug", "subtask": False}]
        key = "issueTypes" if self.cloud else "values"
        return Answer(200, {"startAt": 0, "maxResults": 100, "total": 2, key: found})

    def create_screen(self, _request, _key, _kind):
        shown = [field_json(name, name.capitalize(), {"type": "string"}) for name in self.screen if name != "priority"]
        if "priority" in self.screen:
            values = [{"id": str(n), "name": name} for n, name in enumerate(("Highest", "Medium", "Low"))]
            shown.append(field_json("priority", "Priority", {"type": "priority"}, allowed=values, default=True))
        shown += [field_json(*one[:3], allowed=one[3], required=True) for one in self.required]
        key = "fields" if self.cloud else "values"
        return Answer(200, {"startAt": 0, "maxResults": 100, "total": len(shown), key: shown})

    # ---- issues
    def create(self, request):
        given, told = request.json["fields"], request.json.get("properties", [])
        errors = self.wrong_fields(given)
        if errors:
            return Answer(400, {"errorMessages": [], "errors": errors})
        labels = [] if self.drops_labels else given.get("labels", [])
        issue = self.file(given["summary"], given.get("description"), labels, BOT)
        issue.properties = {one["key"]: one["value"] for one in told}
        known = {"project", "issuetype", "summary", "description", "labels"}
        issue.more = {name: value for name, value in given.items() if name not in known}
        return Answer(201, {"id": str(issue.id), "key": issue.key, "self": f"{self.site}/rest/api/2/issue/{issue.id}"})

    def wrong_fields(self, given):
        errors = {name: f"{title} is required." for name, title, *_ in self.required if name not in given}
        known = {*self.screen, *(one[0] for one in self.required)}
        for name in given:
            if name not in known:
                errors[name] = f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."
        if given.get("project", {}).get("key") != self.key:
            errors["project"] = "valid project is required"
        if given.get("issuetype", {}).get("name") not in ("Task", "Bug"):
            errors["issuetype"] = "Specify a valid issue type"
        summary = given.get("summary", "")
        if not summary or "\n" in summary or java_length(summary) > 255:
            errors["summary"] = "Summary must be one line of at most 255 characters."
        if any(" " in label for label in given.get("labels", [])):
            errors["labels"] = "The label contains spaces which is invalid."
        if wrong := self.wrong_text(given.get("description")):
            errors["description"] = wrong
        return errors

    def wrong_text(self, text):
        if text is None:
            return ""
        if self.cloud and not is_adf(text):
            return "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
        if not self.cloud and not isinstance(text, str):
            return "Operation value must be a string"
        shown = to_text(text) if self.cloud else text
        return "The entered text is too long. It exceeds the allowed limit of 32,767 characters." if (
            java_length(shown) > LIMIT
        ) else ""  # fmt: skip

    def file(self, summary, description, labels, who):
        self.ids, self.number = self.ids + 1, self.number + 1
        at = self.tick()
        issue = FakeIssue(
            self.ids, f"{self.key}-{self.number}", summary, description, list(labels), who, at, at, moved=at
        )
        self.issues[issue.id] = issue
        return issue

    def at(self, name):
        return next((i for i in self.issues.values() if name in (str(i.id), i.key)), None)

    def issue(self, request, name):
        issue = self.at(name)
        if issue is None:
            return refused(404, "Issue does not exist or you do not have permission to see it.")
        names = request.query.get("properties", [""])[0].split(",")
        out = self.issue_json(issue, request.query.get("fields", [""])[0].split(","))
        out["properties"] = {key: value for key, value in issue.properties.items() if key in names}
        if "changelog" in request.query.get("expand", []):
            entries = [
                {"id": str(n), "created": text(at), "items": [{"field": "labels"}, {"field": "status", "to": to}]}
                for n, (at, to) in enumerate(issue.moves)
            ]
            out["changelog"] = {"startAt": 0, "maxResults": len(entries), "total": len(entries), "histories": entries}
        return Answer(200, out)

    def edit(self, request, name):
        issue = self.at(name)
        if issue is None:
            return refused(404, "Issue does not exist or you do not have permission to see it.")
        summary = request.json.get("fields", {}).get("summary", issue.summary)
        if not summary or "\n" in summary or java_length(summary) > 255:
            return Answer(400, {"errorMessages": [], "errors": {"summary": "One line of at most 255 characters."}})
        if summary != issue.summary:
            issue.summary, issue.updated = summary, self.tick()
        if "description" in request.json.get("fields", {}):
            text = request.json["fields"]["description"]
            if wrong := self.wrong_text(text):
                return Answer(400, {"errorMessages": [], "errors": {"description": wrong}})
            issue.description, issue.updated = text, self.tick()
        edits = request.json.get("update", {}).get("labels", [])
        labels = list(issue.labels)
        for one in edits:
            ((verb, label),) = one.items()
            if " " in label:
                return Answer(400, {"errorMessages": [], "errors": {"labels": "The label contains spaces."}})
            labels = [have for have in labels if have != label] + ([label] if verb == "add" else [])
        if sorted(labels) != sorted(issue.labels):
            issue.labels, issue.updated = labels, self.tick()
        return Answer(204)

    def transitions(self, _request, name):
        issue = self.at(name)
        if issue is None:
            return refused(404, "Issue does not exist or you do not have permission to see it.")
        return Answer(200, {"expand": "transitions", "transitions": [self.way_json(*way) for way in self.ways(issue)]})

    def ways(self, issue):
        if self.statuses[issue.status][1] == "done":
            return [("41", "Reopen", "1")] if self.way_back else []
        open_ways = [("21", "Start", "2"), ("31", "Done", "3")]
        return open_ways + [(f"5{name}", title, name) for name, (title, *_) in self.statuses.items() if name > "3"]

    def way_json(self, number, name, to):
        allowed = [{"id": number, "name": name} for number, name in self.resolutions.items()]
        shape = {"type": "resolution", "system": "resolution"}
        asked = field_json("resolution", "Resolution", shape, allowed=allowed, required=True)
        del asked["fieldId"]
        screened = self.resolution_screen and self.statuses[to][1] == "done"
        fields = {"resolution": asked} if screened else {}
        out = {"id": number, "name": name, "to": self.status_json(to), "hasScreen": screened, "fields": fields}
        return {**out, "isAvailable": True} if self.cloud else out

    def move(self, request, name):
        issue, given = self.at(name), request.json
        if issue is None:
            return refused(404, "Issue does not exist or you do not have permission to see it.")
        way = next((one for one in self.ways(issue) if one[0] == given["transition"]["id"]), None)
        if way is None:
            return refused(400, "It is not on the appropriate workflow step.")
        resolution = given.get("fields", {}).get("resolution", {}).get("name")
        is_done = self.statuses[way[2]][1] == "done"
        if is_done and self.resolution_screen and resolution not in self.resolutions.values():
            return Answer(400, {"errorMessages": [], "errors": {"resolution": "Resolution is required."}})
        if resolution and not (is_done and self.resolution_screen):
            return Answer(400, {"errorMessages": [], "errors": {"resolution": "Field 'resolution' cannot be set."}})
        self.to_status(issue, way[2], resolution)
        return Answer(204)

    def to_status(self, issue, status, resolution):
        at = self.tick()
        issue.status, issue.updated, issue.moved = status, at, at
        issue.moves.append((at, status))
        number = next((n for n, name in self.resolutions.items() if name == resolution), None)
        issue.resolution, issue.resolved = number, at if number else None

    # ---- comments
    def comments(self, request, name):
        issue = self.at(name)
        if issue is None:
            return refused(404, "Issue does not exist or you do not have permission to see it.")
        start = int(request.query.get("startAt", ["0"])[0])
        size = min(int(request.query.get("maxResults", ["50"])[0]), self.page)
        shown = [self.comment_json(one) for one in issue.comments[start : start + size]]
        return Answer(200, {"startAt": start, "maxResults": size, "total": len(issue.comments), "comments": shown})

    def add_comment(self, request, name):
        issue = self.at(name)
        if issue is None:
            return refused(404, "Issue does not exist or you do not have permission to see it.")
        if wrong := self.wrong_text(request.json["body"]):
            return Answer(400, {"errorMessages": [], "errors": {"comment": wrong}})
        return Answer(201, self.comment_json(self.say(issue, request.json["body"], BOT)))

    def say(self, issue, body, who):
        self.comment_ids += 1
        at = issue.updated = self.tick()
        issue.comments.append(Note(self.comment_ids, who, body, at, at))
        return issue.comments[-1]

    def edit_comment(self, request, name, number):
        issue = self.at(name)
        note = next((one for one in issue.comments if str(one.id) == number), None) if issue else None
        if note is None:
            return refused(404, "Comment does not exist.")
        if note.author is not BOT:
            return refused(403, "You do not have the permission to edit this comment.")
        if wrong := self.wrong_text(request.json["body"]):
            return Answer(400, {"errorMessages": [], "errors": {"comment": wrong}})
        note.body = request.json["body"]
        note.updated = issue.updated = self.tick()
        return Answer(200, self.comment_json(note))

    # ---- search
    def search_removed(self, _request):
        return refused(410, "The requested API has been removed. See CHANGE-2046.")

    def search_by_token(self, request):
        found = self.matching(request)
        if isinstance(found, Answer):
            return found
        start = int(request.query.get("nextPageToken", ["0"])[0])
        size = min(int(request.query.get("maxResults", ["50"])[0]), self.page)
        rows = [self.row(issue, request, with_properties=True) for issue in found[start : start + size]]
        is_last = start + size >= len(found)
        token = {} if is_last else {"nextPageToken": str(start + size)}
        return Answer(200, {"issues": rows, "isLast": is_last, **token})

    def search_by_offset(self, request):
        found = self.matching(request)
        if isinstance(found, Answer):
            return found
        start = int(request.query.get("startAt", ["0"])[0])
        size = min(int(request.query.get("maxResults", ["50"])[0]), self.page)
        # Data Center tells no properties in listings
        rows = [self.row(issue, request, with_properties=False) for issue in found[start : start + size]]
        return Answer(200, {"startAt": start, "maxResults": size, "total": len(found), "issues": rows})

    def row(self, issue, request, *, with_properties):
        fields = request.query.get("fields")
        if not fields and self.cloud:
            return {"id": str(issue.id)}
        out = self.issue_json(issue, fields[0].split(","))
        names = request.query.get("properties", [""])[0].split(",")
        if with_properties:
            out["properties"] = {key: value for key, value in issue.properties.items() if key in names}
        return out

    def matching(self, request):
        jql = request.query["jql"][0]
        match = re.fullmatch(r'project = "([^"]+)"((?: AND .+?)*) ORDER BY key (ASC|DESC)', jql)
        if match is None or match[1] not in (self.key, self.old_key):
            return refused(400, f"Error in the JQL Query: {jql[:80]}")
        reconciled = {int(one) for one in request.query.get("reconcileIssues", [])}
        shown = self.index | {name: issue for name, issue in self.issues.items() if name in reconciled}
        found = sorted(
            (
                issue
                for issue in shown.values()
                if issue.key.startswith(f"{self.key}-") and (issue.id not in reconciled or issue.id in self.issues)
            ),
            key=lambda issue: int(issue.key.rpartition("-")[2]),
            reverse=match[3] == "DESC",
        )
        for condition in match[2].split(" AND ")[1:]:
            if condition == "creator = currentUser()":
                found = [issue for issue in found if issue.creator == BOT]
            elif when := re.fullmatch(r'(created|updated) >= "(\d{4}-\d\d-\d\d \d\d:\d\d)"', condition):
                at = datetime.strptime(when[2], "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(ZONE))
                found = [issue for issue in found if getattr(issue, when[1]) >= at]
            else:
                return refused(400, f"Error in the JQL Query: {condition}")
        return found

    # ---- JSON
    def user_json(self, who):
        out = {"self": f"{self.site}/u/{who.id}", "displayName": who.name, "active": True}
        if self.cloud:
            return {**out, "accountId": who.id, "accountType": "atlassian"}
        return {**out, "name": who.id, "key": f"JIRAUSER-{who.id}"}

    def status_json(self, name):
        title, category, number = self.statuses[name]
        kind = {"id": number, "key": category, "name": category, "self": f"{self.site}/c/{number}"}
        return {"id": name, "name": title, "self": f"{self.site}/s/{name}", "statusCategory": kind}

    def issue_json(self, issue, names):
        number = issue.resolution
        links = [
            {"id": f"9{original}", "type": {"id": "2", "name": "Duplicate", "inward": "is duplicated by",
             "outward": "duplicates"}, "outwardIssue": {"id": str(original), "key": "X-1"}}
            for original in issue.links
        ]  # fmt: skip
        fields = {
            "summary": issue.summary,
            "description": issue.description,
            "status": self.status_json(issue.status),
            "resolution": {"id": number, "name": self.resolutions[number]} if number else None,
            "resolutiondate": text(issue.resolved),
            "labels": issue.labels,
            "created": text(issue.created),
            "updated": text(issue.updated),
            "creator": self.user_json(issue.creator),
            "reporter": self.user_json(issue.creator),
            "issuelinks": links,
            **({"statuscategorychangedate": text(issue.moved)} if self.cloud else {}),
        }
        shown = {name: value for name, value in fields.items() if name in names}
        return {"id": str(issue.id), "key": issue.key, "self": f"{self.site}/i/{issue.id}", "fields": shown}

    def comment_json(self, note):
        author = self.user_json(note.author)
        return {"id": str(note.id), "author": author, "body": note.body, "created": text(note.created),
                "updated": text(note.updated), "self": f"{self.site}/comment/{note.id}"}  # fmt: skip


ROUTES = (
    ("GET", "myself", FakeJira.myself),
    ("GET", "serverInfo", FakeJira.server_info),
    ("GET", "mypermissions", FakeJira.permissions),
    ("GET", "resolution", FakeJira.all_resolutions),
    ("GET", "project/([^/]+)", FakeJira.project),
    ("GET", "project/([^/]+)/statuses", FakeJira.project_statuses),
    ("GET", "issue/createmeta/([^/]+)/issuetypes", FakeJira.types),
    ("GET", "issue/createmeta/([^/]+)/issuetypes/([^/]+)", FakeJira.create_screen),
    ("GET", "search/jql", lambda self, r: self.search_by_token(r) if self.cloud else refused(404, "no such address")),
    ("GET", "search", lambda self, r: self.search_removed(r) if self.cloud else self.search_by_offset(r)),
    ("POST", "issue", FakeJira.create),
    ("GET", "issue/([^/]+)", FakeJira.issue),
    ("PUT", "issue/([^/]+)", FakeJira.edit),
    ("GET", "issue/([^/]+)/transitions", FakeJira.transitions),
    ("POST", "issue/([^/]+)/transitions", FakeJira.move),
    ("GET", "issue/([^/]+)/comment", FakeJira.comments),
    ("POST", "issue/([^/]+)/comment", FakeJira.add_comment),
    ("PUT", "issue/([^/]+)/comment/([^/]+)", FakeJira.edit_comment),
)


class Ada:
    """A person at the screen of the same Jira."""

    def __init__(self, fake):
        self.fake = fake

    def issue(self, ticket_id):
        return self.fake.issues[int(ticket_id)]

    def done(self):
        if not self.fake.lag:
            self.fake.catch_up()

    def file_ticket(self, title, body):
        issue = self.fake.file(title, self.written(body), [], ADA)
        self.done()
        return str(issue.id)

    def edit_title(self, ticket_id, title):
        self.change(ticket_id, summary=title)

    def edit_body(self, ticket_id, body):
        self.change(ticket_id, description=self.written(body))

    def set_labels(self, ticket_id, labels):
        self.change(ticket_id, labels=list(labels))

    def change(self, ticket_id, **fields):
        issue = self.issue(ticket_id)
        for name, value in fields.items():
            setattr(issue, name, value)
        issue.updated = self.fake.tick()
        self.done()

    def close(self, ticket_id, reason):
        issue = self.issue(ticket_id)
        if reason == "duplicate":
            issue.links = sorted(name for name in self.fake.issues if name != issue.id)[:1]
        names = {"done": "Done", "not_planned": "Won't Do", "duplicate": "Duplicate"}
        self.fake.to_status(issue, "3", names[reason] if self.fake.resolution_screen else None)
        self.done()

    def reopen(self, ticket_id):
        self.issue(ticket_id).links = []
        self.fake.to_status(self.issue(ticket_id), "1", None)
        self.done()

    def comment(self, ticket_id, words):
        self.fake.say(self.issue(ticket_id), self.written(words), ADA)
        self.done()

    def move(self, ticket_id):
        """Into another project, where it gets another key."""
        self.change(ticket_id, key=f"ELSE-{ticket_id}")

    def delete(self, ticket_id):
        del self.fake.issues[int(ticket_id)]
        self.done()

    def written(self, words):
        """As the editor of Cloud makes a document of lines."""
        if not self.fake.cloud:
            return words
        paragraphs = []
        for part in words.split("\n\n"):
            content = []
            for line in part.split("\n"):
                content += [{"type": "hardBreak"}] if content else []
                content += [{"type": "text", "text": line}] if line else []
            paragraphs.append({"type": "paragraph", "content": content})
        return {"type": "doc", "version": 1, "content": paragraphs}


@contextmanager
def on_the_net(fake, *, described=True):
    """The fake in place of the real one; every exchange is held against Atlassian's description if that is there."""
    api = VendorApi.load("jira-v3" if fake.cloud else "jira-v2") if described else None

    def watch(prepared, answer):
        path = prepared.url.removeprefix(fake.site).partition("?")[0]
        if api and (fake.cloud or not NOT_IN_V2.fullmatch(f"{prepared.method} {path}")):
            api.watch(prepared, answer)

    mock = mount(fake, fake.site, watch=watch)
    try:
        yield fake
    finally:
        mock.stop(allow_assert=False)


def options(fake, **more):
    """The options of a target that fits this Jira."""
    return {"base_url": fake.site, "project": "OPS", "token": TOKEN, **({"email": EMAIL} if fake.cloud else {}), **more}


def text(at):
    return at and at.astimezone(ZoneInfo(ZONE)).strftime("%Y-%m-%dT%H:%M:%S.000%z")


def refused(status, message):
    return Answer(status, {"errorMessages": [message], "errors": {}})


def field_json(name, title, schema, *, allowed=None, required=False, default=False):
    out = {"fieldId": name, "key": name, "name": title, "required": required, "schema": schema}
    out |= {"operations": ["set"], "hasDefaultValue": default}
    return {**out, "allowedValues": allowed} if allowed is not None else out


def java_length(words):
    return len(words.encode("utf-16-le", "surrogatepass")) // 2


def is_adf(node):
    if not isinstance(node, dict) or node.get("type") != "doc" or node.get("version") != 1:
        return False
    return all(is_block(block) for block in node["content"])


def is_block(node):
    if node["type"] not in ADF_BLOCKS:
        return False
    if node["type"] == "bulletList":
        return bool(node["content"]) and all(map(is_block, (p for item in node["content"] for p in item["content"])))
    return all(part["type"] == "hardBreak" or (part["type"] == "text" and part["text"]) for part in node["content"])
