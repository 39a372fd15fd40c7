"""The GitLab connector: what it sends, and what it makes of GitLab's ways."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from fake_gitlab import ADA, GUEST, PLANNER, TOKEN, FakeGitLab, refused
from fake_http import Answer, mount
from vendor_api import NotDescribed, VendorApi

from connectors.base import Change, Denied, Draft, Gone, Marker, RateLimited, Rejected, Unavailable
from connectors.document import BulletList, Code, Heading, Paragraph, Quote, Strong, Text
from connectors.gitlab import connect

GOLDEN = Path(__file__).parent / "golden" / "gitlab_ticket.md"
LABELS = ("loose-ends", "needs-review", "kind: bug")


@pytest.fixture
def fake():
    gitlab = FakeGitLab()
    api = VendorApi.load("gitlab")
    mock = mount(gitlab, gitlab.url, watch=api.watch if api else None)
    yield gitlab
    mock.stop()


def connected(fake, **options):
    options = {"base_url": fake.url, "project": "acme/shop", "token": TOKEN, **options}
    return connect(options, now=lambda: fake.now, sleep=lambda _: None)


def draft(number=1, title="Export stops"):
    body = (Paragraph((Text("Said in a talk."),)), Quote("it stops", (Text("Ada"),)))
    return Draft(title=title, body=body, labels=LABELS, marker=marker(number))


def marker(number=1):
    return Marker(fingerprint="v1-7f", action=f"a{number}")


def words(text):
    return (Paragraph((Text(text),)),)


def sent(fake, method):
    return [line for line in fake.requests if line.startswith(method)]


def test_a_filed_ticket_and_its_comments_read_like_the_golden_file(fake):
    body = (
        Paragraph((Text("A bug that was described in a talk about @import in styles."),)),
        Heading("Where it was said"),
        Quote("The export stops at row 1000.\n/close\nSee #12.", (Strong("Ada"), Text(", "), Code("logs/may.md"))),
        BulletList(((Text("found by "), Code("described_bug")), (Text("confidence 0.91"),))),
    )
    connector = connected(fake)
    ticket = connector.create(Draft(title="Fix: @all", body=body, labels=LABELS, marker=marker()))
    connector.change(ticket.id, Change(sightings=words("Seen twice."), note=words("/close"), note_id="n1"))
    notes = [note["body"] for note in fake.issues[1].notes]
    text = "\n~~~~~\n".join([ticket.title, ", ".join(sorted(ticket.labels)), ticket.body, *notes]) + "\n"
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(text)
    assert text == GOLDEN.read_text()


class TestRequests:
    """How many requests are sent, and which."""

    def test_each_ticket_costs_one_request(self, fake):
        connector = connected(fake)
        for number in range(5):
            connector.create(draft(number))
        assert len(sent(fake, "POST")) == 5
        assert sent(fake, "GET") == ["GET /api/v4/projects/acme/shop", "GET /api/v4/user"]
        assert connector.calls == len(fake.requests) == 7

    def test_a_quiet_look_costs_one_request_and_tells_nothing(self, fake):
        connected(fake).create(draft())
        cursor = connected(fake).changed_since("").cursor
        connector = connected(fake)
        changes = connector.changed_since(cursor)
        assert (connector.calls, list(changes.tickets), changes.cursor) == (1, [], cursor)

    @pytest.mark.parametrize(("count", "pages"), [(99, 1), (100, 1), (101, 2), (250, 3)])
    def test_a_listing_costs_a_request_for_each_hundred(self, fake, count, pages):
        for number in range(count):
            fake.file(f"Ticket {number}", "", ADA)
        connector = connected(fake)
        assert len(connector.changed_since("").tickets) == count
        assert pages <= connector.calls <= pages + 1

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            (Change(add_labels=("a",), remove_labels=("needs-review",), state="closed"), "GET PUT GET"),
            (Change(sightings=words("first")), "GET POST GET"),
            (Change(sightings=words("first"), add_labels=("a",)), "GET POST PUT GET"),
        ],
    )
    def test_a_change_reads_writes_and_reads(self, fake, change, expected):
        connector = connected(fake)
        ticket = connector.create(draft())
        before = len(fake.requests)
        connector.change(ticket.id, change)
        assert " ".join(line.partition(" ")[0] for line in fake.requests[before:]) == expected

    def test_the_version_is_looked_at_right_before_the_first_write(self, fake):
        connector = connected(fake)
        ticket = connector.change(connector.create(draft()).id, Change(sightings=words("once")))
        before = len(fake.requests)
        connector.change(ticket.id, Change(sightings=words("twice"), only_if_version=ticket.version))
        issue = "/api/v4/projects/4711/issues/1"
        note = f"{issue}/notes/{fake.issues[1].notes[0]['id']}"
        assert fake.requests[before:] == [f"GET {issue}/notes", f"GET {issue}", f"PUT {note}", f"GET {issue}"]

    def test_what_is_so_already_is_not_written(self, fake):
        connector = connected(fake)
        ticket = connector.create(draft())
        change = Change(add_labels=("a",), sightings=words("twice"), note=words("n"), note_id="1", state="closed")
        first, wrote = connector.change(ticket.id, change), len(fake.requests)
        again = connector.change(ticket.id, change)
        assert again == first
        assert all(line.startswith("GET") for line in fake.requests[wrote:])

    def test_the_numeric_id_is_used_once_it_is_known(self, fake):
        connector = connected(fake)
        ticket = connector.create(draft())
        fake.paths[:] = ["acme/another-name"]
        connector.change(ticket.id, Change(add_labels=("a",)))
        assert [one.id for one in connector.changed_since("").tickets] == [ticket.id]

    def test_a_foreign_parameter_would_be_noticed(self):
        api = VendorApi.load("gitlab")
        if api is None:
            pytest.skip("GitLab's description is not at hand: set LOOSE_ENDS_EVAL")
        connector = connected(gitlab := FakeGitLab())
        mock = mount(gitlab, gitlab.url, watch=api.watch)
        try:
            connector.create(draft())
            with pytest.raises(NotDescribed, match="status"):
                connector._api._page("/projects/4711/issues", 1, {"status": "open"})
        finally:
            mock.stop()
        assert api.seen["POST /api/v4/projects/{id}/issues"] == 1


class TestLooking:
    """What is told of changes, and found again."""

    def test_a_comment_that_leaves_the_time_of_update_is_seen(self, fake):
        connector = connected(fake)
        first = fake.file("The door squeaks", "", ADA)
        cursor = connector.changed_since("").cursor
        before = first.updated
        fake.add_note(first, ADA, "Still.")
        fake.file("Another", "", ADA)
        assert first.updated == before, "GitLab moves it once a minute at most"
        assert {ticket.key for ticket in connector.changed_since(cursor).tickets} == {"#1", "#2"}

    def test_a_ticket_that_shows_up_late_with_an_early_time_is_seen(self, fake):
        connector = connected(fake)
        late = fake.file("Late", "", ADA)
        late.is_hidden = True
        fake.file("Early", "", ADA)
        cursor = connector.changed_since("").cursor
        late.is_hidden = False
        assert [ticket.title for ticket in connector.changed_since(cursor).tickets] == ["Late"]

    @pytest.mark.parametrize(
        "cursor",
        [
            "x", "{}", "[]", "3", '{"gitlab":2,"time":"2026-03-01T08:00:01+00:00","seen":{}}', "[" * 9999,
            '{"gitlab":1,"time":"2026-03-01T08:00:01","seen":{}}', '{"gitlab":1,"time":7,"seen":{}}',
            '{"gitlab":1,"time":"0001-01-01T00:00:00+00:00","seen":{}}', '{"gitlab":1,"time":"2026-03-01T08:00:01Z"}',
        ],
    )  # fmt: skip
    def test_a_cursor_that_is_none_of_ours_reads_everything(self, fake, cursor):
        fake.file("Old", "", ADA)
        fake.now += timedelta(days=30)
        assert [ticket.title for ticket in connected(fake).changed_since(cursor).tickets] == ["Old"]

    def test_a_long_cursor_is_not_kept(self, fake):
        fake.step = timedelta(milliseconds=10)
        for number in range(600):
            fake.file(f"Ticket {number}", "", ADA)
        connector = connected(fake)
        changes = connector.changed_since("")
        assert len(changes.cursor) < 200
        assert len(connector.changed_since(changes.cursor).tickets) == 600

    def test_tickets_of_one_instant_are_all_read(self, fake):
        fake.step = timedelta(0)
        for number in range(230):
            fake.file(f"Ticket {number}", "", ADA)
        assert len(connected(fake).changed_since("").tickets) == 230

    def test_an_issue_that_cannot_be_read_is_told_and_looked_at_again(self, fake):
        fake.file("Good", "", ADA)
        broken = fake.file("Broken", "", ADA)
        broken.title = None
        fake.now += timedelta(days=1)
        fake.file("Better", "", ADA)
        connector = connected(fake)
        changes = connector.changed_since("")
        assert [ticket.title for ticket in changes.tickets] == ["Good", "Better"]
        assert [problem.what for problem in changes.problems] == [
            "issue #2 cannot be read (title: Input should be a valid string)"
        ]
        broken.title = "Mended"
        assert "Mended" in [ticket.title for ticket in connector.changed_since(changes.cursor).tickets]

    def test_a_ticket_is_not_called_absent_while_one_cannot_be_read(self, fake):
        connector = connected(fake)
        connector.create(draft())
        fake.issues[1].title = None
        fake.file("Readable", "", {**ADA, "id": 71})
        with pytest.raises(Unavailable, match="issue #1 cannot be read"):
            connector.find(marker())

    def test_old_tickets_are_not_listed_when_a_time_is_given(self, fake):
        connector = connected(fake)
        for number in range(250):
            connector.create(draft(number))
        fake.now += timedelta(days=1)
        calls = connector.calls
        assert connector.find(marker(0), since=fake.now) is None
        assert connector.calls - calls <= 6  # a page by time, a page of the newest, the numbers after
        ticket = connector.create(draft(250))
        assert connector.find(marker(250), since=ticket.created_at + timedelta(minutes=5)), "clocks differ"

    def test_the_first_of_two_tickets_of_one_instant_is_found(self, fake):
        connector = connected(fake)
        fake.step = timedelta(0)
        first, _ = connector.create(draft()), connector.create(draft())
        found = connector.find(marker())
        assert found
        assert found.id == first.id

    def test_a_ticket_that_changes_while_pages_are_read_is_told_once_and_last(self, fake):
        issues = [fake.file(f"Ticket {number}", "", ADA) for number in range(120)]
        answer = fake.answer

        def meddled(request):
            told = answer(request)
            if len(fake.requests) == 1:
                fake.edit(issues[0], title="Renamed")
            return told

        fake.answer = meddled
        titles = [ticket.title for ticket in connected(fake).changed_since("").tickets]
        assert (len(titles), titles[-1], "Ticket 0" in titles) == (120, "Renamed", False)

    def test_a_duplicate_names_its_original_and_a_moved_one_goes_on_elsewhere(self, fake):
        one, two, three = (fake.file(title, "", ADA) for title in ("one", "two", "three"))
        fake.close(one, (4711, two.iid))
        fake.close(three)
        three.moved_to = 99
        told = {t.title: (t.closed_as, t.duplicate_of) for t in connected(fake).changed_since("").tickets}
        assert told == {"one": ("duplicate", "4711-2"), "two": (None, None), "three": ("duplicate", None)}

    def test_an_issue_whose_author_is_gone_is_nobodys(self, fake):
        connector = connected(fake)
        connector.create(draft())
        fake.issues[1].author = {"id": 2, "username": "ghost"}
        (ticket,) = connector.changed_since("").tickets
        assert (ticket.author, ticket.marker) == ("ghost", None)


class TestChanging:
    """What people and GitLab do while the bot writes."""

    def test_own_comments_are_found_behind_a_hundred_others(self, fake):
        connector = connected(fake)
        ticket = connector.create(draft())
        connector.change(ticket.id, Change(sightings=words("once")))
        for number in range(150):
            fake.add_note(fake.issues[1], ADA, f"remark {number}", system=number % 2 == 0)
        connector.change(ticket.id, Change(note=words("note"), note_id="n"))
        connector.change(ticket.id, Change(sightings=words("twice"), note=words("note"), note_id="n"))
        own = [note["body"] for note in fake.issues[1].notes if note["author"] != ADA]
        assert own == ["twice\n\n<!-- loose-ends: sightings -->", "note\n\n<!-- loose-ends: note n -->"]

    def test_own_comments_are_found_behind_pages_of_what_may_not_be_read(self, fake):
        connector = connected(fake)
        ticket = connector.create(draft())
        fake.unreadable = [fake.add_note(fake.issues[1], ADA, f"secret {number}") for number in range(99)]
        fake.add_note(fake.issues[1], ADA, "remark")
        for text in ("once", "twice"):
            connector.change(ticket.id, Change(sightings=words(text)))
        assert [note["body"].partition("\n")[0] for note in fake.issues[1].notes[99:]] == ["remark", "twice"]

    def test_a_comment_that_is_deleted_meanwhile_is_no_ticket_deleted(self, fake):
        connector = connected(fake)
        ticket = connector.create(draft())
        connector.change(ticket.id, Change(sightings=words("once")))
        fake.faults = [("write", refused(404, "404 Note Not Found"))]
        with pytest.raises(Unavailable, match="a comment of the bot on #1 was deleted meanwhile"):
            connector.change(ticket.id, Change(sightings=words("twice")))

    def test_a_comment_that_a_person_copied_is_not_edited(self, fake):
        connector = connected(fake)
        ticket = connector.create(draft())
        fake.add_note(fake.issues[1], ADA, "mine\n\n<!-- loose-ends: sightings -->")
        connector.change(ticket.id, Change(sightings=words("once")))
        assert [note["body"].partition("\n")[0] for note in fake.issues[1].notes] == ["mine", "once"]

    def test_a_locked_discussion_holds_this_ticket_and_no_other(self, fake):
        connector = connected(fake)
        ticket, other = connector.create(draft(1)), connector.create(draft(2))
        fake.issues[1].locked = True
        with pytest.raises(Rejected, match="the discussion of #1 is locked"):
            connector.change(ticket.id, Change(sightings=words("once")))
        connector.change(other.id, Change(sightings=words("once")))

    def test_a_ticket_that_gitlab_does_not_reopen_is_held(self, fake):
        connector = connected(fake)
        ticket = connector.create(draft())
        connector.change(ticket.id, Change(state="closed"))
        fake.issues[1].locked = True
        with pytest.raises(Rejected, match="left #1 closed"):
            connector.change(ticket.id, Change(state="open"))

    @pytest.mark.parametrize("ticket_id", ["1", "#1", "4711-2", "4712-1", "acme/shop#1", ""])
    def test_an_id_of_elsewhere_is_no_ticket_here(self, fake, ticket_id):
        connector = connected(fake)
        connector.create(draft())
        with pytest.raises(Gone):
            connector.change(ticket_id, Change(add_labels=("a",)))
        assert set(fake.issues[1].labels) == set(LABELS)

    @pytest.mark.parametrize(
        ("fault", "says"),
        [
            (lambda fake: fake.project.update(issues_access_level="disabled"), "issues are switched off"),
            (lambda fake: fake.paths.clear() or setattr(fake, "project_id", 1), "shows no project acme/shop"),
        ],
        ids=["issues switched off", "project out of sight"],
    )
    def test_tickets_out_of_sight_are_not_taken_for_deleted(self, fake, fault, says):
        connector = connected(fake)
        ticket = connector.create(draft())
        fault(fake)
        with pytest.raises(Denied, match=says):
            connector.change(ticket.id, Change(add_labels=("a",)))

    def test_a_label_with_a_comma_is_refused_rather_than_split(self, fake):
        connector = connected(fake)
        with pytest.raises(Rejected, match="no comma in a label: a, b"):
            connector.create(Draft(title="x", body=(), labels=("a, b",), marker=marker()))
        assert fake.issues == {}

    def test_labels_that_gitlab_drops_are_told(self, fake):
        fake.role = GUEST
        connector = connected(fake)
        assert connector.create(draft()).labels == set()
        (problem,) = [one for one in connector.changed_since("").problems if one.fatal]
        assert problem.what == "GitLab dropped labels of tickets: kind: bug, loose-ends, needs-review"
        assert "role Planner or Reporter" in problem.mend

    def test_a_body_that_loses_its_marker_stops_the_target(self, fake):
        fake.keeps_bodies = False
        connector = connected(fake)
        connector.create(draft(1))
        with pytest.raises(Denied, match="its hidden last line is gone"):
            connector.create(draft(2))
        assert len(fake.issues) == 1


class TestPublicProjects:
    """Quotes of private talks do not get out by accident."""

    @pytest.mark.parametrize(
        ("visibility", "issues", "options", "is_filed"),
        [
            ("public", "enabled", {}, False),
            ("public", "enabled", {"allow_public": True}, True),
            ("public", "enabled", {"confidential": True}, True),
            ("public", "private", {}, True),
            ("internal", "enabled", {}, True),
            ("private", "private", {}, True),
        ],
    )
    def test_filing_in_public_wants_a_word(self, fake, visibility, issues, options, is_filed):
        fake.project.update(visibility=visibility, issues_access_level=issues)
        connector = connected(fake, **options)
        if is_filed:
            connector.create(draft())
        else:
            with pytest.raises(Denied, match="acme/shop is public"):
                connector.create(draft())
        assert len(fake.issues) == is_filed

    def test_comments_and_labels_are_not_written_in_public_either(self, fake):
        fake.file("The door squeaks", "", ADA)
        fake.project["visibility"] = "public"
        connector = connected(fake)
        for change in (Change(sightings=words("quote")), Change(add_labels=("a",)), Change(state="closed")):
            with pytest.raises(Denied, match="is public"):
                connector.change("4711-1", change)
        assert connector.change("4711-1", Change()).key == "#1"

    def test_comments_on_open_issues_are_internal_where_tickets_are_confidential(self, fake):
        fake.project["visibility"] = "public"
        fake.file("The door squeaks", "", ADA)
        connector = connected(fake, confidential=True)
        ticket = connector.create(draft())
        for ticket_id in ("4711-1", ticket.id):
            connector.change(ticket_id, Change(sightings=words("quote")))
        assert fake.issues[2].confidential
        assert [fake.issues[number].notes[0]["internal"] for number in (1, 2)] == [True, False]

    def test_sightings_go_on_internally_once_a_ticket_is_made_public(self, fake):
        connector = connected(fake, confidential=True)
        ticket = connector.create(draft())
        connector.change(ticket.id, Change(sightings=words("once")))
        fake.edit(fake.issues[1], confidential=False)
        for text in ("twice", "thrice"):
            connector.change(ticket.id, Change(sightings=words(text)))
        notes = [(note["body"].partition("\n")[0], note["internal"]) for note in fake.issues[1].notes]
        assert notes == [("once", False), ("thrice", True)]

    def test_a_gitlab_that_keeps_nothing_internal_is_written_to_no_more(self, fake):
        fake.keeps_internal = False
        fake.file("The door squeaks", "", ADA)
        connector = connected(fake, confidential=True)
        for _ in range(2):
            with pytest.raises(Denied, match="did not keep a comment on #1 internal"):
                connector.change("4711-1", Change(note=words("quote"), note_id="n"))
        assert len(fake.issues[1].notes) == 1


class TestRefusals:
    """What GitLab's refusals mean, and that none shows the token."""

    @pytest.mark.parametrize(
        ("answer", "error", "says"),
        [
            (refused(401, "401 Unauthorized"), Denied, "wrong, expired or revoked"),
            (refused(403, "403 Forbidden"), Denied, r"not allow this in acme/shop \(403: 403 Forbidden\)"),
            (Answer(403, {"error": "insufficient_scope"}), Denied, "lacks the scope api"),
            (refused(404, "404 Project Not Found"), Denied, "shows no project acme/shop"),
            (refused(400, {"title": ["is too long"]}), Rejected, "400: title: is too long"),
            (refused(409, "Duplicated issue"), Rejected, "409: Duplicated issue"),
            (refused(422, "spam"), Rejected, "422: spam"),
            (refused(408, "slow"), Unavailable, "408"),
            (refused(502, "Bad Gateway"), Unavailable, "502"),
            (Answer(200, b"<html>Sign in</html>"), Unavailable, "not JSON"),
            (Answer(201, []), Unavailable, "cannot read the answer"),
            (Answer(201, {"iid": 1}), Unavailable, "title: Field required"),
            (Answer(201, b"[1]", {"Content-Type": "text/plain"}), Unavailable, "cannot read the answer"),
            (Answer(301, b"", {"Location": "https://new.example.org/api/v4/x?a=b"}), Denied, "https://new.example.org;"),
            (refused(429, "slow down"), RateLimited, "429"),
        ],
    )  # fmt: skip
    def test_a_refused_create_says_what_to_do(self, fake, answer, error, says):
        connector = connected(fake)
        connector.check()
        # as bytes: what stands between us and GitLab answers what GitLab does not describe
        fake.faults = [("write", Answer(answer.status, answer.content(), answer.headers))]
        with pytest.raises(error, match=says) as told:
            connector.create(draft())
        assert TOKEN not in str(told.value)
        assert "\n" not in str(told.value)

    @pytest.mark.parametrize(
        ("headers", "seconds"),
        [
            ({"Retry-After": "90"}, 90),
            ({"Retry-After": "1.5"}, 1.5),
            ({"RateLimit-Reset": "1772352045"}, 45),
            ({"RateLimit-Reset": "1772352345", "Date": "Sun, 01 Mar 2026 08:05:00 GMT"}, 45),
            ({"RateLimit-Reset": "soon", "Retry-After": "later"}, 60),
            ({}, 60),
            ({"Retry-After": "99999999999"}, 86_400),
        ],
    )
    def test_gitlab_says_how_long_to_wait(self, fake, headers, seconds):
        fake.faults = [("any", Answer(429, b"Retry later", headers))]
        with pytest.raises(RateLimited) as told:
            connected(fake).changed_since("")
        assert told.value.retry_at == fake.now + timedelta(seconds=seconds)

    def test_the_last_request_that_is_left_is_the_last_that_is_sent(self, fake):
        connector = connected(fake)
        headers = {"RateLimit-Remaining": "0", "RateLimit-Reset": "1772352045"}
        fake.faults = [("any", Answer(200, [], headers))]
        connector.changed_since("")
        with pytest.raises(RateLimited):
            connector.changed_since("")
        assert connector.calls == 1

    def test_quick_actions_alone_are_no_comment(self, fake):
        connector = connected(fake)
        ticket = connector.create(draft())
        fake.faults = [("write", Answer(202, {"commands_changes": {}, "summary": ["Closed."]}))]
        with pytest.raises(Rejected, match="took a comment on #1 for quick actions"):
            connector.change(ticket.id, Change(note=words("x"), note_id="n"))

    def test_a_write_that_was_lost_is_not_sent_again(self, fake):
        connector = connected(fake)
        fake.faults = [("write", "lose")]
        with pytest.raises(Unavailable):
            connector.create(draft())
        assert len(sent(fake, "POST")) == 1
        assert connector.find(marker())

    def test_netrc_is_not_asked(self, fake, tmp_path, monkeypatch):
        (tmp_path / ".netrc").write_text("machine gitlab.example.org login ada password hunter2\n")
        monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
        seen = []
        answer = fake.answer
        fake.answer = lambda request: seen.append(request.headers) or answer(request)
        connected(fake).changed_since("")
        assert [("authorization" in headers, headers["private-token"]) for headers in seen] == [(False, TOKEN)]


