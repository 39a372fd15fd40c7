"""A GitLab with one project in memory: numbers, labels, comments, roles, pages, limits, and quick actions.

It does what GitLab's documentation and source say, oddities included: times are cut to milliseconds, a comment moves
its issue's time of update once a minute at most, labels are dropped without a word where the role does not allow them.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import requests
from fake_http import Answer

TOKEN = "glpat-fake-token-of-the-bot"
BOT, ADA = {"id": 71, "username": "loose-ends-bot"}, {"id": 5, "username": "ada"}
GUEST, PLANNER, REPORTER = 10, 15, 20
COMMANDS = (
    "close reopen label unlabel confidential title duplicate assign cc move shrug tableflip done subscribe".split()
)
ONE_MINUTE = timedelta(minutes=1)


@dataclass
class Issue:
    iid: int
    title: str
    description: str
    author: dict
    created: datetime
    updated: datetime
    labels: list = field(default_factory=list)
    closed: datetime | None = None
    original: tuple | None = None  # project and number
    moved_to: int | None = None
    confidential: bool = False
    locked: bool = False
    notes: list = field(default_factory=list)
    is_hidden: bool = False  # written, but not yet to be read from here


class FakeGitLab:
    """``answer`` is for ``fake_http``; the other public methods are what people do, each as one account."""

    def __init__(self, url="https://gitlab.example.org", step=1.0):
        self.url, self.step = url, timedelta(seconds=step)
        self.now = datetime(2026, 3, 1, 8, tzinfo=UTC)
        self.project_id, self.paths = 4711, ["acme/shop"]
        self.project = {"visibility": "private", "archived": False, "issues_access_level": "enabled"}
        self.role, self.scopes, self.expires = REPORTER, ["api"], None
        self.issues, self.labels, self.last_iid, self.last_id = {}, {}, 0, 9000
        self.requests, self.faults, self.unreadable = [], [], []
        self.lists_until = None  # the last number that listings tell, where they lag behind
        self.keeps_internal = self.keeps_bodies = self.knows_tokens = True

    # -- what people do -------------------------------------------------------------------------------------------

    def tick(self):
        self.now += self.step
        return self.now

    def file(self, title, description, author, labels=(), confidential=False):
        self.last_iid += 1
        now = self.tick()
        issue = Issue(self.last_iid, title, "", author, now, now, list(labels), confidential=confidential)
        self.issues[issue.iid] = issue
        issue.description = self.obeyed(issue, description)
        return issue

    def edit(self, issue, **values):
        before = {name: getattr(issue, name) for name in values}
        if values != before:
            vars(issue).update(values)
            issue.updated = self.tick()

    def retitle(self, issue, title):
        self.edit(issue, title=title)
        self.add_note(issue, ADA, "changed title", system=True)

    def close(self, issue, original=None):
        if issue.closed is None:
            self.edit(issue, closed=self.now + self.step, original=original)

    def reopen(self, issue):
        if issue.closed is not None and not issue.locked:
            self.edit(issue, closed=None, original=None, moved_to=None)

    def add_note(self, issue, author, body, *, system=False, internal=False):
        self.last_id += 1
        note = {"id": self.last_id, "body": body, "author": author, "system": system, "internal": internal}
        issue.notes.append(note)
        self.touch(issue)
        return note

    def edit_note(self, issue, note, body):
        note["body"] = body
        self.touch(issue)

    def touch(self, issue):
        if self.tick() - issue.updated > ONE_MINUTE:
            issue.updated = self.now

    def rename(self, path):
        self.paths.append(path)

    def drop_label(self, name):
        self.labels.pop(name, None)
        for issue in self.issues.values():
            issue.labels = [label for label in issue.labels if label != name]

    # -- quick actions --------------------------------------------------------------------------------------------

    def obeyed(self, issue, text):
        """``text`` without its commands, which are carried out: GitLab has been known to look anywhere for them."""
        kept = []
        for line in text.replace("\r", "").split("\n"):
            match = re.match(r"/([a-z]+)(?: (.*)|\s*$)", line, re.IGNORECASE)
            if match and match[1].lower() in COMMANDS:
                self.obey(issue, match[1].lower(), match[2] or "")
            else:
                kept.append(line)
        return "\n".join(kept).rstrip()

    def obey(self, issue, command, words):
        if command == "close":
            self.close(issue)
        elif command == "reopen":
            self.reopen(issue)
        elif command == "label":
            self.edit(issue, labels=[*issue.labels, *re.findall(r"~(\w+)", words)])
        elif command == "title":
            self.edit(issue, title=words)
        elif command == "confidential":
            self.edit(issue, confidential=True)

    # -- the API --------------------------------------------------------------------------------------------------

    def answer(self, request):
        self.requests.append(f"{request.method} {unquote(request.path)}")
        fault = self.faults.pop(0) if self.faults and (self.faults[0][0] == "any" or request.method != "GET") else None
        if fault and fault[1] != "lose":
            return fault[1]
        answer = self.routed(request)
        return requests.ConnectionError("cut") if fault else answer

    def routed(self, request):
        if request.headers.get("private-token") != TOKEN:
            return refused(401, "401 Unauthorized")
        writes = request.method not in ("GET", "HEAD")
        if not {"api", "read_api"} & set(self.scopes) or (writes and "api" not in self.scopes):
            return Answer(
                403, {"error": "insufficient_scope", "error_description": "higher privileges", "scope": "api"}
            )
        for method, pattern, act in self.routes():
            if method == request.method and (match := re.fullmatch("/api/v4" + pattern, request.path)):
                return act(request, *match.groups())
        return refused(404, "404 Not Found")

    def routes(self):
        project, issue = r"/projects/([^/]+)", r"/issues/(\d+)"
        return (
            ("GET", "/user", lambda _: Answer(200, {**BOT, "name": "Loose Ends"})),
            ("GET", "/personal_access_tokens/self", self.token),
            ("GET", project, self.in_project(lambda _: Answer(200, self.project_json()))),
            ("GET", project + "/labels", self.in_project(self.list_labels)),
            ("POST", project + "/labels", self.in_project(self.post_label)),
            ("GET", project + "/issues", self.in_project(self.list_issues)),
            ("POST", project + "/issues", self.in_project(self.post_issue)),
            ("GET", project + issue, self.in_issue(lambda _, one: Answer(200, self.issue_json(one)))),
            ("PUT", project + issue, self.in_issue(self.put_issue)),
            ("GET", project + issue + "/notes", self.in_issue(self.list_notes)),
            ("POST", project + issue + "/notes", self.in_issue(self.post_note)),
            ("PUT", project + issue + r"/notes/(\d+)", self.in_issue(self.put_note)),
        )

    def in_project(self, act):
        def found(request, reference, *rest):
            known = [str(self.project_id), *self.paths] if self.project else []
            if unquote(reference) not in known:
                return refused(404, "404 Project Not Found")
            if request.method != "GET" and (self.project["archived"] or self.role is None):
                return refused(403, "403 Forbidden")
            return act(request, *rest)

        return found

    def in_issue(self, act):
        def found(request, iid, *rest):
            issue = self.issues.get(int(iid)) if self.project["issues_access_level"] != "disabled" else None
            return act(request, issue, *rest) if issue else refused(404, "404 Not found")

        return self.in_project(found)

    def token(self, _):
        if not self.knows_tokens:
            return refused(404, "404 Not Found")
        return Answer(200, {"id": 1, "active": True, "scopes": self.scopes, "expires_at": self.expires})

    def list_labels(self, request):
        rows = [{"id": n, "name": name, **told} for n, (name, told) in enumerate(sorted(self.labels.items()))]
        return self.paged(request, rows)

    def post_label(self, request):
        told = request.json
        if self.role < PLANNER:
            return refused(403, "403 Forbidden")
        if told["name"] in self.labels:
            return refused(409, "Label already exists")
        if not re.fullmatch("#[0-9a-fA-F]{6}", told["color"]):
            return refused(400, {"color": ["must be a valid color code"]})
        self.labels[told["name"]] = {"color": told["color"], "description": told.get("description")}
        return Answer(201, {"id": len(self.labels), "name": told["name"], **self.labels[told["name"]]})

    def list_issues(self, request):
        query = {name: values[0] for name, values in request.query.items()}
        if self.project["issues_access_level"] == "disabled":
            return Answer(200, [])
        rows = [issue for issue in self.issues.values() if not issue.is_hidden]
        if self.lists_until is not None:
            rows = [issue for issue in rows if issue.iid <= self.lists_until]
        for name in ("updated", "created"):
            if after := query.get(f"{name}_after"):
                rows = [issue for issue in rows if getattr(issue, name) >= datetime.fromisoformat(after)]
        if author := query.get("author_id"):
            rows = [issue for issue in rows if issue.author["id"] == int(author)]
        if (state := query.get("state", "all")) != "all":
            rows = [issue for issue in rows if (issue.closed is None) == (state == "opened")]
        order = query.get("order_by", "created_at").removesuffix("_at")
        rows.sort(key=lambda issue: (getattr(issue, order), -issue.iid), reverse=query.get("sort", "desc") == "desc")
        return self.paged(request, rows, self.issue_json)

    def post_issue(self, request):
        told = request.json
        if wrong := too_long(told):
            return refused(400, wrong)
        labels = self.allowed_labels(told.get("labels", []), is_new=True)
        body = told.get("description", "") if self.keeps_bodies else told["description"].rpartition("\n")[0]
        issue = self.file(told["title"], body, BOT, labels, told.get("confidential", False))
        return Answer(201, self.issue_json(issue))

    def put_issue(self, request, issue):
        told = request.json
        add = self.allowed_labels(told.get("add_labels", []))
        remove = told.get("remove_labels", []) if self.role >= PLANNER else []
        labels = [label for label in issue.labels if label not in remove]
        self.edit(issue, labels=labels + [label for label in add if label not in labels])
        if "title" in told:
            if wrong := too_long(told):
                return Answer(400, {"message": wrong})
            self.edit(issue, title=told["title"])
        if "description" in told:
            self.edit(issue, description=self.obeyed(issue, told["description"]))
        if told.get("state_event") == "close":
            self.close(issue)
        elif told.get("state_event") == "reopen":
            self.reopen(issue)
        return Answer(200, self.issue_json(issue))

    def list_notes(self, request, issue):
        rows = sorted(issue.notes, key=lambda note: note["id"], reverse=request.query.get("sort") != ["asc"])
        if request.query.get("activity_filter") == ["only_comments"]:
            rows = [note for note in rows if not note["system"]]
        return self.paged(request, rows, self.note_json)

    def post_note(self, request, issue):
        if issue.locked:
            return refused(403, "403 Forbidden")
        body = self.obeyed(issue, request.json["body"])
        if not body.strip():
            return Answer(202, {"commands_changes": {}, "summary": ["Done."]})
        internal = bool(request.json.get("internal")) and self.keeps_internal
        return Answer(201, self.note_json(self.add_note(issue, BOT, body, internal=internal)))

    def put_note(self, request, issue, note_id):
        note = next((note for note in issue.notes if note["id"] == int(note_id)), None)
        if note is None:
            return refused(404, "404 Not found")
        if note["author"] != BOT:
            return refused(403, "403 Forbidden")
        self.edit_note(issue, note, self.obeyed(issue, request.json["body"]))
        return Answer(200, self.note_json(note))

    def allowed_labels(self, names, *, is_new=False):
        names = [part.strip() for name in names for part in name.split(",")]
        if self.role is None or (self.role < PLANNER and not is_new):
            return []
        if self.role >= PLANNER:
            for name in names:
                self.labels.setdefault(name, {"color": "#6699cc", "description": None})
        return [name for name in names if name in self.labels]

    def paged(self, request, rows, shown=dict):
        page, size = (int(request.query.get(name, [default])[0]) for name, default in (("page", 1), ("per_page", 20)))
        size = min(size, 100)
        here = rows[(page - 1) * size : page * size]
        following = str(page + 1) if len(rows) > page * size else ""
        headers = {"X-Page": str(page), "X-Per-Page": str(size), "X-Total": str(len(rows)), "X-Next-Page": following}
        if following:
            headers["Link"] = f'<https://elsewhere.example.org{request.path}?page={following}>; rel="next"'
        # as in GitLab, what the account may not read is left out after the page was cut
        return Answer(200, [shown(row) for row in here if row not in self.unreadable], headers)

    def project_json(self):
        path = self.paths[-1]
        access = self.role and {"access_level": self.role, "notification_level": 3}
        return {
            "id": self.project_id, "path_with_namespace": path, "name": path.rpartition("/")[2],
            "web_url": f"{self.url}/{path}", "issues_enabled": self.project["issues_access_level"] != "disabled",
            "permissions": {"project_access": access, "group_access": None}, **self.project,
        }  # fmt: skip

    def issue_json(self, issue):
        api = f"{self.url}/api/v4/projects"
        here = f"{api}/{self.project_id}/issues/{issue.iid}"
        original = issue.original and f"{api}/{issue.original[0]}/issues/{issue.original[1]}"
        return {
            "id": 10_000 + issue.iid, "iid": issue.iid, "project_id": self.project_id, "title": issue.title,
            "description": issue.description, "state": "closed" if issue.closed else "opened",
            "created_at": stamp(issue.created), "updated_at": stamp(issue.updated), "closed_at": stamp(issue.closed),
            "closed_by": None, "labels": sorted(issue.labels), "milestone": None, "assignees": [],
            "author": {**issue.author, "state": "active", "locked": False}, "type": "ISSUE", "assignee": None,
            "user_notes_count": sum(not note["system"] for note in issue.notes), "upvotes": 0, "downvotes": 0,
            "merge_requests_count": 0, "due_date": None, "confidential": issue.confidential,
            "discussion_locked": issue.locked or None, "issue_type": "issue", "moved_to_id": issue.moved_to,
            "web_url": f"{self.url}/{self.paths[-1]}/-/issues/{issue.iid}", "severity": "UNKNOWN", "imported": False,
            "_links": {"self": here, "notes": f"{here}/notes", "closed_as_duplicate_of": original},
        }  # fmt: skip

    def note_json(self, note):
        return {**note, "noteable_type": "Issue", "confidential": note["internal"], "resolvable": False}


def stamp(time):
    return time and time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03}Z"


def too_long(told):
    if len(told["title"]) > 255:
        return {"title": ["is too long (maximum is 255 characters)"]}
    if len(told.get("description", "").encode()) > 1_048_576:
        return {"description": ["is too long (maximum is 1 MiB)"]}
    return None


def refused(status, message, **headers):
    return Answer(status, {"message": message}, headers)
