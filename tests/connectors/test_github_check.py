"""What ``check`` tells of a repository on GitHub, and what it makes there."""

from datetime import timedelta

import pytest
import requests
from fake_github import TOKEN, FakeGitHub, on_the_net

from connectors.base import Draft, Marker, Unavailable
from connectors.github import connect

ENSURE = {"loose-ends": ["5319e7", "Filed by the bot"], "kind: bug": ("#d73a4a", "Does not work")}


@pytest.fixture
def github():
    with on_the_net(FakeGitHub()) as fake:
        yield fake


def check(fake, **options):
    options = {"repo": "acme/shop", "token": TOKEN, **options}
    return connect(options, now=fake.now, sleep=lambda _: None).check()


def public(fake):
    fake.private, fake.visibility = False, "public"


def hidden(fake):
    fake.visible = False


def reader(fake):
    fake.permissions |= {"push": False, "triage": False}


def expiring(fake):
    fake.expires = f"{fake.time + timedelta(days=3):%Y-%m-%d %H:%M:%S} UTC"


def unfit(fake):
    fake.token_may_write = False


PROBLEMS = {
    "bad token": (lambda fake: setattr(fake, "token", "x"), "does not accept the token", "make a new one", True),
    "not found": (hidden, "acme/shop is not there, or not for this token", "check repo", True),
    "no issues": (lambda fake: setattr(fake, "has_issues", False), "has no issues", "turn them on", True),
    "archived": (lambda fake: setattr(fake, "archived", True), "is archived", "unarchive it", True),
    "public": (public, "is public", "set allow_public: true", True),
    "only reads": (reader, "may only read acme/shop", "Triage or Write", True),
    "no scope": (lambda fake: setattr(fake, "scopes", ["gist"]), "lacks the scope repo", "add it", True),
    "wide scopes": (lambda fake: setattr(fake, "scopes", ["repo", "admin:org"]), "more than it needs: admin:org",
                    "fine-grained token", False),
    "expires": (expiring, "the token ends on 2026-03-04", "make a new one", False),
    "may not write": (unfit, "may not write in acme/shop", "Issues: read and write", True),
}  # fmt: skip


@pytest.mark.parametrize("name", PROBLEMS)
def test_what_is_wrong_is_told_in_one_line_with_its_mend(github, name):
    spoil, what, mend, fatal = PROBLEMS[name]
    spoil(github)
    (problem,) = check(github, ensure_labels=ENSURE)
    assert what in problem.what
    assert mend in problem.mend
    assert problem.fatal == fatal
    assert "\n" not in problem.what + problem.mend


def test_missing_labels_are_made_with_color_and_description(github):
    assert check(github, ensure_labels=ENSURE) == []
    assert github.labels["loose-ends"] == ("5319e7", "Filed by the bot")
    assert github.labels["kind: bug"] == ("d73a4a", "Does not work")
    made = dict(github.labels)
    assert check(github, ensure_labels=ENSURE) == []
    assert github.labels == made


def test_labels_beyond_the_first_page_are_seen(github):
    github.labels |= {f"label {number}": ("ededed", None) for number in range(120)} | {"loose-ends": ("ededed", None)}
    assert check(github, ensure_labels={"loose-ends": ["5319e7", ""]}) == []
    assert github.labels["loose-ends"] == ("ededed", None)


def test_missing_labels_are_only_told_where_none_may_be_made(github):
    (problem,) = check(github, ensure_labels=ENSURE, create_labels=False)
    assert "lacks the labels: loose-ends, kind: bug" in problem.what
    assert not problem.fatal
    assert {method for method, _, _ in github.log} == {"GET"}


def test_a_fine_grained_token_that_may_not_write_is_found_out_though_all_labels_are_there(github):
    check(github, ensure_labels=ENSURE)
    assert check(github, ensure_labels=ENSURE) == []
    github.token_may_write = False
    (problem,) = check(github, ensure_labels=ENSURE)
    assert "may not write" in problem.what


@pytest.mark.parametrize(
    ("name", "text"),
    [("Loose-Ends", "the label loose-ends is spelled Loose-Ends"), ("x" * 51, "cannot be made: at most 50 characters")],
)
def test_a_label_that_cannot_be_as_asked_is_told(github, name, text):
    if len(name) < 50:
        github.labels[name] = ("ededed", None)
        name = name.lower()
    (problem,) = check(github, ensure_labels={name: ["ededed", ""]})
    assert text in problem.what
    assert not problem.fatal


def test_a_public_repository_that_is_allowed_is_fine(github):
    public(github)
    github.scopes = ["public_repo"]
    assert check(github, allow_public=True) == []


def test_a_login_that_is_not_the_bots_is_told_once_it_has_filed(github):
    connector = connect({"repo": "acme/shop", "token": TOKEN, "bot_login": "someone"}, now=github.now)
    assert connector.check() == []
    marker = Marker(fingerprint="v1-1", action="a-1")
    connector.create(Draft(title="Title", body=(), labels=(), marker=marker))
    (problem,) = connector.check()
    assert (problem.what, problem.fatal) == ("bot_login is someone, but the bot files as loose-bot", True)
    assert connector.find(marker)


def test_a_tracker_out_of_reach_is_no_problem_of_the_config(github):
    github.answer = lambda _: requests.ConnectionError("no network")
    with pytest.raises(Unavailable):
        check(github)
