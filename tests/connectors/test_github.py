"""What is GitHub's own: whose markers count, what a look costs, renames, originals, and what a refusal means."""

import itertools
import json
import operator
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from fake_github import APP_TOKEN, TOKEN, Ada, FakeGitHub, on_the_net
from fake_http import Answer

from connectors.base import Change, Denied, Draft, Gone, Marker, MovedAway, RateLimited, Rejected, Unavailable
from connectors.contract.ground import raised
from connectors.document import Paragraph, Text
from connectors.github import connect
from connectors.marker import marker_line
from connectors.registry import BadOptions

LABELS = ("loose-ends", "needs-review")


def draft(number=1, *, labels=LABELS):
    body = (Paragraph((Text("It stops at row 1000."),)),)
    marker = Marker(fingerprint=f"v1-{number}", action=f"a-{number}")
    return Draft(title=f"Export stops {number}", body=body, labels=labels, marker=marker)


@cache
def private_key():
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    form = serialization.PrivateFormat.TraditionalOpenSSL
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def app_options(**options):
    return {"token": "", "app_id": "5", "private_key": private_key(), **options}


def marker(number):
    return draft(number).marker


def words(text):
    return (Paragraph((Text(text),)),)


def connector_to(fake, **options):
    options = {"repo": "acme/shop", "token": fake.token, **options}
    return connect(options, now=fake.now, sleep=lambda _: None)


@pytest.fixture
def github():
    with on_the_net(FakeGitHub()) as fake:
        yield fake


