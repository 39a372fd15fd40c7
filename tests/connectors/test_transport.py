"""The way over HTTP that networked connectors share: one try, one origin, an error for each thing to do next."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
import responses

from connectors.base import Denied, RateLimited, Unavailable
from connectors.transport import Moved, Network, Refused, Transport, after, number, retry_after

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BASE = "https://tracker.example"


class Limits:
    def retry_at(self, response, now):
        return (retry_after(response, now) or now + timedelta(minutes=1)) if response.status_code == 429 else None

    def next_at(self, response, now):
        return after(now, number(response.headers["X-Wait"])) if "X-Wait" in response.headers else None


class Way:
    def __init__(self, **network):
        self.time, self.slept = NOW, []
        self.transport = Transport(
            Network(base_url=BASE, **network), Limits(), now=lambda: self.time, sleep=self.slept.append,
            monotonic=lambda: 5.0,
        )  # fmt: skip
        self.session = requests.Session()
        self.session.mount("https://", self.transport)
        self.session.mount("http://", self.transport)


@pytest.fixture
def way():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        made = Way()
        made.mock = mock
        yield made


FAILURES = {
    "server error": ({"status": 502, "body": "<html>"}, Unavailable, "502"),
    "page in place of JSON": ({"status": 200, "body": "<html>hello"}, Unavailable, "not JSON"),
    "JSON cut off": ({"status": 200, "body": '{"a": [1, 2'}, Unavailable, "not JSON"),
    "cut line": ({"body": requests.ConnectionError("at 10.0.0.1")}, Unavailable, "the connection failed or was cut"),
    "time out": ({"body": requests.ReadTimeout()}, Unavailable, "no answer within the time limit"),
    "bad certificate": ({"body": requests.exceptions.SSLError()}, Unavailable, "ca_file"),
    "refused": ({"status": 422, "json": {"message": "No\nway"}}, Refused, "422: No way"),
    "refused fields": (
        {"status": 422, "json": {"message": "Invalid", "errors": [{"resource": "Label", "field": "name"}]}},
        Refused,
        "422: Invalid; name: Label name",
    ),
    "refused by gitlab": ({"status": 400, "json": {"message": {"title": ["is too long"]}}}, Refused, "is too long"),
    "refused by jira": (
        {"status": 400, "json": {"errorMessages": ["Bad."], "errors": {"cf_1": "is required."}}},
        Refused,
        "400: Bad.; cf_1: is required.",
    ),
    "refused with a page": ({"status": 403, "body": "<html>"}, Refused, "403"),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "error", "told"), FAILURES.values(), ids=FAILURES)
def test_every_failure_has_one_kind_and_is_tried_once(way, answer, error, told):
    way.mock.add("POST", f"{BASE}/issues", **answer)
    with pytest.raises(error, match=told.replace(".", r"\.").replace(";", r"\;")) as caught:
        way.session.post(f"{BASE}/issues", json={})
    assert way.transport.calls == 1
    assert "\n" not in str(caught.value)
    assert "10.0.0.1" not in str(caught.value)


def test_a_good_answer_reaches_the_library(way):
    way.mock.add("GET", f"{BASE}/issues", json=[{"number": 3}])
    assert way.session.get(f"{BASE}/issues").json() == [{"number": 3}]


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_without_content_is_good(way, status):
    way.mock.add("GET", f"{BASE}/issues", status=status)
    assert way.session.get(f"{BASE}/issues").status_code == status


FOREIGN = ("https://elsewhere.example/x", "http://tracker.example/x", "https://tracker.example:8443/x")


@pytest.mark.parametrize("address", FOREIGN)
def test_the_token_goes_nowhere_but_to_the_configured_origin(way, address):
    way.mock.add("GET", f"{BASE}/issues", status=302, headers={"Location": address})
    for url in (address, f"{BASE}/issues"):
        with pytest.raises(Denied, match=r"base_url is tracker\.example"):
            way.session.get(url, headers={"PRIVATE-TOKEN": "s3cret"})
    assert len(way.mock.calls) == 1


def test_a_read_follows_a_redirect_within_the_tracker(way):
    way.mock.add("GET", f"{BASE}/old", status=301, headers={"Location": f"{BASE}/new"})
    way.mock.add("GET", f"{BASE}/new", json={})
    assert way.session.get(f"{BASE}/old").json() == {}


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_write_that_is_redirected_was_not_done(way, status):
    way.mock.add("POST", f"{BASE}/old", status=status, headers={"Location": f"{BASE}/new"})
    with pytest.raises(Moved) as caught:
        way.session.post(f"{BASE}/old", json={})
    assert caught.value.location == f"{BASE}/new"


WAITS = {
    "seconds": ("7", timedelta(seconds=7)),
    "a fraction": ("1.5", timedelta(seconds=1.5)),
    "a date": ("Mon, 02 Mar 2026 09:00:30 GMT", timedelta(seconds=30)),
    "a date gone by": ("Mon, 02 Mar 2026 08:00:00 GMT", timedelta(0)),
    "absurd": ("999999999", timedelta(days=1)),
    "nonsense": ("soon", timedelta(minutes=1)),
    "negative": ("-5", timedelta(minutes=1)),
    "not a number": ("nan", timedelta(minutes=1)),
}


@pytest.mark.parametrize(("header", "wait"), WAITS.values(), ids=WAITS)
def test_a_tracker_says_how_long_to_wait(way, header, wait):
    way.mock.add("GET", f"{BASE}/issues", status=429, headers={"Retry-After": header})
    with pytest.raises(RateLimited) as caught:
        way.session.get(f"{BASE}/issues")
    assert caught.value.retry_at == NOW + wait


def test_nothing_is_sent_before_the_time_is_up(way):
    way.mock.add("GET", f"{BASE}/issues", status=429, headers={"Retry-After": "60"})
    way.mock.add("GET", f"{BASE}/issues", json=[])
    for _ in range(2):
        with pytest.raises(RateLimited):
            way.session.get(f"{BASE}/issues")
    assert way.transport.calls == 1
    way.time += timedelta(seconds=61)
    assert way.session.get(f"{BASE}/issues").json() == []


def test_nothing_is_sent_when_a_good_answer_said_that_nothing_is_left(way):
    way.mock.add("GET", f"{BASE}/issues", json=[], headers={"X-Wait": "30"})
    way.session.get(f"{BASE}/issues")
    with pytest.raises(RateLimited) as caught:
        way.session.get(f"{BASE}/issues")
    assert caught.value.retry_at == NOW + timedelta(seconds=30)
    assert way.transport.calls == 1


def test_writes_are_spaced_and_reads_are_not():
    with responses.RequestsMock() as mock:
        way = Way(seconds_between_writes=1.5)
        for method in ("GET", "POST", "PATCH"):
            mock.add(method, f"{BASE}/issues", json={})
        for method in ("GET", "GET", "POST", "GET", "PATCH", "POST"):
            way.session.request(method, f"{BASE}/issues")
    assert way.slept == [1.5, 1.5]


def test_an_answer_that_never_ends_is_cut(way, monkeypatch):
    monkeypatch.setattr("connectors.transport.MAX_ANSWER", 1000)
    way.mock.add("GET", f"{BASE}/issues", body="[" + " " * 2000)
    with pytest.raises(Unavailable):
        way.session.get(f"{BASE}/issues")
