"""What `check` finds out about a GitLab target, and what the config may say of one."""

import pytest
from fake_gitlab import GUEST, PLANNER, TOKEN, FakeGitLab, refused
from fake_http import mount
from vendor_api import VendorApi

from connectors.gitlab import connect
from connectors.registry import BadOptions

LOOKS = {"loose-ends": ["5319e7", "Filed by Loose Ends"], "needs-review": ["#f9d0c4", ""]}


@pytest.fixture
def fake():
    gitlab = FakeGitLab()
    api = VendorApi.load("gitlab")
    mock = mount(gitlab, gitlab.url, watch=api.watch if api else None)
    yield gitlab
    mock.stop()


def checked(fake, **options):
    options = {"base_url": fake.url, "project": "acme/shop", "token": TOKEN, "ensure_labels": LOOKS, **options}
    return connect(options, now=lambda: fake.now).check()


def told(problems):
    return [("stops" if problem.fatal else "goes on", problem.what) for problem in problems]


STATES = {
    "a wrong token": (
        lambda fake: fake.faults.append(("any", refused(401, "401 Unauthorized"))),
        [("stops", "GitLab does not accept the token: it is wrong, expired or revoked")],
    ),
    "a token that can only read": (
        lambda fake: fake.scopes.__setitem__(0, "read_api"),
        [("stops", "the token may not file issues: its scopes are read_api")],
    ),
    "a token that cannot even do that": (
        lambda fake: fake.scopes.__setitem__(0, "read_repository"),
        [("stops", "the token may not write: it lacks the scope api")],
    ),
    "a token that can do more": (
        lambda fake: fake.scopes.extend(["sudo", "read_api", "write_repository"]),
        [("goes on", "the token can do more than it needs: sudo, write_repository")],
    ),
    "a token that ends soon": (
        lambda fake: setattr(fake, "expires", "2026-03-15"),
        [("goes on", "the token expires on 2026-03-15")],
    ),
    "a token that ends later": (lambda fake: setattr(fake, "expires", "2026-03-16"), []),
    "a GitLab that tells nothing of tokens": (lambda fake: setattr(fake, "knows_tokens", False), []),
    "no such project": (
        lambda fake: fake.paths.clear(),
        [("stops", "GitLab shows no project acme/shop to this token")],
    ),
    "an archived project": (
        lambda fake: fake.project.update(archived=True),
        [("stops", "acme/shop is archived")],
    ),
    "a project that is to go": (
        lambda fake: fake.project.update(archived=True, marked_for_deletion_on="2026-03-08"),
        [("stops", "acme/shop is to be deleted")],
    ),
    "a project without issues": (
        lambda fake: fake.project.update(issues_access_level="disabled"),
        [("stops", "issues are switched off in acme/shop")],
    ),
    "a public project": (
        lambda fake: fake.project.update(visibility="public"),
        [("stops", "acme/shop is public, and tickets quote your logs")],
    ),
    "a public project with private issues": (
        lambda fake: fake.project.update(visibility="public", issues_access_level="private"),
        [],
    ),
    "an internal project": (
        lambda fake: fake.project.update(visibility="internal"),
        [("goes on", "everybody with an account on this GitLab can read acme/shop")],
    ),
    "a guest": (
        lambda fake: setattr(fake, "role", GUEST),
        [("stops", "the token's account may not label issues in acme/shop")],
    ),
    "nobody in particular": (
        lambda fake: setattr(fake, "role", None),
        [
            ("goes on", "the token's account is no direct member of acme/shop; labels may be dropped"),
            ("goes on", "these labels do not exist: loose-ends, needs-review"),
        ],
    ),
    "a planner": (lambda fake: setattr(fake, "role", PLANNER), []),
}


@pytest.mark.parametrize(("change", "expected"), STATES.values(), ids=STATES)
def test_each_thing_that_stands_in_the_way_is_told_with_its_mend(fake, change, expected):
    change(fake)
    problems = checked(fake)
    assert told(problems) == expected
    assert not (fake.labels and any(problem.fatal for problem in problems))
    for problem in problems:
        assert problem.mend
        assert "\n" not in problem.what + problem.mend
        assert TOKEN not in problem.what + problem.mend


@pytest.mark.parametrize("options", [{"allow_public": True}, {"confidential": True}])
def test_a_public_project_is_no_problem_once_that_is_wanted(fake, options):
    fake.project["visibility"] = "public"
    assert checked(fake, **options) == []