def test_a_planner_is_enough(fake):
    fake.role = PLANNER
    connector = connected(fake)
    ticket = connector.create(draft())
    after = connector.change(ticket.id, Change(add_labels=("seen",), remove_labels=("needs-review",), state="closed"))
    assert (after.labels, after.state) == ({"loose-ends", "kind: bug", "seen"}, "closed")


def test_an_issue_that_no_listing_tells_is_found_by_its_number(fake):
    connector = connected(fake)
    connector.create(draft(1))
    connector.create(draft(2))
    fake.lists_until = 1
    found = connector.find(marker(2))
    assert found is not None
    assert found.key == "#2"


def test_a_listing_that_comes_back_empty_is_no_proof(fake):
    connector = connected(fake)
    connector.create(draft(1))
    fake.lists_until = 0
    assert connector.find(marker(1)) is not None
    with pytest.raises(Unavailable, match="there is #1"):
        connector.find(marker(9))


def test_an_empty_project_holds_nothing_and_deleted_issues_are_gaps(fake):
    connector = connected(fake)
    assert connector.find(marker(1)) is None
    connector.create(draft(1))
    connector.create(draft(2))
    del fake.issues[2]
    assert connector.find(marker(2)) is None


def test_no_request_follows_the_one_that_files(fake):
    connector = connected(fake)
    connector.create(draft())
    assert fake.requests[-1] == "POST /api/v4/projects/4711/issues"
