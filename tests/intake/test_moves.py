"""Logs that get another name or are copied: what was read of them is not read again, and nothing is found twice."""

import gzip
import json
import os
import shutil
import zipfile

import pytest

from bot.store import logs
from bot.store.tables import evidence

TODO = "TODO: rotate the signing keys of the gateway"
MORE = "TODO: water the plants of the office in May"


def record(number, text):
    return json.dumps(
        {
            "type": "user",
            "uuid": f"u{number}",
            "sessionId": "s1",
            "timestamp": f"2026-03-01T10:{number:02}:00Z",
            "message": {"role": "user", "content": text},
        }
    )


@pytest.fixture
def log(project):
    file = project.folder / "logs" / "a.jsonl"
    file.write_text(record(1, TODO) + "\n" + record(2, "hello " * 2_000) + "\n")
    project.touch(file)
    project.run()
    return file


def taken(project):
    return project.run().taken


def known_logs(project):
    with project.desk() as desk, desk.engine.begin() as db:
        return {known.path.rpartition("/")[2]: known for known in logs.every(db)}


def quotes(project):
    with project.desk() as desk, desk.engine.begin() as db:
        return len(db.execute(evidence.select()).all())


def test_a_log_that_was_renamed_is_not_read_again(project, log):
    log.rename(log.with_name("b.jsonl"))
    assert (taken(project).read, taken(project).bytes_read, list(known_logs(project))) == (0, 0, ["b.jsonl"])


def test_of_a_log_that_was_renamed_and_grew_only_the_new_lines_are_read(project, log):
    other = log.rename(log.with_name("b.jsonl"))
    with other.open("a") as out:
        out.write(record(3, MORE) + "\n")
    project.touch(other)
    assert 0 < taken(project).bytes_read < 400
    assert quotes(project) == 2


def test_logs_that_rotate_keep_what_is_known_of_them(project, log):
    folder = log.parent
    for round_ in range(1, 4):
        for number in range(round_, 0, -1):
            old = folder / (f"a.jsonl.{number - 1}" if number > 1 else "a.jsonl")
            old.rename(folder / f"a.jsonl.{number}.log")
            (folder / f"a.jsonl.{number}.log").rename(folder / f"a.jsonl.{number}")
        log.write_text(record(10 + round_, f"hello {round_}") + "\n")
        project.touch(log)
        assert taken(project).bytes_read == log.stat().st_size
    assert quotes(project) == 1


def test_a_log_moved_to_another_disk_is_known_by_its_time_and_words(project, log):
    shutil.copy2(log, project.folder / "aside")
    log.unlink()
    (project.folder / "taken").write_text("so that the inode is another one")
    shutil.copy2(project.folder / "aside", log.with_name("b.jsonl"))
    assert (taken(project).read, list(known_logs(project))) == (0, ["b.jsonl"])


def test_a_log_that_is_packed_and_unpacked_again_is_known_each_time(project, log):
    packed = log.with_name("a.jsonl.gz")
    packed.write_bytes(gzip.compress(log.read_bytes()))
    text = log.read_text()
    log.unlink()
    project.touch(packed)
    assert (taken(project).bytes_read, list(known_logs(project))) == (0, ["a.jsonl.gz"])
    packed.unlink()
    log.write_text(text + record(3, MORE) + "\n")
    project.touch(log)
    assert 0 < taken(project).bytes_read < 400
    assert quotes(project) == 2


def test_an_exact_copy_is_not_read(project, log):
    copy = shutil.copy(log, log.with_name("b.jsonl"))
    os.utime(copy)
    assert (taken(project).bytes_read, sorted(known_logs(project)), quotes(project)) == (0, ["a.jsonl", "b.jsonl"], 1)


def test_a_copy_that_goes_on_by_itself_is_read_whole_and_what_it_repeats_counts_once(project, log):
    copy = log.with_name("b.jsonl")
    shutil.copy(log, copy)
    project.run()
    with copy.open("a") as out:
        out.write(record(3, MORE) + "\n")
    project.touch(copy)
    assert (taken(project).bytes_read, quotes(project)) == (copy.stat().st_size, 2)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("hello hello", "hello HELLO", 1), id="a letter in the middle"),
        pytest.param(lambda text: text.replace(TODO, MORE), id="its head"),
        pytest.param(lambda text: text + record(3, MORE) + "\n", id="its end"),
    ],
)
def test_a_copy_that_differs_is_read(project, log, change):
    copy = log.with_name("b.jsonl")
    copy.write_text(change(log.read_text()))
    project.touch(copy)
    assert taken(project).bytes_read == copy.stat().st_size


def test_another_file_with_the_inode_of_one_that_is_gone_is_read(project, log):
    text = record(1, MORE) + "\n" + record(2, "other words " * 900) + "\n"
    other = log.rename(log.with_name("b.jsonl"))
    other.write_text(text)
    project.touch(other)
    assert taken(project).bytes_read == len(text)
    assert quotes(project) == 2


def test_two_names_of_one_file_are_two_logs(project, log):
    (log.parent / "b.jsonl").hardlink_to(log)
    assert taken(project).bytes_read == 0
    assert sorted(known_logs(project)) == ["a.jsonl", "b.jsonl"]


def test_a_member_that_is_the_same_in_an_archive_of_another_name_is_not_read(project, log):
    for name in ("first.zip", "second.zip"):
        with zipfile.ZipFile(log.with_name(name), "w") as archive:
            archive.writestr("talk.jsonl", record(5, MORE) + "\n")
        project.touch(log.with_name(name))
        read = taken(project).bytes_read
        assert read > 0 if name == "first.zip" else read == 0