def test_each_create_is_one_request(github):
    connector = connector_to(github)
    for number in range(5):
        connector.create(draft(number))
    assert [path for method, path, _ in github.log if method == "POST"] == ["/repos/acme/shop/issues"] * 5
    assert connector.calls == 5 + 1  # and one look whether the repository is public


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
def test_a_first_look_costs_the_pages_and_one_more_at_most(github, count):
    for number in range(count):
        github.file(f"Title {number}", "Body", "ada")
    connector = connector_to(github)
    assert len(connector.changed_since("").tickets) == count
    assert connector.calls <= -(-count // 100) + 1


@pytest.mark.parametrize("is_since", [operator.ge, operator.gt], ids=["at or after", "only after"])
@pytest.mark.parametrize("size", [1, 3, 7, 250])
def test_no_ticket_is_lost_where_pages_meet_within_a_second(github, size, is_since):
    github.is_since = is_since
    for _ in range(0, 500, size):
        at = github.tick()
        for issue in (github.file("Title", "Body", "ada") for _ in range(size)):
            issue.updated = at
    looks = [connector_to(github, allow_public=True).changed_since("") for _ in range(2)]
    assert [len(look.tickets) for look in looks] == [len(github.issues)] * 2


@pytest.mark.parametrize("count", [0, 1, 150])
def test_a_quiet_look_is_one_request_and_soon_a_free_one(github, count):
    for number in range(count):
        github.file(f"Title {number}", "Body", "ada")
    connector = connector_to(github)
    cursor = connector.changed_since("").cursor
    for _ in range(2):
        before = connector.calls
        changes = connector.changed_since(cursor)
        cursor = changes.cursor
        assert (list(changes.tickets), connector.calls - before) == ([], 1)
    assert github.log[-1][2] == 304


def test_a_change_beyond_a_full_page_is_seen_though_the_first_page_stays(github):
    github.tick, at = lambda: github.time, github.time
    issues = [github.file(f"Title {number}", "Body", "ada") for number in range(130)]
    connector = connector_to(github)
    cursor = connector.changed_since(connector.changed_since("").cursor).cursor
    issues[5].title, issues[5].updated = "Another", at + timedelta(seconds=1)
    assert [ticket.id for ticket in connector.changed_since(cursor).tickets] == ["6"]


def test_a_ticket_that_a_replica_shows_late_is_seen(github):
    connector = connector_to(github)
    late = github.file("Late", "Body", "ada")
    github.file("In time", "Body", "ada")
    del github.issues[late.number]
    cursor = connector.changed_since("").cursor
    github.issues[late.number] = late
    assert [ticket.title for ticket in connector.changed_since(cursor).tickets] == ["Late"]


@pytest.mark.parametrize(
    "cursor", ["?", "[]", '{"v":2}', '{"v":1}', '{"v":1,"since":7,"seen":{},"etag":"","unread":[]}', "1:eJyrVg"]
)
def test_a_cursor_that_is_none_reads_all(github, cursor):
    github.file("Title", "Body", "ada")
    assert len(connector_to(github).changed_since(cursor).tickets) == 1


def test_a_cursor_is_short_however_many_tickets_there_are(github):
    for number in range(300):
        github.file(f"Title {number}", "Body", "ada")
    assert len(connector_to(github).changed_since("").cursor) < 2000


def test_pull_requests_are_no_tickets(github):
    github.file("Change", "Body", "ada", is_pull=True)
    issue = github.file("Title", "Body", "ada")
    assert [ticket.key for ticket in connector_to(github).changed_since("").tickets] == [f"#{issue.number}"]


def test_one_broken_issue_is_told_and_looked_at_again():
    with on_the_net(FakeGitHub(), described=False) as github:
        broken, whole, page = (
            github.file("Broken", "Body", "ada"),
            github.file("Whole", "Body", "ada"),
            github.issue_page,
        )
        github.issue_page = lambda issue: page(issue) | ({"title": None} if issue is broken else {})
        connector = connector_to(github)
        changes = connector.changed_since("")
        assert [ticket.id for ticket in changes.tickets] == [str(whole.number)]
        (problem,) = changes.problems
        assert problem.what == "acme/shop#1 cannot be read: title: Input should be a valid string"
        github.time += timedelta(days=1)
        github.file("Later", "Body", "ada")
        changes = connector.changed_since(changes.cursor)
        assert len(changes.problems) == 1
        github.issue_page = page
        changes = connector.changed_since(changes.cursor)
        assert ([ticket.title for ticket in changes.tickets], changes.problems) == (["Broken"], [])


def test_the_original_of_a_duplicate_is_told(github):
    connector = connector_to(github)
    ticket, original = connector.create(draft(1)), connector.create(draft(2))
    Ada(github).close(ticket.id, "duplicate")
    github.issues[int(ticket.id)].duplicate_of = int(original.id)
    told = {ticket.id: ticket.duplicate_of for ticket in connector.changed_since("").tickets}
    assert told == {ticket.id: original.id, original.id: None}
    assert connector.change(ticket.id, Change(sightings=words("again"))).duplicate_of == original.id


@pytest.mark.parametrize(
    "answer",
    [Answer(404, {"message": "Not Found"}), Answer(200, {"errors": [{"type": "FORBIDDEN"}], "data": None}),
     Answer(200, {"data": {"nodes": [None]}}), Answer(200, {"data": {"nodes": [{"number": 1}, 7]}})],
    ids=["no such API", "forbidden", "hidden", "odd"],
)  # fmt: skip
def test_a_duplicate_whose_original_is_not_told_is_a_duplicate_all_the_same(github, answer):
    connector = connector_to(github)
    Ada(github).close(connector.create(draft()).id, "duplicate")
    github.graphql = lambda _: answer
    (ticket,) = connector.changed_since("").tickets
    assert (ticket.closed_as, ticket.duplicate_of) == ("duplicate", None)


def test_an_original_that_is_not_told_for_now_is_asked_for_later(github):
    connector = connector_to(github)
    Ada(github).close(connector.create(draft()).id, "duplicate")
    github.graphql = lambda _: Answer(200, {"errors": [{"type": "RATE_LIMITED"}]})
    assert raised(lambda: connector.changed_since("")) is Unavailable


def test_an_original_elsewhere_is_no_ticket_of_this_repository(github):
    connector = connector_to(github)
    Ada(github).close(connector.create(draft()).id, "duplicate")
    canonical = {"number": 2, "repository": {"full_name": "acme/other"}}
    node = {"number": 1, "timeline": {"nodes": [{"canonical": canonical}]}}
    github.graphql = lambda _: Answer(200, {"data": {"nodes": [node]}})
    assert connector.changed_since("").tickets[0].duplicate_of is None


def test_a_renamed_repository_is_followed(github):
    connector = connector_to(github)
    ticket = connector.create(draft(1))
    cursor = connector.changed_since("").cursor
    github.rename("acme/store")
    assert connector.changed_since(cursor).tickets == []
    second = connector.create(draft(2))
    assert connector.change(ticket.id, Change(add_labels=("a",))).labels == {*LABELS, "a"}
    elsewhere = connector_to(github)
    assert [ticket.id for ticket in elsewhere.changed_since("").tickets] == [second.id, ticket.id]
    assert len(github.issues) == 2


@pytest.mark.parametrize(
    "change", [Change(add_labels=("a",)), Change(sightings=words("again"))], ids=["label", "comment"]
)
def test_an_issue_moved_to_another_repository_is_gone(github, change):
    connector = connector_to(github)
    ticket = connector.create(draft())
    github.transferred[int(ticket.id)] = "acme/other"
    with pytest.raises(Gone, match="#1 was moved to another repository"):
        connector.change(ticket.id, change)


def test_no_ticket_is_gone_when_the_whole_repository_is_hidden(github):
    connector = connector_to(github)
    ticket = connector.create(draft())
    github.visible = False
    with pytest.raises(Denied, match="acme/shop is not there, or not for this token"):
        connector.change(ticket.id, Change(add_labels=("a",)))


def test_no_ticket_is_gone_when_issues_are_turned_off(github):
    connector = connector_to(github)
    ticket = connector.create(draft())
    github.has_issues = False
    for call in (lambda: connector.change(ticket.id, Change(add_labels=("a",))), lambda: connector.create(draft(2))):
        with pytest.raises(Denied, match="has no issues"):
            call()


def test_nothing_is_written_into_a_public_repository(github):
    ticket_id = connector_to(github).create(draft()).id
    github.private, github.visibility = False, "public"
    connector = connector_to(github)
    for write in (
        lambda: connector.create(draft()),
        lambda: connector.change(ticket_id, Change(sightings=words("again"))),
        lambda: connector.change(ticket_id, Change(note=words("again"), only_if_version="x")),
    ):
        with pytest.raises(Denied, match="acme/shop is public; set allow_public: true"):
            write()
    connector_to(github, allow_public=True).create(draft())
    assert len(github.issues) == 2


def test_a_repository_made_public_meanwhile_is_noticed_by_the_next_run(github):
    connector = connector_to(github)
    connector.create(draft(1))
    github.private, github.visibility = False, "public"
    connector.changed_since("")
    assert raised(lambda: connector.create(draft(2))) is Denied


def test_an_internal_repository_is_not_public(github):
    github.private, github.visibility = True, "internal"
    assert connector_to(github).create(draft())


def test_dropped_labels_are_told(github):
    github.permissions |= {"push": False, "triage": False}
    connector = connector_to(github)
    assert connector.create(draft()).labels == frozenset()
    (problem,) = connector.changed_since("").problems
    assert "dropped labels (loose-ends, needs-review)" in problem.what
    assert not problem.fatal


def test_a_label_is_known_however_it_is_spelled(github):
    github.labels["Loose-Ends"] = ("ededed", None)
    connector = connector_to(github)
    ticket = connector.create(draft())
    assert ticket.labels == {"Loose-Ends", "needs-review"}
    assert connector.changed_since("").problems == []
    assert connector.change(ticket.id, Change(remove_labels=("loose-ends",))).labels == {"needs-review"}


def test_a_change_that_is_made_already_writes_nothing(github):
    connector = connector_to(github)
    ticket = connector.create(draft())
    change = Change(add_labels=("a",), state="closed", sightings=words("again"), note=words("note"), note_id="n1")
    after = connector.change(ticket.id, change)
    count = len(github.log)
    assert connector.change(ticket.id, change) == after
    assert {method for method, _, _ in github.log[count:]} == {"GET"}


@pytest.mark.parametrize("lost", range(5))
def test_a_change_cut_short_anywhere_can_be_made_again(github, lost):
    connector = connector_to(github)
    ticket = connector.create(draft())
    change = Change(
        add_labels=("a",), remove_labels=("needs-review",), state="closed", closed_as="done",
        sightings=words("again"), note=words("note"), note_id="n1",
    )  # fmt: skip
    github.faults = [None] * lost + ["lose"]
    with pytest.raises(Unavailable):
        connector.change(ticket.id, change)
    after = connector.change(ticket.id, change)
    assert (after.labels, after.closed_as) == ({"loose-ends", "a"}, "done")
    assert len(github.issues[1].comments) == 2


def test_a_locked_issue_takes_no_comment_but_stops_nothing(github):
    connector = connector_to(github)
    ticket = connector.create(draft())
    github.issues[1].locked = True
    with pytest.raises(Rejected, match="#1 is locked"):
        connector.change(ticket.id, Change(sightings=words("again")))


def test_a_comment_deleted_by_a_person_is_written_anew(github):
    connector = connector_to(github)
    ticket = connector.create(draft())
    connector.change(ticket.id, Change(sightings=words("twice")))
    github.issues[1].comments.clear()
    connector.change(ticket.id, Change(sightings=words("thrice")))
    assert ["thrice" in comment.body for comment in github.issues[1].comments] == [True]


def test_a_comment_copied_by_a_person_is_left_alone(github):
    connector = connector_to(github)
    ticket = connector.create(draft())
    connector.change(ticket.id, Change(sightings=words("twice")))
    own = github.issues[1].comments.pop()
    Ada(github).comment(ticket.id, own.body)
    connector_to(github).change(ticket.id, Change(sightings=words("thrice")))
    assert [comment.author for comment in github.issues[1].comments] == ["ada", "loose-bot"]


def test_the_bots_comment_is_found_behind_a_hundred_others(github):
    connector = connector_to(github)
    ticket = connector.create(draft())
    for number in range(120):
        Ada(github).comment(ticket.id, f"Comment {number}")
    connector.change(ticket.id, Change(sightings=words("twice")))
    connector_to(github).change(ticket.id, Change(sightings=words("thrice")))
    assert len(github.issues[1].comments) == 121


REFUSALS = {
    "bad token": (Answer(401, {"message": "Bad credentials"}), Denied, "does not accept the token"),
    "no permission": (Answer(403, {"message": "Resource not accessible"}), Denied, "Issues: read and write"),
    "not found": (Answer(404, {"message": "Not Found"}), Denied, "not there, or not for this token"),
    "no issues": (Answer(410, {"message": "Issues are disabled"}), Denied, "turn them on"),
    "invalid": (Answer(422, {"message": "Validation Failed", "errors": [{"field": "title"}]}), Rejected, "title"),
    "too large": (Answer(413, {"message": "Too large"}), Rejected, "413"),
    "blocked": (Answer(451, {"message": "DMCA"}), Denied, "blocked"),
    "bad gateway": (Answer(502, b"<html>"), Unavailable, "502"),
    "page of a proxy": (Answer(200, b"<html>"), Unavailable, "not JSON"),
    "other JSON": (Answer(201, b'{"status": "ok"}'), Unavailable, "not as described"),
    "too many": (Answer(429, {"message": "Too many"}), RateLimited, "429"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refused_create_says_what_to_do_next(github, name):
    answer, error, text = REFUSALS[name]
    connector = connector_to(github, allow_public=True)
    github.faults = [answer]
    with pytest.raises(error, match=text) as caught:
        connector.create(draft())
    assert TOKEN not in str(caught.value)
    assert "\n" not in str(caught.value)


STATUSES = (200, 202, 301, 307, 401, 403, 404, 410, 422, 500)
BODIES = ({"message": "No"}, b"[]", b"")
CALLS = {
    "check": lambda connector: connector.check(),
    "look": lambda connector: connector.changed_since(""),
    "find": lambda connector: connector.find(draft().marker),
    "create": lambda connector: connector.create(draft(2)),
    "change": lambda connector: connector.change("1", Change(add_labels=("a",), state="closed", note=words("note"))),
}
WAYS = [(call, "token") for call in CALLS] + [("look", "app")]


@pytest.mark.parametrize(("call", "way"), WAYS)
def test_whatever_comes_back_only_errors_of_the_interface_leave(call, way):
    # The login of an app is slow, and all that it adds are two requests.
    options, bodies, places = (app_options(), BODIES[:1], 2) if way == "app" else ({}, BODIES, 5)
    for status, body, place in itertools.product(STATUSES, bodies, range(places)):
        fake = FakeGitHub()
        fake.people["ours"] = 42
        fake.file("Title", f"Body\n\n{marker_line(draft().marker)}", "ours")
        with on_the_net(fake, described=False):
            count, real = itertools.count(), fake.answer
            odd = Answer(status, body, {"Location": f"{fake.api}/repositories/7"})
            fake.answer = lambda request: odd if next(count) == place else real(request)  # noqa: B023
            connector = connector_to(fake, ensure_labels={"loose-ends": ["5319e7", ""]}, **options)
            error = raised(lambda: CALLS[call](connector))  # noqa: B023
            assert error in (None, Denied, Gone, MovedAway, RateLimited, Rejected, Unavailable), (status, body, place)


LIMITS = {
    "told in seconds": (403, {"Retry-After": "90"}, "", 90),
    "budget used up": (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "at+600"}, "API rate limit", 600),
    "secondary, silent": (403, {}, "You have exceeded a secondary rate limit.", 60),
    "older server": (403, {}, "You have triggered an abuse detection mechanism.", 60),
    "429, silent": (429, {"X-RateLimit-Remaining": "12"}, "slow down", 60),
}


@pytest.mark.parametrize("name", LIMITS)
def test_when_to_try_again_is_taken_from_what_github_tells(github, name):
    status, headers, message, seconds = LIMITS[name]
    reset = str(int(github.time.timestamp()) + 600)
    headers = {key: value.replace("at+600", reset) for key, value in headers.items()}
    connector = connector_to(github, allow_public=True)
    github.faults = [Answer(status, {"message": message}, headers)]
    with pytest.raises(RateLimited) as caught:
        connector.create(draft())
    assert caught.value.retry_at - github.time == timedelta(seconds=seconds)


def test_silent_limits_are_waited_for_ever_longer(github):
    connector = connector_to(github, allow_public=True)
    waits = []
    for _ in range(3):
        github.faults = [Answer(429, {"message": "slow down"})]
        with pytest.raises(RateLimited) as caught:
            connector.create(draft())
        waits.append((caught.value.retry_at - github.time).total_seconds())
        github.time = caught.value.retry_at
    assert waits == [60, 120, 240]


def test_nothing_is_sent_once_the_budget_is_used_up(github):
    connector = connector_to(github, allow_public=True)
    github.budget = 1
    connector.create(draft(1))
    with pytest.raises(RateLimited) as caught:
        connector.create(draft(2))
    assert timedelta(minutes=19) < caught.value.retry_at - github.time <= timedelta(minutes=20)
    assert connector.calls == 1


def test_a_github_app_logs_in_and_knows_its_own(github):
    connector = connector_to(github, **app_options())
    ticket = connector.create(draft())
    assert ticket.author == "loose-app[bot]"
    elsewhere = connector_to(github, **app_options(installation_id="11"))
    assert elsewhere.find(draft().marker) == ticket
    assert [path for _, path, _ in github.log if path.startswith("/app")] == [
        "/app/installations/11/access_tokens", "/app/installations/11/access_tokens", "/app",
    ]  # fmt: skip


def test_the_token_of_an_app_is_renewed_before_it_ends(github):
    connector = connector_to(github, **app_options(installation_id="11"))
    for minutes in (0, 50, 9):
        github.time += timedelta(minutes=minutes)
        connector.changed_since("")
    assert len([path for _, path, _ in github.log if path.endswith("/access_tokens")]) == 2


@pytest.mark.parametrize(
    ("fault", "text"),
    [({"installed": False}, "is not installed on acme/shop"), ({"token_may_write": False}, "may not write issues")],
)
def test_an_app_that_cannot_log_in_is_told(github, fault, text):
    vars(github).update(fault)
    connector = connector_to(github, **app_options())
    with pytest.raises(Denied, match=text):
        connector.changed_since("")


def test_a_bare_installation_token_is_told_by_the_other_api(github):
    github.token, github.is_installation, github.bot = APP_TOKEN, True, "loose-app[bot]"
    ticket = connector_to(github).create(draft())
    assert connector_to(github).find(draft().marker) == ticket
    assert connector_to(github, bot_login="Loose-App[bot]").find(draft().marker) == ticket
    assert connector_to(github, bot_login="somebody").find(draft().marker) is None


WRONG = {
    "no repo": ({"repo": ""}, "repo: needed"),
    "an address": ({"repo": "https://github.com/acme/shop"}, "repo: expected owner/name"),
    "no token": ({"token": ""}, "token: needed"),
    "no key": ({"app_id": "5"}, "private_key: expected"),
    "installation by name": ({"installation_id": "acme"}, "installation_id: expected a number"),
    "the pages": ({"base_url": "https://github.com"}, "base_url: leave it out"),
    "in the clear": ({"base_url": "http://github.example.com/api/v3"}, "base_url: http would send"),
    "unknown": ({"project": "x"}, "project: this tracker has no such option"),
    "color": ({"ensure_labels": {"a": ["red", ""]}}, "ensure_labels: a: expected a color"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_option_is_named(name):
    options, text = WRONG[name]
    with pytest.raises(BadOptions, match=text):
        connect({"repo": "acme/shop", "token": TOKEN, **options}, now=lambda: datetime.now(UTC))


def test_an_enterprise_server_is_spoken_to_below_its_path():
    address = "https://git.example.org/api/v3"
    with on_the_net(FakeGitHub(api=address)) as fake:
        connector = connector_to(fake, base_url=address + "/")
        connector.create(draft())
        fake.rename("acme/store")
        assert connector.find(draft().marker).url.endswith("/acme/store/issues/1")
        assert {path.startswith("/api/v3/") for _, path, _ in fake.log} == {True}


def test_the_pages_of_an_enterprise_server_are_told_from_its_api():
    address = "https://git.example.org"
    for answer in (Answer(404, b"<html>"), Answer(302, b"", {"Location": f"{address}/login?return_to=x"})):
        fake = FakeGitHub(api=address)
        fake.answer = lambda _, answer=answer: answer
        with on_the_net(fake, described=False), pytest.raises(Denied, match="end base_url with /api/v3"):
            connector_to(fake, base_url=address).create(draft())


def test_a_redirect_to_another_host_is_not_followed(github):
    github.rename("acme/store")
    github.api = "https://evil.example.org"
    with pytest.raises(Denied, match=r"redirected to evil\.example\.org"):
        connector_to(github).changed_since("")


def test_no_body_reaches_a_debug_log(github, caplog):
    caplog.set_level("DEBUG")
    connector_to(github).create(draft())
    assert "row 1000" not in caplog.text
    assert TOKEN not in caplog.text


def test_a_cursor_is_read_back_as_it_was(github):
    github.file("Title", "Body", "ada")
    connector = connector_to(github)
    cursor = connector.changed_since(connector.changed_since("").cursor).cursor
    assert json.loads(cursor)["etag"]
    assert connector.changed_since(cursor).cursor == cursor


def test_an_issue_that_no_listing_tells_is_found_by_its_number(github):
    connector = connector_to(github)
    connector.create(draft(1))
    filed = connector.create(draft(2))
    github.lists_until = 1
    assert connector.find(marker(2)).id == filed.id


def test_a_listing_that_comes_back_empty_is_no_proof(github):
    connector = connector_to(github)
    connector.create(draft(1))
    github.lists_until = 0
    assert connector.find(marker(1)) is not None
    with pytest.raises(Unavailable, match="there is #1"):
        connector.find(marker(9))


def test_an_empty_repository_holds_nothing_and_deleted_issues_are_gaps(github):
    connector = connector_to(github)
    assert connector.find(marker(1)) is None
    connector.create(draft(1))
    github.delete(int(connector.create(draft(2)).id))
    assert connector.find(marker(2)) is None