def test_labels_that_are_missing_are_made_with_their_looks(fake):
    fake.labels["needs-review"] = {"color": "#000000", "description": "mine"}
    assert checked(fake) == []
    assert fake.labels == {
        "loose-ends": {"color": "#5319e7", "description": "Filed by Loose Ends"},
        "needs-review": {"color": "#000000", "description": "mine"},
    }
    before = len(fake.requests)
    assert checked(fake) == []
    assert all(line.startswith("GET") for line in fake.requests[before:])


def test_labels_that_are_missing_are_told_where_making_them_is_not_wanted(fake):
    (problem,) = checked(fake, create_labels=False)
    assert problem.what == "these labels do not exist: loose-ends, needs-review"
    assert (problem.fatal, fake.labels) == (False, {})


def test_labels_beyond_the_first_hundred_are_seen(fake):
    fake.labels.update({f"a{number:03}": {"color": "#000000", "description": None} for number in range(150)})
    fake.labels.update({name: {"color": "#000000", "description": None} for name in LOOKS})
    assert checked(fake, create_labels=False) == []


def test_a_label_that_another_run_makes_meanwhile_is_no_problem(fake):
    post = fake.post_label

    def raced(request):
        fake.post_label = post
        fake.labels["loose-ends"] = {"color": "#000000", "description": None}
        return post(request)

    fake.post_label = raced
    assert checked(fake) == []


def test_a_label_with_a_comma_cannot_be(fake):
    (problem,) = checked(fake, ensure_labels={"a, b": ["5319e7", ""]})
    assert (problem.what, problem.fatal) == ("GitLab takes no comma in a label: a, b", True)


GOOD = {"project": "acme/shop", "token": TOKEN}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"token": TOKEN}, "gitlab: project: needed: the project as group/name, or its number"),
        ({"project": "acme/shop"}, "gitlab: token: needed: a project, group or personal access token"),
        ({**GOOD, "token": "a\nb"}, "gitlab: token: holds blanks or characters that no token has"),
        ({**GOOD, "token": "glpat-ä"}, "gitlab: token: holds blanks or characters that no token has"),
        ({**GOOD, "project": "https://gitlab.com/acme/shop"}, "gitlab: project: expected group/name"),
        ({**GOOD, "project": "shop"}, "gitlab: project: expected group/name"),
        ({**GOOD, "project": "/acme/shop"}, "gitlab: project: expected group/name"),
        ({**GOOD, "base_url": "http://gitlab.example.org"}, "gitlab: base_url: http would send the token"),
        ({**GOOD, "base_url": "gitlab.example.org"}, "gitlab: base_url: expected an address"),
        ({**GOOD, "confidential": "yes"}, "gitlab: confidential: expected true or false"),
        ({**GOOD, "repo": "x"}, "gitlab: repo: this tracker has no such option"),
        ({**GOOD, "ensure_labels": {"a": ["red", ""]}}, "gitlab: ensure_labels: a: expected a color"),
        ({**GOOD, "ensure_labels": {"a": "red"}}, "gitlab: ensure_labels: a: expected a color"),
    ],
)
def test_a_wrong_option_is_named(fake, options, says):
    with pytest.raises(BadOptions, match=says) as error:
        connect(options, now=lambda: fake.now)
    assert options.get("token", "?") not in str(error.value)


@pytest.mark.parametrize("project", ["acme/shop", "acme/group/sub.group/shop_2-x", "4711", 4711])
@pytest.mark.parametrize("base_url", [None, "http://localhost:8929", "https://example.org/gitlab/"])
def test_a_target_is_made_without_a_request(fake, project, base_url):
    assert connect({"project": project, "token": f" {TOKEN}\n", "base_url": base_url}, now=lambda: fake.now).calls == 0
    assert fake.requests == []


def test_a_gitlab_below_a_path_is_reached():
    class Below(FakeGitLab):
        def answer(self, request):
            assert request.path.startswith("/gitlab/api/v4/")
            request.path = request.path.removeprefix("/gitlab")
            return super().answer(request)

    fake = Below("https://example.org/gitlab")
    mock = mount(fake, fake.url)
    try:
        assert connect({"project": 4711, "token": TOKEN, "base_url": fake.url}, now=lambda: fake.now).check() == []
    finally:
        mock.stop()
