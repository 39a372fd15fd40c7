import sys
from datetime import UTC, datetime

import fsspec
import pytest

from bot.logs.incremental import read_new
from bot.logs.sources import find_logs

TALK = b"**User:** The import hangs.\n\n**Claude:** Since when?\n"


@pytest.fixture
def bucket():
    store = fsspec.filesystem("memory")
    store.store.clear()
    for name in ("/logs/b.md", "/logs/deep/a.jsonl", "/logs/x.png", "/logs/.hidden/c.md", "/other/d.md"):
        store.pipe_file(name, TALK)
    yield store
    store.store.clear()


def names(address, **how):
    return [log.name for log in find_logs(address, **how)]


@pytest.mark.parametrize(
    ("address", "how", "expected"),
    [
        pytest.param("memory://logs", {}, ["memory://logs/b.md", "memory://logs/deep/a.jsonl"], id="prefix"),
        pytest.param("memory://logs/", {}, ["memory://logs/b.md", "memory://logs/deep/a.jsonl"], id="with a slash"),
        pytest.param("memory://logs/b.md", {}, ["memory://logs/b.md"], id="file"),
        pytest.param("memory://logs/x.png", {}, ["memory://logs/x.png"], id="file that include does not name"),
        pytest.param("memory://logs", {"exclude": ["deep"]}, ["memory://logs/b.md"], id="exclude a folder"),
        pytest.param("memory://logs", {"include": ["*.png"]}, ["memory://logs/x.png"], id="include"),
    ],
)
@pytest.mark.usefixtures("bucket")
def test_files_below_an_address_are_found_in_order(address, how, expected):
    assert names(address, **how) == expected


def test_a_remote_log_is_read_from_where_reading_ended(bucket):
    (log, _) = find_logs("memory://logs")
    first = read_new(log.log, name=log.name)
    again = next(iter(find_logs("memory://logs")))
    assert read_new(again.log, name=log.name, cursor=first.cursor).change == "unchanged"
    bucket.pipe_file("/logs/b.md", TALK + b"\n**User:** Since Monday.\n")
    grown = next(iter(find_logs("memory://logs")))
    second = read_new(grown.log, name=log.name, cursor=first.cursor)
    assert (second.change, second.conversations[0].turns[0].text, second.bytes_read) == ("grown", "Since Monday.", 25)


def test_the_store_s_own_time_is_that_of_the_log(bucket):
    (log, _) = find_logs("memory://logs")
    assert abs(log.log.stamp().mtime_ns / 1e9 - datetime.now(UTC).timestamp()) < 60
    assert log.log.beside("x.png") == TALK
    assert log.log.beside("nowhere") is None
    assert bucket.exists("/logs/x.png")


@pytest.mark.parametrize("address", ["nowhere://bucket/logs", "memory://empty"])
@pytest.mark.usefixtures("bucket")
def test_a_store_that_cannot_be_read_is_one_line(address):
    problems = [log.problem for log in find_logs(address)]
    assert len(problems) == 1
    assert problems[0].startswith(f"{address}: ")
    assert "\n" not in problems[0]


def test_without_fsspec_the_way_to_get_it_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    (log,) = find_logs("s3://bucket/logs")
    assert "pip install 'loose-ends[remote]'" in log.problem


def test_a_log_that_fails_while_it_is_read_is_one_line(bucket, monkeypatch):
    (log, _) = find_logs("memory://logs")

    def broken(*_, **__):
        raise RuntimeError("the line is dead\nand gone")

    monkeypatch.setattr(type(bucket), "_open", broken)
    with pytest.raises(Exception, match=r"cannot be read: RuntimeError: the line is dead and gone") as caught:
        read_new(log.log, name=log.name)
    assert "\n" not in str(caught.value)
