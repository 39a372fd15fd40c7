"""The Jira connector: what it sends, how often, and what it makes of what Jira says."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fake_http import Answer
from fake_jira import TOKEN, Ada, FakeJira, on_the_net, options

from connectors.base import Change, Denied, Draft, Gone, Marker, RateLimited, Rejected, Unavailable
from connectors.document import Paragraph, Text
from connectors.jira import connect
from connectors.registry import BadOptions

MARKER = Marker(fingerprint="v1-5b1f", action="a-1")
LABELS = ("loose-ends", "needs-review", "priority: high")


def words(text):
    return (Paragraph((Text(text),)),)


def draft(number=1):
    marker = replace(MARKER, action=f"a-{number}")
    body = words("It stops.")
    return Draft(title=f"It stops {number}", body=body, labels=LABELS, marker=marker, priority="high")


@pytest.fixture(params=["cloud", "datacenter"])
def jira(request):
    with on_the_net(FakeJira(cloud=request.param == "cloud")) as fake:
        yield fake


@pytest.fixture
def cloud():
    with on_the_net(FakeJira(cloud=True)) as fake:
        yield fake


@pytest.fixture
def datacenter():
    with on_the_net(FakeJira(cloud=False)) as fake:
        yield fake


def connection(fake, **more):
    return connect(options(fake, **more), now=fake.now, sleep=lambda _: None)


def sent(fake, method="POST"):
    return [path for verb, path, _ in fake.log if verb == method]


def problems(fake, **more):
    return [f"{one.what}; {one.mend}" for one in connection(fake, **more).check()]


# ---- how many requests


def test_so_many_creates_are_so_many_posts(jira):
    bot = connection(jira)
    for number in range(7):
        bot.create(draft(number))
    assert len(sent(jira)) == 7
    assert bot.calls == 7 * 2 + 2  # each is read back; the account and the public project once


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (100, 1), (101, 2), (250, 3)])
def test_a_listing_costs_a_request_for_a_hundred_tickets(jira, count, pages):
    ada = Ada(jira)
    for number in range(count):
        ada.file_ticket(f"t{number}", "x")
    bot = connection(jira)
    assert len(bot.changed_since("").tickets) == count
    assert bot.calls == pages + 1


def test_a_quiet_look_is_one_request(jira):
    bot, ada = connection(jira), Ada(jira)
    for number in range(120):
        ada.file_ticket(f"t{number}", "x")
    cursor = bot.changed_since("").cursor
    for _ in range(2):
        jira.time += timedelta(hours=1)
        cursor = bot.changed_since(cursor).cursor
    before = bot.calls
    bot.changed_since(cursor)
    assert bot.calls == before + 1


def test_a_change_that_changes_nothing_writes_nothing(jira):
    bot = connection(jira)
    ticket = bot.create(draft())
    change = Change(add_labels=("loose-ends",), remove_labels=("gone",), state="open", sightings=words("s"))
    bot.change(ticket.id, change)
    jira.log.clear()
    bot.change(ticket.id, change)
    assert {method for method, *_ in jira.log} == {"GET"}


# ---- nothing twice


def test_a_ticket_that_the_search_does_not_know_yet_is_found(jira):
    ada, bot = Ada(jira), connection(jira)
    ada.file_ticket("before", "x")
    jira.lag = True
    jira.faults = ["lose"]
    with pytest.raises(Unavailable):
        bot.create(draft())
    ada.file_ticket("after", "x")
    for since in (None, jira.now() - timedelta(days=1)):
        found = connection(jira).find(MARKER, since=since)
        assert found is not None
        assert found.title == "It stops 1"


def test_a_ticket_among_later_ones_that_the_search_knows_is_found(jira):
    ada = Ada(jira)
    ada.file_ticket("before", "x")
    ticket = connection(jira).create(draft())
    ada.file_ticket("after", "x")
    del jira.index[int(ticket.id)]
    found = connection(jira).find(MARKER, since=jira.now() - timedelta(days=1))
    assert found == ticket


def test_a_ticket_that_was_never_filed_is_not_found(jira):
    ada, bot = Ada(jira), connection(jira)
    ada.delete(ada.file_ticket("before", "x"))
    jira.faults = ["down"]
    with pytest.raises(Unavailable):
        bot.create(draft())
    assert bot.find(MARKER, since=jira.now() - timedelta(days=1)) is None


def test_tickets_filed_long_ago_are_not_listed(jira):
    bot = connection(jira)
    for number in range(1, 121):
        bot.create(replace(draft(number), marker=replace(MARKER, action=f"a-{number}")))
    jira.time += timedelta(days=30)
    calls = bot.calls
    assert bot.find(replace(MARKER, action="a-1"), since=jira.now() - timedelta(days=1)) is None
    assert bot.calls - calls <= 12  # two listings by time, the newest, the numbers after


def test_a_ticket_that_cannot_be_read_back_is_filed_all_the_same(jira):
    bot = connection(jira)
    bot.changed_since("")
    bot.create(draft(2))
    jira.faults = [None, "down"]
    ticket = bot.create(draft())
    assert (ticket.key, ticket.marker) == ("OPS-2", MARKER)
    assert bot.find(MARKER).id == ticket.id


def test_a_listing_shows_what_the_connector_wrote_itself(cloud):
    bot = connection(cloud)
    cursor = bot.changed_since("").cursor
    cloud.lag = True
    ticket = bot.create(draft())
    assert list(bot.changed_since(cursor).tickets) == [ticket]


@pytest.mark.parametrize("cursor", ["x", "{}", "[1]", '[2,"cloud OPS"]', '[1,"cloud X","a","b","c"]', "[" * 9000])
def test_a_cursor_that_is_none_reads_all(cloud, cursor):
    Ada(cloud).file_ticket("t", "x")
    assert len(connection(cloud).changed_since(cursor).tickets) == 1


def test_an_edit_that_the_search_shows_late_is_not_missed(cloud):
    ada, bot = Ada(cloud), connection(cloud)
    early = ada.file_ticket("early", "x")
    ada.file_ticket("late", "x")
    late_index = dict(cloud.index)
    del cloud.index[int(early)]
    cursor = bot.changed_since("").cursor
    cloud.index = late_index
    cloud.time += timedelta(minutes=10)
    assert early in {ticket.id for ticket in bot.changed_since(cursor).tickets}


def test_an_issue_deleted_between_two_pages_hides_no_other(datacenter):
    ada = Ada(datacenter)
    ids = [ada.file_ticket(f"t{number}", "x") for number in range(150)]
    real = datacenter.search_by_offset

    def delete_first(request):
        if "startAt" in request.query and int(ids[0]) in datacenter.issues:
            ada.delete(ids[0])
        return real(request)

    datacenter.search_by_offset = delete_first
    assert {ticket.id for ticket in connection(datacenter).changed_since("").tickets} == set(ids[1:])


def test_an_hour_that_comes_twice_is_looked_at_from_its_beginning(cloud):
    bot, ada = connection(cloud), Ada(cloud)
    cloud.time = datetime(2026, 11, 1, 5, 40, tzinfo=UTC)  # 01:40 in New York, for the first time
    ada.file_ticket("first", "x")
    cursor = bot.changed_since("").cursor
    cloud.time = datetime(2026, 11, 1, 6, 20, tzinfo=UTC)  # 01:20, for the second
    second = ada.file_ticket("second", "x")
    assert second in {ticket.id for ticket in bot.changed_since(cursor).tickets}


# ---- states


def test_a_status_of_its_own_name_goes_before_the_resolution(jira):
    jira.statuses["4"] = ("Won't Do", "done", 3)
    jira.resolution_screen = False
    bot = connection(jira)
    ticket = bot.create(draft())
    after = bot.change(ticket.id, Change(state="closed", closed_as="not_planned"))
    assert (after.state, after.closed_as) == ("closed", "not_planned")
    bot.change(ticket.id, Change(state="open"))
    assert bot.change(ticket.id, Change(state="closed", closed_as="done")).closed_as == "done"


def test_configured_statuses_are_used(jira):
    jira.statuses |= {"4": ("Erledigt", "done", 3), "5": ("Verworfen", "done", 3)}
    bot = connection(
        jira, done_status="Erledigt", wont_do_status="Verworfen", reopen_status="In Progress",
        wont_do_resolutions=["Verworfen", "Won't Do"],
    )  # fmt: skip
    ticket = bot.create(draft())
    bot.change(ticket.id, Change(state="closed", closed_as="done"))
    assert jira.issues[int(ticket.id)].status == "4"
    bot.change(ticket.id, Change(state="open"))
    after = bot.change(ticket.id, Change(state="closed", closed_as="not_planned"))
    assert (jira.issues[int(ticket.id)].status, after.closed_as) == ("5", "not_planned")


def test_a_workflow_without_a_way_back_refuses_before_anything_is_written(jira):
    bot = connection(jira)
    ticket = bot.create(draft())
    closed = bot.change(ticket.id, Change(state="closed", closed_as="done"))
    jira.way_back = False
    with pytest.raises(Rejected, match="OPS-1 cannot be moved to an open status"):
        bot.change(ticket.id, Change(state="open", add_labels=("again",), note=words("n"), note_id="n"))
    assert bot.change(ticket.id, Change()) == closed


def test_what_nobody_could_reproduce_is_done_and_not_refused(jira):
    bot, ada = connection(jira), Ada(jira)
    ticket = bot.create(draft())
    ada.close(ticket.id, "done")
    jira.issues[int(ticket.id)].resolution = "13"
    ada.done()
    assert bot.changed_since("").tickets[0].closed_as == "done"


def test_the_time_of_closing_stays_where_no_resolution_tells_it(jira):
    jira.resolution_screen = False
    bot, ada = connection(jira), Ada(jira)
    ticket_id = ada.file_ticket("t", "x")
    for again in range(2):
        ada.close(ticket_id, "done")
        closed_at = jira.now()
        after = bot.change(ticket_id, Change(sightings=words(f"seen {again}")))
        assert (after.closed_at, bot.changed_since("").tickets[0].closed_at) == (closed_at, closed_at)
        ada.reopen(ticket_id)


def test_a_duplicate_names_its_original(jira):
    bot, ada = connection(jira), Ada(jira)
    original, ticket = bot.create(draft(1)), bot.create(draft(2))
    ada.close(ticket.id, "duplicate")
    assert bot.changed_since("").tickets[-1].duplicate_of == original.id


# ---- filing


def test_priorities_and_required_fields_are_filled_in(jira):
    jira.required = [
        ("customfield_10", "Team", {"type": "option"}, [{"id": "1", "value": "Red"}]),
        ("customfield_11", "Sites", {"type": "array", "items": "option"}, []),
        ("customfield_12", "Count", {"type": "number"}, []),
        ("components", "Components", {"type": "array", "items": "component"}, []),
    ]
    fields = {"Team": "Red", "customfield_11": ["A", "B"], "count": 3, "components": {"id": "7"}}
    connection(jira, fields=fields, priorities={"high": "Highest"}).create(draft())
    assert jira.issues[10_001].more == {
        "priority": {"name": "Highest"},
        "customfield_10": {"value": "Red"},
        "customfield_11": [{"value": "A"}, {"value": "B"}],
        "customfield_12": 3,
        "components": [{"id": "7"}],
    }


def test_a_missing_field_is_named(jira):
    jira.required = [("customfield_10", "Team", {"type": "option"}, [{"id": "1", "value": "Red"}])]
    with pytest.raises(Rejected, match="filing in OPS: refused with 400: customfield_10: Team is required"):
        connection(jira).create(draft())
    with pytest.raises(Denied, match="Task in OPS has no field 'Owner' on its create screen"):
        connection(jira, fields={"Owner": "x"}).create(draft())


def test_without_labels_on_the_create_screen_nothing_is_filed(jira):
    jira.screen.remove("labels")
    with pytest.raises(Denied, match="put labels on the create screen of Task"):
        connection(jira).create(draft())
    assert jira.issues == {}


def test_labels_that_were_dropped_are_told(jira):
    jira.drops_labels = True
    bot = connection(jira)
    bot.create(draft())
    (problem,) = bot.check()
    assert problem.what == "OPS-1 was filed without the labels loose-ends, needs-review, priority:high"


def test_a_public_project_is_refused_unless_allowed(jira):
    jira.public = True
    with pytest.raises(Denied, match="public; set allow_public: true"):
        connection(jira).create(draft())
    ticket_id = Ada(jira).file_ticket("t", "x")
    with pytest.raises(Denied, match="public"):
        connection(jira).change(ticket_id, Change(sightings=words("s")))
    assert sent(jira) == []
    assert connection(jira, allow_public=True).create(draft())


def test_the_marker_is_a_property_and_no_hidden_text(jira):
    issue = jira.issues[int(connection(jira).create(draft()).id)]
    assert issue.properties == {"loose-ends": {"fingerprint": "v1-5b1f", "action": "a-1"}}
    assert "<!--" not in json.dumps(issue.description)


# ---- refusals


@pytest.mark.parametrize(
    ("answer", "wait"),
    [
        (Answer(429, {}, {"Retry-After": "7"}), 7),
        (Answer(429, {}, {"X-RateLimit-Reset": "2026-03-01T09:01Z"}), 60),
        (Answer(429, {}), 60),
        (Answer(429, {}, {"Retry-After": "soon"}), 60),
    ],
)
def test_a_limit_is_obeyed(cloud, answer, wait):
    cloud.faults = [answer]
    with pytest.raises(RateLimited) as raised:
        connection(cloud).create(draft())
    assert raised.value.retry_at - cloud.now() == timedelta(seconds=wait)


CHANGED = {401: Denied, 403: Denied, 404: Gone, 409: Unavailable, 400: Rejected, 413: Rejected, 500: Unavailable}


@pytest.mark.parametrize(("status", "error"), CHANGED.items())
def test_each_refusal_of_a_change_has_its_meaning(jira, status, error):
    bot = connection(jira)
    ticket = bot.create(draft())
    jira.faults = [Answer(status, {"errorMessages": ["no"]})]
    with pytest.raises(error):
        bot.change(ticket.id, Change(add_labels=("a",)))


def test_a_wrong_token_is_told_without_it(jira):
    bot = connection(jira, token="ATATTsecret")
    for call in (lambda: bot.changed_since(""), lambda: bot.find(MARKER), lambda: bot.create(draft())):
        with pytest.raises(Denied, match="credentials") as raised:
            call()
        assert "ATATTsecret" not in str(raised.value)
    assert "ATATTsecret" not in repr(vars(bot))


def test_a_project_that_is_not_there_stops_the_target(jira):
    bot = connection(jira, project="NOPE")
    for call in (lambda: bot.changed_since(""), lambda: bot.create(draft())):
        with pytest.raises(Denied, match="NOPE"):
            call()


def test_an_answer_of_another_shape_is_a_problem_of_that_ticket(jira):
    ada = Ada(jira)
    ada.file_ticket("good", "x")
    bad = ada.file_ticket("bad", "x")
    jira.index[int(bad)].created = None
    changes = connection(jira).changed_since("")
    assert [ticket.title for ticket in changes.tickets] == ["good"]
    assert [problem.what for problem in changes.problems] == [
        "OPS-2: the answer of Jira lacks fields.created, or it is not as documented"
    ]
    assert changes.cursor == ""


# ---- check


def test_all_is_well(jira):
    assert problems(jira, priorities={"high": "Highest"}, ensure_labels={"kind: bug": ["ff0000", ""]}) == []


CHECKS = {
    "archived": ({"archived": True}, {}, "project OPS is archived"),
    "public": ({"public": True}, {}, "project OPS is public: everybody can read"),
    "permissions": ({"denied": {"ADD_COMMENTS"}}, {}, "lacks permissions in OPS: Add Comments"),
    "administrator": ({"admin": True}, {}, "the account administers Jira"),
    "project": ({}, {"project": "NOPE"}, "project NOPE is not there, or hidden"),
    "renamed": ({"old_key": "OLD"}, {"project": "OLD"}, "project OLD is called OPS now; set project: OPS"),
    "type": ({}, {"issue_type": "Epic"}, "OPS has no issue type Epic; set issue_type to one of: Task, Bug"),
    "labels": ({"screen": ["summary", "description"]}, {}, "has no field labels"),
    "required": (
        {"required": [("customfield_10", "Team", {"type": "option"}, [{"value": "Red"}, {"value": "Blue"}])]}, {},
        "Task needs the field Team (customfield_10); add it under fields: one of Red, Blue",
    ),
    "unknown field": ({}, {"fields": {"Owner": "x"}}, "has no field 'Owner' on its create screen"),
    "priority": ({}, {"priorities": {"low": "P5"}}, "no priority P5; set priorities to names of its scheme: one of Hi"),
    "status": ({}, {"done_status": "Ready"}, "done_status: Task has no status Ready; choose among: To Do, In"),
    "no end": ({"statuses": {"1": ("To Do", "new", 2)}}, {}, "no status of Task is in the category Done"),
    "no refusal": ({"resolutions": {"10": "Done"}}, {}, "neither a status nor a resolution means"),
    "equal labels": ({}, {"ensure_labels": {"kind: bug": [], "kind:bug": []}}, "become the same"),
    "token": ({}, {"token": "ATATTwrong"}, "does not accept the"),
}  # fmt: skip


@pytest.mark.parametrize(("state", "more", "told"), CHECKS.values(), ids=CHECKS)
def test_check_tells_what_is_wrong_and_how_to_mend_it(jira, state, more, told):
    for name, value in state.items():
        setattr(jira, name, value)
    found = problems(jira, **more)
    assert any(told in problem for problem in found), found
    assert len(found) == 1
    assert "ATATT" not in found[0]


def test_check_needs_none_of_the_addresses_that_an_old_jira_lacks(datacenter):
    real = datacenter.routed
    lacking = ("mypermissions", "serverInfo", "resolution", "statuses")
    datacenter.routed = lambda r: Answer(404, {}) if r.path.endswith(lacking) else real(r)
    assert problems(datacenter) == []


def test_check_tells_cloud_from_data_center(cloud):
    cloud.deployment = "Server"
    assert "set deployment: datacenter" in problems(cloud)[0]


# ---- options


BAD = {
    "no address": ({"base_url": ""}, "base_url"),
    "no project": ({"project": ""}, "project"),
    "no e-mail": ({"base_url": "https://x.atlassian.net", "email": ""}, "email"),
    "unknown": ({"projekt": "OPS"}, "projekt"),
    "deployment": ({"deployment": "server"}, "deployment"),
    "clear text": ({"base_url": "http://jira.example"}, "base_url"),
    "api address": ({"api_url": "http://api.atlassian.com/ex/jira/1"}, "api_url"),
    "fields": ({"fields": "x"}, "fields"),
    "names": ({"wont_do_resolutions": [3]}, "wont_do_resolutions"),
}


@pytest.mark.parametrize(("wrong", "key"), BAD.values(), ids=BAD)
def test_a_wrong_option_is_named(wrong, key):
    with pytest.raises(BadOptions, match=f"jira: {key}: "):
        connect({"base_url": "https://jira.example", "project": "OPS", **wrong}, now=lambda: datetime.now(UTC))


def test_a_token_with_scopes_goes_to_its_own_address(cloud):
    cloud.site = "https://api.atlassian.com/ex/jira/11"
    given = {**options(cloud), "base_url": "https://acme.atlassian.net", "api_url": cloud.site, "allow_public": True}
    bot = connect(given, now=cloud.now, sleep=lambda _: None)
    assert (bot._client._transport._origin, bot._site.browse_url) == (
        ("https", "api.atlassian.com", 443), "https://acme.atlassian.net",
    )  # fmt: skip
    assert TOKEN not in repr(bot._site)
